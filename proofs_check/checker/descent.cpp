#include "proofs_check/checker/descent.hpp"

#include <tbb/parallel_for.h>

namespace benign::checker {
namespace {

Intervals at_working_precision(const ExactMatrix& x) {
  Intervals y(x.entries.size());
  for (std::size_t k = 0; k < y.size(); ++k) y[k] = Interval::dyadic(x.entries[k].x, x.unit);
  return y;
}

Interval dot(const Intervals& x, const Intervals& y, std::size_t size) {
  Interval sum(0);
  for (std::size_t k = 0; k < size; ++k) add_product(sum, x[k], y[k]);
  return sum;
}

/// A x for A of shape (rows, x.size()).
Intervals product(const Intervals& A, std::size_t rows, const Intervals& x) {
  Intervals y(rows);
  const std::size_t N = x.size();
  tbb::parallel_for(std::size_t{0}, rows, [&](std::size_t i) {
    for (std::size_t j = 0; j < N; ++j) add_product(y[i], A[i * N + j], x[j]);
  });
  return y;
}

/// y += c x for the first entries of x.
void add_multiple(Intervals& y, const Interval& c, const Intervals& x) {
  for (std::size_t k = 0; k < y.size(); ++k) add_product(y[k], c, x[k]);
}

/// κ = σ_w²d, and 1 for the identity; σ_w² = 1/(3d) unless it is given.
Interval kappa(const theory::Parameters& p) {
  if (p.init == theory::Init::identity) return Interval(1);
  if (!p.sigma_w) return Interval(1) / Interval(3);
  return square(Interval::decimal(p.sigma_w->text())) * Interval(p.d);
}

}  // namespace

Interval tau0(const theory::Parameters& p) {
  return Interval(p.n) / (kappa(p) * square(Interval::decimal(p.sigma.text())) * Interval(p.d));
}

Interval step_length(const theory::Parameters& p) {
  const Interval lr = Interval::decimal(p.lr.text());
  return p.lr_unit == theory::LrUnit::tau0 ? lr * tau0(p) : lr;
}

StartingPoint::StartingPoint(const sim::Instance& instance, const InnerProducts& x)
    : N(x.N),
      rows(x.rows),
      K(at_working_precision(x.K)),
      H(at_working_precision(x.H)),
      J(at_working_precision(x.J)),
      m(x.J.empty() ? 0 : N),
      l(rows) {
  if (!x.l.empty()) l = at_working_precision(x.l);
  if (!x.m.empty()) m = at_working_precision(x.m);
  if (!x.r.empty()) r = at_working_precision(x.r)[0];
  if (!x.Q.empty()) Q = at_working_precision(x.Q)[0];
  if (instance.brought) return;
  const Interval mu = Interval::decimal(instance.parameters.mu.text());
  for (std::size_t k = N * N; k < rows * N; ++k) K[k] *= mu, H[k] *= mu;
  for (std::size_t k = N; k < rows; ++k) l[k] *= mu;
}

Descent::Descent(const sim::Instance& instance, const InnerProducts& products, sim::Train train)
    : scene_(instance, products), x_(instance, products) {
  const Interval step = step_length(instance.parameters);
  if (train != sim::Train::p) a_ = step;
  if (train != sim::Train::W) b_ = step;
}

Moment Descent::moment() const {
  Moment m = scene_.look(x_.l);
  if (!x_.J.empty()) m.q_norm2 = x_.Q;
  return m;
}

struct Descent::Products {
  Intervals u, Hg;  // over all rows
  Interval lg, gHg;
};

void Descent::step(const Moment& present) {
  const Intervals g = scene_.gradient(present);
  const std::size_t N = x_.N, rows = x_.rows;
  Products x{product(x_.K, rows, g), product(x_.H, rows, g), {}, {}};
  x.lg = dot(x_.l, g, N), x.gHg = dot(x.Hg, g, N);
  if (!x_.J.empty()) step_q(g, x);

  // H⁺ = H − au(ℓ − aru/2)ᵀ − a(ℓ − aru/2)uᵀ, with the old ℓ and r.
  Intervals half = x_.l, minus_au(rows);
  const Interval minus_half_ar = -(a_ * x_.r / Interval(2));
  for (std::size_t k = 0; k < rows; ++k) {
    add_product(half[k], minus_half_ar, x.u[k]);
    minus_au[k] = -(a_ * x.u[k]);
  }
  tbb::parallel_for(std::size_t{0}, rows, [&](std::size_t i) {
    for (std::size_t j = 0; j < N; ++j) {
      Interval& entry = x_.H[i * N + j];
      add_product(entry, minus_au[i], half[j]);
      add_product(entry, half[i], minus_au[j]);
    }
  });
  const Interval minus_beta = a_ * (b_ * x.lg - x_.r);
  for (std::size_t k = 0; k < rows; ++k) {
    add_product(x_.l[k], -b_, x.Hg[k]);
    add_product(x_.l[k], minus_beta, x.u[k]);
  }
  x_.r += b_ * (b_ * x.gHg - Interval(2) * x.lg);
}

void Descent::step_q(const Intervals& g, const Products& p) {
  const std::size_t N = x_.N;
  const Interval &a = a_, &b = b_, &r = x_.r, &Q = x_.Q, &lg = p.lg, &gHg = p.gHg;
  const Intervals Jg = product(x_.J, N, g);
  const Interval gu = dot(g, p.u, N), gJg = dot(g, Jg, N), mg = dot(x_.m, g, N);
  const Interval beta = a * (r - b * lg);
  const Interval q_next = Q - b * mg - beta * lg, next = lg - b * gHg - beta * gu;  // qᵀq⁺ and gᵀSq⁺
  const Interval a2 = square(a), ar = a * r;
  Intervals x(N), y(N);
  add_multiple(x, -a, x_.m);
  add_multiple(x, a * ar, p.Hg);
  add_multiple(x, a2 * (lg - ar * gu), x_.l);
  add_multiple(x, a2 * (Q - Interval(2) * ar * lg + square(ar) * gu) / Interval(2), p.u);
  add_multiple(y, -a, p.Hg);
  add_multiple(y, a2 * gu / Interval(2), x_.l);
  x_.Q += square(b) * gJg + square(beta) * gu - Interval(2) * (b * mg + beta * lg - b * beta * gHg);
  add_multiple(x_.m, -b, Jg);
  add_multiple(x_.m, -beta, p.Hg);
  add_multiple(x_.m, a * (ar * next - q_next), p.u);
  add_multiple(x_.m, -(a * next), x_.l);
  tbb::parallel_for(std::size_t{0}, N, [&](std::size_t i) {
    for (std::size_t j = 0; j < N; ++j) {
      Interval& entry = x_.J[i * N + j];
      add_product(entry, x[i], p.u[j]), add_product(entry, p.u[i], x[j]);
      add_product(entry, y[i], x_.l[j]), add_product(entry, x_.l[i], y[j]);
    }
  });
}

}  // namespace benign::checker
