// The checker against simulations in 100 digits: true certificates are verified, forged ones refused.

#include "tests/support/checker_writer.hpp"
#include "tests/support/limit_config.hpp"
#include "proofs_check/checker/limit.hpp"
#include "proofs_check/checker/descent/scene.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::tests;

namespace {

/// All quantities of a descent at some steps, each within ±margin, the bound a hundredth away.
Json descent_certificate(const sim::RunConfig& config, const mp100& margin, const std::vector<Truth>& truth,
                         const sim::Instance& instance) {
  Json certificate = certificate_without_claims(config, &instance);
  for (const std::size_t step : {std::size_t{0}, std::size_t{1}, truth.size() / 2, truth.size() - 1})
    for (const auto& [name, value] : truth[step])
      certificate["claims"].push_back(claim_json(
          name, value, margin,
          step % 2 ? "<" : ">=", value / (name == "train_accuracy" ? config.parameters.n : 1) + mp100("0.01"),
          config.parameters.n, "@" + std::to_string(step)));
  return certificate;
}

std::string first_objection(const checker::Report& report) {
  for (const auto& f : report.findings)
    if (f.found != checker::Found::verified)
      return f.claim + " in [" + f.stated_lower + ", " + f.stated_upper + "], found [" + f.lower + ", " + f.upper +
             "] " + f.remark;
  return report.objections.empty() ? "" : report.objections[0];
}

}  // namespace

TEST_CASE("checker: descents as they are in 100 digits, and none other", "[checker]") {
  const std::uint64_t seed = GENERATE(range(1, 13));
  sim::RunConfig config = small_config(seed);
  if (seed % 4 == 1) config.parameters.sigma_p = theory::Decimal("0.4");
  if (seed % 8 == 1) config.train = sim::Train::W;
  if (seed % 4 == 2) config.train = sim::Train::p;
  const sim::Run<mp100> run(config);
  const auto truth = descent_truth(run);
  INFO(sim::config_json(config).dump());
  const Json good = descent_certificate(config, mp100("1e-30"), truth, run.instance());
  const auto report = check_json(good);
  INFO(first_objection(report));
  CHECK(report.status == 0);
  CHECK(report.findings.size() == good["claims"].size());

  // Every end moved past the number by 1e-25: all intervals false, and each is found out.
  Json bad = good;
  long false_ones = 0;
  for (Json& claim : bad["claims"]) {
    if (!claim["lower"].is_string()) continue;
    const mp100 low(claim["lower"].get<std::string>());
    claim["lower"] = end_text(low + mp100("1e-25")), claim["upper"] = end_text(low + mp100("3e-25"));
    ++false_ones;
  }
  const auto refused = check_json(bad);
  CHECK(refused.status == 1);
  CHECK(std::count_if(refused.findings.begin(), refused.findings.end(),
                      [](const auto& f) { return f.found == checker::Found::wrong; }) == false_ones);
}

TEST_CASE("checker: forged certificates are refused", "[checker]") {
  sim::RunConfig config = small_config(3);
  config.parameters.n = 4, config.parameters.eta = theory::Decimal("0.5");
  const sim::Run<mp100> run(config);
  const auto truth = descent_truth(run);
  const mp100 loss = truth.back().at("train_loss");
  const auto with = [&](const Json& claim) {
    Json certificate = certificate_without_claims(config, &run.instance());
    certificate["claims"].push_back(claim);
    return certificate;
  };
  const Json fine = claim_json("train_loss", loss, mp100("1e-25"), "<", loss + 1, 4);
  REQUIRE(check_json(with(fine)).status == 0);

  SECTION("an interval that holds the claim's opposite as well") {
    Json claim = claim_json("train_loss", loss, mp100("1e-25"), "<", loss + mp100("1e-26"), 4);
    CHECK(check_json(with(claim)).status == 1);
  }
  SECTION("a false claim whose interval meets ours") {
    Json claim = fine;
    claim["claim"] = "train_loss<" + decimal_text(loss - mp100("1e-3")),
    claim["lower"] = end_text(loss - mp100("1e-2"));
    CHECK(check_json(with(claim)).status == 1);
    claim["upper"] = end_text(loss - mp100("2e-3"));
    CHECK(check_json(with(claim)).status == 1);
  }
  SECTION("a verdict turned round") {
    Json claim = fine;
    claim["verdict"] = "violated";
    CHECK(check_json(with(claim)).status == 1);
  }
  SECTION("claims exchanged") {
    Json claim = fine;
    claim["claim"] = "mu_plus_q" + fine["claim"].get<std::string>().substr(10);
    CHECK(check_json(with(claim)).status == 1);
  }
  SECTION("another seed, step or file") {
    for (const auto& [key, value] :
         {std::pair<const char*, Json>{"seed", 1001}, {"mu", 1.5}, {"T", 5}, {"d", 21}, {"sigma", 0.9}}) {
      Json certificate = with(fine);
      certificate["config"][key] = value;
      const auto report = check_json(certificate);
      CHECK(report.status == 1);
      CHECK(report.objections.size() == 1);
    }
    Json certificate = with(fine);
    certificate["config"]["lr"] = 0.75;
    CHECK(check_json(certificate).status == 1);
    certificate = with(fine);
    certificate["config"]["steps"] = config.parameters.steps + 1;
    CHECK(check_json(certificate).status == 1);
  }
  SECTION("an end at the number itself, to all digits that the checker would ever take, is not decided quickly") {
    Json claim = fine;
    claim["upper"] = nullptr, claim["lower"] = end_text(loss);
    claim["claim"] = "train_loss>0.01";
    const auto report = check_json(with(claim));
    CHECK(report.status <= 1);  // the text has 80 digits: on one side of the number
  }
  SECTION("accuracies are whole numbers, exactly") {
    const long right = static_cast<long>(truth.back().at("train_accuracy"));
    for (const auto& [relation, status] : {std::pair{">=", 0}, {"<=", 0}, {">", 1}, {"<", 1}}) {
      const Json claim = {{"claim", "train_accuracy" + std::string(relation) + std::to_string(right / 4.0)},
                          {"verdict", "proved"},
                          {"lower", right},
                          {"upper", right}};
      CHECK(check_json(with(claim)).status == status);
    }
    for (const auto& [relation, status] : {std::pair{">=", 1}, {"<=", 1}, {">", 0}, {"<", 0}}) {
      const Json claim = {{"claim", "train_accuracy" + std::string(relation) + std::to_string(right / 4.0)},
                          {"verdict", "violated"},
                          {"lower", right},
                          {"upper", right}};
      CHECK(check_json(with(claim)).status == status);
    }
    const Json claim = {{"claim", "train_accuracy<2"},
                        {"verdict", "proved"},
                        {"lower", right == 0 ? 1 : right - 1},
                        {"upper", right == 0 ? 1 : right - 1}};
    CHECK(check_json(with(claim)).status == 1);
  }
}

