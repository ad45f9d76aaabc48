#include "theory/model/many_classes.hpp"

#include "theory/numbers/enclosure.hpp"
#include "theory/numbers/element.hpp"

namespace benign::theory {

using elementary::exp;
using elementary::log;

namespace {

/// The position of the largest of `size` numbers.
template <class Real>
Index largest_of(const Real* x, Index size) {
  Index best = 0;
  for (Index k = 1; k < size; ++k)
    if (representative<Real>(x[k] - x[best]) > 0) best = k;
  return best;
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
  const Real largest = F[largest_of(F.data(), F.size())];
  Vector<Real> pi(F.size());
  Real sum(0);
  for (Index c = 0; c < F.size(); ++c) sum += pi[c] = exp(Real(F[c] - largest));
  for (Index c = 0; c < F.size(); ++c) pi[c] /= sum;
  return pi;
}

}  // namespace

template <class Real>
Real soft_margin(const Samples<Real>& samples, Index i, const Real* attention) {
  const Vector<Real> F = class_sums(samples, i, attention);
  const int y = element(samples.classes, i);
  Index rival = y == 0 ? 1 : 0;
  for (Index c = 0; c < F.size(); ++c)
    if (c != y && representative<Real>(F[c] - F[rival]) > 0) rival = c;
  Real sum(0);
  for (Index c = 0; c < F.size(); ++c)
    if (c != y) sum += exp(Real(F[c] - F[rival]));
  return F[y] - F[rival] - log(sum);
}

template <class Real>
Vector<Real> class_slopes(const Samples<Real>& samples, const Vector<Real>& logits) {
  const Vector<Real> s = attention(samples, logits);
  Vector<Real> u(logits.size());
  for (Index i = 0; i < samples.n; ++i) {
    const int y = element(samples.classes, i);
    Vector<Real> pi = class_probabilities(class_sums(samples, i, s.data() + i * samples.T));
    Real others(0);
    for (Index c = 0; c < pi.size(); ++c)
      if (c != y) others += pi[c];
    pi[y] = -others;
    token_sums(samples, i, pi, u.data() + i * samples.T);
  }
  return u;
}

template <class Real>
std::vector<int> predicted_classes(const Samples<Real>& samples, const Vector<Real>& attention) {
  std::vector<int> predicted;
  for (Index i = 0; i < samples.n; ++i) {
    const Vector<Real> F = class_sums(samples, i, attention.data() + i * samples.T);
    predicted.push_back(static_cast<int>(largest_of(F.data(), F.size())));
  }
  return predicted;
}

template <class Real>
Vector<Real> class_gradient_derivative(const Samples<Real>& samples, const Vector<Real>& logits, const Vector<Real>& z,
                                       const Real& log_gain) {
  const Index T = samples.T;
  const Vector<Real> s = attention(samples, logits), u = class_slopes(samples, logits);
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

#define BENIGN_INSTANTIATE(Real)                                                                   \
  template Real soft_margin<Real>(const Samples<Real>&, Index, const Real*);                       \
  template Vector<Real> class_slopes<Real>(const Samples<Real>&, const Vector<Real>&);             \
  template std::vector<int> predicted_classes<Real>(const Samples<Real>&, const Vector<Real>&);    \
  template Vector<Real> class_gradient_derivative<Real>(const Samples<Real>&, const Vector<Real>&, \
                                                        const Vector<Real>&, const Real&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
BENIGN_INSTANTIATE(Enclosure)
#undef BENIGN_INSTANTIATE

}  // namespace benign::theory
