#include "sim/test_error.hpp"

#include "sim/mean.hpp"
#include "sim/ratio_loss.hpp"
#include "sim/sobol_test.hpp"
#include "sim/sum_sign.hpp"
#include "theory/model.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

namespace benign::sim {
namespace {

/// One class of test inputs: the means of its logits and values, and what is common to its tokens.
struct TestClass {
  double X[3] = {}, value[3] = {};
  double others = 0;       // T − 3
  double correlation = 0;  // of a token's logit and value
  double noise = 0;        // σ‖q‖, of the logits
  double value_noise = 0;  // σ/‖μ‖
};

TestClass test_class(const theory::Parameters& p, const QScalars& q, int label) {
  const double mu = p.mu.as<double>(), rho = p.rho.as<double>(), sigma = p.sigma.as<double>();
  const double gamma = theory::head_scale<double>(), q_norm = std::sqrt(std::max(q.q_norm2, 0.0));
  const double nu_q = gamma * (q.mu_plus_q - q.mu_minus_q) / (mu * mu);  // ‖ν‖ = 1/‖μ‖
  const double own = label > 0 ? q.mu_plus_q : q.mu_minus_q, other = label > 0 ? q.mu_minus_q : q.mu_plus_q;
  TestClass seen{{own, rho * own, rho * other}, {gamma, rho * gamma, -rho * gamma}};
  seen.others = static_cast<double>(p.T - 3);
  seen.correlation = q_norm > 0 ? std::clamp(label * nu_q * mu / q_norm, -1.0, 1.0) : 0;
  constexpr double least = 1e-6;  // below, the logits' noise moves nothing that is reported
  seen.noise = std::max(sigma * q_norm, least);
  seen.value_noise = sigma / mu;
  return seen;
}

/// Values are in units of their noise, and logits relative to the largest mean.
SignProbability wrong(const TestClass& seen) {
  const double top = std::max({seen.X[0], seen.X[1], seen.X[2], 0.0});
  std::vector<TokenShare> shares;
  for (int t = 0; t < 3; ++t)
    shares.push_back({seen.X[t] - top, seen.value[t] / seen.value_noise, seen.correlation, 1});
  if (seen.others > 0) shares.push_back({-top, 0, seen.correlation, seen.others});
  return negative_sum(shares, seen.noise);
}

RatioLoss mean_loss(const TestClass& seen) {
  std::vector<RatioTerm> terms;
  for (int t = 0; t < 3; ++t) terms.push_back({seen.X[t], seen.value[t], seen.correlation, 1});
  if (seen.others > 0) terms.push_back({0, 0, seen.correlation, seen.others});
  return ratio_loss(terms, seen.noise, seen.value_noise);
}

}  // namespace

TestError PopulationTest::computed(const QScalars& q) const {
  TestError error;
  for (const int label : {+1, -1}) {
    const TestClass seen = test_class(parameters_, q, label);
    const SignProbability probability = wrong(seen);
    const RatioLoss mean = mean_loss(seen);
    error.wrong += std::max(probability.value, 0.0) / 2, error.accuracy_error += probability.error / 2;
    error.loss += mean.loss / 2, error.loss_error += mean.error / 2, error.attention += mean.first / 2;
  }
  return error;
}

double PopulationTest::loss(const QScalars& q) const {
  return (mean_loss(test_class(parameters_, q, +1)).loss + mean_loss(test_class(parameters_, q, -1)).loss) / 2;
}

namespace {

/// Whether the two computations of accuracy and loss are within what both are uncertain by.
bool agree(const TestError& computed, const TestError& points) {
  constexpr double deviations = 8;  // of the points' mean over 16 shifts
  return std::abs(computed.wrong - points.wrong) <=
             computed.accuracy_error + deviations * points.accuracy_error + 1e-9 &&
         std::abs(computed.loss - points.loss) <= computed.loss_error + deviations * points.loss_error + 1e-9;
}

}  // namespace

TestError PopulationTest::operator()(const QScalars& q) const {
  const TestClass seen = test_class(parameters_, q, +1);
  // Where the transform is calibrated, and finds its paths soon.
  const bool calibrated = seen.noise <= 50 && std::abs(seen.correlation) <= 0.5;
  const bool has_points = parameters_.T <= SobolTest::most_tokens();
  TestError error;
  if (calibrated) error = computed(q);
  const bool sharp = calibrated && std::isfinite(error.wrong) && error.wrong <= 1 &&
                     error.accuracy_error <= 1e-3 * error.wrong + 1e-17;
  if (!has_points && !sharp) {  // nothing is known of the error
    error.wrong = error.accuracy_error = 0.5;
    error.loss = loss(q), error.loss_error = 1;
  } else if (has_points && !(sharp && agree(error, SobolTest(parameters_, 0, 64)(q)))) {
    const TestError by_points = SobolTest(parameters_, 0)(q);
    const double accuracy_error = 4 * by_points.accuracy_error + 1e-6, loss_error = 4 * by_points.loss_error + 1e-6;
    const bool trusted = calibrated && agree(error, by_points);
    if (!trusted || accuracy_error < error.accuracy_error)
      error.wrong = by_points.wrong, error.accuracy_error = accuracy_error;
    if (!trusted) error.loss = by_points.loss, error.loss_error = loss_error, error.attention = by_points.attention;
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
      const double margin = test.label[static_cast<std::size_t>(i)] * f[i];
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
  theory::Samples<double> samples{test.n, test.T, {}, {}, {}, {}};
  for (const int label : test.label) samples.labels.push_back(brought.many() || label == 1 ? 1 : -1);
  if (brought.many())
    samples.class_values = V, samples.classes = test.label;
  else
    samples.values = V.col(0);
  const Eigen::VectorXd s = theory::attention<double>(samples, logits);
  const Eigen::VectorXd f = theory::outputs<double>(samples, s);
  const std::vector<int> predicted =
      brought.many() ? theory::predicted_classes<double>(samples, s) : std::vector<int>();
  const std::vector<Index> best = best_tokens(brought, V, test.T, test.label);
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
