#pragma once
// What a trained head adds to theory/model/model.hpp: the gradient in the tokens' values v_t = ν·x_t, of which the output
// f = Σ_t s_t v_t is a linear function.

#include "theory/model/model.hpp"

namespace benign::sim {

/// The samples with these values in place of a fixed head's.
template <class Real>
theory::Samples<Real> answered(theory::Samples<Real> samples, Vector<Real> values) {
  samples.values = std::move(values);
  return samples;
}

/// −n ∂L/∂v times exp(log_gain), length N:
///
///     Y_i σ(−Y_i f_i) s_t,    the gain inside of the exponential that σ is.
template <class Real>
Vector<Real> head_pull(const theory::Samples<Real>& samples, const Vector<Real>& logits, const Real& log_gain) {
  using elementary::exp;
  Vector<Real> pull = theory::attention(samples, logits);
  const Vector<Real> f = theory::outputs(samples, pull);
  for (Index i = 0; i < samples.n; ++i) {
    const Real Y(element(samples.labels, i)), weight = Y * exp(Real(log_gain - theory::logistic_loss<Real>(-Y * f[i])));
    pull.segment(i * samples.T, samples.T) *= weight;
  }
  return pull;
}

}  // namespace benign::sim
