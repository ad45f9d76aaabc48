#include "sim/flow.hpp"

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
Real u_of_s(const Real& s) {
  using std::log1p;
  return log1p(s);
}

template <class Real>
Real u_of_log_s(const Real& log_s) {
  using std::exp;
  using std::log1p;
  if (representative(log_s) > 0) return log_s + log1p(exp(-log_s));
  return log1p(exp(log_s));
}

template <class Real>
Real log_s_of_u(const Real& u) {
  using std::expm1;
  using std::log;
  return u + log(-expm1(-u));
}

template <class Real>
double default_tolerance() {
  return std::pow(unit_roundoff<Real>(), 0.75);
}

template <class Real>
struct Flow<Real>::Attempt {
  Vector<Real> end;
  std::vector<double> errors;  ///< errors[j]: of the value from j rows, in units of the tolerance; from j = 2
  int rows = 0;                ///< that it took; 0 if the step must be shortened
};

template <class Real>
Flow<Real>::Flow(Derivative derivative, Vector<Real> start, double tolerance)
    : derivative_(std::move(derivative)),
      tolerance_(tolerance),
      order_(std::clamp(static_cast<int>(1.5 - 0.6 * std::log10(tolerance)), 2, most_rows<Real>() - 1)),
      length_(1.0 / 64),
      before_(start),
      state_(std::move(start)) {
  derivative_(state_, slope_, to_);
}

/// One step of the given length, with as many rows as it needs around `rows`.
template <class Real>
typename Flow<Real>::Attempt Flow<Real>::attempt(double length, int rows) const {
  Attempt result{{}, std::vector<double>(2, HUGE_VAL), 0};
  std::vector<Vector<Real>> line;
  for (int row = 1; row <= rows + 1; ++row) {
    extrapolate(line, midpoint_rule<Real>(derivative_, state_, slope_, to_, Real(length), substeps(row)), row);
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
    const auto gain = [](int j) { return std::pow(substeps(j) / static_cast<double>(substeps(1)), 2); };
    if (row == rows - 1 && error > gain(rows) * gain(rows + 1)) return result;
    if (row == rows && error > gain(rows + 1)) return result;
  }
  return result;
}

template <class Real>
void Flow<Real>::step() {
  // The step after which j rows would just do, and the work it takes for a unit of time.
  const auto best_length = [](const Attempt& tried, double length, int rows) {
    const double error = std::max(tried.errors[static_cast<std::size_t>(rows)], 1e-30);
    const double factor = 0.94 * std::pow(0.65 / error, 1.0 / (2 * rows - 1));
    return length * std::clamp(factor, 0.02, 4.0);
  };
  const auto work = [&](const Attempt& tried, double length, int rows) {
    return cost(rows) / best_length(tried, length, rows);
  };

  bool rejected = false;
  for (int tries = 0; tries < 100; ++tries) {
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
Vector<Real> Flow<Real>::at(const Real& u) const {
  if (sign_of<Real>(u - to_) == Sign::zero) return state_;
  if (sign_of<Real>(u - from_) == Sign::zero) return before_;
  std::vector<Vector<Real>> line;
  for (int row = 1; row <= rows_; ++row)
    extrapolate(line, midpoint_rule<Real>(derivative_, before_, slope_before_, from_, Real(u - from_), substeps(row)),
                row);
  return line.back();
}

template <class Real>
Flow<Real> make_flow(const Route<Real>& route, double tolerance) {
  // dx/du = (ds/du) dx/ds and ds/du = e^u.
  return {[&route](const Vector<Real>& x, Vector<Real>& dx, const Real& u) { route.flow(x, u, dx); }, route.start(),
          tolerance};
}

template <class Real>
Vector<Real> flow_to(const Route<Real>& route, const Real& u, double tolerance) {
  Flow<Real> flow = make_flow(route, tolerance);
  while (sign_of<Real>(u - flow.to()) == Sign::positive) flow.step();
  return flow.at(u);
}

template <class Real>
Vector<Real> flow_with_energy(const Route<Real>& route, const Real& tau0, const Real& u, double tolerance) {
  const Vector<Real> start = route.start();
  const Index size = start.size();
  Vector<Real> extended(size + 1);
  extended << start, Real(0);
  Flow<Real> flow(
      [&](const Vector<Real>& x, Vector<Real>& dx, const Real& at) {
        using std::exp;
        const Vector<Real> state = x.head(size);
        Vector<Real> rate;
        route.flow(state, at, rate);
        dx.resize(size + 1);
        dx << rate, tau0 * exp(at) * route.gradient_norm2(state);
      },
      std::move(extended), tolerance);
  while (sign_of<Real>(u - flow.to()) == Sign::positive) flow.step();
  return flow.at(u);
}

#define BENIGN_INSTANTIATE(Real)                                                \
  template Real u_of_s<Real>(const Real&);                                      \
  template Real u_of_log_s<Real>(const Real&);                                  \
  template Real log_s_of_u<Real>(const Real&);                                  \
  template double default_tolerance<Real>();                                    \
  template class Flow<Real>;                                                    \
  template Flow<Real> make_flow<Real>(const Route<Real>&, double);              \
  template Vector<Real> flow_to<Real>(const Route<Real>&, const Real&, double); \
  template Vector<Real> flow_with_energy<Real>(const Route<Real>&, const Real&, const Real&, double);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
