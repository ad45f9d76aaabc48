#include "sim/generalisation/sobol_test.hpp"

#include "sim/random/mean.hpp"
#include "theory/model/layout.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <boost/random/sobol.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <stdexcept>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <tuple>

namespace benign::sim {
namespace {

/// Φ⁻¹ at the middle of the cell of [0, 1) that the word's upper 53 bits name.
double normal_quantile(std::uint64_t word) {
  return elementary::normal_quantile((static_cast<double>(word >> 11) + 0.5) * 0x1p-53);
}

double normal_cdf(double x) { return elementary::erfc(-x / std::numbers::sqrt2) / 2; }

/// The points of the sequence as standard normals, one to a row.
RowMajor draw_points(long T, std::uint64_t seed, Index points) {
  constexpr Index shifts = SobolTest::shifts;
  const Index dimensions = T + 1;
  const auto size = static_cast<std::size_t>(dimensions);
  std::vector<std::uint64_t> masks;  // the shifts, one after the other
  for (Index shift = 0; shift < shifts; ++shift)
    for (Index k = 0; k < dimensions; ++k)
      masks.push_back(
          random_words(seed, Stream::integration, static_cast<std::uint64_t>(shift), static_cast<std::uint64_t>(k))[0]);
  RowMajor normals(shifts * points, dimensions);
  boost::random::sobol sequence(size);
  std::vector<std::uint64_t> words(static_cast<std::size_t>(points) * size);
  for (auto& word : words) word = sequence();
  const auto draw = [&](Index shift) {
    const std::uint64_t* const mask = masks.data() + shift * dimensions;
    double* const of_shift = normals.data() + shift * points * dimensions;
    for (Index point = 0; point < points; ++point)
      for (Index k = 0; k < dimensions; ++k) {
        const Index at = point * dimensions + k;
        of_shift[at] = normal_quantile(element(words, at) ^ mask[k]);
      }
  };
  // By itself: whoever waits here for other threads takes up no work that may wait for these points.
  tbb::this_task_arena::isolate([&] { tbb::parallel_for(Index{0}, Index{shifts}, draw); });
  return normals;
}

/// Those of seed 0 are drawn once, as the deterministic test is held to them again and again.
std::shared_ptr<const RowMajor> points_for(long T, std::uint64_t seed, int points) {
  const auto drawn = [&] { return std::make_shared<const RowMajor>(draw_points(T, seed, points)); };
  if (seed != 0) return drawn();
  static std::mutex mutex;
  static std::map<std::pair<long, int>, std::shared_ptr<const RowMajor>> kept;
  const std::scoped_lock lock(mutex);
  auto& here = kept[{T, points}];
  if (!here) here = drawn();
  return here;
}

/// The means of one class's tokens: of their logits, and of their values.
struct ClassMeans {
  int label;
  std::vector<double> signal, value;  // length T
};

ClassMeans class_means(const theory::Parameters& p, const QScalars& q, int label) {
  const double own = label > 0 ? q.mu_plus_q : q.mu_minus_q, other = label > 0 ? q.mu_minus_q : q.mu_plus_q;
  const auto layout = theory::layout<double>(p);
  ClassMeans means{label, {}, {}};
  for (const theory::Kind kind : theory::kinds_of_tokens(p.T)) {
    means.signal.push_back(layout[kind].own * own + layout[kind].other * other);
    means.value.push_back(label * layout[kind].answer());
    if (!q.head) continue;
    const auto& [plus, minus, unused_norm2, unused_with_q] = *q.head;
    means.value.back() =
        layout[kind].own * (label > 0 ? plus : minus) + layout[kind].other * (label > 0 ? minus : plus);
  }
  return means;
}

}  // namespace

long SobolTest::most_tokens() { return boost::random::default_sobol_table::max_dimension - 1; }

SobolTest::SobolTest(const theory::Parameters& parameters, std::uint64_t seed, int points)
    : parameters_(parameters), points_(points) {
  if (parameters.T > most_tokens()) throw std::invalid_argument("the Sobol sequence has too few dimensions for T");
  normals_ = points_for(parameters.T, seed, points);
}

TestError SobolTest::operator()(const QScalars& q) const {
  const Index T = parameters_.T;
  const double mu = parameters_.mu.as<double>();
  const double sigma = parameters_.sigma.as<double>(), gamma = theory::head_scale<double>();
  const double q_norm = std::sqrt(std::max(q.q_norm2, 0.0));
  const double nu_q = q.head ? q.head->with_q : gamma * (q.mu_plus_q - q.mu_minus_q) / (mu * mu);
  const double nu_norm2 = q.head ? q.head->norm2 : 1 / (mu * mu);
  // ε·ν given ε·q has mean slope·ε·q and variance spread²; per unit of the standardised ε·q the slope is along/σ.
  const double along = q_norm > 0 ? nu_q / q_norm : 0;
  const double spread = std::sqrt(std::max(nu_norm2 - along * along, 0.0));

  std::vector<double> accuracies(shifts), losses(shifts), attentions(shifts);
  const ClassMeans classes[] = {class_means(parameters_, q, +1), class_means(parameters_, q, -1)};
  constexpr Index block = 32;  // of points, whose weights are taken at once
  tbb::parallel_for(Index{0}, Index{shifts}, [&](Index shift) {
    RowMajor weights(2 * block, T);
    double accuracy = 0, loss = 0, attention = 0;
    const Index end = (shift + 1) * points_;
    for (Index first = shift * points_; first < end; first += block) {
      const Index count = std::min(block, end - first);
      for (Index k = 0; k < 2 * count; ++k) {
        const double* z = normals_->row(first + k / 2).data();
        const std::vector<double>& signal = classes[k % 2].signal;
        double* w = weights.row(k).data();
        for (Index t = 0; t < T; ++t) w[t] = element(signal, t) + sigma * q_norm * z[t];
        const double largest = *std::max_element(w, w + T);
        for (Index t = 0; t < T; ++t) w[t] -= largest;
      }
      elementary::exp(static_cast<std::size_t>(2 * count * T), weights.data(), weights.data());
      for (Index k = 0; k < 2 * count; ++k) {
        const double *z = normals_->row(first + k / 2).data(), *w = weights.row(k).data();
        const auto& [y, signal, value] = classes[k % 2];
        double total = 0, squares = 0, mean = 0;
        for (Index t = 0; t < T; ++t) {
          total += w[t];
          squares += w[t] * w[t];
          mean += w[t] * (element(value, t) + sigma * along * z[t]);
        }
        mean /= total;
        const double deviation = sigma * spread * std::sqrt(squares) / total;
        accuracy += deviation > 0 ? normal_cdf(y * mean / deviation) : 0.5;
        loss += theory::logistic_loss(y * (mean + deviation * z[T]));
        attention += w[0] / total;
      }
    }
    const auto at = static_cast<std::size_t>(shift);
    accuracies[at] = accuracy / (2 * points_);
    losses[at] = loss / (2 * points_);
    attentions[at] = attention / (2 * points_);
  });
  TestError error;
  error.sampled = true;
  std::tie(error.accuracy, error.accuracy_error) = mean_and_stderr(accuracies);
  std::tie(error.loss, error.loss_error) = mean_and_stderr(losses);
  error.wrong = 1 - error.accuracy;
  error.attention = mean_and_stderr(attentions).first;
  return error;
}

}  // namespace benign::sim
