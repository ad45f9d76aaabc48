// What a reader is told before believing a diagnosis: labels without a signal, tokens that look like none, a step beyond
// stability.

#include "sim/random/random.hpp"
#include "sim/routes/curvature.hpp"
#include "sim/routes/statistics.hpp"
#include "sim/runs/simulate.hpp"
#include "sim/tokens/oddities.hpp"
#include "sim/tokens/signal_test.hpp"
#include "sim/tokens/stable_step.hpp"
#include "sim/tokens/token_study.hpp"

#include <catch2/catch.hpp>

#include <cmath>

namespace {

using namespace benign;

sim::TokenSet white_tokens(Index n, Index T, Index d, std::uint64_t seed) {
  sim::TokenSet set{n, T, d, RowMajor(n * T, d), {}, {}};
  sim::fill_normal(seed, sim::Stream::train_noise, 0, 1,
                   {set.tokens.data(), static_cast<std::size_t>(set.tokens.size())});
  for (Index i = 0; i < n; ++i) set.label.push_back(static_cast<int>(i % 2));
  return set;
}

bool some_say(const std::vector<std::string>& sentences, const std::string& what) {
  return std::any_of(sentences.begin(), sentences.end(),
                     [&](const std::string& one) { return one.find(what) != std::string::npos; });
}

}  // namespace

TEST_CASE("no signal: the p-value is uniform under labels that mean nothing, and small under a signal", "[tokens]") {
  int below[3] = {0, 0, 0};
  constexpr double levels[3] = {0.05, 0.25, 0.5};
  constexpr int sets = 200;
  for (int k = 0; k < sets; ++k) {
    const double p = sim::test_of_no_signal(white_tokens(24, 3, 5, static_cast<std::uint64_t>(100 + k)), 2).p_value;
    for (int level = 0; level < 3; ++level) below[level] += p <= levels[level];
  }
  for (int level = 0; level < 3; ++level) {
    const double expected = sets * levels[level], deviation = std::sqrt(expected * (1 - levels[level]));
    INFO(levels[level] << ": " << below[level] << " of " << sets);
    CHECK(std::abs(below[level] - expected) < 4 * deviation);
  }
  auto set = white_tokens(60, 8, 300, 7);  // one position of eight leans, in one of three hundred directions
  for (Index i = 0; i < set.n; ++i) set.tokens(i * 8 + 5, 3) += i % 2 == 0 ? 8 : -8;
  CHECK(sim::test_of_no_signal(set, 2).p_value == 1.0 / 200);
}

TEST_CASE("oddities: constant, long and repeated tokens are named, and ordinary ones are not", "[tokens]") {
  CHECK(sim::oddities(white_tokens(40, 6, 10, 1)).empty());
  auto registers = white_tokens(40, 6, 10, 1);
  for (Index i = 0; i < 40; ++i)
    registers.tokens.row(i * 6) = registers.tokens.row(0), registers.tokens.row(i * 6 + 1) *= 50;
  CHECK(some_say(sim::oddities(registers), "position 0 is the same in all samples"));
  CHECK(some_say(sim::oddities(registers), "position 1 is"));
  auto padded = white_tokens(40, 6, 10, 1);
  Index filled = 0;
  for (Index i = 0; i < 40; ++i)
    for (Index t = 2 + i % 5; t < 6; ++t) padded.tokens.row(i * 6 + t).setZero(), ++filled;
  CHECK(some_say(sim::oddities(padded), "32 samples end with one and the same vector, of length 0, which fills " +
                                            std::to_string(filled) + " tokens"));
  for (Index i = 0; i < 40; ++i)
    for (Index t = 0; t < 6; ++t) padded.padding.push_back(t >= 2 + i % 5);
  CHECK(sim::oddities(padded).empty());  // the mask has left them out
  auto sink = white_tokens(40, 6, 10, 1);
  sink.tokens.row(17) *= 100;
  CHECK(some_say(sim::oddities(sink), "1 tokens elsewhere are more than 5 times as long"));
}

TEST_CASE("a step: alpha lambda_max at the start is the Hessian's, and a stable step is found", "[tokens]") {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 12, p.T = 4, p.d = 25, p.mu = theory::Decimal("3"), p.steps = 60;
  for (const char* init : {"gaussian", "identity"})
    for (const auto train : {sim::Train::W_and_p, sim::Train::p}) {
      p.init = init[0] == 'g' ? theory::Init::gaussian : theory::Init::identity;
      p.lr = theory::Decimal("0.3"), config.train = train;
      const sim::Run<double> run(config);
      // The other way: bounds by Sylvester's law of inertia, from inner products.
      const auto start = sim::Statistics<double>(run.frame(), train).start();
      const auto bounds = sim::Hessian(run.frame(), train, p.d, start).largest(1e-8, 0, 1);
      const double found = sim::start_sharpness(config).value();
      INFO(init << " " << found);
      CHECK(found >= run.frame().scales.step * bounds.lower * (1 - 1e-6));
      CHECK(found <= run.frame().scales.step * bounds.upper * (1 + 1e-6));
    }
}
