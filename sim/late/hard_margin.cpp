#include "sim/late/hard_margin.hpp"

#define HAVE_CSTDDEF  // what Ipopt's configuration found, which its headers ask for and Debian's package does not say
#include <IpIpoptApplication.hpp>
#include <IpSolveStatistics.hpp>
#include <IpTNLP.hpp>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <mutex>
#include <vector>

namespace benign::sim {
namespace {

using IpIndex = Ipopt::Index;
using IpNumber = Ipopt::Number;

/// min λᵀQλ/2 − 1ᵀλ, λ ≥ 0.
class Dual final : public Ipopt::TNLP {
 public:
  explicit Dual(const Matrix<double>& Q) : Q_(Q) {}

  const Vector<double>& solution() const { return solution_; }

  bool get_nlp_info(IpIndex& n, IpIndex& m, IpIndex& nnz_jac_g, IpIndex& nnz_h_lag, IndexStyleEnum& style) override {
    n = size(), m = 0, nnz_jac_g = 0, nnz_h_lag = n * (n + 1) / 2, style = C_STYLE;
    return true;
  }
  bool get_bounds_info(IpIndex n, IpNumber* lower, IpNumber* upper, IpIndex, IpNumber*, IpNumber*) override {
    std::fill(lower, lower + n, 0.0);
    std::fill(upper, upper + n, 2e19);  // Ipopt's infinity
    return true;
  }
  bool get_starting_point(IpIndex n, bool, IpNumber* x, bool, IpNumber*, IpNumber*, IpIndex, bool, IpNumber*) override {
    std::fill(x, x + n, 1 / Q_.diagonal().mean());
    return true;
  }
  bool eval_f(IpIndex n, const IpNumber* x, bool, IpNumber& value) override {
    const Eigen::Map<const Vector<double>> at(x, n);
    value = at.dot(Q_ * at) / 2 - at.sum();
    return true;
  }
  bool eval_grad_f(IpIndex n, const IpNumber* x, bool, IpNumber* gradient) override {
    Eigen::Map<Vector<double>>(gradient, n) = (Q_ * Eigen::Map<const Vector<double>>(x, n)).array() - 1;
    return true;
  }
  bool eval_g(IpIndex, const IpNumber*, bool, IpIndex, IpNumber*) override { return true; }
  bool eval_jac_g(IpIndex, const IpNumber*, bool, IpIndex, IpIndex, IpIndex*, IpIndex*, IpNumber*) override {
    return true;
  }
  bool eval_h(IpIndex n, const IpNumber*, bool, IpNumber scale, IpIndex, const IpNumber*, bool, IpIndex, IpIndex* row,
              IpIndex* column, IpNumber* values) override {
    for (IpIndex i = 0, k = 0; i < n; ++i)
      for (IpIndex j = 0; j <= i; ++j, ++k) {
        if (values)
          values[k] = scale * Q_(i, j);
        else
          row[k] = i, column[k] = j;
      }
    return true;
  }
  void finalize_solution(Ipopt::SolverReturn, IpIndex n, const IpNumber* x, const IpNumber*, const IpNumber*, IpIndex,
                         const IpNumber*, const IpNumber*, IpNumber, const Ipopt::IpoptData*,
                         Ipopt::IpoptCalculatedQuantities*) override {
    solution_ = Eigen::Map<const Vector<double>>(x, n);
  }

 private:
  IpIndex size() const { return static_cast<IpIndex>(Q_.rows()); }

