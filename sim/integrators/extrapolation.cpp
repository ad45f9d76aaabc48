#include "sim/integrators/extrapolation.hpp"

#include "theory/numbers/elementary.hpp"

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

/// Evaluations that a step of so many rows costs.
double cost(int rows) { return 1 + rows * (rows + 1.0); }

template <class Real>
int most_rows() {
  return 4 + std::numeric_limits<Real>::digits10 / 2;
}

/// Gragg's modified midpoint rule with its smoothing step.
template <class Real, class Derivative>
Vector<Real> midpoint_rule(const Derivative& derivative, const Vector<Real>& x, const Vector<Real>& slope,
                           const Real& u, const Real& length, int count) {
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
    auto& older = line[static_cast<std::size_t>(back - 1)];
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

template <class Real>
Extrapolation<Real>::Extrapolation(Derivative derivative, double tolerance)
    : derivative_(std::move(derivative)),
      tolerance_(tolerance),
      order_(std::clamp(static_cast<int>(1.5 - 0.6 * elementary::log10(tolerance)), 2, most_rows<Real>() - 1)) {}

template <class Real>
void Extrapolation<Real>::start(Vector<Real> state, const Real& u, double length) {
  length_ = length;
  from_ = to_ = u;
  before_ = state;
  state_ = std::move(state);
  derivative_(state_, slope_, to_);
  ++evaluations_;
}

/// One step of the given length, with as many rows as it needs around `rows`.
template <class Real>
typename Extrapolation<Real>::Attempt Extrapolation<Real>::attempt(double length, int rows) {
  Attempt result{{}, std::vector<double>(2, HUGE_VAL), 0};
  std::vector<Vector<Real>> line;
  for (int row = 1; row <= rows + 1; ++row) {
    extrapolate(line, midpoint_rule<Real>(derivative_, state_, slope_, to_, Real(length), substeps(row)), row);
    evaluations_ += substeps(row);
    if (row == 1) continue;
    const auto& best = line.back();
    const auto& second = line[line.size() - 2];
    double error = 0;
    for (Index i = 0; i < best.size(); ++i) {
      const double difference = std::abs(representative<Real>(best[i] - second[i]));
      error = std::max(error, difference / (tolerance_ * std::max(1.0, std::abs(representative(best[i])))));
      if (!(difference < HUGE_VAL)) error = HUGE_VAL;
    }
    result.errors.push_back(error);
    if (row < rows - 1) continue;
    if (error <= 1) {
      result.end = best;
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

template <class Real>
void Extrapolation<Real>::step() {
  // The step after which j rows would just do, and the work it takes for a unit of time.
  const auto best_length = [](const Attempt& tried, double length, int rows) {
    const double error = std::max(tried.errors[static_cast<std::size_t>(rows)], 1e-30);
    const double factor = 0.94 * elementary::exp(elementary::log(0.65 / error) / (2 * rows - 1));
    return length * std::clamp(factor, 0.02, 4.0);
  };
  const auto work = [&](const Attempt& tried, double length, int rows) {
    return cost(rows) / best_length(tried, length, rows);
  };

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
    before_ = std::move(state_);
    slope_before_ = std::move(slope_);
    state_ = std::move(tried.end);
    from_ = to_;
    to_ += Real(length);
    derivative_(state_, slope_, to_);
    ++evaluations_;
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
  std::vector<Vector<Real>> line;
  for (int row = 1; row <= rows_; ++row)
    extrapolate(line, midpoint_rule<Real>(derivative_, before_, slope_before_, from_, Real(u - from_), substeps(row)),
                row);
  return line.back();
}

#define BENIGN_INSTANTIATE(Real) template class Extrapolation<Real>;
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
