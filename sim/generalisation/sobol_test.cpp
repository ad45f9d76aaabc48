#include "sim/generalisation/sobol_test.hpp"

#include "sim/generalisation/seen_kinds.hpp"
#include "sim/random/mean.hpp"
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

/// One class's tokens, each of length T. A token's noise moves its logit by `shift` z and its value by `along` z, and by
/// `rest` times the spread of noise in all directions.
struct ClassTokens {
  int label;
  double weight;  // of the class among test inputs, 1 where both have as many
  std::vector<double> logit, value, shift, along, rest;
};

ClassTokens class_tokens(const theory::Parameters& p, const QScalars& q, int label, double share) {
  const double sigma = p.sigma.as<double>();
  const SeenNoise everywhere = seen_noise(p, q, NoiseIs::everywhere), projected = seen_noise(p, q, NoiseIs::projected);
  ClassTokens tokens{label, 2 * share, {}, {}, {}, {}, {}};
  for (const SeenKind& kind : seen_kinds(p, q, label)) {
    const SeenNoise& noise = kind.projected ? projected : everywhere;
    const double spread = everywhere.spread(), relative = kind.projected ? noise.spread() / spread : 1;
    for (long k = 0; k < kind.count; ++k) {
      tokens.logit.push_back(kind.logit), tokens.value.push_back(kind.value);
      tokens.shift.push_back(sigma * noise.q_norm * kind.noise);
      tokens.along.push_back(label * (sigma * noise.along() * kind.noise));
      tokens.rest.push_back(spread > 0 ? relative * kind.noise : 0);
    }
  }
  return tokens;
}

}  // namespace

long SobolTest::most_tokens() { return boost::random::default_sobol_table::max_dimension - 1; }

SobolTest::SobolTest(const theory::Parameters& parameters, std::uint64_t seed, int points)
    : parameters_(parameters), points_(points) {
  if (parameters.T > most_tokens()) throw std::invalid_argument("the Sobol sequence has too few dimensions for T");
  normals_ = points_for(parameters.T, seed, points);
}

TestError SobolTest::operator()(const QScalars& q) const {
  const Index T = parameters_.T, relevant = theory::layout_of(parameters_).kinds.front().count.value();
  // ε·ν given ε·q is normal with this standard deviation, for noise in all directions.
  const double spread = parameters_.sigma.as<double>() * seen_noise(parameters_, q, NoiseIs::everywhere).spread();

  std::vector<double> accuracies(shifts), losses(shifts), attentions(shifts);
  const auto [plus, minus] = class_shares(parameters_);
  const ClassTokens classes[] = {class_tokens(parameters_, q, +1, plus), class_tokens(parameters_, q, -1, minus)};
  constexpr Index block = 32;  // of points, whose weights are taken at once
  tbb::parallel_for(Index{0}, Index{shifts}, [&](Index shift) {
    RowMajor weights(2 * block, T);
    double accuracy = 0, loss = 0, attention = 0;
    const Index end = (shift + 1) * points_;
    for (Index first = shift * points_; first < end; first += block) {
      const Index count = std::min(block, end - first);
      for (Index k = 0; k < 2 * count; ++k) {
        const double* z = normals_->row(first + k / 2).data();
        const ClassTokens& tokens = classes[k % 2];
        double* w = weights.row(k).data();
        for (Index t = 0; t < T; ++t) w[t] = element(tokens.logit, t) + element(tokens.shift, t) * z[t];
        const double largest = *std::max_element(w, w + T);
        for (Index t = 0; t < T; ++t) w[t] -= largest;
      }
      elementary::exp(static_cast<std::size_t>(2 * count * T), weights.data(), weights.data());
      for (Index k = 0; k < 2 * count; ++k) {
        const double *z = normals_->row(first + k / 2).data(), *w = weights.row(k).data();
        const ClassTokens& tokens = classes[k % 2];
        double total = 0, squares = 0, mean = 0, first = 0;
        for (Index t = 0; t < T; ++t) {
          const double moved = w[t] * element(tokens.rest, t);
          total += w[t];
          squares += moved * moved;
          mean += w[t] * (element(tokens.value, t) + element(tokens.along, t) * z[t]);
        }
        for (Index t = 0; t < relevant; ++t) first += w[t];
        mean /= total;
        const double deviation = spread * std::sqrt(squares) / total;
        const double right = deviation > 0 ? normal_cdf(mean / deviation) : mean > 0 ? 1 : mean < 0 ? 0 : 0.5;
        accuracy += tokens.weight * right;
        loss += tokens.weight * theory::logistic_loss(mean + tokens.label * deviation * z[T]);
        attention += tokens.weight * (first / total);
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
