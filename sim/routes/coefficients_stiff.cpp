#include "sim/routes/coefficients_stiff.hpp"

#include "sim/linear/linear.hpp"

namespace benign::sim {
namespace {

/// â, φ̂ and β in a core.
template <class Real>
struct Core {
  explicit Core(const Vector<Real>& y)
      : a(y.head((y.size() - 1) / 2)), phi(y.segment(a.size(), a.size())), beta(y[y.size() - 1]) {}
  Vector<Real> a, phi;
  Real beta;
};

/// A x for the tokens among the rows of a frame's matrix.
template <class Prepared, class Real>
Vector<Real> token_product(const Prepared& A, const Vector<Real>& x) {
  return A.times(x).head(x.size());
}

template <class Real>
Real snr2_of(const theory::Parameters& p) {
  const Real mu = p.mu.as<Real>();
  return mu * mu / theory::scales<Real>(p).token_norm2;
}

}  // namespace

template <class Real>
StiffCoefficients<Real>::StiffCoefficients(const Instance& instance, const Frame<Real>& frame,
                                           const PreparedSymmetric<Real>& K, const PreparedSymmetric<Real>& H,
                                           const Trained<Real>& trained)
    : frame_(frame), K_(K), H_(H), trained_(trained), snr2_(snr2_of<Real>(instance.parameters)) {}

template <class Real>
typename StiffEquation<Real>::Shape StiffCoefficients<Real>::shape() const {
  const Index N = frame_.tokens();
  return {0, N, N};
}

template <class Real>
Matrix<Real> StiffCoefficients<Real>::frozen(const Point& point) const {
  const Index N = frame_.tokens();
  const Core x(point.core);
  const auto& [kappa, token_norm2, tau0, epsilon, unused_step] = frame_.scales;
  const Vector<Real> h = frame_.h.head(N);
  const Real r =
      x.beta * x.beta * frame_.r0 / kappa + epsilon * (2 * x.beta * h.dot(x.a) + x.a.dot(token_product(H_, x.a)));

  Matrix<Real> C(N, probes);
  for (Index p = 0; p < probes; ++p) {
    // A row's xW is xW₀ + wM₀ + f p₀ᵀ with w = εK̂_xΦ̂, f = K̂_xφ̂/κ; z is (xW)·M₀ᵀ for the probe, o its product with p₀.
    const Vector<Real> K_p = frame_.K.row(N + p).transpose(), H_p = frame_.H.row(N + p).transpose();
    const Vector<Real> w = epsilon * point.matrix.transposed_times(K_p);
    const Real f = K_p.dot(x.phi) / kappa;
    const Vector<Real> z = H_p + token_product(H_, w) + Real(f / (kappa * token_norm2)) * h;
    const Real o = frame_.h[N + p] + w.dot(h) + f * frame_.r0;
    const Vector<Real> weights = epsilon * (point.matrix.times(z) + o * x.phi);
    C.col(p) = trained_.p * (z + token_product(K_, weights)) + Real(trained_.W * r) * K_p;
  }
  return C;
}

/// B(x)g.
template <class Real>
typename StiffEquation<Real>::Rate StiffCoefficients<Real>::rate_along(const Point& point,
                                                                       const Vector<Real>& g) const {
  const Index N = frame_.tokens();
  const Core x(point.core);
  const Real epsilon = frame_.scales.epsilon;
  const Vector<Real> u = token_product(K_, g);
  Rate rate{Vector<Real>(2 * N + 1), -trained_.W * g, x.a};
  rate.core << -trained_.p * (g + epsilon * point.matrix.transposed_times(u)), -(trained_.W * x.beta) * g,
      -(trained_.p * epsilon) * x.phi.dot(u);
  return rate;
}

template <class Real>
typename StiffCoefficients<Real>::Logits StiffCoefficients<Real>::logits(const Point& point) const {
  const Index N = frame_.tokens();
  const Core x(point.core);
  const auto& scales = frame_.scales;
  const Vector<Real> b = H_.times(x.a) + x.beta * frame_.h;
  const Vector<Real> c = scales.epsilon * point.matrix.times(b.head(N)) +
                         Real(x.beta * frame_.r0 / scales.kappa + scales.epsilon * frame_.h.head(N).dot(x.a)) * x.phi;
  return {b.head(N), (b + K_.times(c)).head(N)};
}

template <class Real>
typename StiffEquation<Real>::Rate StiffCoefficients<Real>::rate(const Point& point, const Real& u) const {
  return rate_along(point, theory::gradient(frame_.samples, logits(point).tokens, u));
}

template <class Real>
typename StiffEquation<Real>::Stage StiffCoefficients<Real>::stage(const Point& point, const Real& u,
                                                                   const Matrix<Real>& frozen) const {
  const Index N = frame_.tokens();
  const auto [b, tokens] = logits(point);
  Stage stage{rate_along(point, theory::gradient(frame_.samples, tokens, u)), Matrix<Real>(probes, probes),
              Matrix<Real>(N, probes), b};
  for (Index p = 0; p < probes; ++p) {
    const Vector<Real> V_p = frame_.K.row(N + p).transpose() / snr2_;
    stage.drive.col(p) = theory::gradient_derivative(frame_.samples, tokens, V_p, u);
  }
  stage.coupling = product<Real>(frozen.transpose(), stage.drive);
  return stage;
}

/// The derivative of ĉ, b and ℓ (coefficients.hpp) along a direction, at the probes.
template <class Real>
Vector<Real> StiffCoefficients<Real>::response(const Point& point, const Stage& stage, const Point& direction) const {
  const Index N = frame_.tokens();
  const Core x(point.core), dx(direction.core);
  const auto& scales = frame_.scales;
  const Vector<Real> h = frame_.h.head(N);
  const Vector<Real> db = H_.times(dx.a) + dx.beta * frame_.h;
  const Real along_p0 = x.beta * frame_.r0 / scales.kappa + scales.epsilon * h.dot(x.a);
  const Real d_along_p0 = dx.beta * frame_.r0 / scales.kappa + scales.epsilon * h.dot(dx.a);
  const Vector<Real> dc = scales.epsilon * (direction.matrix.times(stage.memo) + point.matrix.times(db.head(N))) +
                          along_p0 * dx.phi + d_along_p0 * x.phi;
  Vector<Real> dP = db.tail(probes);
  for (Index t = 0; t < N; ++t)
    for (Index p = 0; p < probes; ++p) dP[p] += frame_.K(N + p, t) * dc[t];
  return dP;
}

template <class Real>
typename StiffEquation<Real>::Rate StiffCoefficients<Real>::answer(const Point& point, const Stage& stage,
                                                                   const Vector<Real>& shift) const {
  return rate_along(point, product(stage.drive, shift));
}

#define BENIGN_INSTANTIATE(Real) template class StiffCoefficients<Real>;
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
