#include "sim/enclosures/orbit.hpp"

#include "sim/linear/enclosed_linear.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>

namespace benign::sim {
namespace {

/// Bits that a bound of a step's growth needs: it is known to some six digits.
constexpr long bits_of_growth = 64;

/// m with 2^m next to κσ²d. The row of p₀ in M is p₀ᵀκσ²d/2^m, so that β = 1 is the number 2^m of a, and the start exact.
long power_of_p0(const Frame<Enclosure>& frame) {
  return std::ilogb(representative(frame.scales.kappa * frame.scales.token_norm2));
}

Enclosure two_to_the(long exponent) {
  Enclosure x(1);
  mpfi_mul_2si(x.data(), x.data(), exponent);
  return x;
}

/// ‖W₀‖, of the identity in the operator norm and else in Frobenius' norm.
Upward norm_of_weights(const ExactInstance& exact) {
  if (exact.instance.W0.identity()) return Upward(1);
  Upward sum;
  for (const double row : exact.exact.products().row_norms2) sum += Upward(row);
  return sqrt(sum);
}

/// ‖μ₊‖ or ‖μ₋‖.
Upward signal_norm(const Instance& instance, Index k) {
  if (!instance.brought) return magnitude(instance.parameters.mu.as<Enclosure>());
  Upward sum;
  for (Index j = 0; j < instance.brought->signals.cols(); ++j)
    sum += square(Upward(std::abs(instance.brought->signals(k, j))));
  return sqrt(sum);
}

template <class Real>
Ball<Real> exact_ball(Vector<Real> x) {
  return {std::move(x), {}};
}

/// Σ_k x_k y_k.
template <class Real>
Enclosure inner_product(const Vector<Enclosure>& x, const Vector<Real>& y) {
  Enclosure sum(0);
  for (Index k = 0; k < x.size(); ++k) sum += x[k] * exactly(y[k]);
  return sum;
}

}  // namespace

template <class Real>
typename Orbit<Real>::InnerProducts Orbit<Real>::inner_products(const ExactInstance& exact,
                                                                const Frame<Enclosure>& frame) {
  const Index N = frame.tokens();
  InnerProducts products{frame.K.topRows(N), frame.H.topRows(N)};
  if (exact.instance.p0.size() == 0) return products;
  Matrix<Enclosure>& H = products.H;
  H.conservativeResize(N + 1, N + 1);
  const Enclosure unit = two_to_the(power_of_p0(frame)), c = frame.scales.kappa * frame.scales.token_norm2;
  for (Index k = 0; k < N; ++k) H(k, N) = H(N, k) = frame.h[k] / unit;
  H(N, N) = frame.r0 * c / (unit * unit);
  return products;
}

template <class Real>
Orbit<Real>::Orbit(const ExactInstance& exact, const Frame<Enclosure>& frame)
    : Orbit(exact, frame, inner_products(exact, frame)) {}

template <class Real>
Orbit<Real>::Orbit(const ExactInstance& exact, const Frame<Enclosure>& frame, const InnerProducts& products)
    : exact_(exact),
      frame_(frame),
      N_(frame.tokens()),
      M_(products.H.rows()),
      moves_W_(exact.config.train != Train::p),
      moves_p_(exact.config.train != Train::W),
      K_(products.K),
      H_(products.H),
      growth_(products.K, products.H, frame.scales.epsilon, frame.scales.step, exact.config.train),
      W0_norm_(norm_of_weights(exact)),
      Phi_(N_, M_),
      a_(Vector<Real>::Zero(M_)) {
  for (Index i = 0; i < frame.samples.n; ++i) samples_.emplace_back(frame.samples, i);
  in_double_.Phi = Matrix<double>::Zero(N_, M_);
  if (M_ > N_) a_[N_] = ldexp(Real(1), static_cast<int>(power_of_p0(frame)));
  look();
}

template <class Real>
void Orbit<Real>::look() {
  b_ = H_.times(exact_ball(a_));
  c_ = scaled(frame_.scales.epsilon, Phi_.times(b_));
  logits_ = sum<Real>({b_.middle.head(N_), b_.radius}, K_.times(c_));
  in_double_.r = magnitude(frame_.scales.epsilon * inner_product(enclosures(b_), a_));
  in_double_.Phi_norm = Phi_.norm();
  const Vector<Enclosure> logits = enclosures(logits_);
  const Index T = frame_.samples.T;
  in_double_.responses.resize(samples_.size());
  in_parallel(frame_.samples.n, 1, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      element(in_double_.responses, i) = element(samples_, i).respond(logits.segment(i * T, T));
  });
}

template <class Real>
EnclosedMoment Orbit<Real>::moment() const {
  const Upward off = growth_.logits_radius(in_double_, distance_);
  const Index n = frame_.samples.n, T = frame_.samples.T;
  EnclosedMoment moment;
  moment.attention = Vector<Enclosure>(N_), moment.outputs = Vector<Enclosure>(n);
  for (Index i = 0; i < n; ++i) {
    const Response all = element(in_double_.responses, i).within(off);
    moment.attention.segment(i * T, T) = all.attention, moment.outputs[i] = all.output;
  }
  moment.loss = theory::loss(frame_.samples, moment.outputs);
  return moment;
}

