// Padding: tokens that a mask leaves out are as if they were not there.

#include "sim/frames/frame.hpp"
#include "sim/random/random.hpp"
#include "sim/routes/route.hpp"
#include "sim/tokens/estimates.hpp"
#include "sim/tokens/head.hpp"
#include "sim/tokens/surrogates.hpp"

#include <catch2/catch.hpp>

#include <cmath>

namespace {

using namespace benign;

/// Two classes that lean one way or the other at every position, n samples of T tokens, the first of each longer than
/// half of them; `pad` fills the others where it is given, and they are drawn like tokens where it is not.
sim::TokenSet leaning_sentences(Index n, Index T, Index d, std::optional<double> pad, bool masked) {
  sim::TokenSet set{n, T, d, RowMajor(n * T, d), {}, {}};
  for (Index i = 0; i < n; ++i) {
    set.label.push_back(static_cast<int>(i % 2));
    const Index length = T / 2 + static_cast<Index>(sim::below(
                                     sim::random_words(3, sim::Stream::labels, static_cast<std::uint64_t>(i), 0)[0],
                                     static_cast<std::size_t>(T / 2 + 1)));
    for (Index t = 0; t < T; ++t) {
      auto token = set.tokens.row(i * T + t);
      sim::fill_normal(5, sim::Stream::train_noise, static_cast<std::uint64_t>(i * T + t), 1,
                       {token.data(), static_cast<std::size_t>(d)});
      token[0] += i % 2 == 0 ? -1 : 1;
      const bool padding = t >= length;
      if (padding && pad) token.setConstant(*pad);
      if (masked) set.padding.push_back(padding);
      if (padding && masked) token.setZero();  // as token_files.cpp does
    }
  }
  return set;
}

}  // namespace

TEST_CASE("padding: attention, outputs and gradients are those without the padded tokens", "[tokens][padding]") {
  for (const bool many : {false, true}) {
    theory::Samples<double> whole{3, 5, {}, {1, -1, 1}, {}, {}}, cut{3, 3, {}, {1, -1, 1}, {}, {}};
    const std::vector<Index> left = {1, 2, 4};  // of five tokens; 0 and 3 are padding
    Vector<double> logits(15), direction(15), cut_logits(9), cut_direction(9);
    Matrix<double> V(15, 4), cut_V(9, 4);
    for (Index k = 0; k < 15; ++k) {
      logits[k] = k % 5 == 0 ? 50 : std::sin(3.0 * static_cast<double>(k));  // a padded token has the largest of all
      direction[k] = std::cos(5.0 * static_cast<double>(k));
      for (Index c = 0; c < 4; ++c) V(k, c) = std::sin(static_cast<double>(7 * k + 11 * c));
      whole.padding.push_back(k % 5 == 0 || k % 5 == 3);
    }
    for (Index i = 0; i < 3; ++i)
      for (Index t = 0; t < 3; ++t) {
        const Index from = i * 5 + left[static_cast<std::size_t>(t)], to = i * 3 + t;
        cut_logits[to] = logits[from], cut_direction[to] = direction[from], cut_V.row(to) = V.row(from);
      }
    if (many) {
      whole.class_values = V, cut.class_values = cut_V;
      whole.classes = cut.classes = {0, 3, 2}, whole.labels = cut.labels = {1, 1, 1};
    } else {
      whole.values = V.col(0), cut.values = cut_V.col(0);
    }
    const auto s = theory::attention(whole, logits), cut_s = theory::attention(cut, cut_logits);
    const auto g = theory::gradient(whole, logits), cut_g = theory::gradient(cut, cut_logits);
    const auto moved = theory::gradient_derivative(whole, logits, direction),
               cut_moved = theory::gradient_derivative(cut, cut_logits, cut_direction);
    CHECK((theory::outputs(whole, s) - theory::outputs(cut, cut_s)).cwiseAbs().maxCoeff() < 1e-14);
    for (Index i = 0; i < 3; ++i) {
      CHECK((s[i * 5] == 0 && s[i * 5 + 3] == 0 && g[i * 5] == 0 && g[i * 5 + 3] == 0 && moved[i * 5] == 0));
      for (Index t = 0; t < 3; ++t) {
        const Index from = i * 5 + left[static_cast<std::size_t>(t)], to = i * 3 + t;
        CHECK(s[from] == Approx(cut_s[to]).margin(1e-14));
        CHECK(g[from] == Approx(cut_g[to]).margin(1e-14));
        CHECK(moved[from] == Approx(cut_moved[to]).margin(1e-14));
      }
    }
  }
}

