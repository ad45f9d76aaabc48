#pragma once
// A step's states as what they have moved by. Where dΦ/du = l rᵀ (stiff_equation.hpp), every state that an explicit
// method forms within a step is
//
//     (core, Φ₀ + Σ_k w_k l_k r_kᵀ),   y = (core, w),
//
// with one factor for each evaluation so far: sums and multiples of states are those of y, which is short, and Φ is
// written once, at the end of the step.

#include "sim/integrators/stiff_equation.hpp"
#include "sim/linear/kernels.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace benign::sim {

template <class Real>
class FactoredStep {
 public:
  using Rate = typename StiffEquation<Real>::Rate;

  /// `equation` and `state` must outlive it; at most so many evaluations, with the one at the start, which is `slope`.
  FactoredStep(const StiffEquation<Real>& equation, const Vector<Real>& state, const Rate& slope, Index most)
      : equation_(equation),
        start_(equation.point(state)),
        base_(start_.matrix.rows, start_.matrix.cols, start_.matrix.base),
        left_(base_.rows(), most),
        right_(start_.matrix.cols, most),
        slope_(append(slope)) {}

  Vector<Real> start() const {
    Vector<Real> y = Vector<Real>::Zero(start_.core.size() + left_.cols());
    y.head(start_.core.size()) = start_.core;
    return y;
  }
  const Vector<Real>& slope() const { return slope_; }

  void derivative(const Vector<Real>& y, Vector<Real>& rate, const Real& u) {
    const Factors factors = factors_of(y);
    rate = append(equation_.rate(point(y, factors), u));
  }

  /// The flat state.
  Vector<Real> state(const Vector<Real>& y) const {
    const Factors factors = factors_of(y);
    return equation_.state(point(y, factors));
  }

  /// The largest difference of two states, of which `best` gives the scale: max |best − second| / max(1, |best|).
  double distance(const Vector<Real>& best, const Vector<Real>& second) const {
    const Index size = start_.core.size();
    const Vector<Real> apart = best - second;
    double most = 0;
    const auto see = [&](double difference, double value) {
      if (!(std::abs(difference) < HUGE_VAL))
        most = HUGE_VAL;
      else
        most = std::max(most, std::abs(difference) / std::max(1.0, std::abs(value)));
    };
    for (Index i = 0; i < size; ++i) see(representative(apart[i]), representative(best[i]));
    // The weights of the two differ by more than the states do: what cancels needs all digits.
    const Index rows = base_.rows(), cols = right_.rows();
    const Factors between = factors_of(apart), of_best = factors_of(best);
    Matrix<Real> difference = Matrix<Real>::Zero(rows, cols);
    if (between.weights.size() > 0) point(apart, between).matrix.add_terms_to(difference.data());
    const RowMajor values = rounded(of_best);
    for (Index j = 0; j < cols; ++j)
      for (Index i = 0; i < rows; ++i) see(representative(difference(i, j)), values(i, j));
    return most;
  }

 private:
  using Point = typename StiffEquation<Real>::Point;
  struct Factors {
    Matrix<Real> left, right;
    Vector<Real> weights;
  };

  Vector<Real> append(const Rate& rate) {
    Vector<Real> y = Vector<Real>::Zero(rate.core.size() + left_.cols());
    y.head(rate.core.size()) = rate.core;
    y[rate.core.size() + used_] = Real(1);
    left_.col(used_) = rate.left;
    right_.col(used_) = rate.right;
    ++used_;
    return y;
  }
  /// Those whose weights are not zero.
  Factors factors_of(const Vector<Real>& y) const {
    std::vector<Index> present;
    for (Index k = 0; k < used_; ++k)
      if (sign_of(y[start_.core.size() + k]) != Sign::zero) present.push_back(k);
    const auto count = static_cast<Index>(present.size());
    Factors factors{Matrix<Real>(left_.rows(), count), Matrix<Real>(right_.rows(), count), Vector<Real>(count)};
    for (Index k = 0; k < count; ++k) {
      const Index from = element(present, k);
      factors.left.col(k) = left_.col(from);
      factors.right.col(k) = right_.col(from);
      factors.weights[k] = y[start_.core.size() + from];
    }
    return factors;
  }
  Point point(const Vector<Real>& y, const Factors& factors) const {
    const bool moved = factors.weights.size() > 0;
    return {y.head(start_.core.size()),
            {start_.matrix.base, base_.rows(), right_.rows(), moved ? &factors.left : nullptr,
             moved ? &factors.right : nullptr, factors.weights, &base_}};
  }
  /// Φ₀ + Σ_k w_k l_k r_kᵀ in double.
  RowMajor rounded(const Factors& factors) const {
    const auto size = [](Index i) { return static_cast<std::size_t>(i); };
    const Index count = factors.weights.size();
    RowMajor sum(left_.rows(), right_.rows()), left(left_.rows(), count), right(count, right_.rows());
    for (Index j = 0; j < sum.cols(); ++j)
      for (Index i = 0; i < sum.rows(); ++i) sum(i, j) = representative(start_.matrix.base[j * sum.rows() + i]);
    for (Index k = 0; k < count; ++k) {
      const double weight = representative(factors.weights[k]);
      for (Index i = 0; i < left.rows(); ++i) left(i, k) = representative(factors.left(i, k));
      for (Index j = 0; j < right.cols(); ++j) right(k, j) = weight * representative(factors.right(j, k));
    }
    kernels::add_product(size(left.rows()), size(count), size(right.cols()), left.data(), size(count), right.data(),
                         size(right.cols()), 1, sum.data(), size(sum.cols()));
    return sum;
  }

  const StiffEquation<Real>& equation_;
  const Point start_;
  const PreparedMatrix<Real> base_;
  Matrix<Real> left_, right_;
  Index used_ = 0;
  Vector<Real> slope_;
};

}  // namespace benign::sim
