// What a certificate's statement depends on: the cost that is left, files and data by their hashes, the schema's keys.

#include "tests/support/checker_forms.hpp"
#include "tests/support/files.hpp"
#include "tests/support/limit_config.hpp"
#include "tests/support/npy_files.hpp"
#include "sim/tokens/token_files.hpp"

#include <functional>
#include <regex>
#include <set>

using namespace benign;
using namespace benign::tests;

TEST_CASE("checker: what would cost too much is left with a sentence", "[checker]") {
  for (const auto& [key, value] : {std::pair<const char*, Json>{"steps", 1'000'000'000'000},
                                   {"n", 1'000'000},
                                   {"T", 10'000},
                                   {"d", 1'000'000'000'000'000}}) {
    Json json = good_certificate();
    json["config"][key] = value;
    if (std::string(key) == "T") json["config"]["n"] = 1'000'000;
    const auto report = checker::check("F", json.dump());
    INFO(key);
    CHECK(report.status == 3);
    REQUIRE(report.objections.size() == 1);
    CHECK(report.objections[0].find("the limit is") != std::string::npos);
    CHECK(report.wall_s < 1);
  }
}

TEST_CASE("checker: of other data no claim is looked at, and it says so", "[checker]") {
  Json json = good_certificate();
  std::string& hash = json["data_hash"].get_ref<std::string&>();
  hash[0] = hash[0] == '0' ? '1' : '0';
  const auto report = checker::check("F", json.dump());
  CHECK(report.status == 1);
  CHECK(report.objections.size() == 1);
  REQUIRE(!report.findings.empty());
  for (const auto& finding : report.findings) {
    CHECK(finding.found == checker::Found::undecided);
    CHECK(finding.remark == checker::not_looked_at);
  }
}

TEST_CASE("checker: a run of which nothing can be said ends with a sentence", "[checker]") {
  sim::RunConfig flow = one_config();
  flow.flow = true, flow.tau_max = theory::Decimal("1e30");
  sim::RunConfig descent = one_config();
  descent.parameters.lr = theory::Decimal("1e30");
  const sim::RunConfig limit = limit_config("1000000000000000000000000000000", 2, "6");
  for (const sim::RunConfig& config : {flow, descent, limit}) {
    Json json = good_certificate(config);
    const auto report = checker::check("F", json.dump());
    INFO(sim::config_json(config).dump());
    CHECK((report.status == 3 || !config.flow));  // a descent is a finite computation, whatever its step
    CHECK(report.wall_s < 60);
    for (const auto& finding : report.findings)
      CHECK((finding.found != checker::Found::undecided || !finding.remark.empty()));
  }
}

TEST_CASE("checker: files of tokens by their SHA-256", "[checker]") {
  const TemporaryFolder folder;
  const std::string data = folder.path / "x.npy", labels = folder.path / "y.npy";
  std::vector<double> x;
  for (int k = 0; k < 6 * 3 * 5; ++k) x.push_back(std::sin(static_cast<double>(7 * k * k + k)));
  write(data, npy("<f8", "(6, 3, 5)", bytes_of(x)));
  write(labels, npy("<i8", "(6,)", bytes_of(std::vector<std::int64_t>{0, 1, 0, 1, 0, 1})));
  sim::RunConfig config;
  config.data = sim::DataKind::brought, config.files.data = data, config.files.labels = labels;
  config.brought = sim::bring(config.files);
  auto& p = config.parameters;
  char text[40];
  p.n = 6, p.T = 3, p.d = 5, p.steps = 4, p.eta = theory::Decimal("0.2"), p.rho = theory::Decimal("0");
  std::snprintf(text, sizeof text, "%.17g", std::max(config.brought->mu, 1e-30)), p.mu = theory::Decimal(text);
  std::snprintf(text, sizeof text, "%.17g", config.brought->sigma), p.sigma = theory::Decimal(text);
  p.lr_unit = theory::LrUnit::tau0, p.lr = theory::Decimal("0.1"), p.sigma_p = theory::Decimal("0.3");
  const sim::Run<mp100> run(config);
  const Truth truth = descent_truth(run).back();
  Json good = certificate_without_claims(config, &run.instance());
  for (const char* name : {"train_loss", "mu_plus_q", "mu_minus_q", "q_norm2", "logit[1,2]"})
    good["claims"].push_back(claim_json(name, truth.at(name), mp100("1e-30"), "<", truth.at(name) + 1, 6));
  const auto report = check_json(good);
  CHECK(report.status == 0);
  Json bad = good;
  bad["files"]["data"] = std::string(64, '0');
  CHECK(check_json(bad).status == 1);
  bad = good, bad["files"].erase("labels");
  check_refused(bad.dump(1), "'labels' is missing");
  bad = good, bad["files"]["test-data"] = std::string(64, '0');
  check_refused(bad.dump(1), "'test-data' is not allowed");
  bad = good, bad.erase("files");
  check_refused(bad.dump(1), "'files' is missing");
  bad = good, bad["claims"][0]["claim"] = "test_error<1";
  check_refused(bad.dump(1), "the law of brought tokens is not known");
  CHECK(sim::sha256_of_file(labels).size() == 64);
}

TEST_CASE("checker: the schema has the keys that the checker asks for", "[checker]") {
  const Json schema = Json::parse(read(BENIGN_SCHEMA));
  const auto keys_agree = [](const Json& form, const std::function<Json(const Json&)>& inside) {
    const Json good = inside(good_certificate());
    for (const auto& [key, value] : good.items()) CHECK(form["properties"].contains(key));
    for (const Json& key : form["required"]) CHECK(good.contains(key));
  };
  keys_agree(schema, [](const Json& json) { return json; });
  for (const char* group : {"made_by", "config"})
    keys_agree(schema["properties"][group], [&](const Json& json) { return json[group]; });
  keys_agree(schema["properties"]["claims"]["items"], [](const Json& json) { return json["claims"][0]; });
  for (const auto& [path, form] : {std::pair{"/config", &schema["properties"]["config"]}, {"", &schema}})
    for (const Json& key : (*form)["required"]) {
      Json json = good_certificate();
      json[Json::json_pointer(path)].erase(key.get<std::string>());
      check_refused(json.dump(1), key.get<std::string>());
    }
}

TEST_CASE("checker: what the checker takes of a claim's text the schema takes", "[checker]") {
  const Json schema = Json::parse(read(BENIGN_SCHEMA));
  const std::regex pattern(schema["properties"]["claims"]["items"]["properties"]["claim"]["pattern"].get<std::string>(),
                           std::regex::ECMAScript);
  const std::string name[] = {"train_loss",  "margin[1]",  "margin[01]", "margin[1.0]",
                              "margin[1e0]", "logit[0,2]", "logit[+0,2]"};
  const std::string value[] = {"1", "+1",    "-1.5", ".5", "5.", "1e3",      "1E+3", "1e-3",
                               ".", "1.2.3", "1e",   "e1", "",   "1e123456", "++1"};
  const std::string step[] = {"", "@2", "@02", "@2e0", "@2.", "@+2", "@-0", "@"};
  int taken = 0, refused = 0;
  for (const auto& n : name)
    for (const char* relation : {"<", "<=", "=<"})
      for (const auto& v : value)
        for (const auto& s : step) {
          Json json = good_certificate();
          const std::string text = n + relation + v + s;
          json["claims"][0] = {{"claim", text}, {"verdict", "proved"}, {"lower", nullptr}, {"upper", "1e+00"}};
          const bool takes = refusal(json.dump()).empty();
          INFO(text);
          CHECK(takes == std::regex_match(text, pattern));
          ++(takes ? taken : refused);
        }
  CHECK(taken > 50);
  CHECK(refused > 50);
}

TEST_CASE("checker: data that the limit does not draw may have any name that options take", "[checker]") {
  sim::RunConfig config = limit_config("100", 2'000'000, "6");
  config.data = sim::DataKind::gram;
  CHECK(checker::check("F", good_certificate(config).dump()).status == 0);
  const Json schema = Json::parse(read(BENIGN_SCHEMA))["properties"]["config"];
  CHECK_FALSE(schema["properties"]["data"].contains("not"));
  CHECK(schema["if"]["properties"]["route"]["const"] == "limit");
  CHECK(schema["else"]["properties"]["data"]["not"]["const"] == "gram");
}

TEST_CASE("checker: SHA-256 is the one of everybody", "[checker]") {
  const TemporaryFolder folder;
  const std::string path = folder.path / "abc";
  write(path, "abc");  // FIPS 180-4, first example
  CHECK(sim::sha256_of_file(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK_THROWS(sim::sha256_of_file(folder.path / "none"));
}

TEST_CASE("checker: the data's hash covers what the statement depends on", "[checker]") {
  const auto hash = [](const std::function<void(sim::RunConfig&)>& change) {
    sim::RunConfig config = small_config(7);
    config.parameters.n = 4, config.parameters.init = theory::Init::uniform;
    change(config);
    const auto instance = sim::draw_instance(config.parameters, config.data, config.seed);
    return sim::data_hash(instance, config);
  };
  const std::string one = hash([](auto&) {});
  CHECK(one == hash([](auto& c) { c.parameters.steps = 77, c.parameters.lr = theory::Decimal("1"), c.flow = true; }));
  std::set<std::string> all{one};
  for (const std::function<void(sim::RunConfig&)>& change : std::vector<std::function<void(sim::RunConfig&)>>{
           [](auto& c) { c.seed += 1; }, [](auto& c) { c.parameters.sigma_p = theory::Decimal("0.1"); },
           [](auto& c) { c.parameters.init = theory::Init::identity; },
           [](auto& c) { c.parameters.init = theory::Init::gaussian; },
           [](auto& c) { c.parameters.sigma_w = theory::Decimal("0.1"); },
           [](auto& c) { c.parameters.mu = theory::Decimal("1.0000000000000000001"); },
           [](auto& c) { c.parameters.eta = theory::Decimal("0.21"); }})
    all.insert(hash(change));
  CHECK(all.size() == 8);
}