  const Matrix<double>& Q_;
  Vector<double> solution_;
};

struct Solved {
  Vector<double> multipliers;
  int iterations = 0;
};

std::optional<Solved> solve_by_ipopt(const Matrix<double>& Q) {
  static std::mutex one_at_a_time;  // MUMPS, its linear solver, is not made for threads
  const std::scoped_lock lock(one_at_a_time);
  const Ipopt::SmartPtr<Ipopt::IpoptApplication> application = IpoptApplicationFactory();
  auto options = application->Options();
  options->SetStringValue("sb", "yes");
  options->SetIntegerValue("print_level", 0);
  options->SetNumericValue("tol", 1e-11);
  options->SetIntegerValue("max_iter", 200);  // it takes some 20; without a solution λ grows for ever
  options->SetStringValue("hessian_constant", "yes");
  if (application->Initialize() != Ipopt::Solve_Succeeded) return std::nullopt;
  auto* dual = new Dual(Q);  // the smart pointer's
  const Ipopt::SmartPtr<Ipopt::TNLP> problem = dual;
  const auto status = application->OptimizeTNLP(problem);
  if (status != Ipopt::Solve_Succeeded && status != Ipopt::Solved_To_Acceptable_Level) return std::nullopt;
  return Solved{dual->solution(), application->Statistics()->IterationCount()};
}

/// λ = 0 outside `active`, (Qλ)_k = 1 on it; nothing where Q is singular there.
std::optional<Vector<double>> on_active(const Matrix<double>& Q, const std::vector<Index>& active) {
  const Matrix<double> Q_active = Q(active, active);
  const Eigen::LLT<Matrix<double>> factor(Q_active);
  if (factor.info() != Eigen::Success) return std::nullopt;
  const Vector<double> ones = Vector<double>::Ones(Q_active.rows());
  Vector<double> found = factor.solve(ones);
  found += factor.solve(ones - Q_active * found);
  Vector<double> all = Vector<double>::Zero(Q.rows());
  all(active) = found;
  return all;
}

std::vector<Index> where_positive(const Vector<double>& x, double above) {
  std::vector<Index> found;
  for (Index k = 0; k < x.size(); ++k)
    if (x[k] > above) found.push_back(k);
  return found;
}

/// Solves on the active set and moves constraints in and out of it until the signs are right.
Vector<double> polish(const Matrix<double>& Q, const Vector<double>& start) {
  constexpr int most = 50;
  constexpr double slack = 1e-9;
  auto active = where_positive(start, 1e-6 * start.maxCoeff());
  for (int k = 0; k < most; ++k) {
    const auto found = on_active(Q, active);
    if (!found) break;
    const Vector<double> gaps = Q * *found;
    if (found->minCoeff() >= 0 && gaps.minCoeff() >= 1 - slack) return *found;
    Vector<double> keep = *found;  // out: negative multipliers; in: violated constraints
    for (Index at = 0; at < keep.size(); ++at)
      if (gaps[at] < 1 - slack) keep[at] = 1;
    active = where_positive(keep, 0);
  }
  return start;
}

/// Where the signs of λ and of the inactive gaps stay strict on the way to the solution of the active equations, that
/// is q*; nothing where they may not.
std::optional<double> distance_on_active(const Matrix<double>& Q, const HardMargin& found) {
  const Vector<double>& x = found.multipliers;
  const auto active = where_positive(x, 0);
  const double least = least_eigenvalue(Q(active, active));
  if (!(least > 0)) return std::nullopt;
  const auto rounding = [&](Index k) {
    return static_cast<double>(x.size()) * unit_roundoff<double>() * Q.row(k).cwiseAbs().dot(x);
  };
  double residual2 = 0;
  for (const Index k : active) {
    const double off = std::abs(found.gaps[k] - 1) + rounding(k);
    residual2 += off * off;
  }
  // λ* − λ = Q⁻¹r has a norm of at most ‖r‖/λ_min, and moves q by √(rᵀQ⁻¹r) ≤ ‖r‖/√λ_min.
  const double moved = std::sqrt(residual2) / least, moved_q = std::sqrt(residual2 / least);
  for (Index k = 0; k < x.size(); ++k) {
    if (x[k] > 0 ? x[k] > moved : x[k] == 0 && found.gaps[k] - 1 > rounding(k) + std::sqrt(Q(k, k)) * moved_q) continue;
    return std::nullopt;
  }
  return moved_q / std::sqrt(found.norm2);
}

/// ‖q − q*‖² ≤ 2 (primal − dual value) at the feasible q.
double distance_by_duality(const Matrix<double>& Q, const HardMargin& found) {
  const Vector<double> x = found.multipliers.cwiseMax(0);
  const Vector<double> gaps = Q * x;
  const double roundings = 4 * static_cast<double>(x.size()) * unit_roundoff<double>();
  const double norm2 = x.dot(gaps), dual_rounding = roundings * x.dot(Q.cwiseAbs() * x);
  const double scale = std::min(gaps.minCoeff(), 1.0) - roundings * (Q.cwiseAbs() * x).maxCoeff();
  if (!(scale > 0)) return HUGE_VAL;
  const double gap = norm2 / (2 * scale * scale) - (x.sum() - norm2 / 2) + (1 + 1 / (scale * scale)) * dual_rounding;
  const double clipped = (x - found.multipliers).cwiseAbs().sum() * std::sqrt(Q.diagonal().maxCoeff() / norm2);
  return std::sqrt(2 * std::max(gap / norm2, 0.0)) + (1 / scale - 1) + clipped;
}

double distance(const Matrix<double>& Q, const HardMargin& found) {
  const auto on_active = distance_on_active(Q, found);
  return on_active ? *on_active : distance_by_duality(Q, found);
}

HardMargin judged(const Matrix<double>& Q, Vector<double> multipliers, int iterations) {
  HardMargin found{std::move(multipliers), {}, 0, {}, iterations};
  const Vector<double>& x = found.multipliers;
  found.gaps = Q * x;
  found.norm2 = x.dot(found.gaps);
  const double largest = x.maxCoeff();
  found.residuals.primal = std::max(0.0, 1 - found.gaps.minCoeff());
  found.residuals.dual = std::max(0.0, -x.minCoeff()) / largest;
  found.residuals.complementarity = (x.array() * (found.gaps.array() - 1).abs()).maxCoeff() / largest;
  found.residuals.distance = distance(Q, found);
  return found;
}

}  // namespace

double least_eigenvalue(const Matrix<double>& Q) {
  constexpr int iterations = 20;
  const Eigen::LLT<Matrix<double>> factor(Q);
  if (factor.info() != Eigen::Success) return 0;
  Vector<double> x = Vector<double>::Ones(Q.rows());
  x[0] += 1;  // Q's own symmetries must not hide an eigenvector
  double largest = 0;
  for (int k = 0; k < iterations; ++k) {
    x = factor.solve(x.normalized());
    largest = x.norm();
  }
  // Q − xI has a Cholesky factor only if λ_min is above x less the roundings, at most m + 2 of Q's trace.
  const double rounding = static_cast<double>(Q.rows() + 2) * unit_roundoff<double>() * Q.trace();
  for (double bound = 0.99 / largest; bound > 2 * rounding; bound /= 2) {
    Matrix<double> shifted = Q;
    shifted.diagonal().array() -= bound;
    if (Eigen::LLT<Matrix<double>>(shifted).info() == Eigen::Success) return bound - rounding;
  }
  return 0;
}

std::optional<HardMargin> hard_margin(const Matrix<double>& Q, ActiveSet how) {
  if (how == ActiveSet::all_first) {
    const auto all = on_active(Q, where_positive(Q.diagonal(), 0));
    if (all && all->minCoeff() >= 0) return judged(Q, *all, 0);
  }
  const auto solved = solve_by_ipopt(Q);
  if (!solved) return std::nullopt;
  return judged(Q, polish(Q, solved->multipliers), solved->iterations);
}

}  // namespace benign::sim
