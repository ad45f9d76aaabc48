#include "sim/generalisation/test_error.hpp"

#include "sim/random/mean.hpp"
#include "sim/generalisation/ratio_loss.hpp"
#include "sim/generalisation/sobol_test.hpp"
#include "sim/generalisation/sum_sign.hpp"
#include "theory/model/layout.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <vector>

namespace benign::sim {
namespace {

/// One class of test inputs: the means of its logits and values, and what is common to its tokens.
struct TestClass {
  double X[theory::token_kinds] = {}, value[theory::token_kinds] = {};
  theory::Layout<double> layout;
  double correlation = 0;  // of a token's logit and value
  double noise = 0;        // σ‖q‖, of the logits
  double value_noise = 0;  // σ/‖μ‖
};

TestClass test_class(const theory::Parameters& p, const QScalars& q, int label) {
  const double mu = p.mu.as<double>(), sigma = p.sigma.as<double>();
  const double gamma = theory::head_scale<double>(), q_norm = std::sqrt(std::max(q.q_norm2, 0.0));
  const double nu_q = gamma * (q.mu_plus_q - q.mu_minus_q) / (mu * mu);  // ‖ν‖ = 1/‖μ‖
  const double own = label > 0 ? q.mu_plus_q : q.mu_minus_q, other = label > 0 ? q.mu_minus_q : q.mu_plus_q;
  TestClass seen{.layout = theory::layout<double>(p)};
  for (std::size_t kind = 0; kind < theory::token_kinds; ++kind) {
    seen.X[kind] = seen.layout[kind].own * own + seen.layout[kind].other * other;
    seen.value[kind] = seen.layout[kind].answer();
  }
  seen.correlation = q_norm > 0 ? std::clamp(label * nu_q * mu / q_norm, -1.0, 1.0) : 0;
  constexpr double least = 1e-6;  // below, the logits' noise moves nothing that is reported
  seen.noise = std::max(sigma * q_norm, least);
  seen.value_noise = sigma / mu;
  if (!q.head) return seen;
  constexpr double no_head = 1e-150;  // below, values are as good as none
  const double nu_norm = std::max(std::sqrt(std::max(q.head->norm2, 0.0)), no_head);
  const double own_value = label * (label > 0 ? q.head->mu_plus : q.head->mu_minus);
  const double other_value = label * (label > 0 ? q.head->mu_minus : q.head->mu_plus);
  for (std::size_t kind = 0; kind < theory::token_kinds; ++kind)
    seen.value[kind] = seen.layout[kind].own * own_value + seen.layout[kind].other * other_value;
  seen.correlation = q_norm > 0 ? std::clamp(label * q.head->with_q / (nu_norm * q_norm), -1.0, 1.0) : 0;
  seen.value_noise = sigma * nu_norm;
  return seen;
}

/// Values are in units of their noise, and logits relative to the largest mean.
SignProbability wrong(const TestClass& seen) {
  const double top = *std::ranges::max_element(seen.X);
  std::vector<TokenShare> shares;
  for (std::size_t kind = 0; kind < theory::token_kinds; ++kind)
    if (const long count = seen.layout[kind].count; count > 0)
      shares.push_back(
          {seen.X[kind] - top, seen.value[kind] / seen.value_noise, seen.correlation, static_cast<double>(count)});
  return negative_sum(shares, seen.noise);
}

RatioLoss mean_loss(const TestClass& seen) {
  std::vector<RatioTerm> terms;
  for (std::size_t kind = 0; kind < theory::token_kinds; ++kind)
    if (const long count = seen.layout[kind].count; count > 0)
      terms.push_back({seen.X[kind], seen.value[kind], seen.correlation, static_cast<double>(count)});
  return ratio_loss(terms, seen.noise, seen.value_noise);
}

}  // namespace

double PopulationTest::loss(const QScalars& q) const {
  return (mean_loss(test_class(parameters_, q, +1)).loss + mean_loss(test_class(parameters_, q, -1)).loss) / 2;
}

namespace {

constexpr double far = 50;  // σ‖q‖ up to which both transforms are calibrated
constexpr double rare = 0.01;

/// The error where it is rare, by the transform; nothing where that is not calibrated, finds no good path, or where the
/// points, if there are any, say otherwise.
std::optional<SignProbability> rare_error(const TestClass (&classes)[2], const TestError* points) {
  if (classes[0].noise > far || std::abs(classes[0].correlation) > 0.5) return std::nullopt;
  SignProbability mean;
  for (const TestClass& seen : classes) {
    const SignProbability one = wrong(seen);
    mean.value += std::max(one.value, 0.0) / 2, mean.error += one.error / 2;
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
  const bool has_points = parameters_.T <= SobolTest::most_tokens();
  TestError error{.accuracy_error = 0.5, .wrong = 0.5};  // where nothing is known
  if (has_points) {
    error = SobolTest(parameters_, 0)(q);
    error.sampled = false, error.accuracy_error *= 4, error.loss_error *= 4;
  }
  if (!has_points || error.wrong < rare) {
    if (const auto exact = rare_error(classes, has_points ? &error : nullptr))
      error.wrong = exact->value, error.accuracy_error = exact->error;
    else if (has_points)  // what few points see has no standard error of its own
      error.accuracy_error = std::max(error.accuracy_error, error.wrong) + 1e-5;
  }
  if (classes[0].noise <= far) {
    const RatioLoss one = mean_loss(classes[0]), other = mean_loss(classes[1]);
    const double mean = (one.loss + other.loss) / 2, uncertain = (one.error + other.error) / 2;
    if (!has_points || std::abs(mean - error.loss) <= uncertain + 2 * error.loss_error + 1e-6)
      error.loss = mean, error.loss_error = uncertain, error.attention = (one.first + other.first) / 2;
  }
  error.accuracy_error = std::min(error.accuracy_error + 1e-16, 1.0);
  error.accuracy = 1 - error.wrong;
  return error;
}

TestError sample_test(const Instance& instance, const Eigen::VectorXd& q, Index size) {
  constexpr Index batch = 16;  // keeps the drawn tokens in the cache
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
      attention += s[i * test.T];
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
