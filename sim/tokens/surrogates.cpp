#include "sim/tokens/surrogates.hpp"

#include "sim/tokens/token_files.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <array>
#include <sstream>

namespace benign::sim {
namespace {

constexpr std::uint64_t surrogate_seed = 20240918;

struct Changes {
  bool answers = false, isotropic = false, positions = false, places = false;
};

Changes changes_of(const std::string& names) {
  Changes changes;
  std::stringstream stream(names);
  for (std::string name; std::getline(stream, name, ',');) {
    bool known = false;
    for (const auto& [text, change] :
         std::array{std::pair{"answers", &Changes::answers}, std::pair{"isotropic", &Changes::isotropic},
                    std::pair{"positions", &Changes::positions}, std::pair{"places", &Changes::places}})
      if (name == text) changes.*change = known = true;
    if (!known)
      throw BadTokens("surrogate", "'" + name +
                                       "' is not allowed; allowed: answers, isotropic, positions, places, with "
                                       "commas between them");
  }
  return changes;
}

/// x without its parts along the columns of an orthonormal Q, which are taken away twice to be orthogonal to roundoff.
Eigen::VectorXd orthogonal_to(const Eigen::MatrixXd& Q, Eigen::VectorXd x) {
  for (int pass = 0; pass < 2; ++pass)
    for (Index k = 0; k < Q.cols(); ++k) x -= Q.col(k).dot(x) * Q.col(k);
  return x;
}

/// An orthonormal basis of the columns' span.
Eigen::MatrixXd basis(const Eigen::MatrixXd& columns) {
  Eigen::MatrixXd Q(columns.rows(), 0);
  for (Index k = 0; k < columns.cols(); ++k) {
    const Eigen::VectorXd rest = orthogonal_to(Q, columns.col(k));
    if (rest.norm() <= 1e-12 * columns.col(k).norm()) continue;
    Q.conservativeResize(Eigen::NoChange, Q.cols() + 1);
    Q.rightCols(1) = rest.normalized();
  }
  return Q;
}

/// Row y T + t: m_{t,y}.
RowMajor class_means(const TokenSet& set, int classes) {
  RowMajor means = RowMajor::Zero(classes * set.T, set.d);
  Eigen::VectorXd tokens = Eigen::VectorXd::Zero(classes * set.T);
  for (Index i = 0; i < set.n; ++i)
    for (Index t = 0; t < set.T; ++t) {
      if (set.padded(i * set.T + t)) continue;
      const Index k = element(set.label, i) * set.T + t;
      means.row(k) += set.tokens.row(i * set.T + t);
      tokens[k] += 1;
    }
  for (Index k = 0; k < means.rows(); ++k) means.row(k) /= std::max(tokens[k], 1.0);
  return means;
}

void clear_padding(TokenSet& set) {
  for (Index k = 0; k < set.tokens.rows(); ++k)
    if (set.padded(k)) set.tokens.row(k).setZero();
}

/// The means of the surrogate.
RowMajor changed_means(const RowMajor& means, const Brought& brought, const Changes& changes) {
  const int C = brought.classes;
  const Index T = brought.train.T, d = brought.train.d;
  RowMajor place = RowMajor::Zero(T, d), changed = means;
  for (int y = 0; y < C; ++y) place += means.middleRows(y * T, T) / C;
  Index strongest = 0;
  double most = -1;
  for (Index t = 0; t < T; ++t) {
    double spread = 0;
    for (int y = 0; y < C; ++y) spread += (means.row(y * T + t) - place.row(t)).squaredNorm();
    if (spread > most) most = spread, strongest = t;
  }
  RowMajor to = place;
  if (changes.places) {
    to.rowwise() = place.colwise().mean().eval();
    Eigen::MatrixXd avoided(d, C + brought.head.cols());
    for (int y = 0; y < C; ++y) avoided.col(y) = (means.row(y * T + strongest) - place.row(strongest)).transpose();
    avoided.rightCols(brought.head.cols()) = brought.head;
    Eigen::VectorXd direction(d);
    fill_normal(surrogate_seed, Stream::train_noise, 0, 1, {direction.data(), static_cast<std::size_t>(d)});
    to.row(strongest) +=
        std::sqrt(most / (C - 1) / C) * orthogonal_to(basis(avoided), direction).normalized().transpose();
  }
  for (int y = 0; y < C; ++y)
    for (Index t = 0; t < T; ++t) {
      const bool kept = !changes.positions || t == strongest;
      changed.row(y * T + t) = to.row(t);
      if (kept) changed.row(y * T + t) += means.row(y * T + t) - place.row(t);
    }
  return changed;
}

}  // namespace

void make_surrogate(Brought& brought, const std::string& names) {
  const Changes changes = changes_of(names);
  const Index T = brought.train.T, d = brought.train.d;
  const RowMajor means = class_means(brought.train, brought.classes);
  const RowMajor changed = changed_means(means, brought, changes);
  const auto residuals = [&](TokenSet& set) {
    for (Index i = 0; i < set.n; ++i) set.tokens.middleRows(i * T, T) -= means.middleRows(element(set.label, i) * T, T);
    clear_padding(set);
  };
  residuals(brought.train);
  if (brought.test) residuals(*brought.test);
  const auto& padding = brought.train.padding;
  const auto padded = static_cast<double>(std::count(padding.begin(), padding.end(), true));
  const double freedom = static_cast<double>((brought.train.n - brought.classes) * T) - padded;
  const double deviation = std::sqrt(brought.train.tokens.squaredNorm() / freedom / static_cast<double>(d));
  const Eigen::MatrixXd seen = basis(brought.head);
  const auto rebuild = [&](TokenSet& set, Stream stream) {
    for (Index i = 0; i < set.n; ++i) {
      auto tokens = set.tokens.middleRows(i * T, T);
      if (changes.isotropic)
        for (Index t = 0; t < T; ++t)
          fill_normal(surrogate_seed, stream, static_cast<std::uint64_t>(i * T + t + 1), deviation,
                      {tokens.row(t).data(), static_cast<std::size_t>(d)});
      if (changes.answers) tokens -= (tokens * seen).eval() * seen.transpose();
      tokens += changed.middleRows(element(set.label, i) * T, T);
    }
    clear_padding(set);
  };
  rebuild(brought.train, Stream::train_noise);
  if (brought.test) rebuild(*brought.test, Stream::test_noise);
}

}  // namespace benign::sim
