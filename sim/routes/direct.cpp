#include "sim/routes/direct.hpp"

#include "sim/linear/linear.hpp"

#include <algorithm>

namespace benign::sim {

template <class Real>
Direct<Real>::Direct(const Instance& instance, Train train)
    : instance_(instance),
      samples_(make_samples<Real>(instance)),
      S_(instance.train.tokens.cast<Real>()),
      tau0_(theory::scales<Real>(instance.parameters).tau0),
      trained_(train) {}

template <class Real>
Vector<Real> Direct<Real>::start() const {
  const Index d = S_.cols();
  Vector<Real> state(d * d + d);
  Eigen::Map<Matrix<Real>> W(state.data(), d, d);
  if (instance_.W0.identity()) {
    W.setIdentity();
  } else {
    constexpr Index most = 64;  // rows that stay in the cache from the drawing to the column-major copy
    for (Index row = 0; row < d; row += most) {
      const Index rows = std::min(most, d - row);
      W.middleRows(row, rows) = instance_.W0.block(row, rows, 0, d).template cast<Real>();
    }
  }
  state.tail(d).setZero();
  if (instance_.p0.size() > 0) state.tail(d) = instance_.p0.template cast<Real>();
  return state;
}

template <class Real>
Vector<Real> Direct<Real>::product_q(const Vector<Real>& state) const {
  const Index d = S_.cols();
  Vector<Real> q(d);
  times(d, d, state.data(), state.data() + d * d, q.data());
  return q;
}

template <class Real>
Vector<Real> Direct<Real>::gradient(const Vector<Real>& state, const Real& log_gain) const {
  return theory::gradient<Real>(samples_, token_logits(state), log_gain);
}

template <class Real>
Vector<Real> Direct<Real>::pulled_back(const Vector<Real>& g) const {
  const Index N = S_.rows(), d = S_.cols();
  const Vector<Real> mean = g / Real(samples_.n);
  Vector<Real> y(d);
  transposed_times(N, d, S_.data(), mean.data(), y.data());
  return y;
}

template <class Real>
Vector<Real> Direct<Real>::token_logits(const Vector<Real>& state) const {
  const Index N = S_.rows(), d = S_.cols();
  const Vector<Real> q = product_q(state);
  Vector<Real> logits(N);
  times(N, d, S_.data(), q.data(), logits.data());
  return logits;
}

template <class Real>
void Direct<Real>::descend(Vector<Real>& state, const Real& step) const {
  advance_along(state, gradient(state, Real(0)), step, step);
}

template <class Real>
void Direct<Real>::advance_along(Vector<Real>& state, const Vector<Real>& g, const Real& step_W,
                                 const Real& step_p) const {
  const Index d = S_.cols();
  const Vector<Real> y = pulled_back(g);
  const Vector<Real> minus_alpha_p = -(step_W * tau0_ * trained_.W) * state.tail(d);
  Vector<Real> gradient_p(d);
  transposed_times_then_add_outer(d, d, state.data(), y.data(), gradient_p.data(), y.data(), minus_alpha_p.data());
  state.tail(d) -= (step_p * tau0_ * trained_.p) * gradient_p;
}

template <class Real>
void Direct<Real>::flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const {
  rate_along(state, gradient(state, log_gain), derivative);
}

template <class Real>
void Direct<Real>::rate_along(const Vector<Real>& state, const Vector<Real>& g, Vector<Real>& derivative) const {
  const Index d = S_.cols();
  derivative.resize(state.size());
  const Vector<Real> y = pulled_back(g) * -tau0_;
  for (Index j = 0; j < d; ++j) derivative.segment(j * d, d) = y * Real(trained_.W * state[d * d + j]);
  transposed_times(d, d, state.data(), y.data(), derivative.data() + d * d);
  derivative.tail(d) *= trained_.p;
}

template <class Real>
Readout<Real> Direct<Real>::read(const Vector<Real>& state) const {
  const Vector<Real> q = product_q(state);
  const Real mu = instance_.parameters.mu.as<Real>();
  Readout<Real> readout{Vector<Real>(S_.rows()), mu * q[0], mu * q[1], q.dot(q)};
  if (instance_.brought) {
    const Vector<Real> seen = instance_.brought->signals.cast<Real>() * q;
    readout.mu_plus_q = seen[0], readout.mu_minus_q = seen[1];
  }
  times(S_.rows(), S_.cols(), S_.data(), q.data(), readout.logits.data());
  return readout;
}

template <class Real>
Real Direct<Real>::gradient_norm2(const Vector<Real>& state) const {
  return gradient_norm2_along(state, gradient(state, Real(0)));
}

template <class Real>
Real Direct<Real>::gradient_norm2_along(const Vector<Real>& state, const Vector<Real>& g) const {
  const Index d = S_.cols();
  const Vector<Real> y = pulled_back(g);
  Vector<Real> gradient_p(d);
  transposed_times(d, d, state.data(), y.data(), gradient_p.data());
  return trained_.W * y.squaredNorm() * state.tail(d).squaredNorm() + trained_.p * gradient_p.squaredNorm();
}

template <class Real>
std::optional<Real> Direct<Real>::imbalance(const Vector<Real>& state) const {
  if (!trained_.both) return std::nullopt;
  const Index d = S_.cols();
  const Vector<Real> initial = start();
  Real gap(0), scale(0);  // largest entries of what should vanish, and of ppᵀ − p₀p₀ᵀ
  const auto raise = [](Real& most, const Real& x) {
    const Real size = sign_of(x) == Sign::negative ? Real(-x) : x;
    if (sign_of<Real>(size - most) == Sign::positive) most = size;
  };
  Vector<Real> now(d), before(d);
  for (Index j = 0; j < d; ++j) {  // column j of WᵀW, of W₀ᵀW₀, and of the rest
    transposed_times(d, d, state.data(), state.data() + j * d, now.data());
    transposed_times(d, d, initial.data(), initial.data() + j * d, before.data());
    for (Index i = 0; i < d; ++i) {
      const Real grown = state[d * d + i] * state[d * d + j] - initial[d * d + i] * initial[d * d + j];
      raise(gap, Real(now[i] - before[i] - grown));
      raise(scale, grown);
    }
  }
  return sign_of(scale) == Sign::zero ? Real(0) : Real(gap / scale);
}

template <class Real>
std::optional<Eigen::VectorXd> Direct<Real>::q(const Vector<Real>& state) const {
  return product_q(state).unaryExpr([](const Real& x) { return representative(x); });
}

#define BENIGN_INSTANTIATE(Real) template class Direct<Real>;
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
