#include "sim/routes/coefficients.hpp"

#include "sim/linear/enclosed_linear.hpp"
#include "sim/routes/coefficients_stiff.hpp"

#include <algorithm>
#include <type_traits>

namespace benign::sim {
namespace {

/// The parts of a state of `Coefficients`, by name: copies of what is short, and Φ̂ where it stands.
template <class Real>
struct Parts {
  Parts(const Vector<Real>& state, Index N)
      : a(state.segment(N * N, N)),
        phi(state.segment(N * N + N, N)),
        beta(state[N * N + 2 * N]),
        Phi(state.data(), N, N) {}

  Vector<Real> a, phi;
  Real beta;
  Eigen::Map<const Matrix<Real>> Phi;
};

/// The same to be written to.
template <class Real>
struct Places {
  Places(Vector<Real>& state, Index N)
      : a(state.data() + N * N, N),
        phi(state.data() + N * N + N, N),
        beta(state[N * N + 2 * N]),
        Phi(state.data(), N, N) {}

  Eigen::Map<Vector<Real>> a, phi;
  Real& beta;
  Eigen::Map<Matrix<Real>> Phi;
};

template <class Real>
Real largest(const Matrix<Real>& x) {
  using std::abs;
  Real most(0);
  for (Index k = 0; k < x.size(); ++k)
    if (const Real size = abs(x.data()[k]); representative<Real>(size - most) > 0) most = size;
  return most;
}

/// Adaptive steppers, which choose a step by its error, have nothing to do with enclosures: the flow has steps of its own
/// for them (enclosed_flow.hpp, enclosed_limit.hpp).
template <class Real>
std::unique_ptr<const StiffEquation<Real>> stiff_part(const Instance& instance, const Frame<Real>& frame,
                                                      const PreparedSymmetric<Real>& K,
                                                      const PreparedSymmetric<Real>& H, const Trained<Real>& trained) {
  if constexpr (!std::is_same_v<Real, Enclosure>)
    if (frame.model) return std::make_unique<StiffCoefficients<Real>>(instance, frame, K, H, trained);
  return nullptr;
}

}  // namespace

template <class Real>
Coefficients<Real>::Coefficients(const Instance& instance, const Frame<Real>& frame, Train train)
    : instance_(instance),
      frame_(frame),
      K_(frame.K),
      H_(frame.H),
      trained_(train),
      stiff_(stiff_part(instance, frame, K_, H_, trained_)) {}

template <class Real>
Vector<Real> Coefficients<Real>::start() const {
  const Index N = frame_.tokens();
  Vector<Real> state = Vector<Real>::Zero(N * N + 2 * N + 1);
  Places<Real>(state, N).beta = Real(1);
  return state;
}

template <class Real>
MatrixInPlace<Real> Coefficients<Real>::Phi_of(Vector<Real>& state) const {
  const Index N = frame_.tokens();
  return {N, N, state.data()};
}

template <class Real>
typename Coefficients<Real>::Logits Coefficients<Real>::logits(const Vector<Real>& state) const {
  return logits(state, Phi_of(const_cast<Vector<Real>&>(state)));
}

template <class Real>
template <class Moved>
typename Coefficients<Real>::Logits Coefficients<Real>::logits(const Vector<Real>& state, const Moved& Phi) const {
  const Index N = frame_.tokens();
  const Parts<Real> x(state, N);
  const auto& scales = frame_.scales;
  Logits l{H_.times(x.a), Vector<Real>(N), {}};
  l.b += x.beta * frame_.h;
  Phi.times(l.b.data(), l.c.data());
  const Vector<Real> h = frame_.h.head(N);
  l.c = scales.epsilon * l.c + Real(x.beta * frame_.r0 / scales.kappa + scales.epsilon * h.dot(x.a)) * x.phi;
  l.all = K_.times(l.c);
  l.all += l.b;
  return l;
}

template <class Real>
Vector<Real> Coefficients<Real>::gradient(const Vector<Real>& state, const Real& log_gain) const {
  const Vector<Real> all = logits(state).all;
  return theory::gradient<Real>(frame_.samples, all.head(frame_.tokens()), log_gain);
}

template <class Real>
void Coefficients<Real>::descend(Vector<Real>& state, const Real& step) const {
  descend(state, step, token_logits(state));
}

template <class Real>
void Coefficients<Real>::descend(Vector<Real>& state, const Real& step, const Vector<Real>& token_logits) const {
  auto Phi = Phi_of(state);
  descend(state, Phi, step, token_logits);
}

template <class Real>
template <class Moved>
void Coefficients<Real>::descend(Vector<Real>& state, Moved& Phi, const Real& step,
                                 const Vector<Real>& token_logits) const {
  advance_along(state, Phi, theory::gradient<Real>(frame_.samples, token_logits, Real(0)), step, step);
}

template <class Real>
void Coefficients<Real>::advance_along(Vector<Real>& state, const Vector<Real>& g, const Real& step_W,
                                       const Real& step_p) const {
  auto Phi = Phi_of(state);
  advance_along(state, Phi, g, step_W, step_p);
}

template <class Real>
void Coefficients<Real>::scale_p(Vector<Real>& state, const Real& factor) const {
  Places<Real> x(state, frame_.tokens());
  x.a *= factor;
  x.beta *= factor;
}

template <class Real>
template <class Moved>
void Coefficients<Real>::advance_along(Vector<Real>& state, Moved& Phi, const Vector<Real>& g, const Real& length_W,
                                       const Real& length_p) const {
  const Index N = frame_.tokens();
  const Real epsilon = frame_.scales.epsilon;
  const Vector<Real> u = K_.times(g);
  Places<Real> x(state, N);
  const Real step_W = length_W * trained_.W, step_p = length_p * trained_.p, beta = x.beta;
  const Vector<Real> minus_step_a = -step_W * x.a;
  Vector<Real> w(N);  // Φ̂ᵀK̂ĝ
  Phi.transposed_times_then_add_outer(u.data(), w.data(), g.data(), minus_step_a.data());
  x.a -= step_p * (g + epsilon * w);
  x.beta -= step_p * epsilon * x.phi.dot(u.head(N));
  x.phi -= (step_W * beta) * g;
}

template <class Real>
MatrixPlace Coefficients<Real>::matrix_place() const {
  const Index N = frame_.tokens();
  return {0, N, N};
}

template <class Real>
std::unique_ptr<Steps<Real>> Coefficients<Real>::descent(Vector<Real> start) const {
  if constexpr (is_multiprecision<Real>)
    return std::make_unique<DigitSteps<Real, Coefficients>>(*this, std::move(start));
  else
    return Route<Real>::descent(std::move(start));
}

template <class Real>
void Coefficients<Real>::flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const {
  rate_along(state, gradient(state, log_gain), derivative);
}

template <class Real>
void Coefficients<Real>::rate_along(const Vector<Real>& state, const Vector<Real>& g, Vector<Real>& derivative) const {
  const Index N = frame_.tokens();
  const Real epsilon = frame_.scales.epsilon;
  derivative.resize(state.size());
  const Vector<Real> u = K_.times(g);
  const Parts<Real> x(state, N);
  Places<Real> dx(derivative, N);
  Vector<Real> w(N);
  transposed_times(N, N, x.Phi.data(), u.data(), w.data());
  dx.a = -trained_.p * (g + epsilon * w);
  dx.beta = -(trained_.p * epsilon) * x.phi.dot(u.head(N));
  dx.phi = -(trained_.W * x.beta) * g;
  for (Index j = 0; j < N; ++j) dx.Phi.col(j) = g * Real(-trained_.W * x.a[j]);
}

template <class Real>
Readout<Real> Coefficients<Real>::read(const Vector<Real>& state) const {
  const Index N = frame_.tokens();
  const Parts<Real> x(state, N);
  const Logits l = logits(state);
  if (frame_.J.size() == 0) return {l.all.head(N), l.all[N], l.all[N + 1], std::nullopt};
  const Vector<Real> Ja = product(frame_.J, x.a), b_and_l = l.b.head(N) + l.all.head(N);
  // ‖q‖² = β²ω + 2βk̂·â + âᵀĴâ + ĉᵀ(b + ℓ)/(σ²d), from q = W₀p + Sᵀĉ/(σ²d).
  const Real q_norm2 = x.beta * x.beta * frame_.omega + 2 * x.beta * frame_.k.dot(x.a) + x.a.dot(Ja) +
                       l.c.dot(b_and_l) / frame_.scales.token_norm2;
  return {l.all.head(N), l.all[N], l.all[N + 1], q_norm2};
}

template <class Real>
Real Coefficients<Real>::gradient_norm2(const Vector<Real>& state) const {
  return gradient_norm2_along(state, gradient(state, Real(0)));
}

template <class Real>
Real Coefficients<Real>::gradient_norm2_along(const Vector<Real>& state, const Vector<Real>& g) const {
  const Index N = frame_.tokens();
  const Parts<Real> x(state, N);
  const auto& [kappa, token_norm2, tau0, epsilon, unused_step] = frame_.scales;
  const Vector<Real> u = K_.times(g).head(N), h = frame_.h.head(N);
  const auto H_form = [&](const Vector<Real>& y) { return Real(y.dot(Vector<Real>(H_.times(y).head(N)))); };
  const Real p_norm2 = x.beta * x.beta * frame_.r0 + (2 * x.beta * h.dot(x.a) + H_form(x.a)) / (kappa * token_norm2);

  // ∇_p L is −ṗ: n ṗ = −(β′p₀ + M₀ᵀy) with β′ = φ̂ᵀK̂ĝ/κ and y = (I + εΦ̂ᵀK̂)ĝ.
  Vector<Real> y(N);
  transposed_times(N, N, x.Phi.data(), u.data(), y.data());
  y = g + epsilon * y;
  const Real beta_rate = x.phi.dot(u) / kappa;
  const Real p_part = beta_rate * beta_rate * frame_.r0 + 2 * beta_rate * h.dot(y) + kappa * token_norm2 * H_form(y);
  const Real W_part = p_norm2 * token_norm2 * g.dot(u);
  const Real n(frame_.samples.n);
  return (trained_.W * W_part + trained_.p * p_part) / (n * n);
}

/// In the span of M₀ and p₀, WᵀW − ppᵀ is constant if and only if
///
///     Φ̂ + Φ̂ᵀ + εΦ̂ᵀK̂Φ̂ = ââᵀ,   φ̂ + εΦ̂ᵀK̂φ̂ = βâ,   εφ̂ᵀK̂φ̂ = β² − 1
///
/// (put the representation into WᵀW − ppᵀ and collect M₀ᵀ·M₀, M₀ᵀ·p₀ᵀ and p₀·p₀ᵀ).
template <class Real>
std::optional<Real> Coefficients<Real>::imbalance(const Vector<Real>& state) const {
  if (!trained_.both) return std::nullopt;
  const Index N = frame_.tokens();
  const Parts<Real> x(state, N);
  const Real epsilon = frame_.scales.epsilon;
  Matrix<Real> columns(N, N + 1), gaps(N + 1, N + 1);
  columns.leftCols(N) = x.Phi;
  columns.col(N) = x.phi;
  const Matrix<Real> K_columns = product(frame_.K, columns);
  for (Index j = 0; j <= N; ++j)  // [Φ̂, φ̂]ᵀK̂[Φ̂, φ̂]
    transposed_times(N, N + 1, columns.data(), K_columns.data() + j * K_columns.rows(), gaps.data() + j * (N + 1));
  for (Index j = 0; j <= N; ++j)
    for (Index i = 0; i <= N; ++i) {
      Real& gap = gaps(i, j);
      gap = epsilon * gap - (i < N ? x.a[i] : x.beta) * (j < N ? x.a[j] : x.beta);
      if (i < N) gap += columns(i, j);
      if (j < N) gap += columns(j, i);
    }
  gaps(N, N) += Real(1);
  const Real most = largest<Real>(x.a), size = representative(most) > 1 ? Real(most * most) : most;  // of ââᵀ and â
  return sign_of(size) == Sign::zero ? Real(0) : Real(largest<Real>(gaps) / size);
}

template <class Real>
std::optional<Eigen::VectorXd> Coefficients<Real>::q(const Vector<Real>& state) const {
  const auto to_double = [](const Real& x) { return representative(x); };
  const Parts<Real> x(state, frame_.tokens());
  const RowMajor& S = instance_.train.tokens;
  const double unit = representative<Real>(frame_.scales.kappa * frame_.scales.token_norm2);
  const Eigen::VectorXd a = x.a.unaryExpr(to_double) / unit;
  const Eigen::VectorXd c = logits(state).c.unaryExpr(to_double) / representative(frame_.scales.token_norm2);
  Eigen::VectorXd p = instance_.W0.transposed_times(S.transpose() * a);
  if (instance_.p0.size() > 0) p += representative<Real>(x.beta) * instance_.p0;
  return instance_.W0.times(p) + S.transpose() * c;
}

#define BENIGN_INSTANTIATE(Real) template class Coefficients<Real>;
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)

BENIGN_INSTANTIATE(Enclosure)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
