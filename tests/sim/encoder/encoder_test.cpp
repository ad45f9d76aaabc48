// The one-layer encoder: gradients against finite differences, what a step does, what is observed.

#include "sim/encoder/encoder.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

namespace {

using namespace benign;

sim::RunConfig small_config() {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 6, p.T = 5, p.d = 12, p.steps = 40;
  p.mu = theory::Decimal("4"), p.eta = theory::Decimal("0.3");
  return config;
}

sim::EncoderOptions in_double(bool skip) {
  sim::EncoderOptions options;
  options.skip = skip, options.single = false, options.test_size = 50;
  return options;
}

/// The largest difference of the gradient from central differences of fourth order, relative to its largest entry.
double gradient_error(sim::Encoder& encoder, double fault) {
  const auto at = encoder.parameters();
  auto gradient = encoder.gradient();
  gradient[gradient.size() / 3] += fault;
  double largest = 0, worst = 0;
  for (const double g : gradient) largest = std::max(largest, std::abs(g));
  const double h = 1e-3;
  for (std::size_t k = 0; k < at.size(); ++k) {
    const auto loss_at = [&](double shift) {
      auto moved = at;
      moved[k] += shift;
      encoder.set_parameters(moved);
      return encoder.loss();
    };
    const double difference = (8 * (loss_at(h) - loss_at(-h)) - (loss_at(2 * h) - loss_at(-2 * h))) / (12 * h);
    worst = std::max(worst, std::abs(difference - gradient[k]));
  }
  encoder.set_parameters(at);
  return worst / largest;
}

}  // namespace

TEST_CASE("encoder: the gradient is that of the loss, by every parameter", "[encoder]") {
  for (const bool skip : {true, false})
    for (const long steps : {0L, 30L}) {
      sim::Encoder encoder(small_config(), in_double(skip));
      CHECK(encoder.size() == 6 * 12 * 12 + 8 * 12 + 1);
      for (long k = 0; k < steps; ++k) encoder.descend(0.05);
      INFO("skip " << skip << ", after " << steps << " steps");
      CHECK(gradient_error(encoder, 0) < 1e-8);
      CHECK(gradient_error(encoder, 1e-5) > 1e-6);
    }
}

TEST_CASE("encoder: a step goes against the gradient, and the loss falls", "[encoder]") {
  sim::Encoder encoder(small_config(), in_double(true));
  const auto before = encoder.parameters(), gradient = encoder.gradient();
  const double loss = encoder.loss();
  encoder.descend(5e-3);
  const auto after = encoder.parameters();
  double worst = 0, norm2 = 0;
  for (std::size_t k = 0; k < before.size(); ++k) {
    worst = std::max(worst, std::abs(after[k] - (before[k] - 5e-3 * gradient[k])));
    norm2 += gradient[k] * gradient[k];
  }
  CHECK(worst < 1e-15);
  CHECK(loss - encoder.loss() == Approx(5e-3 * norm2).epsilon(0.2));
}

TEST_CASE("encoder: attention adds up, runs repeat, and float32 follows double", "[encoder]") {
  const auto config = small_config();
  std::vector<double> losses;
  const auto result = sim::train_encoder(config, in_double(true), 10, [&](const sim::EncoderMoment& moment) {
    losses.push_back(moment.seen.train_loss);
    double sum = 0;
    const double clean = 4.0 / 6, noisy = 2.0 / 6;  // ⌈0.3 · 6⌉ = 2 flipped
    for (std::size_t kind = 0; kind < theory::token_kinds; ++kind)
      sum += clean * moment.seen.clean->share[kind] + noisy * moment.seen.noisy->share[kind];
    CHECK(sum + moment.class_token == Approx(1).epsilon(1e-12));
    REQUIRE(moment.seen.test);
    CHECK(moment.seen.test->accuracy >= 0);
  });
  REQUIRE(losses.size() == 5);
  CHECK(std::is_sorted(losses.rbegin(), losses.rend()));
  auto options = in_double(true);
  const auto again = sim::train_encoder(config, options, 0, {});
  CHECK(again.last.seen.train_loss == Approx(losses.back()).epsilon(1e-12));
  options.single = true;
  const auto single = sim::train_encoder(config, options, 0, {});
  CHECK(single.last.seen.train_loss == Approx(losses.back()).epsilon(1e-4));
}
