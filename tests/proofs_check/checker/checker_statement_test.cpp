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
  const double truth = 1 - sim::simulate<double>(run, 0, {}).last.test->accuracy;
  CHECK(truth == Approx(0.133).margin(0.001));
  CHECK(std::stod(found.lower) <= truth);
  CHECK(std::stod(found.upper) >= truth);
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
