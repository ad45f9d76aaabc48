#include "sim/generalisation/ratio_loss.hpp"

#include "sim/linear/vector_functions.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

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
  std::array<Complex, 64> poles;
};

constexpr std::size_t most_nodes = 160, most_poles = 64;

/// The sums over the nodes of weight · e^{−A} times 1, (AV)^j/j! on average over w, A, and the poles' factors.
BENIGN_CLONED
void sum_nodes(std::size_t nodes, const double* weight, const double* shift, const double* centre, double log_scale,
               double spread, std::size_t poles, const double* per_p, double* scratch, double* sums) {
  double* A = scratch;
  double* e = scratch + most_nodes;
  double* before = scratch + 2 * most_nodes;
  double* now = scratch + 3 * most_nodes;
  for (std::size_t k = 0; k < nodes; ++k) {
    A[k] = exponential(std::min(std::max(log_scale + shift[k], -700.0), 6.0));
    e[k] = weight[k] * exponential(-A[k]);
    before[k] = 0, now[k] = e[k];
  }
  double sum = 0, share = 0;
  for (std::size_t k = 0; k < nodes; ++k) sum += e[k], share += A[k] * e[k];
  sums[0] = sum, sums[degree + 1] = share;
  for (int j = 1; j <= degree; ++j) {
    const double per_j = 1.0 / j;
    for (std::size_t k = 0; k < nodes; ++k) {
      const double next = A[k] * (centre[k] * now[k] + A[k] * spread * before[k]) * per_j;
      before[k] = now[k], now[k] = next;
    }
    sum = 0;
    for (std::size_t k = 0; k < nodes; ++k) sum += now[k];
    sums[j] = sum;
  }
  for (std::size_t i = 0; i < poles; ++i) {
    for (std::size_t k = 0; k < nodes; ++k) {
      const double turn = A[k] * per_p[i];
      double sine, cosine;
      sine_cosine(turn * centre[k], sine, cosine);
      const double size = e[k] * exponential(std::max(-turn * turn * spread / 2, -700.0));
      before[k] = size * cosine, now[k] = size * sine;
    }
    double re = 0, im = 0;
    for (std::size_t k = 0; k < nodes; ++k) re += before[k], im += now[k];
    sums[degree + 2 + 2 * i] = re, sums[degree + 3 + 2 * i] = -im;
  }
}

class Term {
 public:
  Term(const RatioTerm& term, double s, double omega, std::span<const double> p)
      : term_(term), s_(s), omega_(omega), spread_(omega * omega * std::max(1 - term.c * term.c, 0.0)) {
    for (const double one : p) per_p_.push_back(1 / one);
    if (s <= 1) {  // over z, the same nodes for every λ
      const double h = std::min(0.5, 0.3 / s), end = 8.5;
      for (double z = -end; z < end; z += h) add(z, h * density(z));
    }
  }

  Means operator()(double u) {
    double below = 0;
    if (s_ > 1) {
      // Over v = log A from v₀, below which e^{−A} is 1, with the trapezoid rule's end corrected (Euler–Maclaurin).
      constexpr double v0 = -30, h = 0.3;
      const double z = (v0 - u - term_.m) / s_, step = h / s_, f = density(z), x = step * step;
      weight_.clear(), shift_.clear(), centre_.clear();
      for (int k = 0; v0 + h * k < 3.8; ++k) add(z + step * k, step * density(z + step * k) * (k == 0 ? 0.5 : 1));
      const double derivative = -z * f, third = (3 * z - z * z * z) * f;
      const double fifth = -(15 * z - 10 * z * z * z + z * z * z * z * z) * f;
      below = elementary::erfc(-z / std::numbers::sqrt2) / 2 + x / 12 * derivative - x * x / 720 * third +
              x * x * x / 30240 * fifth;
    }
    std::array<double, 4 * most_nodes> scratch;
    std::array<double, degree + 2 + 2 * most_poles> sums;
    sum_nodes(weight_.size(), weight_.data(), shift_.data(), centre_.data(), u + term_.m, spread_, per_p_.size(),
              per_p_.data(), scratch.data(), sums.data());
    Means means;
    for (std::size_t j = 0; j <= degree; ++j) means.moments[j] = sums[j];
    means.moments[0] += below, means.share = sums[degree + 1];
    for (std::size_t i = 0; i < per_p_.size(); ++i)
      means.poles[i] = Complex(sums[degree + 2 + 2 * i] + below, sums[degree + 3 + 2 * i]);
    return means;
  }

 private:
  static double density(double z) { return elementary::exp(-z * z / 2) / std::sqrt(2 * pi); }
  void add(double z, double weight) {
    weight_.push_back(weight), shift_.push_back(s_ * z), centre_.push_back(term_.g + omega_ * term_.c * z);
  }

  RatioTerm term_;
  double s_, omega_, spread_;
  std::vector<double> per_p_, weight_, shift_, centre_;
};

/// a^n as a series, a_0 > 0 (Euler's recursion).
Series power(const Series& a, double n) {
  Series b{};
  b[0] = elementary::power(a[0], n);
  for (int k = 1; k <= degree; ++k) {
    double sum = 0;
    for (int i = 1; i <= k; ++i) sum += (i * n - k + i) * element(a, i) * element(b, k - i);
    element(b, k) = sum / (k * a[0]);
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

Integrals at(std::span<const RatioTerm> terms, std::span<Term> term, double u, std::size_t poles) {
  Integrals found;
  found.poles.assign(poles, 0);
  Series all{};
  all[0] = 1;
  std::vector<Complex> turned(poles, 1);
  for (std::size_t t = 0; t < terms.size(); ++t) {
    const Means means = term[t](u);
    if (!(all[0] * elementary::power(means.moments[0], terms[t].count) > 1e-40)) {
      found.share = 0;
      return found;
    }
    all = product(all, terms[t].count == 1 ? means.moments : power(means.moments, terms[t].count));
    found.share = t == 0 ? terms[0].count * means.share * elementary::power(means.moments[0], terms[0].count - 1)
                         : found.share * elementary::power(means.moments[0], terms[t].count);
    for (std::size_t k = 0; k < poles; ++k)
      turned[k] *= terms[t].count == 1 ? means.poles[k] : elementary::power(means.poles[k], terms[t].count);
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
    for (std::size_t k = 0; k < poles; ++k) rest -= elementary::power((2 * static_cast<double>(k) + 1) * pi, -2 * j);
    last = 2 * j * element(integrals.moments, 2 * j) * rest / j;
    loss += j % 2 ? last : -last;
  }
  return {loss, std::abs(last)};
}

}  // namespace

RatioLoss ratio_loss(std::span<const RatioTerm> terms, double s, double omega) {
  double widest = 0, top = -HUGE_VAL, number = 0, least = 1;
  for (const RatioTerm& term : terms) {
    widest = std::max(widest, std::abs(term.g)), top = std::max(top, term.m), number += term.count;
    least = std::min(least, term.spread);
  }
  const auto poles = std::min(most_poles, static_cast<std::size_t>(std::ceil(12 * (widest + 4 * omega) / (2 * pi))));
  std::vector<double> p;
  for (std::size_t k = 0; k < poles; ++k) p.push_back((2 * static_cast<double>(k) + 1) * pi);
  std::vector<Term> term;
  for (const RatioTerm& one : terms) term.emplace_back(one, s * one.spread, omega * one.scale, p);

  Integrals sums[2];
  for (Integrals& sum : sums) sum.poles.assign(poles, 0);
  const double h = std::max(0.25, 0.3 * s * least), start = -top - 9 * s - 26 - elementary::log(number);
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
