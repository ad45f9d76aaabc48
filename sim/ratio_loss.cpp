#include "sim/ratio_loss.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

namespace benign::sim {
namespace {

using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi;
constexpr int degree = 8;  // the highest moment
using Series = std::array<double, degree + 1>;

/// The means over one term: [y^j] E e^{A(Vy − 1)}, E A e^{−A}, and E e^{−A(1 + iV/p)} for each pole.
struct Means {
  Series moments{};
  double share = 0;
  std::vector<Complex> poles;
};

/// The nodes of one term: weights, and A at λ = 1 relative to e^m.
struct Nodes {
  std::vector<double> z, weight;
};

class Term {
 public:
  Term(const RatioTerm& term, double s, double omega, std::span<const double> p)
      : term_(term), s_(s), omega_(omega), p_(p) {}

  Means operator()(double u) const {
    Means means;
    means.poles.assign(p_.size(), 0);
    if (s_ <= 1) {  // over z
      const double h = std::min(0.5, 0.3 / s_), end = 8.5;
      for (double z = -end; z < end; z += h) add(means, u, z, h * density(z));
      return means;
    }
    // Over v = log A from v₀, below which e^{−A} is 1, with the trapezoid rule's end corrected (Euler–Maclaurin).
    constexpr double v0 = -30, h = 0.3;
    const double z0 = (v0 - u - term_.m) / s_, step = h / s_;
    for (int k = 0; v0 + h * k < 3.8; ++k) add(means, u, z0 + step * k, step * density(z0 + step * k) * (k == 0 ? 0.5 : 1));
    const double z = z0, f = density(z), x = step * step;
    const double derivative = -z * f, third = (3 * z - z * z * z) * f, fifth = -(15 * z - 10 * z * z * z + z * z * z * z * z) * f;
    const double below = std::erfc(-z / std::numbers::sqrt2) / 2 + x / 12 * derivative - x * x / 720 * third + x * x * x / 30240 * fifth;
    means.moments[0] += below;
    for (Complex& pole : means.poles) pole += below;
    return means;
  }

 private:
  static double density(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * pi); }

  void add(Means& means, double u, double z, double weight) const {
    const double A = std::exp(u + term_.m + s_ * z);
    if (A > 60) return;
    const double r2 = std::max(1 - term_.c * term_.c, 0.0), spread = omega_ * omega_ * r2;
    const double centre = term_.g + omega_ * term_.c * z, e = weight * std::exp(-A);
    // (AV)^j/j! on average over w: the Hermite recursion.
    double before = 0, now = e;
    means.moments[0] += e, means.share += A * e;
    for (int j = 1; j <= degree; ++j) {
      const double next = (A * centre * now + A * A * spread * before) / j;
      before = now, now = next;
      means.moments[static_cast<std::size_t>(j)] += now;
    }
    for (std::size_t k = 0; k < p_.size(); ++k) {
      const double turn = A / p_[k], size = e * std::exp(-turn * turn * spread / 2);
      means.poles[k] += Complex(size * std::cos(turn * centre), -size * std::sin(turn * centre));
    }
  }

  RatioTerm term_;
  double s_, omega_;
  std::span<const double> p_;
};

/// a^n as a series, a_0 > 0 (Euler's recursion).
Series power(const Series& a, double n) {
  Series b{};
  b[0] = std::pow(a[0], n);
  for (int k = 1; k <= degree; ++k) {
    double sum = 0;
    for (int i = 1; i <= k; ++i) sum += (i * n - k + i) * a[static_cast<std::size_t>(i)] * b[static_cast<std::size_t>(k - i)];
    b[static_cast<std::size_t>(k)] = sum / (k * a[0]);
  }
  return b;
}

Series product(const Series& a, const Series& b) {
  Series c{};
  for (std::size_t i = 0; i <= degree; ++i)
    for (std::size_t j = 0; i + j <= degree; ++j) c[i + j] += a[i] * b[j];
  return c;
}

/// What is summed over u = log λ.
struct Integrals {
  Series moments{};
  double share = 0;
  std::vector<double> poles;

