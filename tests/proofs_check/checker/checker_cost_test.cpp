// What a check costs is known before it is begun: what a flow's equation consists of, its memory, and what is refused.

#include "tests/support/checker_forms.hpp"
#include "proofs_check/checker/cost.hpp"
#include "proofs_check/checker/flow.hpp"
#include "proofs_check/checker/limit.hpp"
#include "tests/support/limit_config.hpp"
#include "tests/support/peak_memory.hpp"

#include <chrono>

using namespace benign;
using namespace benign::tests;

namespace {

sim::RunConfig flow_config(long n, long T, const char* tau) {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = n, p.T = T, p.d = 10, p.init = theory::Init::identity, p.mu = theory::Decimal("2"), config.flow = true;
  config.tau_max = theory::Decimal(tau);
  return config;
}

checker::Run run_of(const sim::RunConfig& config) {
  return {checker::Run::flow, config.parameters.n, config.parameters.T, config.parameters.steps, false};
}

checker::FlowEnd follow(const sim::RunConfig& config, bool q_norm) {
  const auto instance = sim::draw_instance(config.parameters, config.data, config.seed, nullptr);
  return checker::follow_flow(config, instance, checker::inner_products(instance, q_norm), 1e18);
}

}  // namespace

TEST_CASE("checker: the products of a flow's step are counted beforehand", "[checker]") {
  for (const long bits : {128L, 204L})
    for (const bool q_norm : {false, true})
      for (const auto& [n, T] : {std::pair{2L, 3L}, {4L, 4L}}) {
        const checker::WorkingBits guard(bits);
        const auto config = flow_config(n, T, "1e-3");
        const auto end = follow(config, q_norm);
        REQUIRE(end.moment);
        const double expected = checker::FlowSize(run_of(config), q_norm).products_of_a_step(bits);
        CHECK(end.spent / end.steps == Approx(expected * static_cast<double>(bits) / 128).epsilon(1e-12));
      }
}

#ifndef __SANITIZE_ADDRESS__
TEST_CASE("checker: a flow takes the memory that was said, and hardly less", "[checker]") {
  for (const bool q_norm : {false, true}) {
    const auto config = flow_config(6, 8, "1e-6");
    const auto instance = sim::draw_instance(config.parameters, config.data, config.seed, nullptr);
    const auto products = checker::inner_products(instance, q_norm);
    const checker::WorkingBits guard(128);
    const PeakMemory peak;
    REQUIRE(checker::follow_flow(config, instance, products, 1e18).moment);
    const double taken = peak.bytes(), said = checker::FlowSize(run_of(config), q_norm).bytes(128);
    INFO(taken << " of " << said);
    CHECK(taken < said);
    CHECK(taken > 0.6 * said);
  }
}
#endif

TEST_CASE("checker: a flow beyond the limits is refused before its equation is built", "[checker]") {
  // N = 2400 once passed, and would have taken 150 GB.
  for (const auto& [n, T, bits] : {std::tuple{300L, 8L, 128L}, {50L, 10L, 128L}, {10L, 10L, 5000L}}) {
    const auto config = flow_config(n, T, "1");
    const std::string sentence = checker::too_much_memory(run_of(config), 10, true, false, bits, false);
    CHECK(sentence.find("bytes of memory at " + std::to_string(bits) + " bits; the limit is 4e+09") !=
          std::string::npos);
  }
  CHECK(checker::too_much_memory(run_of(flow_config(20, 8, "1")), 2000, false, false, 128, false).empty());
  // Of a descent it is K, H and Φ that grow with the digits.
  const checker::Run descent{checker::Run::descent, 420, 8, 1, false};
  CHECK(checker::too_much_memory(descent, 10, true, true, 128, false).find("limit") != std::string::npos);
  CHECK(checker::too_much_memory({checker::Run::descent, 100, 8, 1, false}, 10, true, false, 128, false).empty());
  CHECK_FALSE(checker::too_much_memory({checker::Run::descent, 200, 8, 1, false}, 10, true, false, 6000, true).empty());

  Json json = good_certificate(flow_config(2, 3, "1"));
  json["config"]["n"] = 300, json["config"]["T"] = 8;
  const auto report = checker::check("F", json.dump());
  CHECK(report.status == 3);
  REQUIRE(report.objections.size() == 1);
  CHECK(report.objections[0].find("bytes of memory") != std::string::npos);
  CHECK(report.wall_s < 1);
}

