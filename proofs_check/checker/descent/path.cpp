#include "proofs_check/checker/descent/path.hpp"

#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>

namespace benign::checker {
namespace {

/// The exponent of the least power of 4 that no diagonal entry exceeds, halved: entries times 4^−result are at most 1.
long scale(const ExactMatrix& A, std::size_t size, const ExactMatrix* corner) {
  long most = -100'000;
  const auto see = [&](mpz_srcptr x, long unit) {
    if (mpz_sgn(x) > 0) most = std::max(most, static_cast<long>(mpz_sizeinbase(x, 2)) + unit);
  };
  for (std::size_t i = 0; i < size; ++i) see(A(i, i), A.unit);
  if (corner && !corner->empty()) see((*corner)(0, 0), corner->unit);
  return most == -100'000 ? 0 : (most + (most > 0 ? 1 : 0)) / 2;
}

Size length(const FixedPoints& x) { return Size(x.length()); }

/// A bound of the sum of the diagonal.
Size trace(const FixedPoints& A, std::size_t size, const Size& unit) {
  Size sum;
  for (std::size_t i = 0; i < size; ++i) sum += Size(A.interval(i * size + i)) + unit;
  return sum;
}

Size root(std::size_t x) { return sqrt(Size(static_cast<double>(x))); }

}  // namespace

FixedPoints product(const FixedPoints& A, std::size_t rows, const FixedPoints& x) {
  FixedPoints y(rows, x.limbs());
  tbb::parallel_for(std::size_t{0}, rows,
                    [&](std::size_t i) { ExactSum(x.limbs()).add_products(A, i * x.size(), 1, x).take(y, i); });
  return y;
}

Interval scaled(Interval x, long power) {
  mpfr_mul_2si(x.low(), x.low(), power, MPFR_RNDD), mpfr_mul_2si(x.high(), x.high(), power, MPFR_RNDU);
  return x;
}

Path::Path(const InnerProducts& x, sim::Train train, std::size_t limbs)
    : N_(x.N),
      size_(x.N + (x.r.empty() ? 0 : 1)),
      moves_W_(train != sim::Train::p),
      moves_p_(train != sim::Train::W),
      k_(scale(x.K, N_, nullptr)),
      h_(scale(x.H, N_, &x.r)),
      K_(N_ * N_, limbs),
      H_(size_ * size_, limbs),
      Phi_(N_ * size_, limbs),
      a_(size_, limbs),
      W0_norm_(x.W0_norm),
      moved_(N_, 0) {
  for (std::size_t i = 0; i < N_; ++i)
    for (std::size_t j = 0; j < N_; ++j) {
      K_.set(i * N_ + j, x.K(i, j), x.K.unit - 2 * k_);
      H_.set(i * size_ + j, x.H(i, j), x.H.unit - 2 * h_);
    }
  if (size_ > N_) {
    for (std::size_t i = 0; i < N_; ++i) {
      H_.set(i * size_ + N_, x.l(i, 0), x.l.unit - 2 * h_);
      H_.set(N_ * size_ + i, x.l(i, 0), x.l.unit - 2 * h_);
    }
    H_.set(N_ * size_ + N_, x.r(0, 0), x.r.unit - 2 * h_);
    Whole one;
    mpz_set_ui(one.x, 1);
    a_.set(N_, one.x, h_);  // p₀ = M̂ᵀ(2^h e)
  }
  unit_ = power_of_2(-K_.fraction());
  K_bound_ = trace(K_, N_, unit_), H_bound_ = trace(H_, size_, unit_);
  S_norm_ = power_of_2(k_) * sqrt(K_bound_);
  look();
}

Size Path::step(const Intervals& gamma, const Size& slack) {
  const std::size_t limbs = a_.limbs();
  FixedPoints for_Phi(N_, limbs), for_a(N_, limbs);  // 2^kγ and 2^hγ
  Size widths = slack;
  for (std::size_t i = 0; i < N_; ++i) {
    for_Phi.set(i, gamma[i].low(), k_), for_a.set(i, gamma[i].low(), h_);
    widths += width(gamma[i]);
  }
  const Size cut = root(size_) * unit_, before = length(a_), Phi_before = Phi_bound_;
  const Size gamma_slack = power_of_2(k_) * widths + cut;

  const FixedPoints u = product(K_, N_, for_Phi);             // 2^kK̂γ = 2^−k Kγ
  const Size all = Size(static_cast<double>(size_)) * unit_;  // of a matrix whose entries were cut
  const Size u_slack = K_bound_ * gamma_slack + all * length(for_Phi) + cut;
  moved_slack_ = power_of_2(k_) * (u_slack + Size(0x1p-50) * length(u));
  for (std::size_t i = 0; i < N_; ++i) moved_[i] = std::ldexp(u.rounded(i), static_cast<int>(k_));

  const FixedPoints a = a_;
  Size distance;
  if (moves_p_) {
    tbb::parallel_for(std::size_t{0}, size_, [&](std::size_t j) {
      ExactSum sum(limbs);
      sum.add(a, j).add_products(Phi_, j, size_, u, -1);
      if (j < N_) sum.add(for_a, j, -1);
      sum.take(a_, j);
    });
    distance += sqrt(H_bound_) * (power_of_2(h_) * widths + cut + Phi_before * u_slack + cut);
  }
  if (moves_W_) {
    tbb::parallel_for(std::size_t{0}, N_, [&](std::size_t i) {
      for (std::size_t j = 0; j < size_; ++j)
        ExactSum(limbs).add(Phi_, i * size_ + j).add_product(for_Phi, i, a, j, -1).take(Phi_, i * size_ + j);
    });
    distance += sqrt(K_bound_ * H_bound_) * (gamma_slack * before + all);
    Phi_bound_ += length(for_Phi) * before + all;
  }
  look();
  return distance;
}

void Path::look() {
  const Size cut = root(size_) * unit_, all = Size(static_cast<double>(size_)) * unit_;
  Ha_ = product(H_, size_, a_), c_ = product(Phi_, N_, Ha_);
  const FixedPoints Kc = product(K_, N_, c_);
  // Nothing is rounded at p = 0.
  Ha_slack_ = a_.zero() ? Size() : all * length(a_) + cut;
  c_slack_ = a_.zero() ? Size() : Phi_bound_ * Ha_slack_ + cut;
  const Size Kc_slack = a_.zero() ? Size() : K_bound_ * c_slack_ + all * length(c_) + cut;
  logit_slack_ = power_of_2(h_) * Ha_slack_ + power_of_2(k_) * Kc_slack;
  logits_.assign(N_, Interval());
  for (std::size_t i = 0; i < N_; ++i) {
    logits_[i] = scaled(Ha_.interval(i), h_) + scaled(Kc.interval(i), k_);
    logit_slack_ += width(logits_[i]);
    mpfr_set(logits_[i].high(), logits_[i].low(), MPFR_RNDU);  // one number: its functions cost half
  }
}

Interval Path::p_norm2() const {
  ExactSum sum(a_.limbs());
  const Interval slack = Interval::around_zero((length(a_) * Ha_slack_).value());
  return sum.add_products(a_, 0, 1, Ha_).interval() + slack;
}
Size Path::p_norm() const { return sqrt(Size(p_norm2())); }
Size Path::W_norm() const { return W0_norm_ + sqrt(K_bound_ * H_bound_) * Phi_bound_; }

Intervals Path::of_M() const {
  Intervals x;
  for (std::size_t j = 0; j < size_; ++j) x.push_back(scaled(a_.interval(j), -h_));
  return x;
}
Intervals Path::of_S() const {
  const Interval slack = Interval::around_zero(c_slack_.value());
  Intervals x;
  for (std::size_t j = 0; j < N_; ++j) x.push_back(scaled(c_.interval(j) + slack, -k_));
  return x;
}

}  // namespace benign::checker
