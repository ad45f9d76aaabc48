#include "sim/integrators/collocation.hpp"

#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace benign::sim {
namespace {

constexpr int most_iterations = 16;
constexpr int wanted_iterations = 9;  // more make a longer step dearer than two short ones

// Sizes are in units of the tolerance. An iteration ends where its last change, or what is still to come of it, is small
// against the tolerance, and is given up where it has left every scale or has grown twice by this factor.
constexpr double small_change = 0.01, small_remainder = 0.03;
constexpr double lost = 1e100, diverging = 2;

// The next step is the one whose error is `aim` of the tolerance, a little shortened, and neither much shorter nor much
// longer than the last; one that was rejected is shortened at least by `shorten`.
constexpr double aim = 0.3, caution = 0.9, shrink = 0.2, grow = 2.5, shorten = 0.8;

/// The number of stages that makes steps of length about 1 where the solution has scales of about 1.
int stages_for(double tolerance) {
  return std::max(3, static_cast<int>(std::lround(1 - elementary::log10(tolerance))));
}

/// Solves A x = b by elimination, choosing pivots by their size; not finite if A is singular.
template <class Real>
Vector<Real> solve_dense(Matrix<Real> A, Vector<Real> b) {
  const Index n = b.size();
  for (Index k = 0; k < n; ++k) {
    Index best = k;
    for (Index i = k + 1; i < n; ++i)
      if (std::abs(representative(A(i, k))) > std::abs(representative(A(best, k)))) best = i;
    if (best != k) {
      A.row(k).swap(A.row(best));
      std::swap(b[k], b[best]);
    }
    for (Index i = k + 1; i < n; ++i) {
      const Real factor = A(i, k) / A(k, k);
      A.row(i).tail(n - k) -= factor * A.row(k).tail(n - k);
      b[i] -= factor * b[k];
    }
  }
  for (Index k = n - 1; k >= 0; --k) {
    for (Index j = k + 1; j < n; ++j) b[k] -= A(k, j) * b[j];
    b[k] /= A(k, k);
  }
  return b;
}

/// The largest entry of x in units of max(1, |scale|); infinite if one is not a number.
template <class X, class Scale>
double size_of(const X& x, const Scale& scale) {
  double largest = 0;
  for (Index i = 0; i < x.size(); ++i) {
    const double size = std::abs(representative(x[i])) / std::max(1.0, std::abs(representative(scale[i])));
    if (!(size < HUGE_VAL)) return HUGE_VAL;
    largest = std::max(largest, size);
  }
  return largest;
}

}  // namespace

template <class Real>
Collocation<Real>::Collocation(const StiffEquation<Real>& equation, double tolerance)
    : equation_(equation), tolerance_(tolerance), radau_(radau<Real>(stages_for(tolerance))) {}

template <class Real>
void Collocation<Real>::start(Vector<Real> state, const Real& u, double length) {
  length_ = length;
  from_ = to_ = u;
  before_ = state;
  state_ = std::move(state);
  rates_ = series_ = {};
}

/// Stages of the next step from the last one's polynomials. The series are cut off at the term that is smallest at the
/// end of the new step, since outside its interval rounding errors grow as P_k does.
template <class Real>
typename Collocation<Real>::Columns Collocation<Real>::predict(const Point& x0, double length) const {
  const Index s = radau_.nodes.size();
  const auto [offset, rows, cols] = equation_.shape();
  Columns X{x0.core.replicate(1, s), Matrix<Real>::Zero(rows, s), Matrix<Real>::Zero(cols, s)};
  if (series_.core.cols() == 0) return X;
  const int count = static_cast<int>(s);
  const auto end = [&](const Real& part) { return Real(1 + part * Real(length / last_length_)); };
  const Vector<Real> at_one = legendre_integrals<Real>(count, Real(1));
  const Vector<Real> furthest = legendre_integrals<Real>(count, end(Real(1))) - at_one;
  Index terms = 1;
  double smallest = HUGE_VAL;
  for (Index k = 1; k < s; ++k) {
    const double term = size_of(series_.core.col(k), x0.core) * std::abs(representative(furthest[k]));
    if (term < smallest) smallest = term, terms = k;
  }
  Matrix<Real> integrals = Matrix<Real>::Zero(s, s), values = integrals;  // of the terms kept
  for (Index i = 0; i < s; ++i) {
    const Real x = end(radau_.nodes[i]);
    const Vector<Real> integral = legendre_integrals<Real>(count, x), value = legendre<Real>(count, x);
    for (Index k = 0; k < terms; ++k) {
      integrals(k, i) = Real(last_length_) * (integral[k] - at_one[k]);
      values(k, i) = value[k];
    }
  }
  X.core += product<Real>(series_.core, integrals);
  X.left = product<Real>(series_.left, values);
  X.right = product<Real>(series_.right, values);
  return X;
}

