#include "sim/tokens/estimates.hpp"
#include "theory/numbers/element.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace benign::sim {
namespace {

constexpr Index jackknife_groups = 10;
constexpr Index most_residuals = 800;

/// Sums over the tokens of one group, by class and position, of what is left when each position's reference is taken
/// away: a token of its own, so that tokens that are all alike leave zeros and not roundings.
struct Sums {
  Eigen::MatrixXd tokens;   // (d, classes · T)
  Eigen::VectorXd squares;  // Σ ‖x‖², (classes · T)
  Eigen::VectorXd counts;   // (classes · T)

  void add(const Sums& other, double sign) {
    tokens += sign * other.tokens, squares += sign * other.squares, counts += sign * other.counts;
  }
};

struct Values {
  std::vector<double> signal2;  // NaN where too few tokens are left
  double noise2 = 0, place2 = 0;
  double others2 = 0;  // the mean of ‖μ̂_t‖² at the other positions that count
  Index position = 0;
  double mu() const { return std::sqrt(std::max(element(signal2, position), 0.0)); }
  double rho() const { return mu() > 0 ? std::sqrt(std::max(others2, 0.0)) / mu() : 0; }
};

/// The positions at which every class has `fewest` tokens or more.
std::vector<Index> positions_with(const Sums& sums, int classes, Index T, double fewest) {
  std::vector<Index> found;
  for (Index t = 0; t < T; ++t) {
    bool enough = true;
    for (int y = 0; y < classes; ++y) enough = enough && sums.counts[y * T + t] >= fewest;
    if (enough) found.push_back(t);
  }
  return found;
}

Eigen::MatrixXd means_of(const Sums& sums) {
  Eigen::MatrixXd means = sums.tokens;
  for (Index k = 0; k < means.cols(); ++k) means.col(k) /= std::max(sums.counts[k], 1.0);
  return means;
}

/// What is the same for all groups.
struct Layout {
  int classes;
  Index T;
  RowMajor references;           // of each position
  std::vector<Index> positions;  // that have an estimate
  std::vector<Index> counted;    // in what is said of all positions
};

Values values_of(const Sums& sums, const Layout& layout, std::optional<Index> position) {
  const auto& [classes, T, references, positions, counted] = layout;
  Values v;
  const Eigen::MatrixXd means = means_of(sums);
  double within = 0, freedom = 0;
  for (Index k = 0; k < means.cols(); ++k) {
    const double n = sums.counts[k];
    if (n < 1) continue;
    within += sums.squares[k] - n * means.col(k).squaredNorm();
    freedom += n - 1;
  }
  v.noise2 = within / freedom;
  Eigen::MatrixXd place = Eigen::MatrixXd::Zero(means.rows(), T);
  v.signal2.assign(static_cast<std::size_t>(T), std::nan(""));
  for (const Index t : positions) {
    double inverse = 0, spread = 0;
    for (int y = 0; y < classes; ++y) {
      place.col(t) += means.col(y * T + t) / classes;
      inverse += 1 / sums.counts[y * T + t];
    }
    for (int y = 0; y < classes; ++y) spread += (means.col(y * T + t) - place.col(t)).squaredNorm();
    element(v.signal2, t) = spread / (classes - 1) - v.noise2 * inverse / classes;
    place.col(t) += references.row(t).transpose();
  }
  const auto signal2 = [&](Index t) { return element(v.signal2, t); };
  v.position = position.value_or(
      *std::max_element(counted.begin(), counted.end(), [&](Index a, Index b) { return signal2(a) < signal2(b); }));
  Eigen::VectorXd centre = Eigen::VectorXd::Zero(means.rows());
  for (const Index t : counted) {
    centre += place.col(t) / static_cast<double>(counted.size());
    if (t != v.position) v.others2 += signal2(t) / static_cast<double>(counted.size() - 1);
  }
  v.place2 = (place.col(v.position) - centre).squaredNorm();
  return v;
}

/// ‖·‖ and overlaps of residuals: d_eff of all, and with each tenth left out.
std::vector<double> effective_dimensions(const TokenSet& set, const Sums& sums, const RowMajor& references,
                                         std::vector<double>& spectrum) {
  const Eigen::MatrixXd means = means_of(sums);
  const Index count = std::min(set.n, most_residuals), T = set.T;
  Eigen::MatrixXd R(set.d, count);
  std::vector<Index> cell;
  for (Index k = 0; k < count; ++k) {  // one token of a sample, spread over samples and positions
    const Index i = k * set.n / count;
    Index t = (k * 7919) % T;
    while (set.padded(i * T + t)) t = (t + 1) % T;
    cell.push_back(element(set.label, i) * T + t);
    R.col(k) = (set.tokens.row(i * T + t) - references.row(t)).transpose() - means.col(cell.back());
  }
  const Eigen::MatrixXd G = R.transpose() * R;
  const Eigen::VectorXd eigenvalues =
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(G, Eigen::EigenvaluesOnly).eigenvalues();
  for (Index k = 0; k < std::min<Index>(10, count); ++k)
    spectrum.push_back(eigenvalues[count - 1 - k] / eigenvalues.sum());
  std::vector<double> found;
  for (Index left_out = -1; left_out < jackknife_groups; ++left_out) {
    double norms = 0, overlaps = 0, kept = 0, pairs = 0;
    for (Index a = 0; a < count; ++a) {
      if (a % jackknife_groups == left_out) continue;
      norms += G(a, a), ++kept;
      for (Index b = 0; b < a; ++b) {
        if (b % jackknife_groups == left_out || element(cell, a) == element(cell, b)) continue;
        overlaps += G(a, b) * G(a, b), ++pairs;
      }
    }
    const double dimension = norms * norms / (kept * kept) / (overlaps / pairs);
    found.push_back(std::isfinite(dimension) ? dimension : static_cast<double>(set.d));  // where no two overlap
  }
  return found;
}

/// A value and its jackknife error from values with each group left out, as far as they are known.
Estimate jackknife(double all, std::vector<double> without) {
  std::erase_if(without, [](double x) { return std::isnan(x); });
  const double count = static_cast<double>(without.size());
  double mean = 0, squares = 0;
  for (const double x : without) mean += x / count;
  for (const double x : without) squares += (x - mean) * (x - mean);
  return {all, std::sqrt(squares * (count - 1) / count)};
}

/// Each position's first token that is none of padding.
RowMajor references_of(const TokenSet& set) {
  RowMajor references = RowMajor::Zero(set.T, set.d);
  for (Index t = 0; t < set.T; ++t) {
    Index i = 0;
    while (i < set.n && set.padded(i * set.T + t)) ++i;
    if (i < set.n) references.row(t) = set.tokens.row(i * set.T + t);
  }
  return references;
}

/// The sums of each of the jackknife's groups, which have every class.
std::vector<Sums> sums_by_group(const TokenSet& set, int classes, const RowMajor& references) {
  const Index cells = classes * set.T;
  std::vector<Sums> parts(jackknife_groups, {Eigen::MatrixXd::Zero(set.d, cells), Eigen::VectorXd::Zero(cells),
                                             Eigen::VectorXd::Zero(cells)});
  std::vector<Index> seen(static_cast<std::size_t>(classes), 0);
  for (Index i = 0; i < set.n; ++i) {
    const auto y = static_cast<std::size_t>(element(set.label, i));
    Sums& part = element(parts, seen[y]++ % jackknife_groups);
    for (Index t = 0; t < set.T; ++t) {
      if (set.padded(i * set.T + t)) continue;
      const Eigen::VectorXd token = (set.tokens.row(i * set.T + t) - references.row(t)).transpose();
      const Index k = static_cast<Index>(y) * set.T + t;
      part.tokens.col(k) += token;
      part.squares[k] += token.squaredNorm();
      part.counts[k] += 1;
    }
  }
  return parts;
}

}  // namespace

