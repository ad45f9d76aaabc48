#include "sim/tokens/signal_test.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>

namespace benign::sim {
namespace {

constexpr std::uint64_t test_seed = 20240919;
constexpr Index most_samples = 400, most_dimensions = 100;
constexpr long permutations_of_test = 199;

/// The labels of the samples looked at, and each of their permutations.
std::vector<std::vector<int>> permuted_labels(std::vector<int> labels) {
  std::vector<std::vector<int>> all{labels};
  for (long b = 1; b <= permutations_of_test; ++b) {
    for (std::size_t i = labels.size(); i > 1; --i)
      std::swap(labels[i - 1],
                labels[below(random_words(test_seed, Stream::bootstrap, static_cast<std::uint64_t>(b), i)[0], i)]);
    all.push_back(labels);
  }
  return all;
}

/// The pseudo-F of X's rows.
double pseudo_F(const RowMajor& X, const std::vector<Index>& samples, const std::vector<int>& label, int classes,
                double variance) {
  RowMajor sums = RowMajor::Zero(classes, X.cols());
  std::vector<double> counts(static_cast<std::size_t>(classes), 0);
  for (Index k = 0; k < X.rows(); ++k) {
    const int y = element(label, element(samples, k));
    sums.row(y) += X.row(k);
    element(counts, y) += 1;
  }
  double between = 0;
  for (int y = 0; y < classes; ++y)
    if (const double count = element(counts, y); count > 0) between += sums.row(y).squaredNorm() / count;
  const double freedom = static_cast<double>(X.rows() - classes);
  return between / (classes - 1) / (std::max(variance - between, 1e-12 * variance) / freedom);
}

}  // namespace

SignalTest test_of_no_signal(const TokenSet& set, int classes) {
  const Index count = std::min(set.n, most_samples), d = std::min(set.d, most_dimensions);
  RowMajor projection(set.d, d);
  if (d < set.d)
    fill_normal(test_seed, Stream::bootstrap, 0, 1, {projection.data(), static_cast<std::size_t>(projection.size())});
  const auto source = [&](Index k) { return k * set.n / count; };
  std::vector<int> labels;
  for (Index k = 0; k < count; ++k) labels.push_back(element(set.label, source(k)));
  const auto all = permuted_labels(labels);

  std::vector<std::vector<double>> ratios(static_cast<std::size_t>(set.T));  // of each position, by permutation
  tbb::parallel_for(Index{0}, set.T, [&](Index t) {
    std::vector<Index> present;
    for (Index k = 0; k < count; ++k)
      if (!set.padded(source(k) * set.T + t)) present.push_back(k);
    RowMajor X(static_cast<Index>(present.size()), set.d);
    for (Index k = 0; k < X.rows(); ++k) X.row(k) = set.tokens.row(source(element(present, k)) * set.T + t);
    if (X.rows() <= classes) return;
    X.rowwise() -= RowMajor(X.row(0)).row(0);  // tokens that are alike become zeros, and not roundings
    X.rowwise() -= X.colwise().mean().eval();
    if (d < set.d) X = (X * projection).eval();
    const double variance = X.squaredNorm();
    if (!(variance > 0)) return;
    for (const auto& label : all) element(ratios, t).push_back(pseudo_F(X, present, label, classes, variance));
  });
  std::vector<double> largest(all.size(), 0);
  for (const auto& one : ratios)
    for (std::size_t b = 0; b < one.size(); ++b) largest[b] = std::max(largest[b], one[b]);
  const double reached = largest.front() * (1 - 1e-12);  // as much, but for the order of a sum
  const auto as_large = std::count_if(largest.begin(), largest.end(), [&](double x) { return x >= reached; });
  return {static_cast<double>(as_large) / static_cast<double>(largest.size()), permutations_of_test};
}

}  // namespace benign::sim