/// The point of stage i: Φ = Φ₀ + Σ_j weights_ij l_j r_jᵀ. It keeps pointers into X and the state.
template <class Real>
typename Collocation<Real>::Point Collocation<Real>::point(const Columns& X, Index i,
                                                           const Matrix<Real>& weights) const {
  const auto [offset, rows, cols] = equation_.shape();
  return {X.core.col(i), {state_.data() + offset, rows, cols, &X.left, &X.right, weights.row(i).transpose(), &*base_}};
}

/// Iterates X to the collocation polynomial; returns the number of iterations, 0 if they do not converge.
template <class Real>
int Collocation<Real>::solve(const Point& x0, Columns& X, Matrix<Real>& core_rates, double length) {
  const Index s = radau_.nodes.size();
  const auto [offset, rows, cols] = equation_.shape();
  const Matrix<Real> weights = radau_.integrals * Real(length), transposed = weights.transpose();
  const Matrix<Real> frozen = equation_.frozen(x0);
  std::vector<Stage> stages(static_cast<std::size_t>(s));
  double before = HUGE_VAL;
  for (int iteration = 1; iteration <= most_iterations; ++iteration) {
    // [new, old] factors of Φ′: the residual of Φ_i is Σ_j w_ij (l_j r_jᵀ − old).
    Matrix<Real> lefts(rows, 2 * s), rights(cols, 2 * s);
    lefts << Matrix<Real>::Zero(rows, s), X.left;
    rights << Matrix<Real>::Zero(cols, s), X.right;
    for (Index i = 0; i < s; ++i) {
      auto& stage = element(stages, i);
      stage = equation_.stage(point(X, i, weights), to_ + Real(length) * radau_.nodes[i], frozen);
      core_rates.col(i) = stage.rate.core;
      lefts.col(i) = stage.rate.left;
      rights.col(i) = stage.rate.right;
    }
    evaluations_ += s;
    Matrix<Real> correction = product(core_rates, transposed) - X.core;
    correction.colwise() += x0.core;

    const Index r = stages[0].coupling.rows();
    Matrix<Real> system = Matrix<Real>::Identity(r * s, r * s);
    Vector<Real> response(r * s);
    for (Index i = 0; i < s; ++i) {
      Vector<Real> signed_weights(2 * s);
      signed_weights << weights.row(i).transpose(), -weights.row(i).transpose();
      const Point residual{correction.col(i), {nullptr, rows, cols, &lefts, &rights, std::move(signed_weights)}};
      response.segment(r * i, r) = equation_.response(point(X, i, weights), element(stages, i), residual);
      for (Index j = 0; j < s; ++j) system.block(r * i, r * j, r, r) += weights(i, j) * element(stages, j).coupling;
    }
    const Vector<Real> shift = solve_dense(std::move(system), std::move(response));
    Matrix<Real> answers(X.core.rows(), s), left_answers(rows, s);
    for (Index i = 0; i < s; ++i) {
      const auto answer =
          equation_.answer(point(X, i, weights), element(stages, i), Vector<Real>(shift.segment(r * i, r)));
      answers.col(i) = answer.core;
      left_answers.col(i) = answer.left;
    }
    correction += product(answers, transposed);
    core_rates += answers;
    X.core += correction;
    X.left = lefts.leftCols(s) + left_answers;
    X.right = rights.leftCols(s);

    // The core stands for Φ too, which is of its size squared: the relative change of l rᵀ is that of l and of r.
    double size = 0;
    for (Index i = 0; i < s; ++i) size = std::max(size, size_of(correction.col(i), x0.core) / tolerance_);
    // What is left is about size · q/(1 − q), with q the rate of convergence seen.
    const double q = size / before;
    if (size <= small_change || (iteration > 1 && q < 1 && size * q / (1 - q) <= small_remainder)) return iteration;
    if (!(size < lost) || (iteration > 2 && q > diverging)) return 0;
    before = size;
  }
  return 0;
}

