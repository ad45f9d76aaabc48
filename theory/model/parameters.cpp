#include "theory/model/parameters.hpp"

#include "theory/numbers/enclosure.hpp"

namespace benign::theory {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;

namespace {

/// ⌈x⌉ of x ≥ 0.
long ceiling(const cpp_rational& x) {
  const cpp_int floor = numerator(x) / denominator(x);
  return static_cast<long>(floor) + (floor < x ? 1 : 0);
}

}  // namespace

bool papers_data(const Parameters& p) { return !p.layout && 2 * p.plus_share.exact() == 1 && p.flips == Flips::exact; }

long plus_count(const Parameters& p, long size) { return ceiling(p.plus_share.exact() * size); }

long noise_count(const Parameters& p) { return ceiling(p.eta.exact() * p.n); }

long noise_count(const Parameters& p, int label) {
  const long all = noise_count(p), plus = ceiling(cpp_rational(all) * plus_count(p, p.n) / p.n);
  return label > 0 ? plus : all - plus;
}

template <class Real>
Real sigma_w(const Parameters& p) {
  using std::sqrt;
  if (p.init == Init::identity) return Real(0);
  return p.sigma_w ? p.sigma_w->as<Real>() : Real(1) / sqrt(Real(3) * p.d);
}

template <class Real>
Real sigma_h(const Parameters& p) {
  using std::sqrt;
  if (p.sigma_h) return p.sigma_h->as<Real>();
  const Real sigma = p.sigma.as<Real>();
  return Real(1) / (sigma * sqrt(Real(250) * p.T * p.d * sqrt(Real(p.d_h))));
}

template <class Real>
Scales<Real> scales(const Parameters& p) {
  Scales<Real> s;
  const Real sigma = p.sigma.as<Real>();
  if (p.init == Init::identity) {
    s.kappa = Real(1);
  } else if (p.sigma_w) {
    const Real entry = p.sigma_w->as<Real>();
    s.kappa = entry * entry * Real(p.d);
  } else {
    s.kappa = ratio<Real>(1, 3);
  }
  s.token_norm2 = sigma * sigma * Real(p.d);
  s.tau0 = Real(p.n) / (s.kappa * s.token_norm2);
  s.epsilon = Real(1) / (s.kappa * s.kappa * s.token_norm2);
  s.step = p.lr.as<Real>();
  if (p.lr_unit == LrUnit::absolute) s.step /= s.tau0;
  return s;
}

#define BENIGN_INSTANTIATE(Real)                  \
  template Real sigma_w<Real>(const Parameters&); \
  template Scales<Real> scales<Real>(const Parameters&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
BENIGN_INSTANTIATE(Enclosure)
#undef BENIGN_INSTANTIATE
#define BENIGN_INSTANTIATE(Real) template Real sigma_h<Real>(const Parameters&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::theory