template <class Real>
Ball<Real> Orbit<Real>::gradient() const {
  const Index T = frame_.samples.T;
  Vector<Enclosure> g(N_);
  for (Index i = 0; i < frame_.samples.n; ++i) g.segment(i * T, T) = element(in_double_.responses, i).gradient;
  return ball<Real>(g);
}

template <class Real>
Upward Orbit<Real>::growth() const {
  const WorkingPrecision few(bits_of_growth);
  return growth_.bound(in_double_, distance_);
}

template <class Real>
void Orbit<Real>::advance(long) {
  const Enclosure &h = frame_.scales.step, &epsilon = frame_.scales.epsilon;
  const Upward grown = growth() * distance_;
  const Ball<Real> g = gradient();
  Upward off_a, off_Phi;
  Vector<Real> a = a_;
  if (moves_p_) {
    Ball<Real> direction = scaled(epsilon, Phi_.transposed_times(K_.times(g)));
    Vector<Real> padded = Vector<Real>::Zero(M_);
    padded.head(N_) = g.middle;
    const Ball<Real> next = sum(exact_ball(a_), scaled(-h, sum(direction, Ball<Real>{std::move(padded), g.radius})));
    a = next.middle, off_a = next.radius;
  }
  if (moves_W_) {
    const Ball<Real> minus_ha = scaled(-h, exact_ball(a_));
    const Upward rounded = Phi_.add_outer(g.middle, minus_ha.middle);
    off_Phi = rounded + g.radius * length(minus_ha) + length(g) * minus_ha.radius;
    const Vector<double> left = in_double(g.middle), right = in_double(minus_ha.middle);
    in_double_.Phi.noalias() += left * right.transpose();
    // Two factors and their product rounded, and the sum.
    in_double_.Phi_error += rounded + Upward(0x1p-51) * length(g) * length(minus_ha) + Upward(0x1p-52) * Phi_.norm();
  }
  a_ = std::move(a);
  const Upward stretch = sqrt(H_.norm());
  distance_ = grown + stretch * off_a + sqrt(magnitude(epsilon) * K_.norm()) * stretch * off_Phi;
  look();
}

/// ‖q − q̃‖ ≤ (‖W̃‖ + ‖p̃‖ + E)E with E = distance/√c, c = κσ²d, and ‖W̃‖ ≤ ‖W₀‖ + ‖SᵀΦM‖.
template <class Real>
Upward Orbit<Real>::q_radius() const {
  const Enclosure c = frame_.scales.kappa * frame_.scales.token_norm2;
  const Upward one_by_c = magnitude(1 / c), E = sqrt(one_by_c) * distance_,
               moved = sqrt(magnitude(frame_.scales.epsilon) * one_by_c * K_.norm() * H_.norm()) * Phi_.norm(),
               p = sqrt(magnitude(frame_.scales.kappa) * in_double_.r);
  return (W0_norm_ + moved + p + E) * E;
}

template <class Real>
Readout<Enclosure> Orbit<Real>::read() const {
  const Upward off = q_radius();
  const Vector<Enclosure> b = enclosures(b_), c = enclosures(c_), l = enclosures(logits_);
  Readout<Enclosure> readout;
  Ball<Real> all = logits_;
  all.radius += growth_.logits_radius(in_double_, distance_);
  readout.logits = enclosures(all);
  const Enclosure beta = M_ > N_ ? Enclosure(exactly(a_[N_]) * two_to_the(-power_of_p0(frame_))) : Enclosure(0);
  Enclosure signals[probes];
  for (Index k = 0; k < probes; ++k) {
    Enclosure value = M_ > N_ ? Enclosure(beta * frame_.h[N_ + k]) : Enclosure(0);
    for (Index j = 0; j < N_; ++j) value += frame_.H(N_ + k, j) * exactly(a_[j]) + frame_.K(N_ + k, j) * c[j];
    signals[k] = value + plus_or_minus(signal_norm(exact_.instance, k) * off);
  }
  readout.mu_plus_q = signals[0], readout.mu_minus_q = signals[1];
  if (frame_.J.size() == 0) return readout;

  // ‖q‖² = âᵀĴâ + 2βk·â + β²ω + ĉ·(b + ℓ)/(σ²d) of the tokens' part of â, from q = W₀p + Sᵀĉ/(σ²d).
  Enclosure q_norm2(0);
  for (Index j = 0; j < N_; ++j) {
    Enclosure row(0);
    for (Index k = 0; k < N_; ++k) row += frame_.J(j, k) * exactly(a_[k]);
    if (M_ > N_) row += 2 * beta * frame_.k[j];
    q_norm2 += exactly(a_[j]) * row + c[j] * (b[j] + l[j]) / frame_.scales.token_norm2;
  }
  if (M_ > N_) q_norm2 += beta * beta * frame_.omega;
  const Enclosure q = greater(sqrt(greater(q_norm2, Enclosure(0))) + plus_or_minus(off), Enclosure(0));
  readout.q_norm2 = q * q;
  return readout;
}

template class Orbit<dd>;
template class Orbit<mp50>;
template class Orbit<mp100>;

}  // namespace benign::sim
