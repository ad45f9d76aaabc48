#include "sim/routes/flow.hpp"

#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {
namespace {

/// λ at which steps become implicit, and below which they become explicit again: see the cost in flow.hpp.
constexpr double stiff_from = 40, stiff_until = 20;

constexpr double first_length = 1.0 / 64;

/// A stiff equation with ∫ power du as one more, last, component, which nothing depends on.
template <class Real, class Power>
class WithIntegral final : public StiffEquation<Real> {
 public:
  using Shape = typename StiffEquation<Real>::Shape;
  using Point = typename StiffEquation<Real>::Point;
  using Rate = typename StiffEquation<Real>::Rate;
  using Stage = typename StiffEquation<Real>::Stage;

  WithIntegral(const StiffEquation<Real>& equation, const Power& power) : equation_(equation), power_(power) {}

  Shape shape() const override { return equation_.shape(); }
  Matrix<Real> frozen(const Point& x) const override { return equation_.frozen(inner(x)); }
  Stage stage(const Point& x, const Real& u, const Matrix<Real>& frozen) const override {
    Stage stage = equation_.stage(inner(x), u, frozen);
    append(stage.rate.core, power_(equation_.state(inner(x)), u));
    return stage;
  }
  Vector<Real> response(const Point& x, const Stage& stage, const Point& direction) const override {
    return equation_.response(inner(x), stage, inner(direction));
  }
  Rate answer(const Point& x, const Stage& stage, const Vector<Real>& shift) const override {
    Rate rate = equation_.answer(inner(x), stage, shift);
    append(rate.core, Real(0));
    return rate;
  }

 private:
  static Point inner(const Point& x) { return {x.core.head(x.core.size() - 1), x.matrix}; }
  static void append(Vector<Real>& x, const Real& last) {
    Vector<Real> longer(x.size() + 1);
    longer << x, last;
    x.swap(longer);
  }

  const StiffEquation<Real>& equation_;
  const Power& power_;
};

}  // namespace

template <class Real>
Real u_of_s(const Real& s) {
  using elementary::log1p;
  return log1p(s);
}

template <class Real>
Real u_of_log_s(const Real& log_s) {
  using elementary::exp;
  using elementary::log1p;
  if (representative(log_s) > 0) return log_s + log1p(exp(-log_s));
  return log1p(exp(log_s));
}

template <class Real>
Real log_s_of_u(const Real& u) {
  using elementary::expm1;
  using elementary::log;
  return u + log(-expm1(-u));
}

template <class Real>
double default_tolerance() {
  return elementary::pow(unit_roundoff<Real>(), 0.75);
}

template <class Real>
Flow<Real>::Flow(Derivative derivative, const StiffEquation<Real>* stiff, Vector<Real> start, double tolerance)
    : stiff_(stiff), extrapolation_(std::move(derivative), tolerance, stiff && stiff->has_rate() ? stiff : nullptr) {
  if (stiff) collocation_.emplace(*stiff, tolerance);
  extrapolation_.start(std::move(start), Real(0), first_length);
}

/// The Frobenius norm of the coupling at the end of the last step.
template <class Real>
double Flow<Real>::stiffness() const {
  const auto x = stiff_->point(implicit_ ? collocation_->state() : extrapolation_.state());
  const Matrix<Real> coupling = stiff_->stage(x, to(), stiff_->frozen(x)).coupling;
  return coupling.unaryExpr([](const Real& x) { return representative(x); }).stableNorm();  // its squares overflow
}

template <class Real>
void Flow<Real>::step() {
  if (stiff_) {
    const double lambda = stiffness();
    if (!implicit_ && lambda > stiff_from) {
      // The first guess of collocation is a constant: not much longer than explicit steps can be.
      collocation_->start(extrapolation_.state(), extrapolation_.to(),
                          std::min(extrapolation_.next_length(), 1 / lambda));
      implicit_ = true;
    } else if (implicit_ && lambda < stiff_until) {
      extrapolation_.start(collocation_->state(), collocation_->to(), std::min(collocation_->next_length(), 1.0));
      implicit_ = false;
    }
  }
  if (implicit_)
    collocation_->step();
  else
    extrapolation_.step();
}

template <class Real>
long Flow<Real>::evaluations() const {
  return extrapolation_.evaluations() + (collocation_ ? collocation_->evaluations() : 0);
}

template <class Real>
Flow<Real> make_flow(const Route<Real>& route, double tolerance, Stepping stepping) {
  // dx/du = (ds/du) dx/ds and ds/du = e^u.
  return {[&route](const Vector<Real>& x, Vector<Real>& dx, const Real& u) { route.flow(x, u, dx); },
          stepping == Stepping::automatic ? route.stiff_equation() : nullptr, route.start(), tolerance};
}

template <class Real>
Vector<Real> flow_to(const Route<Real>& route, const Real& u, double tolerance) {
  Flow<Real> flow = make_flow(route, tolerance);
  flow.reach(u, [] {});
  return flow.at(u);
}

template <class Real>
Vector<Real> flow_with_energy(const Route<Real>& route, const Real& tau0, const Real& u, double tolerance) {
  const Vector<Real> start = route.start();
  const Index size = start.size();
  Vector<Real> extended(size + 1);
  extended << start, Real(0);
  const auto power = [&](const Vector<Real>& state, const Real& at) {
    using elementary::exp;
    return Real(tau0 * exp(at) * route.gradient_norm2(state));
  };
  const auto* stiff = route.stiff_equation();
  std::optional<WithIntegral<Real, decltype(power)>> stiff_with_energy;
  if (stiff) stiff_with_energy.emplace(*stiff, power);
  Flow<Real> flow(
      [&](const Vector<Real>& x, Vector<Real>& dx, const Real& at) {
        const Vector<Real> state = x.head(size);
        Vector<Real> rate;
        route.flow(state, at, rate);
        dx.resize(size + 1);
        dx << rate, power(state, at);
      },
      stiff ? &*stiff_with_energy : nullptr, std::move(extended), tolerance);
  flow.reach(u, [] {});
  return flow.at(u);
}

#define BENIGN_INSTANTIATE(Real)                                                \
  template Real u_of_s<Real>(const Real&);                                      \
  template Real u_of_log_s<Real>(const Real&);                                  \
  template Real log_s_of_u<Real>(const Real&);                                  \
  template double default_tolerance<Real>();                                    \
  template class Flow<Real>;                                                    \
  template Flow<Real> make_flow<Real>(const Route<Real>&, double, Stepping);    \
  template Vector<Real> flow_to<Real>(const Route<Real>&, const Real&, double); \
  template Vector<Real> flow_with_energy<Real>(const Route<Real>&, const Real&, const Real&, double);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
