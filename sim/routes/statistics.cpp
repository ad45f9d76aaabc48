#include "sim/routes/statistics.hpp"

#include "sim/linear/enclosed_linear.hpp"

namespace benign::sim {

template <class Real>
Vector<Real> Statistics<Real>::start() const {
  const Index N = frame_.tokens(), rows = N + probes, after = place_of_logits(N);
  Vector<Real> state(after + rows + 1);
  pack_symmetric(frame_.H, state.data());
  state.segment(after, rows) = frame_.h;
  state[after + rows] = frame_.r0 / frame_.scales.kappa;
  return state;
}

template <class Real>
SymmetricInPlace<Real> Statistics<Real>::H_of(const Vector<Real>& state) const {
  const Index N = frame_.tokens(), rows = N + probes;
  return {rows, N, const_cast<Real*>(state.data())};
}

template <class Real>
template <class Moved>
typename Statistics<Real>::Products Statistics<Real>::products(const Vector<Real>& state, const Moved& H,
                                                               Vector<Real> g) const {
  Products x{std::move(g), Vector<Real>(frame_.tokens() + probes), {}, Real(0)};
  H.times(x.g.data(), x.Hg.data());
  x.u = K_.times(x.g);
  x.lg = token_logits(state).dot(x.g);
  return x;
}

template <class Real>
void Statistics<Real>::descend(Vector<Real>& state, const Real& step) const {
  auto H = H_of(state);
  advance(state, H, step);
}

template <class Real>
template <class Moved>
void Statistics<Real>::advance(Vector<Real>& state, Moved& H, const Real& step) const {
  advance_along(state, H, products(state, H, gradient(state, Real(0))), step, step);
}

template <class Real>
void Statistics<Real>::advance_along(Vector<Real>& state, const Vector<Real>& g, const Real& step_W,
                                     const Real& step_p) const {
  auto H = H_of(state);
  advance_along(state, H, products(state, H, g), step_W, step_p);
}

template <class Real>
void Statistics<Real>::scale_p(Vector<Real>& state, const Real& factor) const {
  const Index N = frame_.tokens(), rows = N + probes, after = place_of_logits(N);
  state.segment(after, rows) *= factor;
  state[after + rows] *= factor * factor;
}

template <class Real>
template <class Moved>
void Statistics<Real>::advance_along(Vector<Real>& state, Moved& H, const Products& x, const Real& length_W,
                                     const Real& length_p) const {
  const Index N = frame_.tokens(), rows = N + probes, after = place_of_logits(N);
  const Real epsilon = frame_.scales.epsilon;
  const Real step_W = length_W * trained_.W, step_p = length_p * trained_.p;
  auto logits = state.segment(after, rows);
  Real& r = state[after + rows];

  // Ĥ⁺ = Ĥ − û vᵀ − v ûᵀ with v = hε(ℓ − (h r̂/2) û): the symmetric square is shared between the two terms.
  const Vector<Real> minus_v = (step_W * epsilon) * (x.u * Real(length_W * r / 2) - logits);
  H.add_symmetric(x.u.data(), minus_v.data());
  logits += x.u * Real(step_W * step_p * epsilon * x.lg - step_W * r) - step_p * x.Hg;
  r += step_p * epsilon * (length_p * x.g.dot(x.Hg.head(N)) - 2 * x.lg);
}

template <class Real>
MatrixPlace Statistics<Real>::matrix_place() const {
  const Index N = frame_.tokens(), rows = N + probes;
  return {0, rows, N};
}

template <class Real>
std::unique_ptr<Steps<Real>> Statistics<Real>::descent(Vector<Real> start) const {
  if constexpr (is_multiprecision<Real>)
    return std::make_unique<DigitSteps<Real, Statistics>>(*this, std::move(start));
  else
    return Route<Real>::descent(std::move(start));
}

template <class Real>
void Statistics<Real>::flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const {
  const Index N = frame_.tokens(), rows = N + probes, after = place_of_logits(N);
  const Real epsilon = frame_.scales.epsilon;
  const Products x = products(state, H_of(state), gradient(state, log_gain));
  const Vector<Real> logits = state.segment(after, rows), minus_u = -(trained_.W * epsilon) * x.u;
  derivative = Vector<Real>::Zero(state.size());
  symmetric_add_outers(rows, N, derivative.data(), minus_u.data(), logits.data());
  derivative.segment(after, rows) = -trained_.p * x.Hg - (trained_.W * state[after + rows]) * x.u;
  derivative[after + rows] = -2 * trained_.p * epsilon * x.lg;
}

template <class Real>
Readout<Real> Statistics<Real>::read(const Vector<Real>& state) const {
  const Index N = frame_.tokens(), after = place_of_logits(N);
  return {token_logits(state), state[after + N], state[after + N + 1], std::nullopt};
}

template <class Real>
Real Statistics<Real>::gradient_norm2(const Vector<Real>& state) const {
  const Index N = frame_.tokens();
  const auto& scales = frame_.scales;
  const Products x = products(state, H_of(state), gradient(state, Real(0)));
  const Real r = scales.kappa * state[place_of_logits(N) + N + probes], n(frame_.samples.n);
  return scales.token_norm2 *
         (trained_.W * r * x.g.dot(x.u.head(N)) + trained_.p * scales.kappa * x.g.dot(x.Hg.head(N))) / (n * n);
}

#define BENIGN_INSTANTIATE(Real) template class Statistics<Real>;
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
BENIGN_INSTANTIATE(Enclosure)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