TEST_CASE("padding: a masked file changes no estimate beyond its error", "[tokens][padding]") {
  const auto full = sim::estimate_tokens(leaning_sentences(400, 10, 30, std::nullopt, false), 2);
  const auto masked = sim::estimate_tokens(leaning_sentences(400, 10, 30, 20, true), 2);
  const auto same = [](const sim::Estimate& a, const sim::Estimate& b) {
    CHECK(std::abs(a.value - b.value) < 3 * std::hypot(a.error, b.error));
  };
  same(full.mu, masked.mu), same(full.rho, masked.rho), same(full.noise2, masked.noise2);
  same(full.snr, masked.snr), same(full.effective_dimension, masked.effective_dimension);
  for (std::size_t t = 0; t < 10; ++t) same(full.signal2[t], masked.signal2[t]);
  CHECK(masked.tokens == Approx(7.5).margin(0.3));
  // The truth: means of ±1, whose squares add up to 2, and noise of variance 1 in 30 dimensions.
  CHECK(std::abs(masked.mu.value - std::sqrt(2.0)) < 4 * masked.mu.error);
  CHECK(std::abs(masked.noise2.value - 30) < 4 * masked.noise2.error);
  // Without the mask the same file is another: the planted fault of this test.
  const auto padded = sim::estimate_tokens(leaning_sentences(400, 10, 30, 20, false), 2);
  CHECK(std::abs(padded.noise2.value - 30) > 20 * masked.noise2.error);
}

TEST_CASE("padding: what is in it is never seen", "[tokens][padding]") {
  const auto set = leaning_sentences(60, 6, 12, 0, true);
  auto other = leaning_sentences(60, 6, 12, 1e6, true);
  CHECK(set.tokens == other.tokens);
  CHECK(sim::train_head(set, 2).head == sim::train_head(other, 2).head);
  // The head sees the mean of the words: here of the first three, half of the positions.
  const auto means = sim::pooled(set);
  Index words = 0;
  for (Index t = 0; t < 6; ++t) words += !set.padded(t);
  CHECK((means.row(0) * static_cast<double>(words) - set.tokens.topRows(6).colwise().sum()).norm() < 1e-12);
}

TEST_CASE("padding: all routes train alike, and no padded token moves", "[tokens][padding]") {
  auto brought = std::make_shared<sim::Brought>();
  brought->train = leaning_sentences(12, 6, 20, 3, true);
  brought->head = sim::train_head(brought->train, 2).head;
  brought->signals = sim::estimate_tokens(brought->train, 2).signals;
  theory::Parameters p;
  p.n = 12, p.T = 6, p.d = 20, p.eta = theory::Decimal("0.2"), p.lr = theory::Decimal("0.5");
  const auto instance = sim::draw_instance(p, sim::DataKind::brought, 5, brought);
  const auto frame = sim::make_frame<double>(instance);
  Vector<double> first;
  for (const auto kind : {sim::RouteKind::direct, sim::RouteKind::coefficients, sim::RouteKind::statistics}) {
    const auto route = sim::make_route<double>(kind, instance, &frame);
    auto state = route->start();
    for (int k = 0; k < 60; ++k) route->descend(state, frame.scales.step);
    const Vector<double> logits = route->read(state).logits;
    if (first.size() == 0) first = logits;
    CHECK((logits - first).cwiseAbs().maxCoeff() < 1e-11);
    for (Index k = 0; k < logits.size(); ++k)
      if (instance.train.padding[static_cast<std::size_t>(k)]) CHECK(logits[k] == 0);
  }
  for (std::size_t i = 0; i < 12; ++i)
    CHECK_FALSE(instance.train.padding[i * 6 + static_cast<std::size_t>(frame.relevant[i])]);
  auto surrogate = *brought;
  sim::make_surrogate(surrogate, "isotropic,positions");
  for (Index k = 0; k < surrogate.train.tokens.rows(); ++k)
    if (surrogate.train.padded(k)) CHECK(surrogate.train.tokens.row(k).norm() == 0);
}
