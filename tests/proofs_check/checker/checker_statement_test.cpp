// What the checker says that a certificate states: all of it, and nothing that it did not look at.

#include "tests/support/checker_forms.hpp"
#include "tests/support/limit_config.hpp"

using namespace benign;
using namespace benign::tests;

namespace {

/// n = 4, T = 3, d = 12 after 20 steps: its test error is 0.13.
sim::RunConfig harmful_run() {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 3, p.d = 12, p.mu = theory::Decimal("3"), p.eta = theory::Decimal("0.25");
  p.steps = 20, p.lr = theory::Decimal("0.3");
  return config;
}

}  // namespace

TEST_CASE("checker: no interval of a test error is repeated, since none is looked at", "[checker]") {
  const sim::RunConfig config = harmful_run();
  const sim::Run<double> run(config);
  Json certificate = certificate_without_claims(config, &run.instance());
  certificate["claims"].push_back(
      {{"claim", "test_error>=0.00001"}, {"verdict", "proved"}, {"lower", nullptr}, {"upper", nullptr}});
  const auto good = check_json(certificate);
  REQUIRE(good.status == 0);
  const auto& found = good.findings.at(0);
  const auto test = *sim::simulate<double>(run, 0, {}).last.test;
  const double truth = 1 - test.accuracy, margin = test.accuracy_margin();
  CHECK(truth == Approx(0.133).margin(0.001));
  CHECK(std::stod(found.lower) <= truth + margin);
  CHECK(std::stod(found.upper) >= truth - margin);
  CHECK(checker::table(good).find("lies in") == std::string::npos);
  // Verified once, with the words that the error lies in [0.99, 0.995].
  for (const auto& [lower, upper] : {std::pair<Json, Json>{"9.9e-01", "9.95e-01"},
                                     {"9.9e-01", nullptr},
                                     {nullptr, "9.95e-01"},
                                     {"0e+00", "1e+00"},
                                     {0, 1}}) {
    certificate["claims"][0]["lower"] = lower, certificate["claims"][0]["upper"] = upper;
    const std::string text = certificate.dump(1);
    const auto at = text.find(lower.is_null() ? "\"upper\"" : "\"lower\"");
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(at), '\n');
    check_refused(text, "; allowed: null, since of test_error>=0.00001 the checker has bounds of its own");
    CHECK(refusal(text).starts_with("F:" + std::to_string(line) + ":"));
  }
}

TEST_CASE("checker: of a test error the claim alone is stated, and has to follow", "[checker]") {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 4, p.d = 40, p.mu = theory::Decimal("12"), p.steps = 60, p.lr = theory::Decimal("0.01");
  const sim::Run<double> run(config);
  const auto with = [&](const std::string& claim, const std::string& verdict) {
    Json certificate = certificate_without_claims(config, &run.instance());
    certificate["claims"].push_back({{"claim", claim}, {"verdict", verdict}, {"lower", nullptr}, {"upper", nullptr}});
    return check_json(certificate).status;
  };
  CHECK(with("test_error<=1", "proved") == 0);
  // At the start q = 0 and the error is Phibar(gamma mu/(sigma sqrt(T))) = Phibar(4.2426...), 1.1045e-05.
  CHECK(with("test_error<1.1046e-05@0", "proved") == 0);
  CHECK(with("test_error<1.1046e-05@0", "violated") == 1);
  CHECK(with("test_error<1.1e-05@0", "violated") == 0);
  CHECK(with("test_error<1.1e-05@0", "proved") == 1);
  CHECK(with("test_error>0.5", "proved") != 0);
}

