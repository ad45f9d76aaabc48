#include "theory/model/model.hpp"

#include "theory/numbers/enclosure.hpp"

namespace benign::theory {

using elementary::exp;
using elementary::log;
using elementary::log1p;

namespace {

/// The position of the largest of T logits.
template <class Real>
Index pivot(const Real* logits, Index T) {
  Index best = 0;
  for (Index t = 1; t < T; ++t)
    if (representative<Real>(logits[t] - logits[best]) > 0) best = t;
  return best;
}

/// Σ_t w_t x_t. Sums are written out: Eigen's own products compare numbers, which enclosures cannot.
template <class Real>
Real sum_of_products(Index size, const Real* w, const Real* x) {
  Real sum(0);
  for (Index t = 0; t < size; ++t) sum += w[t] * x[t];
  return sum;
}

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

/// e^{ℓ_t − ℓ_m + shift} for the tokens of every sample, and 0 for padding; for double all at once, in vectors.
template <class Real>
Vector<Real> exponentials(const Samples<Real>& samples, const Vector<Real>& logits, const Real& shift = Real(0)) {
  Vector<Real> e(logits.size());
  for (Index i = 0; i < samples.n; ++i) {
    const Real* l = logits.data() + i * samples.T;
    const Real largest = l[pivot(samples, logits, i)];
    for (Index t = 0; t < samples.T; ++t) e[i * samples.T + t] = l[t] - largest + shift;
  }
  if constexpr (std::is_same_v<Real, double>)
    exp(static_cast<std::size_t>(e.size()), e.data(), e.data());
  else
    for (Index k = 0; k < e.size(); ++k) e[k] = exp(Real(e[k]));
  if (!samples.padding.empty())
    for (Index k = 0; k < e.size(); ++k)
      if (samples.padded(k)) e[k] = Real(0);
  return e;
}

/// Σ_t w_t V_t over the tokens of sample i, for each class.
template <class Real>
Vector<Real> class_sums(const Samples<Real>& samples, Index i, const Real* w) {
  const Matrix<Real>& V = samples.class_values;
  Vector<Real> F(V.cols());
  for (Index c = 0; c < F.size(); ++c) F[c] = sum_of_products(samples.T, w, V.data() + c * V.rows() + i * samples.T);
  return F;
}

/// Σ_c V_{t,c} x_c for every token of sample i.
template <class Real>
void token_sums(const Samples<Real>& samples, Index i, const Vector<Real>& x, Real* out) {
  for (Index t = 0; t < samples.T; ++t) {
    out[t] = Real(0);
    for (Index c = 0; c < x.size(); ++c) out[t] += samples.class_values(i * samples.T + t, c) * x[c];
  }
}

/// π = softmax(F).
template <class Real>
Vector<Real> class_probabilities(const Vector<Real>& F) {
  const Real largest = F[pivot(F.data(), F.size())];
  Vector<Real> pi(F.size());
  Real sum(0);
  for (Index c = 0; c < F.size(); ++c) sum += pi[c] = exp(Real(F[c] - largest));
  for (Index c = 0; c < F.size(); ++c) pi[c] /= sum;
  return pi;
}

/// m = −log Σ_{c≠y} e^{F_c − F_y}.
template <class Real>
Real soft_margin(const Vector<Real>& F, int y) {
  Index rival = y == 0 ? 1 : 0;
  for (Index c = 0; c < F.size(); ++c)
    if (c != y && representative<Real>(F[c] - F[rival]) > 0) rival = c;
  Real sum(0);
  for (Index c = 0; c < F.size(); ++c)
    if (c != y) sum += exp(Real(F[c] - F[rival]));
  return F[y] - F[rival] - log(sum);
}

/// u_t = Σ_c (π_c − 1[c = y]) V_{t,c} for every token.
template <class Real>
Vector<Real> slopes(const Samples<Real>& samples, const Vector<Real>& logits) {
  const Vector<Real> s = attention(samples, logits);
  Vector<Real> u(logits.size());
  for (Index i = 0; i < samples.n; ++i) {
    const int y = samples.classes[static_cast<std::size_t>(i)];
    Vector<Real> pi = class_probabilities(class_sums(samples, i, s.data() + i * samples.T));
    Real others(0);
    for (Index c = 0; c < pi.size(); ++c)
      if (c != y) others += pi[c];
    pi[y] = -others;
    token_sums(samples, i, pi, u.data() + i * samples.T);
  }
  return u;
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
    f[i] = samples.many()
               ? soft_margin<Real>(class_sums(samples, i, s), samples.classes[static_cast<std::size_t>(i)])
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
std::vector<int> predicted_classes(const Samples<Real>& samples, const Vector<Real>& attention) {
  std::vector<int> predicted;
  for (Index i = 0; i < samples.n; ++i) {
    const Vector<Real> F = class_sums(samples, i, attention.data() + i * samples.T);
    predicted.push_back(static_cast<int>(pivot(F.data(), F.size())));
  }
  return predicted;
}

template <class Real>
Vector<Real> gradient(const Samples<Real>& samples, const Vector<Real>& logits, const Real& log_gain) {
  const Index T = samples.T;
  const Vector<Real> class_slopes = samples.many() ? slopes(samples, logits) : Vector<Real>();
  const Vector<Real>& values = samples.many() ? class_slopes : samples.values;
  const bool gained = sign_of(log_gain) != Sign::zero;
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

namespace {

/// ġ along the direction z, with many classes: ġ_t = s_t [(z_t − z̄)(u_t − ū) − Cov(u, z) + (u̇_t − Σ_j s_j u̇_j)],
/// u̇ = V π̇, π̇_c = π_c (Ḟ_c − Σ_k π_k Ḟ_k), Ḟ = Σ_t s_t (z_t − z̄) V_t; Cov and bars are means weighted by s.
template <class Real>
Vector<Real> class_gradient_derivative(const Samples<Real>& samples, const Vector<Real>& logits, const Vector<Real>& z,
                                       const Real& log_gain) {
  const Index T = samples.T;
  const Vector<Real> s = attention(samples, logits), u = slopes(samples, logits);
  const Real gain = exp(log_gain);
  Vector<Real> g(logits.size());
  for (Index i = 0; i < samples.n; ++i) {
    const Real *w = s.data() + i * T, *u_i = u.data() + i * T, *z_i = z.data() + i * T;
    const Real z_mean = sum_of_products(T, w, z_i), u_mean = sum_of_products(T, w, u_i);
    Vector<Real> moved(T), u_dot(T), product(T);
    for (Index t = 0; t < T; ++t) moved[t] = w[t] * (z_i[t] - z_mean);
    Vector<Real> pi = class_probabilities(class_sums(samples, i, s.data() + i * samples.T));
    const Vector<Real> F_dot = class_sums(samples, i, moved.data());
    const Real F_mean = sum_of_products(pi.size(), pi.data(), F_dot.data());
    for (Index c = 0; c < pi.size(); ++c) pi[c] *= F_dot[c] - F_mean;  // π̇
    token_sums(samples, i, pi, u_dot.data());
    for (Index t = 0; t < T; ++t) product[t] = (z_i[t] - z_mean) * (u_i[t] - u_mean) + u_dot[t];
    const Real mean = sum_of_products(T, w, product.data());
    for (Index t = 0; t < T; ++t) g[i * T + t] = gain * w[t] * (product[t] - mean);
  }
  return g;
}

}  // namespace

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
  template std::vector<int> predicted_classes<Real>(const Samples<Real>&, const Vector<Real>&);                   \
  template Vector<Real> gradient<Real>(const Samples<Real>&, const Vector<Real>&, const Real&);                   \
  template Vector<Real> gradient_derivative<Real>(const Samples<Real>&, const Vector<Real>&, const Vector<Real>&, \
                                                  const Real&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
BENIGN_INSTANTIATE(Enclosure)
#undef BENIGN_INSTANTIATE

}  // namespace benign::theory