TEST_CASE("checker: an accuracy of outputs that may have either sign is an interval", "[checker]") {
  const checker::WorkingBits bits(64);
  sim::RunConfig config = small_config(3);
  const auto instance = sim::draw_instance(config.parameters, config.data, config.seed);
  const checker::Scene scene(instance, checker::inner_products(instance, false));
  checker::Moment moment;
  moment.outputs.resize(scene.n, checker::Interval(1000));
  for (std::size_t i = 0; i < scene.n; ++i) moment.outputs[i] = checker::Interval(scene.label[i]);
  moment.outputs[0] = checker::Interval::between(checker::Interval(-1), checker::Interval(1));
  checker::Claim claim;
  claim.quantity = checker::Quantity::train_accuracy;
  const auto n = static_cast<double>(scene.n);
  checker::Interval found = scene.value(claim, moment);
  CHECK(mpfr_get_d(found.low(), MPFR_RNDN) == n - 1);
  CHECK(mpfr_get_d(found.high(), MPFR_RNDN) == n);
  moment.outputs[0] = checker::Interval(0);  // no sign is the wrong sign
  found = scene.value(claim, moment);
  CHECK(mpfr_get_d(found.high(), MPFR_RNDN) == n - 1);
}

TEST_CASE("checker: outputs beyond all exponentials", "[checker]") {
  // The head is 1/(sqrt(2) mu): outputs of 1e30, a loss of the same size, and a test error that is 1/2 but for 2e-31.
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 3, p.d = 12, p.mu = theory::Decimal("1e-30"), p.steps = 1;
  const sim::Run<mp100> run(config);
  const mp100 loss = descent_truth(run).front().at("train_loss");
  REQUIRE(loss > mp100("1e28"));
  Json certificate = certificate_without_claims(config, &run.instance());
  certificate["claims"].push_back(claim_json("train_loss", loss, mp100("1e-25"), ">", mp100("1e28"), 4, "@0"));
  certificate["claims"].push_back(
      {{"claim", "test_error<0.5@0"}, {"verdict", "proved"}, {"lower", nullptr}, {"upper", nullptr}});
  const auto report = check_json(certificate);
  INFO(first_objection(report));
  CHECK(report.findings[0].found == checker::Found::verified);
  CHECK(report.findings[1].found == checker::Found::undecided);  // by bounds of 96 bits, 29 digits
  certificate["claims"][1]["claim"] = "test_error<0.50001@0";
  CHECK(check_json(certificate).status == 0);
}

