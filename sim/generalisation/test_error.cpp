#include "sim/generalisation/test_error.hpp"

#include "sim/random/mean.hpp"
#include "sim/generalisation/ratio_loss.hpp"
#include "sim/generalisation/seen_kinds.hpp"
#include "sim/generalisation/sobol_test.hpp"
#include "sim/generalisation/sum_sign.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <vector>

namespace benign::sim {
namespace {

/// One kind of tokens, as both transforms take it.
struct TestKind {
  double count = 0, X = 0, value = 0;  // the means of its logit and of its value
  double noise = 0, value_noise = 0;   // their standard deviations; 0 where the kind has no noise in them
  double correlation = 0;              // of a token's logit and value
};

/// One class of test inputs, and the largest of what its kinds have.
struct TestClass {
  std::vector<TestKind> kinds;
  double noise = 0, value_noise = 0, correlation = 0;
};

TestClass test_class(const theory::Parameters& p, const QScalars& q, int label) {
  constexpr double least = 1e-6;      // below, the logits' noise moves nothing that is reported
  constexpr double no_head = 1e-150;  // below, values are as good as none
  const double mu = p.mu.as<double>(), sigma = p.sigma.as<double>();
  const SeenNoise noises[2] = {seen_noise(p, q, NoiseIs::everywhere), seen_noise(p, q, NoiseIs::projected)};
  TestClass seen;
  for (const SeenKind& kind : seen_kinds(p, q, label)) {
    const auto& [q_norm, nu_q, nu_norm2] = noises[kind.projected];
    TestKind one{static_cast<double>(kind.count), kind.logit, kind.value};
    if (kind.noise > 0) {
      one.noise = std::max(sigma * q_norm * kind.noise, least);
      if (q.head) {
        const double nu_norm = std::max(std::sqrt(std::max(nu_norm2, 0.0)), no_head);
        one.correlation = q_norm > 0 ? std::clamp(label * nu_q / (nu_norm * q_norm), -1.0, 1.0) : 0;
        one.value_noise = sigma * nu_norm * kind.noise;
      } else if (!kind.projected) {
        one.correlation = q_norm > 0 ? std::clamp(label * nu_q * mu / q_norm, -1.0, 1.0) : 0;
        one.value_noise = sigma / mu * kind.noise;
      }
    }
    if (one.count > 0) {
      seen.noise = std::max(seen.noise, one.noise), seen.value_noise = std::max(seen.value_noise, one.value_noise);
      seen.correlation = std::max(seen.correlation, std::abs(one.correlation));
    }
    seen.kinds.push_back(one);
  }
  return seen;
}

/// How much noise a kind has of the most that one has; 1 where all are alike.
double relative(double noise, double most) { return most > 0 ? noise / most : 0; }

/// 0 or 1 where no kind's value has noise and all answer alike: then nothing that is drawn decides.
std::optional<double> certainly_wrong(const TestClass& seen) {
  bool right = false, wrong = false;
  for (const TestKind& kind : seen.kinds) {
    if (kind.count == 0) continue;
    if (kind.value_noise > 0) return std::nullopt;
    right = right || kind.value > 0, wrong = wrong || kind.value < 0;
  }
  return right == wrong ? std::nullopt : std::optional(wrong ? 1.0 : 0.0);
}

/// Values are in units of their noise, and logits relative to the largest mean: a kind whose values have less noise than
/// another's has them multiplied by as much, which its logit makes up for.
SignProbability wrong(const TestClass& seen) {
  if (const auto certain = certainly_wrong(seen)) return {*certain};
  double top = -HUGE_VAL;
  for (const TestKind& kind : seen.kinds) top = std::max(top, kind.X);
  std::vector<TokenShare> shares;
  for (const TestKind& kind : seen.kinds) {
    if (kind.count == 0 || (kind.value_noise == 0 && kind.value == 0)) continue;
    const double spread = relative(kind.noise, seen.noise);
    if (kind.value_noise > 0)
      shares.push_back({kind.X - top + elementary::log(kind.value_noise / seen.value_noise),
                        kind.value / kind.value_noise, kind.correlation, kind.count, spread});
    else
      shares.push_back({kind.X - top, kind.value / (seen.value_noise > 0 ? seen.value_noise : 1), 0, kind.count, spread,
                        /*certain=*/true});
  }
  return negative_sum(shares, seen.noise);
}

RatioLoss mean_loss(const TestClass& seen) {
  std::vector<RatioTerm> terms;
  for (const TestKind& kind : seen.kinds)
    if (kind.count > 0)
      terms.push_back({kind.X, kind.value, kind.correlation, kind.count, relative(kind.noise, seen.noise),
                       relative(kind.value_noise, seen.value_noise)});
  return ratio_loss(terms, seen.noise, seen.value_noise);
}

}  // namespace

double PopulationTest::loss(const QScalars& q) const {
  const auto [plus, minus] = class_shares(parameters_);
  return plus * mean_loss(test_class(parameters_, q, +1)).loss + minus * mean_loss(test_class(parameters_, q, -1)).loss;
}

namespace {

constexpr double far = 50;  // σ‖q‖ up to which both transforms are calibrated
constexpr double rare = 0.01;

/// The error where it is rare, by the transform; nothing where that is not calibrated, finds no good path, or where the
/// points, if there are any, say otherwise.
std::optional<SignProbability> rare_error(const TestClass (&classes)[2], const ClassShares& shares,
                                          const TestError* points) {
  if (classes[0].noise > far || classes[0].correlation > 0.5) return std::nullopt;
  SignProbability mean;
  for (const auto& [seen, share] : {std::pair{&classes[0], shares.plus}, {&classes[1], shares.minus}}) {
    const SignProbability one = wrong(*seen);
    mean.value += share * std::max(one.value, 0.0), mean.error += share * one.error;
  }
  if (!(mean.value <= 1 && mean.error <= 1e-3 * mean.value + 1e-17)) return std::nullopt;
  constexpr double deviations = 8;  // of the points' mean over 16 shifts
  if (points && std::abs(mean.value - points->wrong) > mean.error + deviations * points->accuracy_error + 1e-6)
    return std::nullopt;
  return mean;
}

}  // namespace

TestError PopulationTest::operator()(const QScalars& q) const {
  const TestClass classes[2] = {test_class(parameters_, q, +1), test_class(parameters_, q, -1)};
  const ClassShares shares = class_shares(parameters_);
  const bool has_points = parameters_.T <= SobolTest::most_tokens();
  TestError error{.accuracy_error = 0.5, .wrong = 0.5};  // where nothing is known
  if (has_points) {
    error = SobolTest(parameters_, 0)(q);
    error.sampled = false, error.accuracy_error *= 4, error.loss_error *= 4;
  }
  const auto certain = certainly_wrong(classes[0]), other_certain = certainly_wrong(classes[1]);
  if (certain && other_certain) {
    error.wrong = shares.plus * *certain + shares.minus * *other_certain, error.accuracy_error = 0;
  } else if (!has_points || error.wrong < rare) {
    if (const auto exact = rare_error(classes, shares, has_points ? &error : nullptr))
      error.wrong = exact->value, error.accuracy_error = exact->error;
    else if (has_points)  // what few points see has no standard error of its own
      error.accuracy_error = std::max(error.accuracy_error, error.wrong) + 1e-5;
  }
  if (classes[0].noise <= far) {
    const RatioLoss one = mean_loss(classes[0]), other = mean_loss(classes[1]);
    const auto over_classes = [&](double of_one, double of_other) {
      return shares.plus * of_one + shares.minus * of_other;
    };
    const double mean = over_classes(one.loss, other.loss), uncertain = over_classes(one.error, other.error);
    if (!has_points || std::abs(mean - error.loss) <= uncertain + 2 * error.loss_error + 1e-6)
      error.loss = mean, error.loss_error = uncertain, error.attention = over_classes(one.first, other.first);
  }
  error.accuracy_error = std::min(error.accuracy_error + 1e-16, 1.0);
  error.accuracy = 1 - error.wrong;
  return error;
}

TestError sample_test(const Instance& instance, const Eigen::VectorXd& q, Index size) {
  constexpr Index batch = 16;  // keeps the drawn tokens in the cache
  const Index relevant = theory::layout_of(instance.parameters).kinds.front().count.value();
  const double scale = theory::head_scale<double>() / instance.parameters.mu.as<double>();
  std::vector<double> right, losses;
  double attention = 0;
  for (Index first = 0; first < size; first += batch) {
    const Data test =
        draw_test(instance.parameters, instance.kind, instance.seed, size, first, std::min(batch, size - first));
    const theory::Samples<double> samples{test.n, test.T, scale * (test.tokens.col(0) - test.tokens.col(1)),
                                          test.label};
    const Eigen::VectorXd s = theory::attention<double>(samples, test.tokens * q);
    const Eigen::VectorXd f = theory::outputs<double>(samples, s);
    for (Index i = 0; i < test.n; ++i) {
      const double margin = element(test.label, i) * f[i];
      right.push_back(margin > 0);
      losses.push_back(theory::logistic_loss(margin));
      attention += s.segment(i * test.T, relevant).sum();
    }
  }
  TestError error;
  error.sampled = true;
  std::tie(error.accuracy, error.accuracy_error) = mean_and_stderr(right);
  std::tie(error.loss, error.loss_error) = mean_and_stderr(losses);
  error.wrong = 1 - error.accuracy;
  error.attention = attention / static_cast<double>(size);
  return error;
}

TestError brought_test(const Brought& brought, const Eigen::VectorXd& q) {
  const TokenSet& test = *brought.test;
  const Eigen::VectorXd logits = test.tokens * q;
  const RowMajor V = test.tokens * brought.head;
  theory::Samples<double> samples{test.n, test.T, {}, {}, {}, {}, test.padding};
  for (const int label : test.label) samples.labels.push_back(brought.many() || label == 1 ? 1 : -1);
  if (brought.many())
    samples.class_values = V, samples.classes = test.label;
  else
    samples.values = V.col(0);
  const Eigen::VectorXd s = theory::attention<double>(samples, logits);
  const Eigen::VectorXd f = theory::outputs<double>(samples, s);
  const std::vector<int> predicted =
      brought.many() ? theory::predicted_classes<double>(samples, s) : std::vector<int>();
  const std::vector<Index> best = best_tokens(brought, V, test.T, test.label, test.padding);
  std::vector<double> right, losses;
  double attention = 0;
  for (Index i = 0; i < test.n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const double margin = samples.labels[at] * f[i];
    right.push_back(brought.many() ? predicted[at] == test.label[at] : margin > 0);
    losses.push_back(theory::logistic_loss(margin));
    attention += s[i * test.T + best[at]];
  }
  TestError error;
  error.sampled = true;
  std::tie(error.accuracy, error.accuracy_error) = mean_and_stderr(right);
  std::tie(error.loss, error.loss_error) = mean_and_stderr(losses);
  error.wrong = 1 - error.accuracy;
  error.attention = attention / static_cast<double>(test.n);
  return error;
}

}  // namespace benign::sim
