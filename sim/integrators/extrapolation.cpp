#include "sim/integrators/extrapolation.hpp"

#include "sim/integrators/factored_step.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace benign::sim {
namespace {

// Row j of the table is the modified midpoint rule with 2j substeps (rows count from 1); its expansion is in even
// powers of the step, so that j rows give order 2j. Control of order and step as in Hairer, Nørsett and Wanner,
// "Solving Ordinary Differential Equations I", II.9 (the code ODEX).

int substeps(int row) { return 2 * row; }

/// Evaluations that a step of so many rows takes, with the one at its start.
Index evaluations_of(int rows) { return 1 + rows * (rows + Index{1}); }
double cost(int rows) { return static_cast<double>(evaluations_of(rows)); }

template <class Real>
int most_rows() {
  return 4 + std::numeric_limits<Real>::digits10 / 2;
}

/// Gragg's modified midpoint rule with its smoothing step.
template <class Real, class Derivative>
Vector<Real> midpoint_rule(Derivative&& derivative, const Vector<Real>& x, const Vector<Real>& slope, const Real& u,
                           const Real& length, int count) {
  const Real h = length / Real(count), twice = 2 * h;
  Vector<Real> before = x, now = x + h * slope, rate;
  for (int k = 1; k < count; ++k) {
    derivative(now, rate, Real(u + h * Real(k)));
    before += twice * rate;
    before.swap(now);
  }
  derivative(now, rate, Real(u + length));
  return ratio<Real>(1, 2) * (now + before + h * rate);
}

/// Brings row `row` into the last line of Neville's table: afterwards line[i] is extrapolated from i + 1 rows.
template <class Real>
void extrapolate(std::vector<Vector<Real>>& line, Vector<Real> newest, int row) {
  for (int back = 1; back < row; ++back) {
    auto& older = element(line, back - 1);
    // T_{j,i+1} = T_{j,i} + (T_{j,i} − T_{j−1,i}) / ((n_j / n_{j−i})² − 1)
    const long a = substeps(row) * static_cast<long>(substeps(row)),
               b = substeps(row - back) * static_cast<long>(substeps(row - back));
    Vector<Real> next = newest + ratio<Real>(b, a - b) * (newest - older);
    older.swap(newest);
    newest.swap(next);
  }
  line.push_back(std::move(newest));
}

}  // namespace

template <class Real>
struct Extrapolation<Real>::Attempt {
  Vector<Real> end;
  std::vector<double> errors;  ///< errors[j]: of the value from j rows, in units of the tolerance; from j = 2
  int rows = 0;                ///< that it took; 0 if the step must be shortened
};

/// A step whose states are flat; as FactoredStep.
template <class Real>
class Extrapolation<Real>::FlatStep {
 public:
  FlatStep(const Derivative& derivative, const Vector<Real>& state, const Vector<Real>& slope)
      : derivative_(derivative), state_(state), slope_(slope) {}
  const Vector<Real>& start() const { return state_; }
  const Vector<Real>& slope() const { return slope_; }
  void derivative(const Vector<Real>& y, Vector<Real>& rate, const Real& u) { derivative_(y, rate, u); }
  const Vector<Real>& state(const Vector<Real>& y) const { return y; }
  double distance(const Vector<Real>& best, const Vector<Real>& second) const {
    double most = 0;
    for (Index i = 0; i < best.size(); ++i) {
      const double difference = std::abs(representative<Real>(best[i] - second[i]));
      most = std::max(most, difference / std::max(1.0, std::abs(representative(best[i]))));
      if (!(difference < HUGE_VAL)) most = HUGE_VAL;
    }
    return most;
  }

 private:
  const Derivative& derivative_;
  const Vector<Real>&state_, &slope_;
};

template <class Real>
Extrapolation<Real>::Extrapolation(Derivative derivative, double tolerance, const StiffEquation<Real>* factored)
    : derivative_(std::move(derivative)),
      tolerance_(tolerance),
      factored_(factored),
      order_(std::clamp(static_cast<int>(1.5 - 0.6 * elementary::log10(tolerance)), 2, most_rows<Real>() - 1)) {}

template <class Real>
typename Extrapolation<Real>::Slope Extrapolation<Real>::slope_at(const Vector<Real>& state, const Real& u) {
  ++evaluations_;
  Slope slope;
  if (factored_)
    slope.rate = factored_->rate(factored_->point(state), u);
  else
    derivative_(state, slope.flat, u);
  return slope;
}

template <class Real>
void Extrapolation<Real>::start(Vector<Real> state, const Real& u, double length) {
  length_ = length;
  from_ = to_ = u;
  before_ = state;
  state_ = std::move(state);
  slope_ = slope_at(state_, to_);
}

template <class Real>
typename Extrapolation<Real>::Attempt Extrapolation<Real>::attempt(double length, int rows) {
  if (factored_)
    return attempt(FactoredStep<Real>(*factored_, state_, slope_.rate, evaluations_of(rows + 1)), length, rows);
  return attempt(FlatStep(derivative_, state_, slope_.flat), length, rows);
}

