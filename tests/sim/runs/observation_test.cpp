// What is looked at along a run, on numbers that can be worked out by hand.

#include "tests/support/compare.hpp"
#include "sim/runs/observation.hpp"
#include "sim/runs/records.hpp"

using namespace benign;
using namespace benign::sim;

TEST_CASE("attention, gaps, loss and accuracy of two samples", "[observation]") {
  // Sample 0 is clean with logits (log 3, 0, 0, 0): s = (3, 1, 1, 1)/6. Sample 1 is noisy with (0, 0, log 2, 0).
  theory::Samples<double> samples{2, 4, Vector<double>(8), {+1, +1}};
  samples.values << 1, 0, -1, 0, -1, 0, 1, 0;
  Vector<double> logits(8);
  logits << std::log(3), 0, 0, 0, 0, 0, std::log(2), 0;
  const auto seen = observe<double>(samples, {false, true}, {logits, 0, 0, std::nullopt});
  CHECK(seen.clean->share[theory::relevant] == Approx(0.5));
  CHECK(seen.clean->share[theory::irrelevant] == Approx(1.0 / 6));
  CHECK(seen.clean->gap == Approx(std::log(3)));
  CHECK(seen.noisy->share[theory::relevant] == Approx(0.2));
  CHECK(seen.noisy->share[theory::weak_other] == Approx(0.4));
  CHECK(seen.noisy->gap == Approx(-std::log(2)));
  CHECK(seen.outputs[0] == Approx(1.0 / 3));
  CHECK(seen.outputs[1] == Approx(0.2));
  CHECK(seen.train_accuracy == 1);
  CHECK(seen.train_loss == Approx((std::log1p(std::exp(-1.0 / 3)) + std::log1p(std::exp(-0.2))) / 2));
  CHECK(seen.clean_sample->index == 0);
  CHECK(seen.noisy_sample->index == 1);
}

TEST_CASE("without flipped labels there is no noisy group", "[observation]") {
  RunConfig config;
  config.parameters.d = 30, config.parameters.eta = theory::Decimal("0"), config.parameters.steps = 2;
  const auto result = simulate<double>(config, 0, {});
  CHECK_FALSE(result.last.noisy);
  CHECK(result_json(config, result)["attention"]["noisy"].is_null());
}

TEST_CASE("a configuration's JSON keeps every decimal and its hash every character", "[records]") {
  RunConfig config;
  CHECK(config_json(config)["mu"] == 20);
  CHECK(config_json(config)["eta"] == 0.2);
  CHECK(config_json(config)["eta"].is_number());
  const auto hash = config_hash(config);
  config.parameters.eta = theory::Decimal("0.2000000000000000000001");  // no double
  CHECK(config_json(config)["eta"] == "0.2000000000000000000001");
  CHECK(config_hash(config) != hash);
  config = RunConfig{};
  config.parameters.eta = theory::Decimal("2e-1");
  CHECK(config_hash(config) == hash);
}

TEST_CASE("numbers above double are decimal strings with all digits", "[records]") {
  RunConfig config;
  config.parameters.n = 4, config.parameters.T = 3, config.parameters.d = 10, config.parameters.steps = 3;
  config.precision = Precision::digits50;
  const auto json = result_json(config, simulate<mp50>(config, 0, {}));
  REQUIRE(json["train_loss"].is_string());
  CHECK(json["train_loss"].get<std::string>().size() > 50);
  CHECK(json["train_accuracy"].is_number());
  CHECK(json["test_loss"].is_number());
  config.precision = Precision::binary64;
  CHECK(std::abs(std::stod(json["train_loss"].get<std::string>()) -
                 result_json(config, simulate<double>(config, 0, {}))["train_loss"].get<double>()) < 1e-14);
}