TEST_CASE("checker: a flow takes no step that its budget does not cover", "[checker]") {
  const checker::WorkingBits guard(128);
  const auto config = flow_config(4, 4, "3");
  const auto instance = sim::draw_instance(config.parameters, config.data, config.seed, nullptr);
  const auto products = checker::inner_products(instance, false);
  const double one = checker::FlowSize(run_of(config), false).products_of_a_step(128);
  for (const double steps : {0.0, 0.9, 2.5}) {
    const auto end = checker::follow_flow(config, instance, products, steps * one);
    CHECK(end.spent <= steps * one);
    CHECK(end.steps == std::floor(steps));
    CHECK(end.hopeless);
    CHECK(end.stopped.find("than the limit") != std::string::npos);
  }
}

TEST_CASE("checker: the limit's flow has a budget, whatever the horizon", "[checker]") {
  const checker::WorkingBits guard(128);
  double before = 0;
  for (const char* horizon : {"-50", "-6", "-1", "3", "6"}) {
    const double cost = checker::limit_products(limit_config("100", 2'000'000, horizon));
    CHECK(cost > 0);  // -1.6e8 of -50 once, which the next attempt had for a present
    CHECK(cost >= before);
    before = cost;
  }
  const auto config = limit_config("100", 2'000'000, "6");
  const auto events = [&](double budget) {
    return checker::limit_events(config.parameters, theory::Decimal("6"), true, true, budget);
  };
  const auto all = events(1e12);
  REQUIRE(all.steps > 10);
  CHECK(all.spent < 10 * checker::limit_products(config));  // the estimate is of the right size
  CHECK(all.spent > checker::limit_products(config) / 10);
  for (const double share : {0.0, 0.3, 0.7}) {
    const auto some = events(share * all.spent);
    CHECK(some.spent <= share * all.spent);
    CHECK(some.steps <= share * all.steps + 1);
    CHECK(some.hopeless);
    CHECK(some.stopped.find("products of intervals") != std::string::npos);
    CHECK(mpfr_inf_p(some.gap.high()));
    CHECK_FALSE(mpfr_greater_p(some.gap.low(), all.gap.low()));
  }
}

TEST_CASE("checker: ten thousand trends over a million steps are beyond it before anything is drawn", "[checker]") {
  sim::RunConfig config = one_config();
  config.parameters.steps = 1'000'000;
  Json json = good_certificate(config);
  const Json one = {
      {"claim", "train_accuracy never falls"}, {"verdict", "proved"}, {"lower", "0e+00"}, {"upper", nullptr}};
  json["claims"] = Json::array();
  for (int k = 0; k < 10'000; ++k) json["claims"].push_back(one);
  CHECK(checker::cost_of("F", json.dump()).beyond.find("products of intervals") != std::string::npos);
  const auto start = std::chrono::steady_clock::now();
  CHECK(checker::check("F", json.dump()).status != 0);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  json["claims"] = Json::array({one});
  CHECK(checker::cost_of("F", json.dump()).beyond.empty());
}

TEST_CASE("checker: a thousand test losses are beyond it, and ten are not", "[checker]") {
  sim::RunConfig config = one_config();
  config.parameters.steps = 1000;
  Json json = good_certificate(config);
  const auto beyond = [&](int looks) {
    json["claims"] = Json::array();
    for (int k = 0; k < looks; ++k)
      json["claims"].push_back({{"claim", "test_loss<9@" + std::to_string(k)},
                                {"verdict", "proved"},
                                {"lower", nullptr},
                                {"upper", nullptr}});
    return checker::cost_of("F", json.dump()).beyond;
  };
  CHECK(beyond(1000).find("products of intervals") != std::string::npos);
  CHECK(beyond(10).empty());
}

TEST_CASE("checker: with many tokens the growth's factors, N^3 a step, are what a descent costs", "[checker]") {
  sim::RunConfig config = one_config();
  const auto beyond = [&](long n, long T, long steps) {
    config.parameters.n = n, config.parameters.T = T, config.parameters.steps = steps;
    return checker::cost_of("F", good_certificate(config).dump()).beyond;
  };
  CHECK(beyond(200, 10, 1000).find("products of intervals") != std::string::npos);  // 2.4e7 a step for N = 2000
  CHECK(beyond(200, 10, 100).empty());
  CHECK(beyond(20, 8, 100'000).empty());  // N = 160
}
