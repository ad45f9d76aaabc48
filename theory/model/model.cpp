#include "theory/model/model.hpp"

#include "theory/model/many_classes.hpp"
#include "theory/numbers/enclosure.hpp"
#include "theory/numbers/exponentials.hpp"
#include "theory/numbers/element.hpp"

namespace benign::theory {

using elementary::exp;
using elementary::log;
using elementary::log1p;

namespace {

/// The token of sample i with the largest logit ℓ_m; padding aside.
template <class Real>
Index pivot(const Samples<Real>& samples, const Vector<Real>& logits, Index i) {
  const Index first = i * samples.T;
  Index best = 0;
  while (best + 1 < samples.T && samples.padded(first + best)) ++best;
  for (Index t = best + 1; t < samples.T; ++t)
    if (!samples.padded(first + t) && representative<Real>(logits[first + t] - logits[first + best]) > 0) best = t;
  return best;
}

/// e^{ℓ_t − ℓ_m + shift} for the tokens of every sample, and 0 for padding; all at once where there is a kernel for it.
template <class Real>
Vector<Real> exponentials(const Samples<Real>& samples, const Vector<Real>& logits, const Real& shift = Real(0)) {
  Vector<Real> e(logits.size());
  for (Index i = 0; i < samples.n; ++i) {
    const Real* l = logits.data() + i * samples.T;
    const Real largest = l[pivot(samples, logits, i)];
    for (Index t = 0; t < samples.T; ++t) e[i * samples.T + t] = l[t] - largest + shift;
  }
  if constexpr (std::is_same_v<Real, double> || std::is_same_v<Real, mp50> || std::is_same_v<Real, mp100>)
    exp(static_cast<std::size_t>(e.size()), e.data(), e.data());
  else
    for (Index k = 0; k < e.size(); ++k) e[k] = exp(Real(e[k]));
  if (!samples.padding.empty())
    for (Index k = 0; k < e.size(); ++k)
      if (samples.padded(k)) e[k] = Real(0);
  return e;
}

/// The gradient of two classes without padding, in double: the same operations as below without a branch on a token,
/// where the pivot's terms are zeros. (Such sums are the same to the bit.)
Vector<double> gradient_in_double(const Samples<double>& samples, const Vector<double>& logits) {
  const Index n = samples.n, T = samples.T;
  struct Moments {
    Index pivot;
    double v, s, D;  // at the pivot
  };
  Vector<double> g(logits.size()), sizes(n);
  std::vector<Moments> moments(static_cast<std::size_t>(n));
  for (Index i = 0; i < n; ++i) {
    const double* const l = logits.data() + i * T;
    Index m = 0;
    for (Index t = 1; t < T; ++t) m = l[t] > l[m] ? t : m;
    for (Index t = 0; t < T; ++t) g[i * T + t] = l[t] - l[m];
    element(moments, i).pivot = m;
  }
  exp(static_cast<std::size_t>(g.size()), g.data(), g.data());
  for (Index i = 0; i < n; ++i) {
    auto& [m, v_m, s_m, D] = element(moments, i);
    const double* const v = samples.values.data() + i * T;
    double* const e = g.data() + i * T;
    double others = 0, drift = 0;
    e[m] = 0, v_m = v[m];
    for (Index t = 0; t < T; ++t) others += e[t], drift += e[t] * (v[t] - v_m);
    s_m = 1 / (1 + others), D = drift * s_m;
    sizes[i] = -std::abs(v_m + D);
  }
  exp(static_cast<std::size_t>(n), sizes.data(), sizes.data());
  for (Index i = 0; i < n; ++i) {
    const auto& [m, v_m, s_m, D] = element(moments, i);
    const double* const v = samples.values.data() + i * T;
    double* const out = g.data() + i * T;
    const double Y = element(samples.labels, i), x = -Y * (v_m + D);
    const double weight = -Y * ((x >= 0 ? 1 : sizes[i]) / (1 + sizes[i]));  // −Yσ(x)
    double total = 0;
    for (Index t = 0; t < T; ++t) {
      const double s_t = out[t] * s_m;
      out[t] = weight * s_t * ((v[t] - v_m) - D);
      total += s_t * (v[t] - v_m);
    }
    out[m] = -weight * s_m * total;
  }
  return g;
}

}  // namespace

template <class Real>
Real logistic_loss(const Real& margin) {
  if (representative(margin) >= 0) return log1p(exp(-margin));
  return log1p(exp(margin)) - margin;
}

template <class Real>
Real sigmoid(const Real& x) {
  if (representative(x) >= 0) return Real(1) / (Real(1) + exp(-x));
  const Real e = exp(x);
  return e / (Real(1) + e);
}

template <class Real>
Vector<Real> attention(const Samples<Real>& samples, const Vector<Real>& logits) {
  const Index T = samples.T;
  Vector<Real> s = exponentials(samples, logits);
  for (Index i = 0; i < samples.n; ++i) {
    Real* w = s.data() + i * T;
    Real sum(0);
    for (Index t = 0; t < T; ++t) sum += w[t];
    for (Index t = 0; t < T; ++t) w[t] /= sum;
  }
  return s;
}

template <class Real>
Vector<Real> outputs(const Samples<Real>& samples, const Vector<Real>& attention) {
  Vector<Real> f(samples.n);
  for (Index i = 0; i < samples.n; ++i) {
    const Real* s = attention.data() + i * samples.T;
    f[i] = samples.many() ? soft_margin(samples, i, s)
                          : sum_of_products(samples.T, s, samples.values.data() + i * samples.T);
  }
  return f;
}

template <class Real>
Real loss(const Samples<Real>& samples, const Vector<Real>& outputs) {
  Real sum(0);
  for (Index i = 0; i < samples.n; ++i) sum += logistic_loss<Real>(samples.labels[i] * outputs[i]);
  return sum / Real(samples.n);
}

template <class Real>
double accuracy(const Samples<Real>& samples, const Vector<Real>& outputs) {
  Index right = 0;
  for (Index i = 0; i < samples.n; ++i) right += sign_of<Real>(samples.labels[i] * outputs[i]) == Sign::positive;
  return static_cast<double>(right) / static_cast<double>(samples.n);
}

template <class Real>
Vector<Real> gradient(const Samples<Real>& samples, const Vector<Real>& logits, const Real& log_gain) {
  const Index T = samples.T;
  const Vector<Real> of_classes = samples.many() ? class_slopes(samples, logits) : Vector<Real>();
  const Vector<Real>& values = samples.many() ? of_classes : samples.values;
  const bool gained = sign_of(log_gain) != Sign::zero;
  if constexpr (std::is_same_v<Real, double>)
    if (!gained && !samples.many() && samples.padding.empty()) return gradient_in_double(samples, logits);
  const Vector<Real> gains = gained ? exponentials(samples, logits, log_gain) : Vector<Real>();
  Vector<Real> g = exponentials(samples, logits);
  for (Index i = 0; i < samples.n; ++i) {
    const Real* v = values.data() + i * T;
    Real* out = g.data() + i * T;
    const Index m = pivot(samples, logits, i);

    Real others(0);  // Σ_{t≠m} e^{ℓ_t − ℓ_m}
    Real drift(0);   // Σ_{t≠m} e^{ℓ_t − ℓ_m} δ_t
    for (Index t = 0; t < T; ++t) {
      if (t == m) continue;
      others += out[t];
      drift += out[t] * (v[t] - v[m]);
    }
    const Real s_m = Real(1) / (Real(1) + others);
    const Real D = drift * s_m;  // f − v_m
    const Real Y(samples.labels[i]);
    const Real weight = samples.many() ? Real(1) : Real(-Y * sigmoid<Real>(-Y * (v[m] + D)));

    Real total(0);
    for (Index t = 0; t < T; ++t) {
      if (t == m) continue;
      const Real s_t = (gained ? gains[i * T + t] : out[t]) * s_m;
      out[t] = weight * s_t * ((v[t] - v[m]) - D);
      total += s_t * (v[t] - v[m]);
    }
    out[m] = -weight * s_m * total;
  }
  return g;
}

template <class Real>
Vector<Real> gradient_derivative(const Samples<Real>& samples, const Vector<Real>& logits,
                                 const Vector<Real>& direction, const Real& log_gain) {
  const Index T = samples.T;
  if (samples.many()) return class_gradient_derivative(samples, logits, direction, log_gain);
  const Vector<Real> gains = exponentials(samples, logits, log_gain);
  Vector<Real> g = exponentials(samples, logits);
  for (Index i = 0; i < samples.n; ++i) {
    const Real* v = samples.values.data() + i * T;
    const Real* z = direction.data() + i * T;
    Real* out = g.data() + i * T;
    const Index m = pivot(samples, logits, i);

    // Moments of δ_t = v_t − v_m and ζ_t = z_t − z_m over the other tokens: every term is small by itself.
    Real others(0), D(0), Z(0), mixed(0);
    for (Index t = 0; t < T; ++t) {
      if (t == m) continue;
      const Real e = out[t], delta = v[t] - v[m], zeta = z[t] - z[m];
      others += e;
      D += e * delta;
      Z += e * zeta;
      mixed += e * delta * zeta;
    }
    const Real s_m = Real(1) / (Real(1) + others);
    D *= s_m;
    Z *= s_m;
    const Real f_dot = mixed * s_m - D * Z;
    const Real Y(samples.labels[i]);
    const Real wrong = sigmoid<Real>(-Y * (v[m] + D)), right = sigmoid<Real>(Y * (v[m] + D));

    Real total(0);
    for (Index t = 0; t < T; ++t) {
      if (t == m) continue;
      const Real s_t = gains[i * T + t] * s_m, value = (v[t] - v[m]) - D;
      out[t] = s_t * wrong * (right * f_dot * value - Y * ((z[t] - z[m] - Z) * value - f_dot));
      total += out[t];
    }
    out[m] = -total;
  }
  return g;
}

#define BENIGN_INSTANTIATE(Real)                                                                                  \
  template Real logistic_loss<Real>(const Real&);                                                                 \
  template Real sigmoid<Real>(const Real&);                                                                       \
  template Vector<Real> attention<Real>(const Samples<Real>&, const Vector<Real>&);                               \
  template Vector<Real> outputs<Real>(const Samples<Real>&, const Vector<Real>&);                                 \
  template Real loss<Real>(const Samples<Real>&, const Vector<Real>&);                                            \
  template double accuracy<Real>(const Samples<Real>&, const Vector<Real>&);                                      \
  template Vector<Real> gradient<Real>(const Samples<Real>&, const Vector<Real>&, const Real&);                   \
  template Vector<Real> gradient_derivative<Real>(const Samples<Real>&, const Vector<Real>&, const Vector<Real>&, \
                                                  const Real&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
BENIGN_INSTANTIATE(Enclosure)
#undef BENIGN_INSTANTIATE

}  // namespace benign::theory