TEST_CASE("checker: flows of instances as they are in 50 digits", "[checker]") {
  const std::uint64_t seed = GENERATE(range(1, 4));
  sim::RunConfig config = small_config(seed + 40, 1);
  config.parameters.n = 2, config.parameters.T = 3, config.flow = true, config.parameters.eta = theory::Decimal("0.5");
  config.tau_max = theory::Decimal("0.7");
  if (seed == 2) config.log_s_max = theory::Decimal("1.5");
  INFO(sim::config_json(config).dump());
  const sim::Run<mp50> run(config);
  const auto result = sim::simulate<mp50>(run, 0, {});
  const Truth truth = truth_of(run, result.last);
  Json certificate = certificate_without_claims(config, &run.instance());
  for (const auto& [name, value] : truth)
    certificate["claims"].push_back(
        claim_json(name, value, mp100("1e-32"), "<", value / (name == "train_accuracy" ? 2 : 1) + 1, 2));
  const auto report = check_json(certificate);
  INFO(first_objection(report));
  CHECK(report.status == 0);
  for (Json& claim : certificate["claims"]) {
    if (!claim["lower"].is_string()) continue;
    const mp100 value(claim["lower"].get<std::string>());
    claim["lower"] = end_text(value + mp100("1e-24")), claim["upper"] = end_text(value + mp100("3e-24"));
  }
  const auto refused = check_json(certificate);
  CHECK(refused.status == 1);
  for (const auto& f : refused.findings)
    CHECK((f.found == checker::Found::wrong || f.claim.starts_with("train_accuracy")));
}

TEST_CASE("checker: the limit's events are where they are known to be", "[checker]") {
  const checker::WorkingBits bits(128);
  // Known beforehand: 4.7116473769006111 and, of x = 1, 8.2809 (THEORY section 5.12).
  const auto tenth =
      checker::limit_events(limit_config("100", 2'000'000, "6").parameters, theory::Decimal("6"), true, false, 1e12);
  CHECK(tenth.fit.middle() == Approx(4.7116473769006111).epsilon(1e-15));
  CHECK(tenth.fit.width() < 1e-30);
  const auto one =
      checker::limit_events(limit_config("1000", 20'000'000, "9").parameters, theory::Decimal("9"), true, true, 1e12);
  CHECK(one.gap.middle() == Approx(8.2809).margin(5e-5).epsilon(0));
  CHECK(one.gap.width() < 1e-25);
  const auto later =
      checker::limit_events(limit_config("100", 2'000'000, "3").parameters, theory::Decimal("3"), true, true, 1e12);
  CHECK(later.hopeless);
  CHECK(mpfr_inf_p(later.fit.high()));
  CHECK(later.fit.middle() > 3);
}

TEST_CASE("checker: limits of many settings as they are in 50 digits", "[checker]") {
  for (const auto& set : {LimitSetting{20, 3, "0.1", "0.2"}, {8, 12, "0.3", "0.25"}, {8, 6, "0", "0.25"}}) {
    const auto config = limit_config_at(3, "6", set);
    const auto events = sim::simulate<mp50>(sim::Run<mp50>(config), 0, {}).events;
    INFO(set.text());
    Json certificate = certificate_without_claims(config, nullptr);
    for (const auto& [name, value] : {std::pair{"log_s_fit", &events.fit}, {"log_s_gap", &events.gap}})
      if (*value)
        certificate["claims"].push_back(
            claim_json(name, mp100(**value), mp100("1e-25"), ">", mp100(1), config.parameters.n));
    const auto report = check_json(certificate);
    INFO(first_objection(report));
    CHECK(report.status == 0);
    CHECK(certificate["claims"].size() > 0);
    for (Json& claim : certificate["claims"]) {
      claim["lower"] = end_text(mp100(claim["lower"].get<std::string>()) + mp100("1e-20")), claim["upper"] = nullptr;
    }
    CHECK(check_json(certificate).status == 1);
  }
}

TEST_CASE("checker: a lower end alone, and an event after the horizon", "[checker]") {
  const auto config = limit_config("100", 2'000'000, "5");
  const auto with = [&](const char* claim, Json lower, Json upper) {
    Json certificate = certificate_without_claims(config, nullptr);
    certificate["claims"].push_back({{"claim", claim}, {"verdict", "proved"}, {"lower", lower}, {"upper", upper}});
    return check_json(certificate).status;
  };
  CHECK(with("log_s_gap>4.9", "4.95e+00", nullptr) == 0);  // it happens at 64.5
  CHECK(with("log_s_gap>60", "6.1e+01", nullptr) == 3);    // true, but beyond the horizon that is stated
  CHECK(with("log_s_fit>4.6", "4.7e+00", nullptr) == 0);
  CHECK(with("log_s_fit<4.8", nullptr, "4.72e+00") == 0);
  CHECK(with("log_s_fit<4.7", nullptr, "4.69e+00") == 1);
}

TEST_CASE("checker: the delay of the README to 30 digits", "[checker][long]") {
  const checker::WorkingBits bits(320);
  const auto tenth =
      checker::limit_events(limit_config("100", 2'000'000, "70").parameters, theory::Decimal("70"), true, true, 1e12);
  CHECK(tenth.gap.middle() == Approx(64.5290406416465).epsilon(1e-14));
  CHECK(tenth.gap.width() < 1e-30);
  const checker::WorkingBits more(512);
  const auto last = checker::limit_events(limit_config("300", 60'000'000, "220").parameters, theory::Decimal("220"),
                                          true, true, 1e12);
  CHECK(last.gap.middle() == Approx(209.43118472411185).epsilon(1e-15));
  CHECK(last.gap.width() < 1e-30);
}