/// One step of the given length, with as many rows as it needs around `rows`.
template <class Real>
template <class Step>
typename Extrapolation<Real>::Attempt Extrapolation<Real>::attempt(Step step, double length, int rows) {
  Attempt result{{}, std::vector<double>(2, HUGE_VAL), 0};
  std::vector<Vector<Real>> line;
  const Vector<Real> start = step.start();
  const auto derivative = [&](const Vector<Real>& y, Vector<Real>& rate, const Real& u) {
    step.derivative(y, rate, u);
  };
  for (int row = 1; row <= rows + 1; ++row) {
    extrapolate(line, midpoint_rule<Real>(derivative, start, step.slope(), to_, Real(length), substeps(row)), row);
    evaluations_ += substeps(row);
    if (row == 1) continue;
    // No decision looks at an error of fewer rows than two below those aimed at.
    const double error = row < rows - 2 ? HUGE_VAL : step.distance(line.back(), line[line.size() - 2]) / tolerance_;
    result.errors.push_back(error);
    if (row < rows - 1) continue;
    if (error <= 1) {
      result.end = step.state(line.back());
      result.rows = row;
      return result;
    }
    // No hope that the rows to come, each of which can gain (n_j/n_1)², bring it down.
    const auto gain = [](int j) { return elementary::power(substeps(j) / static_cast<double>(substeps(1)), 2); };
    if (row == rows - 1 && error > gain(rows) * gain(rows + 1)) return result;
    if (row == rows && error > gain(rows + 1)) return result;
  }
  return result;
}

namespace {

/// Whether a slope is another after a first step. If that is far too long the table may still agree: where the slope
/// vanishes at x + hs, for every h that it tries, the midpoint rule says x + length s/2 whatever the number of substeps.
template <class Real>
bool turned(const Vector<Real>& after, const Vector<Real>& before) {
  const double size = representative<Real>(before.template lpNorm<Eigen::Infinity>());
  const double change = representative<Real>((after - before).template lpNorm<Eigen::Infinity>());
  return size > 0 && !(2 * change <= size);
}

}  // namespace

template <class Real>
void Extrapolation<Real>::step() {
  // The step after which j rows would just do, and the work it takes for a unit of time.
  const auto best_length = [](const Attempt& tried, double length, int rows) {
    const double error = std::max(element(tried.errors, rows), 1e-30);
    const double factor = 0.94 * elementary::exp(elementary::log(0.65 / error) / (2 * rows - 1));
    return length * std::clamp(factor, 0.02, 4.0);
  };
  const auto work = [&](const Attempt& tried, double length, int rows) {
    return cost(rows) / best_length(tried, length, rows);
  };

  const bool first = sign_of<Real>(to_ - from_) == Sign::zero && !factored_;
  bool rejected = false;
  // Memorisation at log s = u takes du ~ e^{−u}: no step that a double holds is too short to be tried.
  while (length_ >= std::numeric_limits<double>::min()) {
    const double length = length_;
    Attempt tried = attempt(length, order_);
    const int last = static_cast<int>(tried.errors.size()) - 1;
    if (tried.rows == 0) {
      rejected = true;
      order_ = std::min(order_, std::max(2, last));
      if (order_ > 2 && work(tried, length, order_ - 1) < 0.8 * work(tried, length, order_)) --order_;
      length_ = std::min(best_length(tried, length, order_), length / 2);
      continue;
    }
    Slope slope = slope_at(tried.end, Real(to_ + Real(length)));
    if (first && turned(slope.flat, slope_.flat)) {
      rejected = true;
      length_ = length / 8;
      continue;
    }
    before_ = std::move(state_);
    slope_before_ = std::move(slope_);
    state_ = std::move(tried.end);
    from_ = to_;
    to_ += Real(length);
    slope_ = std::move(slope);
    rows_ = tried.rows;

    int next = tried.rows;
    if (next > 2 && work(tried, length, next - 1) < 0.8 * work(tried, length, next))
      --next;
    else if (!rejected && next + 1 < most_rows<Real>() &&
             (next == 2 || work(tried, length, next) < 0.9 * work(tried, length, next - 1)))
      ++next;
    length_ = next <= tried.rows ? best_length(tried, length, next)
                                 : best_length(tried, length, tried.rows) * cost(next) / cost(tried.rows);
    if (rejected) length_ = std::min(length_, length);
    order_ = next;
    return;
  }
  throw std::runtime_error("the flow cannot go on: no step is short enough at log(1 + s) = " +
                           std::to_string(representative(to_)));
}

template <class Real>
Vector<Real> Extrapolation<Real>::at(const Real& u) const {
  if (sign_of<Real>(u - to_) == Sign::zero) return state_;
  if (sign_of<Real>(u - from_) == Sign::zero) return before_;
  if (factored_)
    return end_of(FactoredStep<Real>(*factored_, before_, slope_before_.rate, evaluations_of(rows_)), Real(u - from_));
  return end_of(FlatStep(derivative_, before_, slope_before_.flat), Real(u - from_));
}

/// After a step of as many rows as the last one had.
template <class Real>
template <class Step>
Vector<Real> Extrapolation<Real>::end_of(Step step, const Real& length) const {
  std::vector<Vector<Real>> line;
  const Vector<Real> start = step.start();
  const auto derivative = [&](const Vector<Real>& y, Vector<Real>& rate, const Real& u) {
    step.derivative(y, rate, u);
  };
  for (int row = 1; row <= rows_; ++row)
    extrapolate(line, midpoint_rule<Real>(derivative, start, step.slope(), from_, length, substeps(row)), row);
  return step.state(line.back());
}

#define BENIGN_INSTANTIATE(Real) template class Extrapolation<Real>;
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
