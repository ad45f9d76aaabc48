#include "sim/enclosures/limit_series.hpp"

namespace benign::sim {

struct LimitSeries::Group {
  explicit Group(std::size_t terms) {
    for (auto* several : {&exponent, &weighted, &E, &p, &loss, &answer}) several->fill(Series(terms));
    for (Series* one : {&Z, &inverse, &drift, &F, &margin, &margin_weighted, &power, &denominator, &wrong, &factor})
      one->resize(terms);
  }
  std::array<Series, others> exponent, weighted, E, p, loss, answer;
  Series Z, inverse, drift, F, margin, margin_weighted, power, denominator, wrong, factor;
};

namespace {

Enclosure squared_snr(const theory::Parameters& p) {
  const Enclosure mu = p.mu.as<Enclosure>(), sigma = p.sigma.as<Enclosure>();
  return mu * mu / (sigma * sigma * p.d);
}

}  // namespace

LimitSeries::LimitSeries(const theory::Parameters& p) : LimitSeries(p, squared_snr(p)) {}

LimitSeries::LimitSeries(const theory::Parameters& p, const Enclosure& snr2) : snr2_(snr2) {
  const long noisy = theory::noise_count(p, +1);
  samples_ = {p.n / 2 - noisy, noisy};
  const auto layout = theory::layout<Enclosure>(p);
  for (std::size_t kind = 0; kind < theory::token_kinds; ++kind) {
    multiplicity_[kind] = layout[kind].count;
    signal_[kind] = layout[kind].own + layout[kind].other;  // the classes are alike, and so are both signals
    value_[kind] = layout[kind].answer();
  }
}

/// Term k of X; x/n = SNR².
Enclosure LimitSeries::signal(const Expansion& x, std::size_t k) const {
  Enclosure total(0);
  for (std::size_t g = 0; g < groups; ++g) {
    Enclosure sum(0), pivot(0);
    for (std::size_t o = 0; o < others; ++o) {
      const std::size_t t = token_[g][o];
      const Enclosure& a = x.a[g * others + o][k];
      sum += multiplicity_[t] * signal_[t] * a;
      pivot -= multiplicity_[t] * a;
    }
    total += samples_[g] * (sum + signal_[pivot_[g]] * pivot);
  }
  return snr2_ * total;
}

/// Term k of f and term k + 1 of a, of one kind of samples, from the terms up to k of a and X.
void LimitSeries::advance(Group& s, std::size_t g, Expansion& x, const Series& decay, const Enclosure& u,
                          std::size_t k) const {
  const std::size_t pivot = pivot_[g];
  const long Y = g == 0 ? 1 : -1;
  Enclosure a_pivot(0);
  for (std::size_t o = 0; o < others; ++o) a_pivot -= multiplicity_[token_[g][o]] * x.a[g * others + o][k];
  s.Z[k] = Enclosure(k == 0 ? 1 : 0), s.drift[k] = Enclosure(0);
  for (std::size_t o = 0; o < others; ++o) {
    const std::size_t t = token_[g][o];
    s.exponent[o][k] = x.a[g * others + o][k] - a_pivot + (signal_[t] - signal_[pivot]) * x.X[k];
    if (k == 0) s.exponent[o][k] += u;
    if (k == 1) s.exponent[o][k] += Enclosure(1);
    exponentiate(s.exponent[o], s.weighted[o], s.E[o], k);
    multiply(s.E[o], decay, s.p[o], k);
    s.Z[k] += multiplicity_[t] * s.p[o][k];
    s.drift[k] += multiplicity_[t] * (value_[t] - value_[pivot]) * s.p[o][k];
  }
  invert(s.Z, s.inverse, k);
  multiply(s.drift, s.inverse, s.F, k);
  x.f[g][k] = s.F[k];
  if (k == 0) x.f[g][k] += value_[pivot];
  s.margin[k] = Y * x.f[g][k];
  exponentiate(s.margin, s.margin_weighted, s.power, k);
  s.denominator[k] = s.power[k];
  if (k == 0) s.denominator[k] += Enclosure(1);
  invert(s.denominator, s.wrong, k);  // σ(−Yf)
  multiply(s.wrong, s.inverse, s.factor, k);
  for (std::size_t o = 0; o < others; ++o) {
    s.loss[o][k] = -s.F[k];
    if (k == 0) s.loss[o][k] += value_[token_[g][o]] - value_[pivot];
    multiply(s.E[o], s.factor, s.answer[o], k);
    x.a[g * others + o][k + 1] = Y * convolved(s.answer[o], s.loss[o], 0, k) / static_cast<long>(k + 1);
  }
}

LimitSeries::Expansion LimitSeries::expand(const Box& a, const Enclosure& u, std::size_t count) const {
  Expansion x;
  for (std::size_t i = 0; i < scalars; ++i) x.a[i].resize(count + 2), x.a[i][0] = a[i];
  x.X.resize(count + 1);
  for (Series& f : x.f) f.resize(count + 1);
  Series decay(count + 1);  // e^{−u}
  std::array<Group, groups> all{Group(count + 1), Group(count + 1)};
  for (std::size_t k = 0; k <= count; ++k) {
    decay[k] = k == 0 ? exp(-u) : -decay[k - 1] / static_cast<long>(k);
    x.X[k] = signal(x, k);
    for (std::size_t g = 0; g < groups; ++g) advance(all[g], g, x, decay, u, k);
  }
  return x;
}

}  // namespace benign::sim
