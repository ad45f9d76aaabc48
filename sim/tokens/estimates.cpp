#include "sim/tokens/estimates.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace benign::sim {
namespace {

constexpr Index jackknife_groups = 10;
constexpr Index most_residuals = 800;

/// Sums over the samples of one group, by class and position.
struct Sums {
  Eigen::MatrixXd tokens;       // (d, classes · T)
  Eigen::VectorXd squares;      // Σ ‖x‖², (classes · T)
  std::vector<double> samples;  // by class

  void add(const Sums& other, double sign) {
    tokens += sign * other.tokens, squares += sign * other.squares;
    for (std::size_t y = 0; y < samples.size(); ++y) samples[y] += sign * other.samples[y];
  }
};

struct Values {
  std::vector<double> signal2;
  double noise2 = 0, place2 = 0;
  Index position = 0;
  double mu() const { return std::sqrt(std::max(signal2[static_cast<std::size_t>(position)], 0.0)); }
  double rho() const {
    double others = 0;
    for (std::size_t t = 0; t < signal2.size(); ++t) others += static_cast<Index>(t) == position ? 0 : signal2[t];
    const double count = static_cast<double>(signal2.size()) - 1, strongest = mu();
    return strongest > 0 && count > 0 ? std::sqrt(std::max(others / count, 0.0)) / strongest : 0;
  }
};

Eigen::MatrixXd means_of(const Sums& sums, Index T) {
  Eigen::MatrixXd means = sums.tokens;
  for (Index k = 0; k < means.cols(); ++k) means.col(k) /= sums.samples[static_cast<std::size_t>(k / T)];
  return means;
}

Values values_of(const Sums& sums, int classes, Index T, std::optional<Index> position) {
  Values v;
  const Eigen::MatrixXd means = means_of(sums, T);
  double within = 0, freedom = 0, inverse = 0;
  for (Index k = 0; k < means.cols(); ++k) {
    const double n = sums.samples[static_cast<std::size_t>(k / T)];
    within += sums.squares[k] - n * means.col(k).squaredNorm();
    freedom += n - 1;
  }
  for (const double n : sums.samples) inverse += 1 / n;
  v.noise2 = within / freedom;
  Eigen::MatrixXd place = Eigen::MatrixXd::Zero(means.rows(), T);
  for (Index t = 0; t < T; ++t) {
    for (int y = 0; y < classes; ++y) place.col(t) += means.col(y * T + t) / classes;
    double spread = 0;
    for (int y = 0; y < classes; ++y) spread += (means.col(y * T + t) - place.col(t)).squaredNorm();
    v.signal2.push_back(spread / (classes - 1) - v.noise2 * inverse / classes);
  }
  v.position = position.value_or(std::max_element(v.signal2.begin(), v.signal2.end()) - v.signal2.begin());
  v.place2 = (place.col(v.position) - place.rowwise().mean()).squaredNorm();
  return v;
}

/// ‖·‖ and overlaps of residuals: d_eff of all, and with each tenth left out.
std::vector<double> effective_dimensions(const TokenSet& set, const Eigen::MatrixXd& means,
                                         std::vector<double>& spectrum) {
  const Index count = std::min(set.n, most_residuals), T = set.T;
  Eigen::MatrixXd R(set.d, count);
  std::vector<Index> cell;
  for (Index k = 0; k < count; ++k) {  // one token of a sample, spread over samples and positions
    const Index i = k * set.n / count, t = (k * 7919) % T;
    cell.push_back(set.label[static_cast<std::size_t>(i)] * T + t);
    R.col(k) = set.tokens.row(i * T + t).transpose() - means.col(cell.back());
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
        if (b % jackknife_groups == left_out || cell[static_cast<std::size_t>(a)] == cell[static_cast<std::size_t>(b)])
          continue;
        overlaps += G(a, b) * G(a, b), ++pairs;
      }
    }
    found.push_back(norms * norms / (kept * kept) / (overlaps / pairs));
  }
  return found;
}

/// A value and its jackknife error from values with each group left out.
Estimate jackknife(double all, const std::vector<double>& without) {
  const double count = static_cast<double>(without.size());
  double mean = 0, squares = 0;
  for (const double x : without) mean += x / count;
  for (const double x : without) squares += (x - mean) * (x - mean);
  return {all, std::sqrt(squares * (count - 1) / count)};
}

}  // namespace

TokenEstimates estimate_tokens(const TokenSet& set, int classes) {
  const Index T = set.T, cells = classes * T;
  const Sums zero{Eigen::MatrixXd::Zero(set.d, cells), Eigen::VectorXd::Zero(cells),
                  std::vector<double>(static_cast<std::size_t>(classes), 0)};
  std::vector<Sums> parts(jackknife_groups, zero);
  std::vector<Index> seen(static_cast<std::size_t>(classes), 0);
  for (Index i = 0; i < set.n; ++i) {
    const auto y = static_cast<std::size_t>(set.label[static_cast<std::size_t>(i)]);
    Sums& part = parts[static_cast<std::size_t>(seen[y]++ % jackknife_groups)];  // every class in every group
    part.samples[y] += 1;
    for (Index t = 0; t < T; ++t) {
      const auto token = set.tokens.row(i * T + t);
      const Index k = static_cast<Index>(y) * T + t;
      part.tokens.col(k) += token.transpose();
      part.squares[k] += token.squaredNorm();
    }
  }
  Sums all = zero;
  for (const Sums& part : parts) all.add(part, 1);
  const Values v = values_of(all, classes, T, std::nullopt);

  TokenEstimates e;
  e.position = v.position;
  const Eigen::MatrixXd means = means_of(all, T);
  const auto dimensions = effective_dimensions(set, means, e.spectrum);
  std::vector<Values> without;
  for (const Sums& part : parts) {
    Sums rest = all;
    rest.add(part, -1);
    if (*std::min_element(rest.samples.begin(), rest.samples.end()) > 1)
      without.push_back(values_of(rest, classes, T, v.position));
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

  const Eigen::VectorXd centre = means.rowwise().mean();
  e.signals.resize(2, set.d);
  e.signals.row(0) = (means.col((classes - 1) * T + v.position) - centre).transpose();
  e.signals.row(1) = (means.col(v.position) - centre).transpose();
  return e;
}

}  // namespace benign::sim
