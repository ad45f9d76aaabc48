// The stiff part of the flow in coefficients: the answer of the gradient to the probes' logits P = (μ₊·q, μ₋·q).
//
// The right-hand side is linear in the gradient, dx/du = B(x)ĝ, and ĝ depends on x through the logits. A shift η of P
// shifts the logits by Vη, V_t = (x_t·μ±)/‖μ‖² = K̂_{±,t}/SNR² the tokens' signal coordinates, so that E = B D V with
// D = ∂ĝ/∂ℓ. Along the flow P moves at the rate
//
//     dP/du = −Cᵀĝ,   C = Ĥ_eff + r̂K̂ between tokens and probes,   Ĥ_eff = SWWᵀSᵀ/(κσ²d),  r̂ = ‖p‖²/κ
//
// (the rate of `Statistics`), so that L B = −Cᵀ and the coupling −L E is CᵀDV. C changes as slowly as W does: frozen.

#include "sim/coefficient_parts.hpp"
#include "sim/coefficients.hpp"
#include "sim/linear.hpp"

namespace benign::sim {

template <class Real>
Matrix<Real> Coefficients<Real>::frozen(const Vector<Real>& state) const {
  const Index N = frame_.tokens(), rows = N + probes;
  const auto x = parts(state, N);
  const auto& [kappa, token_norm2, tau0, epsilon, unused_step] = frame_.scales;
  const auto h = frame_.h.head(N);
  const auto product = [&](const Matrix<Real>& A, const Vector<Real>& y) {  // K̂y or Ĥy at the tokens
    Vector<Real> result(rows);
    times(rows, N, A.data(), y.data(), result.data());
    return Vector<Real>(result.head(N));
  };
  const Real r =
      x.beta * x.beta * frame_.r0 / kappa + epsilon * (2 * x.beta * h.dot(x.a) + x.a.dot(product(frame_.H, x.a)));

  Matrix<Real> C(N, probes);
  for (Index p = 0; p < probes; ++p) {
    // A row's xW is xW₀ + wM₀ + f p₀ᵀ with w = εK̂_xΦ̂, f = K̂_xφ̂/κ; z is (xW)·M₀ᵀ for the probe, o its product with p₀.
    const Vector<Real> K_p = frame_.K.row(N + p).transpose(), H_p = frame_.H.row(N + p).transpose();
    Vector<Real> w(N), weights(N);
    transposed_times(N, N, x.Phi.data(), K_p.data(), w.data());
    w *= epsilon;
    const Real f = K_p.dot(x.phi) / kappa;
    const Vector<Real> z = H_p + product(frame_.H, w) + h * Real(f / (kappa * token_norm2));
    const Real o = frame_.h[N + p] + w.dot(h) + f * frame_.r0;
    times(N, N, x.Phi.data(), z.data(), weights.data());
    weights = epsilon * (weights + x.phi * o);
    C.col(p) = z + product(frame_.K, weights) + r * K_p;
  }
  return C;
}

template <class Real>
typename Coefficients<Real>::Stage Coefficients<Real>::stage(const Vector<Real>& state, const Real& u,
                                                             const Matrix<Real>& frozen) const {
  const Index N = frame_.tokens();
  const Real mu = instance_.parameters.mu.as<Real>();
  const Real snr2 = mu * mu / frame_.scales.token_norm2;
  const Logits l = logits(state);
  const Vector<Real> tokens = l.all.head(N);
  Stage stage{Vector<Real>(), Matrix<Real>(probes, probes), Matrix<Real>(N, probes), l.b};
  descend_along(state, theory::gradient(frame_.samples, tokens, u), stage.rate);
  for (Index p = 0; p < probes; ++p) {
    const Vector<Real> V_p = frame_.K.row(N + p).transpose() / snr2;
    stage.drive.col(p) = theory::gradient_derivative(frame_.samples, tokens, V_p, u);
  }
  stage.coupling = frozen.transpose() * stage.drive;
  return stage;
}

/// The derivative of ĉ, b and ℓ (coefficients.hpp) along a direction, at the probes.
template <class Real>
Vector<Real> Coefficients<Real>::response(const Vector<Real>& state, const Stage& stage,
                                          const Vector<Real>& direction) const {
  const Index N = frame_.tokens(), rows = N + probes;
  const auto x = parts(state, N), dx = parts(direction, N);
  const auto& scales = frame_.scales;
  const auto h = frame_.h.head(N);
  Vector<Real> db(rows), dc(N), Phi_db(N);
  times(rows, N, frame_.H.data(), dx.a.data(), db.data());
  db += dx.beta * frame_.h;
  times(N, N, dx.Phi.data(), stage.memo.data(), dc.data());
  times(N, N, x.Phi.data(), db.data(), Phi_db.data());
  const Real along_p0 = x.beta * frame_.r0 / scales.kappa + scales.epsilon * h.dot(x.a);
  const Real d_along_p0 = dx.beta * frame_.r0 / scales.kappa + scales.epsilon * h.dot(dx.a);
  dc = scales.epsilon * (dc + Phi_db) + dx.phi * along_p0 + x.phi * d_along_p0;
  return db.tail(probes) + frame_.K.bottomRows(probes) * dc;
}

template <class Real>
Vector<Real> Coefficients<Real>::answer(const Vector<Real>& state, const Stage& stage,
                                        const Vector<Real>& shift) const {
  Vector<Real> rate;
  descend_along(state, stage.drive * shift, rate);
  return rate;
}

#define BENIGN_INSTANTIATE(Real)                                                                                       \
  template Matrix<Real> Coefficients<Real>::frozen(const Vector<Real>&) const;                                         \
  template StiffEquation<Real>::Stage Coefficients<Real>::stage(const Vector<Real>&, const Real&, const Matrix<Real>&) \
      const;                                                                                                           \
  template Vector<Real> Coefficients<Real>::response(const Vector<Real>&, const Stage&, const Vector<Real>&) const;    \
  template Vector<Real> Coefficients<Real>::answer(const Vector<Real>&, const Stage&, const Vector<Real>&) const;
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
