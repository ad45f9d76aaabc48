#include "sim/late/limit_direction.hpp"

#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace benign::sim {
namespace {

/// f(k, row of the selected token, row of the other one) for all constraints.
template <class F>
void for_each_constraint(const Selected& selected, Index T, const F& f) {
  Index k = 0;
  for (std::size_t i = 0; i < selected.size(); ++i) {
    const Index first = static_cast<Index>(i) * T;
    for (Index u = 0; u < T; ++u)
      if (u != selected[i]) f(k++, first + selected[i], first + u);
  }
}

Index constraints(const Selected& selected, Index T) { return static_cast<Index>(selected.size()) * (T - 1); }

const Matrix<double>& gram(const Frame<double>& frame, Metric metric) {
  return metric == Metric::K ? frame.K : frame.H;
}

/// DᵀGD, where column (i, u) of D is e_sel(i) − e_{i,u}.
Matrix<double> gram_of_constraints(const Frame<double>& frame, const Selected& selected, Metric metric) {
  const Index T = frame.samples.T, size = constraints(selected, T), N = frame.tokens();
  const Matrix<double>& G = gram(frame, metric);
  Matrix<double> rows(size, N), Q(size, size);
  for_each_constraint(selected, T,
                      [&](Index k, Index chosen, Index other) { rows.row(k) = G.row(chosen) - G.row(other); });
  for_each_constraint(selected, T,
                      [&](Index k, Index chosen, Index other) { Q.col(k) = rows.col(chosen) - rows.col(other); });
  return (Q + Q.transpose()) / 2;
}

Vector<double> coefficients(const Selected& selected, Index T, const Vector<double>& multipliers) {
  Vector<double> a = Vector<double>::Zero(static_cast<Index>(selected.size()) * T);
  for_each_constraint(selected, T, [&](Index k, Index chosen, Index other) {
    a[chosen] += multipliers[k];
    a[other] -= multipliers[k];
  });
  return a;
}

Index index_of_largest(const Vector<double>& x, Index first, Index T) {
  Index at = 0;
  x.segment(first, T).maxCoeff(&at);
  return at;
}

}  // namespace

Selected best_by_value(const theory::Samples<double>& samples) {
  Selected selected;
  for (Index i = 0; i < samples.n; ++i)
    selected.push_back(index_of_largest(element(samples.labels, i) * samples.values, i * samples.T, samples.T));
  return selected;
}

Selected largest_logits(const theory::Samples<double>& samples, const Vector<double>& logits) {
  Selected selected;
  for (Index i = 0; i < samples.n; ++i) selected.push_back(index_of_largest(logits, i * samples.T, samples.T));
  return selected;
}

std::optional<LimitDirection> limit_direction(const Frame<double>& frame, const Selected& selected, Metric metric,
                                              ActiveSet how) {
  auto solution = hard_margin(gram_of_constraints(frame, selected, metric), how);
  if (!solution) return std::nullopt;
  const Index N = frame.tokens();
  LimitDirection limit{selected, std::move(*solution), {}, 0, 0, {}};
  limit.a = coefficients(selected, frame.samples.T, limit.solution.multipliers);
  const Vector<double> signals = gram(frame, metric).bottomRows(probes) * limit.a;
  limit.mu_plus_q = signals[0], limit.mu_minus_q = signals[1];
  if (metric == Metric::K)
    limit.q_norm2 = limit.solution.norm2 / frame.scales.token_norm2;
  else if (frame.J.size() > 0)
    limit.q_norm2 = limit.a.dot(frame.J.topLeftCorner(N, N) * limit.a);
  return limit;
}

Vector<double> selection_gaps(const Selected& selected, Index T, const Vector<double>& logits) {
  Vector<double> gaps(constraints(selected, T));
  for_each_constraint(selected, T,
                      [&](Index k, Index chosen, Index other) { gaps[k] = logits[chosen] - logits[other]; });
  return gaps;
}

Vector<double> gap_offsets(const theory::Samples<double>& samples, const LimitDirection& limit) {
  const Vector<double>& v = samples.values;
  const Vector<double>& multipliers = limit.solution.multipliers;
  Vector<double> offsets(multipliers.size());
  for_each_constraint(limit.selected, samples.T, [&](Index k, Index chosen, Index other) {
    const int Y = element(samples.labels, chosen / samples.T);
    const double force = theory::sigmoid<double>(-Y * v[chosen]) * Y * (v[chosen] - v[other]);
    offsets[k] = multipliers[k] > 0 ? elementary::log(force / multipliers[k]) : HUGE_VAL;
  });
  return offsets;
}

double norm_of_gaps(const Frame<double>& frame, const Selected& selected, const Vector<double>& gaps, Metric metric) {
  const Eigen::LDLT<Matrix<double>> factor(gram_of_constraints(frame, selected, metric));
  return std::sqrt(std::max(gaps.dot(factor.solve(gaps)), 0.0));
}

double slowest_rate(const Frame<double>& frame, const LimitDirection& limit, Metric metric) {
  const Vector<double>& multipliers = limit.solution.multipliers;
  std::vector<Index> active;
  for (Index k = 0; k < multipliers.size(); ++k)
    if (multipliers[k] > 0) active.push_back(k);
  const Vector<double> roots = multipliers(active).cwiseSqrt();
  const Matrix<double> Q = gram_of_constraints(frame, limit.selected, metric)(active, active);
  const Matrix<double> scaled = roots.asDiagonal() * Q * roots.asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> eigen(scaled, Eigen::EigenvaluesOnly);
  // Its backward error is at most a few roundings of the trace for each row.
  const double rounding = 4 * static_cast<double>(scaled.rows()) * unit_roundoff<double>() * scaled.trace();
  return std::max(0.0, eigen.eigenvalues()[0] - rounding);
}

Advantage advantage(const theory::Samples<double>& samples, const LimitDirection& limit) {
  Advantage least{HUGE_VAL, HUGE_VAL};
  for_each_constraint(limit.selected, samples.T, [&](Index k, Index chosen, Index other) {
    const int Y = element(samples.labels, chosen / samples.T);
    const double gain = Y * (samples.values[chosen] - samples.values[other]);
    least.global = std::min(least.global, gain);
    if (limit.solution.multipliers[k] > 0) least.local = std::min(least.local, gain);
  });
  return least;
}

std::optional<Swap> best_swap(const Frame<double>& frame, const LimitDirection& limit, Swapped which, Metric metric) {
  std::optional<Swap> best;
  for (Index i = 0; i < frame.samples.n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (which == Swapped::noisy && !frame.noisy[at]) continue;
    for (Index u = 0; u < frame.samples.T; ++u) {
      if (u == limit.selected[at]) continue;
      Selected other = limit.selected;
      other[at] = u;
      const auto swapped = hard_margin(gram_of_constraints(frame, other, metric));
      if (!swapped) continue;
      const double norm2 = swapped->norm2 / limit.solution.norm2;
      if (!best || norm2 < best->norm2) best = Swap{i, u, norm2};
    }
  }
  return best;
}

}  // namespace benign::sim