  void add(const Integrals& other, double weight) {
    for (std::size_t j = 0; j <= degree; ++j) moments[j] += weight * other.moments[j];
    share += weight * other.share;
    for (std::size_t k = 0; k < poles.size(); ++k) poles[k] += weight * other.poles[k];
  }
};

Integrals at(std::span<const RatioTerm> terms, std::span<const Term> term, double u, std::size_t poles) {
  Integrals found;
  found.poles.assign(poles, 0);
  Series all{};
  all[0] = 1;
  std::vector<Complex> turned(poles, 1);
  for (std::size_t t = 0; t < terms.size(); ++t) {
    const Means means = term[t](u);
    if (!(all[0] * std::pow(means.moments[0], terms[t].count) > 1e-40)) {
      found.share = 0;
      return found;
    }
    all = product(all, terms[t].count == 1 ? means.moments : power(means.moments, terms[t].count));
    found.share = t == 0 ? means.share : found.share * std::pow(means.moments[0], terms[t].count);
    for (std::size_t k = 0; k < poles; ++k) turned[k] *= terms[t].count == 1 ? means.poles[k] : std::pow(means.poles[k], terms[t].count);
  }
  found.moments = all;
  for (std::size_t k = 0; k < poles; ++k) found.poles[k] = all[0] - turned[k].real();
  return found;
}

/// log 2 − E F/2 + Σ_k E log(1 + F²/p_k²), and the size of the last term of the series.
std::array<double, 2> loss_of(const Integrals& integrals, std::size_t poles) {
  constexpr double all[] = {1.0 / 8, 1.0 / 96, 1.0 / 960, 17.0 / 161280};  // Σ p_k^{−2j} over all k
  double loss = std::numbers::ln2 - integrals.moments[1] / 2, last = 0;
  for (const double pole : integrals.poles) loss += 2 * pole;
  for (int j = 1; 2 * j <= degree; ++j) {
    double rest = all[j - 1];
    for (std::size_t k = 0; k < poles; ++k) rest -= std::pow((2 * static_cast<double>(k) + 1) * pi, -2 * j);
    last = 2 * j * integrals.moments[static_cast<std::size_t>(2 * j)] * rest / j;
    loss += j % 2 ? last : -last;
  }
  return {loss, std::abs(last)};
}

}  // namespace

RatioLoss ratio_loss(std::span<const RatioTerm> terms, double s, double omega) {
  double widest = 0, top = -HUGE_VAL, number = 0;
  for (const RatioTerm& term : terms)
    widest = std::max(widest, std::abs(term.g)), top = std::max(top, term.m), number += term.count;
  const auto poles = static_cast<std::size_t>(std::ceil(12 * (widest + 4 * omega) / (2 * pi)));
  std::vector<double> p;
  for (std::size_t k = 0; k < poles; ++k) p.push_back((2 * static_cast<double>(k) + 1) * pi);
  std::vector<Term> term;
  for (const RatioTerm& one : terms) term.emplace_back(one, s, omega, p);

  Integrals sums[2];
  for (Integrals& sum : sums) sum.poles.assign(poles, 0);
  const double h = std::max(0.25, 0.3 * s), start = -top - 9 * s - 26 - std::log(number);
  for (int k = 0; k < 4000; ++k) {
    const double u = start + h * k;
    const Integrals here = at(terms, term, u, poles);
    sums[k % 2].add(here, h);
    if (u > -top && here.moments[0] < 1e-16) break;
  }
  Integrals fine = sums[0];
  fine.add(sums[1], 1);
  Integrals coarse = sums[0];
  coarse.add(sums[0], 1);
  const auto [loss, last] = loss_of(fine, poles);
  const double difference = std::abs(loss - loss_of(coarse, poles)[0]);
  return {loss, fine.share, difference / 10 + last + 1e-11};
}

}  // namespace benign::sim