TokenEstimates estimate_tokens(const TokenSet& set, int classes) {
  const Index T = set.T;
  Layout layout{classes, T, references_of(set), {}, {}};
  const std::vector<Sums> parts = sums_by_group(set, classes, layout.references);
  Sums all = parts.front();
  for (std::size_t k = 1; k < parts.size(); ++k) all.add(parts[k], 1);
  layout.positions = positions_with(all, classes, T, 2);
  layout.counted = set.padding.empty() ? layout.positions : positions_with(all, classes, T, 2 * jackknife_groups);
  if (layout.counted.empty()) layout.counted = layout.positions;
  if (layout.counted.empty()) throw std::runtime_error("no position has two tokens of each class that are no padding");
  const Values v = values_of(all, layout, std::nullopt);

  TokenEstimates e;
  e.position = v.position;
  e.tokens = all.counts.sum() / static_cast<double>(set.n);
  const auto dimensions = effective_dimensions(set, all, layout.references, e.spectrum);
  std::vector<Values> without;
  for (const Sums& part : parts) {
    Sums rest = all;
    rest.add(part, -1);
    const auto left = positions_with(rest, classes, T, 2);
    const bool enough = std::includes(left.begin(), left.end(), layout.counted.begin(), layout.counted.end());
    if (enough) without.push_back(values_of(rest, layout, v.position));
  }
  const auto estimate = [&](auto quantity) {
    std::vector<double> values;
    for (const Values& one : without) values.push_back(quantity(one));
    return jackknife(quantity(v), values);
  };
  for (std::size_t t = 0; t < v.signal2.size(); ++t)
    e.signal2.push_back(estimate([t](const Values& x) { return x.signal2[t]; }));
  e.mu = estimate([](const Values& x) { return x.mu(); });
  e.rho = estimate([](const Values& x) { return x.rho(); });
  e.noise2 = estimate([](const Values& x) { return x.noise2; });
  e.snr = estimate([](const Values& x) { return x.mu() / std::sqrt(x.noise2); });
  e.place = estimate([](const Values& x) { return x.mu() > 0 ? std::sqrt(x.place2) / x.mu() : 0; });
  e.effective_dimension = jackknife(dimensions.front(), {dimensions.begin() + 1, dimensions.end()});

  Eigen::MatrixXd means = means_of(all);
  Eigen::VectorXd centre = Eigen::VectorXd::Zero(set.d);
  for (Index k = 0; k < means.cols(); ++k) means.col(k) += layout.references.row(k % T).transpose();
  for (const Index t : layout.counted)
    for (int y = 0; y < classes; ++y)
      centre += means.col(y * T + t) / static_cast<double>(classes * static_cast<Index>(layout.counted.size()));
  e.signals.resize(2, set.d);
  e.signals.row(0) = (means.col((classes - 1) * T + v.position) - centre).transpose();
  e.signals.row(1) = (means.col(v.position) - centre).transpose();
  return e;
}

}  // namespace benign::sim
