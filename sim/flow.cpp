#include "sim/flow.hpp"

#include <boost/numeric/odeint/algebra/range_algebra.hpp>
#include <boost/numeric/odeint/stepper/bulirsch_stoer_dense_out.hpp>
#include <boost/numeric/odeint/util/is_resizeable.hpp>
#include <boost/numeric/odeint/util/resize.hpp>

#include <cmath>
#include <stdexcept>

namespace boost::numeric::odeint {
template <class Real>
struct is_resizeable<benign::Vector<Real>> : boost::true_type {};
}  // namespace boost::numeric::odeint

namespace benign::sim {
namespace {

namespace odeint = boost::numeric::odeint;

/// Odeint's own norm asks a trait for the value type of the elements that multiprecision numbers do not have.
struct Algebra : odeint::range_algebra {
  template <class Real>
  static Real norm_inf(const Vector<Real>& x) {
    return x.template lpNorm<Eigen::Infinity>();
  }
};

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
struct Flow<Real>::Stepper {
  using Odeint = odeint::bulirsch_stoer_dense_out<Vector<Real>, Real, Vector<Real>, Real, Algebra>;
  Odeint odeint;
  std::pair<Real, Real> interval{Real(0), Real(0)};

  Stepper(const Vector<Real>& start, double tolerance)
      : odeint(Real(tolerance), Real(tolerance), Real(1), Real(0), Real(0), /*control_interpolation=*/true) {
    odeint.initialize(start, Real(0), ratio<Real>(1, 64));
  }
};

template <class Real>
Flow<Real>::Flow(Derivative derivative, const Vector<Real>& start, double tolerance)
    : derivative_(std::move(derivative)), stepper_(std::make_unique<Stepper>(start, tolerance)) {}

template <class Real>
Flow<Real>::~Flow() = default;

template <class Real>
void Flow<Real>::step() {
  stepper_->interval = stepper_->odeint.do_step(std::ref(derivative_));
}

template <class Real>
Real Flow<Real>::from() const {
  return stepper_->interval.first;
}

template <class Real>
Real Flow<Real>::to() const {
  return stepper_->interval.second;
}

template <class Real>
Vector<Real> Flow<Real>::at(const Real& u) const {
  Vector<Real> state(stepper_->odeint.current_state().size());
  stepper_->odeint.calc_state(u, state);
  return state;
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

#define BENIGN_INSTANTIATE(Real)                                              \
  template Real u_of_s<Real>(const Real&);                                    \
  template Real u_of_log_s<Real>(const Real&);                                \
  template Real log_s_of_u<Real>(const Real&);                                \
  template double default_tolerance<Real>();                                  \
  template class Flow<Real>;                                                  \
  template Flow<Real> make_flow<Real>(const Route<Real>&, double);            \
  template Vector<Real> flow_to<Real>(const Route<Real>&, const Real&, double);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
