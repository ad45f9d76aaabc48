#include "sim/enclosures/near_state.hpp"

#include "sim/enclosures/family_line.hpp"
#include "sim/linear/linear.hpp"
#include "theory/numbers/element.hpp"

#include <cmath>

namespace benign::sim {

NearState::NearState(const ExactInstance& exact, const Frame<Enclosure>& frame)
    : exact_(exact), frame_(frame), W0_norm_(exact.exact.weights_norm()) {}

EnclosedMoment NearState::moment(const std::vector<Response>& responses, Upward off) const {
  const Index n = frame_.samples.n, T = frame_.samples.T;
  EnclosedMoment moment;
  moment.attention = Vector<Enclosure>(n * T), moment.outputs = Vector<Enclosure>(n);
  for (Index i = 0; i < n; ++i) {
    const Response all = element(responses, i).within(off);
    moment.attention.segment(i * T, T) = all.attention, moment.outputs[i] = all.output;
  }
  moment.loss = theory::loss(frame_.samples, moment.outputs);
  return moment;
}

/// ‖q − q̃‖ ≤ (‖W̃‖ + ‖p̃‖ + E)E with E = distance/√c, c = κσ²d, and ‖W̃‖ ≤ ‖W₀‖ + ‖SᵀΦM‖.
Upward NearState::q_radius(const StateInDouble& in_double, const DescentGrowth& growth, Upward distance) const {
  const Enclosure c = frame_.scales.kappa * frame_.scales.token_norm2;
  const Upward one_by_c = magnitude(1 / c), E = sqrt(one_by_c) * distance,
               moved = sqrt(magnitude(frame_.scales.epsilon) * one_by_c * growth.K_operator_norm() *
                            growth.H_operator_norm()) *
                       in_double.Phi_norm,
               p = sqrt(magnitude(frame_.scales.kappa) * in_double.r);
  return (W0_norm_ + moved + p + E) * E;
}

Upward NearState::signal_norm(Index k) const {
  const Instance& instance = exact_.instance;
  if (!instance.brought) return magnitude(instance.parameters.mu.as<Enclosure>());
  Upward sum;
  for (Index j = 0; j < instance.brought->signals.cols(); ++j)
    sum += square(Upward(std::abs(instance.brought->signals(k, j))));
  return sqrt(sum);
}

Readout<Enclosure> NearState::read(const KnownState& known, const StateInDouble& in_double, const DescentGrowth& growth,
                                   Upward distance) const {
  const auto& [a, b, c, l] = known;
  const Index N = frame_.tokens();
  const bool with_p0 = a.size() > N;
  const Upward off = q_radius(in_double, growth, distance);
  Readout<Enclosure> readout;
  readout.logits = l;
  const Enclosure beta = with_p0 ? Enclosure(a[N] / unit_of_p0(frame_)) : Enclosure(0);
  Enclosure signals[probes];
  for (Index k = 0; k < probes; ++k) {
    Enclosure value = with_p0 ? Enclosure(beta * frame_.h[N + k]) : Enclosure(0);
    for (Index j = 0; j < N; ++j) value += frame_.H(N + k, j) * a[j] + frame_.K(N + k, j) * c[j];
    signals[k] = value + plus_or_minus(signal_norm(k) * off);
  }
  readout.mu_plus_q = signals[0], readout.mu_minus_q = signals[1];
  if (frame_.J.size() == 0) return readout;

  // ‖q‖² = âᵀĴâ + 2βk·â + β²ω + ĉ·(b + ℓ)/(σ²d) of the tokens' part of â, from q = W₀p + Sᵀĉ/(σ²d).
  Enclosure q_norm2(0);
  for (Index j = 0; j < N; ++j) {
    Enclosure row(0);
    for (Index k = 0; k < N; ++k) row += frame_.J(j, k) * a[k];
    if (with_p0) row += 2 * beta * frame_.k[j];
    q_norm2 += a[j] * row + c[j] * (b[j] + l[j]) / frame_.scales.token_norm2;
  }
  if (with_p0) q_norm2 += beta * beta * frame_.omega;
  const Enclosure q = greater(sqrt(greater(q_norm2, Enclosure(0))) + plus_or_minus(off), Enclosure(0));
  readout.q_norm2 = q * q;
  return readout;
}

}  // namespace benign::sim