template <class Real>
typename Collocation<Real>::Point Collocation<Real>::start_point() {
  const auto [offset, rows, cols] = equation_.shape();
  base_.emplace(rows, cols, state_.data() + offset);
  Point x = equation_.point(state_);
  x.matrix.prepared = &*base_;
  return x;
}

template <class Real>
void Collocation<Real>::step() {
  const Index s = radau_.nodes.size();
  const Point x0 = start_point();
  bool rejected = false;
  // Memorisation at log s = u takes du ~ e^{−u}: no step that a double holds is too short to be tried.
  for (int tries = 0; length_ >= std::numeric_limits<double>::min(); ++tries) {
    const double length = length_;
    Columns X = predict(x0, length);
    Matrix<Real> core_rates(x0.core.size(), s);
    const int iterations = solve(x0, X, core_rates, length);
    if (iterations == 0) {
      rejected = true;
      length_ = length / (tries == 0 ? 2 : 4);
      continue;
    }
    const Matrix<Real> to_series = radau_.series.transpose();
    Columns series{product(core_rates, to_series), product(X.left, to_series), product(X.right, to_series)};
    // ∫P_k is at most 1/(2k + 1). The last term kept bounds those left out.
    const auto term = [&](Index k) {
      Point rate{series.core.col(k), {nullptr, X.left.rows(), X.right.rows(), &X.left, &X.right, {}}};
      rate.matrix.weights = radau_.series.row(k).transpose();
      return size_of(equation_.state(rate), state_) * length / (2.0 * static_cast<double>(s) - 1);
    };
    const double error = std::max(term(s - 1), 0.1 * term(s - 2)) / tolerance_;
    const double factor =
        std::clamp(caution * elementary::exp(elementary::log(aim / std::max(error, 1e-30)) / static_cast<double>(s)),
                   shrink, grow);
    if (!(error <= 1)) {
      rejected = true;
      length_ = length * std::min(factor, shorten);
      continue;
    }
    before_ = state_;
    state_ = equation_.state(point(X, s - 1, Matrix<Real>(radau_.integrals * Real(length))));
    rates_ = {std::move(core_rates), std::move(X.left), std::move(X.right)};
    series_ = std::move(series);
    from_ = to_;
    to_ += Real(length);
    last_length_ = length;
    length_ = length * std::min({factor, rejected ? 1.0 : grow, std::sqrt(wanted_iterations / (1.0 * iterations))});
    return;
  }
  throw std::runtime_error("the flow cannot go on: no step is short enough at log(1 + s) = " +
                           std::to_string(representative(to_)));
}

template <class Real>
Vector<Real> Collocation<Real>::at(const Real& u) const {
  if (sign_of<Real>(u - to_) == Sign::zero) return state_;
  if (sign_of<Real>(u - from_) == Sign::zero) return before_;
  const int s = static_cast<int>(radau_.nodes.size());
  const Vector<Real> integrals = Real(last_length_) * legendre_integrals<Real>(s, (u - from_) / (to_ - from_)),
                     weights = product<Real>(radau_.series.transpose(), integrals);
  Point x = equation_.point(before_);
  x.core += product(rates_.core, weights);
  x.matrix.left = &rates_.left;
  x.matrix.right = &rates_.right;
  x.matrix.weights = weights;
  return equation_.state(x);
}

#define BENIGN_INSTANTIATE(Real) template class Collocation<Real>;
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