TEST_CASE("checker: the statement has all that the claims depend on", "[checker]") {
  using theory::Decimal;
  const auto statement_of = [](const sim::RunConfig& config) {
    const auto report = checker::check("F", good_certificate(config).dump());
    std::string text;
    for (const auto& line : report.statement)
      if (!line.starts_with("SHA-256")) text += line + "\n";
    CHECK(Json::parse(checker::json(report))["config"] == sim::config_json(config));
    return text;
  };
  sim::RunConfig descent = one_config();
  sim::RunConfig flow = descent;
  flow.flow = true, flow.tau_max = Decimal("0.01");
  const sim::RunConfig limit = limit_config("100", 2'000'000, "6");
  using Change = std::function<void(sim::RunConfig&)>;
  const std::vector<Change> always{[](auto& c) { c.parameters.mu = Decimal("2.5"); },
                                   [](auto& c) { c.parameters.rho = Decimal("0.25"); },
                                   [](auto& c) { c.parameters.sigma = Decimal("0.75"); },
                                   [](auto& c) { c.parameters.T += 1; }, [](auto& c) { c.parameters.d += 1; }};
  const std::vector<Change> drawn{[](auto& c) { c.seed = 5; }, [](auto& c) { c.parameters.sigma_w = Decimal("0.3"); },
                                  [](auto& c) { c.parameters.init = theory::Init::identity; },
                                  [](auto& c) { c.parameters.eta = Decimal("0.5"); },
                                  [](auto& c) { c.data = sim::DataKind::peer; }};
  const std::vector<Change> of_descents{
      [](auto& c) { c.parameters.steps = 2; }, [](auto& c) { c.parameters.lr = Decimal("0.2"); },
      [](auto& c) { c.parameters.lr_unit = theory::LrUnit::tau0; },
      [](auto& c) { c.parameters.sigma_p = Decimal("0.3"); }, [](auto& c) { c.train = sim::Train::p; }};
  const std::vector<Change> of_flows{[](auto& c) { c.tau_max = Decimal("0.02"); },
                                     [](auto& c) { c.log_s_max = Decimal("-7"); }};
  const std::vector<Change> of_limits{[](auto& c) { c.log_s_max = Decimal("7"); }};
  for (const auto& [config, lists] : {std::pair{descent, std::vector{&always, &drawn, &of_descents}},
                                      {flow, {&always, &drawn, &of_flows}},
                                      {limit, {&always, &of_limits}}}) {
    const std::string as_it_is = statement_of(config);
    for (const auto* list : lists)
      for (const Change& change : *list) {
        sim::RunConfig other = config;
        change(other);
        CHECK(statement_of(other) != as_it_is);
      }
  }
  // tau0 depends on how W0 was drawn, and on sigma: said where it is a unit.
  descent.parameters.lr_unit = theory::LrUnit::tau0;
  CHECK(statement_of(descent).find("tau0 = n/(kappa sigma^2 d) with kappa = 1/3") != std::string::npos);
  flow.log_s_max = Decimal("-7"), flow.parameters.sigma_w = Decimal("0.3");
  CHECK(statement_of(flow).find("kappa = 0.3^2 d") != std::string::npos);
}

TEST_CASE("checker: a claim in words says when", "[checker]") {
  const auto words_of = [](const sim::RunConfig& config, const std::string& claim) {
    Json json = good_certificate(config);
    if (!claim.empty()) json["claims"][0]["claim"] = claim;
    return checker::check("F", json.dump()).findings.at(0).words;
  };
  sim::RunConfig config = one_config();
  CHECK(words_of(config, "train_loss<2") == "the training loss at step 3");
  CHECK(words_of(config, "train_loss<2@1") == "the training loss at step 1");
  CHECK(words_of(config, "logit[1,2]<2@0") == "the logit x_t.q of sample 1, token 2 at step 0");
  config.flow = true, config.tau_max = theory::Decimal("0.01");
  CHECK(words_of(config, "") == "the training loss at the horizon");
}

TEST_CASE("checker: a claim about a range that is refuted names the members that it is false for", "[checker]") {
  using theory::Decimal;
  sim::RunConfig config = harmful_run();
  config.parameters.mu = Decimal::between(Decimal("3"), Decimal("3.001"));
  const auto instance = sim::draw_instance(config.parameters, config.data, config.seed);
  for (const auto& [high, words] :
       {std::pair{"3", " at step 20 for |mu| = 3"}, {"3.001", " for every |mu| in 3:3.001"}}) {
    Json certificate = certificate_without_claims(config, &instance);
    certificate["pieces"].push_back({{"mu", {"3", "3.001"}}});
    certificate["claims"].push_back(
        {{"claim", "train_loss<0"}, {"verdict", "violated"}, {"lower", "1e-03"}, {"upper", nullptr}});
    certificate["claims"].push_back(
        {{"claim", "test_error<0.01"}, {"verdict", "violated"}, {"lower", nullptr}, {"upper", nullptr}});
    for (Json& claim : certificate["claims"]) claim["where"]["mu"] = {"3", high};
    const auto report = check_json(certificate);
    CHECK(report.status == 0);
    CHECK(report.statement.back().starts_with("SHA-256 of all that is drawn for the range's lower end: "));
    CHECK(checker::table(report).find(std::string(words) + " lies in [1e-03") != std::string::npos);
    CHECK(checker::table(report).find(std::string(words) + ", without an interval") != std::string::npos);
  }
}

TEST_CASE("checker: a range between 0 and the least double is halved like any other", "[checker]") {
  using theory::Decimal;
  sim::RunConfig config = harmful_run();
  config.parameters.steps = 1, config.parameters.rho = Decimal::between(Decimal("0"), Decimal("4.9e-324"));
  const auto instance = sim::draw_instance(config.parameters, config.data, config.seed);
  Json certificate = certificate_without_claims(config, &instance);
  certificate["pieces"].push_back({{"rho", {"0", "4.9e-324"}}});
  certificate["claims"].push_back(
      {{"claim", "train_loss<9"}, {"verdict", "proved"}, {"lower", "1e-03"}, {"upper", "1e+00"}});
  const auto report = check_json(certificate);
  REQUIRE(report.status == 0);
  // A bound in the midst of what drawing rounds the loss by, which no halving makes smaller.
  const auto& found = report.findings.at(0);
  certificate["claims"][0]["upper"] = end_text((mp100(found.lower) + mp100(found.upper)) / 2);
  CHECK(check_json(certificate).status == 3);
}
