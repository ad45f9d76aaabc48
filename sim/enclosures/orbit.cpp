#include "sim/enclosures/orbit.hpp"

#include "sim/linear/enclosed_linear.hpp"
#include "theory/numbers/element.hpp"

#include <utility>

namespace benign::sim {
namespace {

/// Bits that a bound of a step's growth needs: it is known to some six digits.
constexpr long bits_of_growth = 64;

/// A + tB for every t.
Matrix<Enclosure> everywhere(Matrix<Enclosure> A, const Matrix<Enclosure>& B) {
  const Enclosure every_t = enclosure(-1, 1);
  for (Index k = 0; k < B.size(); ++k) A.data()[k] += every_t * B.data()[k];
  return A;
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

Enclosure inner_product(const Vector<Enclosure>& x, const Vector<Enclosure>& y) {
  Enclosure sum(0);
  for (Index k = 0; k < x.size(); ++k) sum += x[k] * y[k];
  return sum;
}

/// The same with zeros up to a length.
template <class Real>
Ball<Real> padded(Ball<Real> x, Index rows) {
  const auto longer = [&](Vector<Real>& y) {
    const Index before = y.size();
    y.conservativeResize(rows);
    y.tail(rows - before).setZero();
  };
  longer(x.middle);
  if (x.moves()) longer(x.slope);
  return x;
}

}  // namespace

template <class Real>
Orbit<Real>::Orbit(const ExactInstance& exact, const Frame<Enclosure>& frame)
    : exact_(exact),
      frame_(frame),
      line_(family_line(exact, frame)),
      N_(frame.tokens()),
      M_(line_.at.H.rows()),
      moves_W_(exact.config.train != Train::p),
      moves_p_(exact.config.train != Train::W),
      growth_(everywhere(line_.at.K, line_.slope.K), everywhere(line_.at.H, line_.slope.H), frame.scales.epsilon,
              frame.scales.step, exact.config.train),
      K_(line_.at.K, line_.slope.K, growth_.K_operator_norm()),
      H_(line_.at.H, line_.slope.H, growth_.H_operator_norm()),
      W0_norm_(norm_of_weights(exact)),
      Phi_(N_, M_, line_.moves()),
      a_{Vector<Real>::Zero(M_), {}} {
  for (Index i = 0; i < frame.samples.n; ++i) samples_.emplace_back(frame.samples, i);
  in_double_.Phi = Matrix<double>::Zero(N_, M_);
  if (M_ > N_) a_.middle[N_] = Real(representative(unit_of_p0(frame)));
  look();
}

template <class Real>
void Orbit<Real>::look() {
  b_ = H_.times(a_);
  c_ = scaled(frame_.scales.epsilon, Phi_.times(b_));
  const Ball<Real> of_tokens{b_.middle.head(N_), b_.radius, b_.moves() ? b_.slope.head(N_) : b_.slope};
  logits_ = sum(of_tokens, K_.times(c_));
  in_double_.r = magnitude(frame_.scales.epsilon * inner_product(enclosures(b_), enclosures(a_)));
  in_double_.Phi_norm = Phi_.norm();
  in_double_.Phi_error = missed_by_Phi_ + Phi_.slope_norm();
  if (line_.moves()) in_double_.response_norm = growth_.response_norm(in_double_);
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

/// Of a family to first order in t, with Lagrange's remainder, from the logits without their radius, which moves ĝ by ‖D‖ times
/// as much.
template <class Real>
Ball<Real> Orbit<Real>::gradient() const {
  const Index n = frame_.samples.n, T = frame_.samples.T;
  Vector<Enclosure> g(N_);
  if (!line_.moves()) {
    for (Index i = 0; i < n; ++i) g.segment(i * T, T) = element(in_double_.responses, i).gradient;
    return ball<Real>(g);
  }
  Vector<Enclosure> slope(N_), rest(N_);
  const Vector<Enclosure> logits = enclosures(Ball<Real>{logits_.middle, {}}),
                          slopes = enclosures(Ball<Real>{logits_.slope, {}});
  Upward derivative_norm;
  for (const Response& one : in_double_.responses) derivative_norm = larger(derivative_norm, one.derivative_norm());
  in_parallel(n, 1, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const auto part = [&](const Vector<Enclosure>& x) { return x.segment(i * T, T); };
      const GradientAlong along =
          gradient_along(element(frame_.samples.labels, i), {part(line_.at.values), part(line_.slope.values)},
                         {part(logits), part(slopes)});
      g.segment(i * T, T) = along.at, slope.segment(i * T, T) = along.slope, rest.segment(i * T, T) = along.rest;
    }
  });
  Ball<Real> all = ball<Real>(g, slope, rest);
  all.radius += derivative_norm * logits_.radius;
  return all;
}

/// −h(t) x.
template <class Real>
Ball<Real> Orbit<Real>::minus_step(const Ball<Real>& x) const {
  const Ball<Real> moved = scaled(-line_.at.step, x);
  return line_.moves() ? sum(moved, times_t(scaled(-line_.slope.step, x))) : moved;
}

template <class Real>
Upward Orbit<Real>::growth() const {
  const WorkingPrecision few(bits_of_growth);
  return growth_.bound(in_double_, distance_);
}

template <class Real>
void Orbit<Real>::advance(long) {
  const Enclosure& epsilon = frame_.scales.epsilon;
  const Upward grown = growth() * distance_;
  const Ball<Real> g = gradient();
  Upward off_a, off_Phi;
  Ball<Real> a = a_;
  if (moves_p_) {
    const Ball<Real> direction = scaled(epsilon, Phi_.transposed_times(K_.times(g)));
    a = sum(a_, minus_step(sum(direction, padded(g, M_))));
    off_a = std::exchange(a.radius, Upward(0));
  }
  if (moves_W_) {
    const Ball<Real> minus_ha = minus_step(a_);
    off_Phi = Phi_.add_outer(g, minus_ha);
    const Vector<double> left = in_double(g.middle), right = in_double(minus_ha.middle);
    in_double_.Phi.noalias() += left * right.transpose();
    // Two factors and their product rounded, and the sum.
    missed_by_Phi_ += off_Phi + Upward(0x1p-51) * length(g) * length(minus_ha) + Upward(0x1p-52) * Phi_.norm();
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
Ball<Real> Orbit<Real>::logits() const {
  Ball<Real> all = logits_;
  all.radius += growth_.logits_radius(in_double_, distance_);
  return all;
}

template <class Real>
Readout<Enclosure> Orbit<Real>::read() const {
  const Upward off = q_radius();
  const Vector<Enclosure> a = enclosures(a_), b = enclosures(b_), c = enclosures(c_), l = enclosures(logits_);
  Readout<Enclosure> readout;
  readout.logits = enclosures(logits());
  const Enclosure beta = M_ > N_ ? Enclosure(a[N_] / unit_of_p0(frame_)) : Enclosure(0);
  Enclosure signals[probes];
  for (Index k = 0; k < probes; ++k) {
    Enclosure value = M_ > N_ ? Enclosure(beta * frame_.h[N_ + k]) : Enclosure(0);
    for (Index j = 0; j < N_; ++j) value += frame_.H(N_ + k, j) * a[j] + frame_.K(N_ + k, j) * c[j];
    signals[k] = value + plus_or_minus(signal_norm(exact_.instance, k) * off);
  }
  readout.mu_plus_q = signals[0], readout.mu_minus_q = signals[1];
  if (frame_.J.size() == 0) return readout;

  // ‖q‖² = âᵀĴâ + 2βk·â + β²ω + ĉ·(b + ℓ)/(σ²d) of the tokens' part of â, from q = W₀p + Sᵀĉ/(σ²d).
  Enclosure q_norm2(0);
  for (Index j = 0; j < N_; ++j) {
    Enclosure row(0);
    for (Index k = 0; k < N_; ++k) row += frame_.J(j, k) * a[k];
    if (M_ > N_) row += 2 * beta * frame_.k[j];
    q_norm2 += a[j] * row + c[j] * (b[j] + l[j]) / frame_.scales.token_norm2;
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
