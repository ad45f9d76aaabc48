#pragma once
// A descent of W and p from p₀ = 0 for the checker, in intervals of MPFI itself: the second closure of THEORY section
// 3,
//
//     ℓ⁺ = ℓ − αHg − βu,   r⁺ = r − 2αℓᵀg + α²gᵀHg,   H⁺ = H − α(uℓᵀ + ℓuᵀ) + α²ruuᵀ,   u = Kg,  β = αr − α²ℓᵀg,
//
// and, where ‖q‖² is asked for, what closes it as well [D]: with A = WWᵀ, J = SA²Sᵀ, m = SAq and Q = ‖q‖²,
//
//     q⁺ = q − αASᵀg − βSᵀg,        A⁺ = A + Δ,   Δ = −α(Sᵀg qᵀ + q gᵀS) + α²r Sᵀg gᵀS
//     Q⁺ = Q + α²gᵀJg + β²gᵀu − 2αmᵀg − 2βℓᵀg + 2αβgᵀHg
//     m⁺ = m − αJg − βHg − α((qᵀq⁺)u + (gᵀSq⁺)ℓ) + α²r(gᵀSq⁺)u
//     J⁺ = J + xuᵀ + uxᵀ + yℓᵀ + ℓyᵀ,        y = −αHg + ½α²(gᵀu)ℓ
//     x = −αm + α²rHg + (α²ℓᵀg − α³r gᵀu)ℓ + ½(α²Q − 2α³rℓᵀg + α⁴r²gᵀu)u,
//
// with qᵀq⁺ = Q − αmᵀg − βℓᵀg and gᵀSq⁺ = ℓᵀg − αgᵀHg − βgᵀu.

#include "proofs_check/checker_data.hpp"
#include "sim/enclosed_run.hpp"

#include <memory>
#include <mpfi.h>

namespace benign::proofs {

/// Intervals in a row, all of one precision.
class Intervals {
 public:
  Intervals(std::size_t size, long bits) : x_(new __mpfi_struct[size]), size_(size) {
    for (std::size_t k = 0; k < size; ++k) mpfi_init2(&x_[k], bits), mpfi_set_ui(&x_[k], 0);
  }
  Intervals(Intervals&&) = default;
  ~Intervals() {
    for (std::size_t k = 0; x_ && k < size_; ++k) mpfi_clear(&x_[k]);
  }
  mpfi_ptr operator[](std::size_t k) { return &x_[k]; }
  mpfi_srcptr operator[](std::size_t k) const { return &x_[k]; }
  std::size_t size() const { return size_; }

 private:
  std::unique_ptr<__mpfi_struct[]> x_;
  std::size_t size_;
};

class Replay {
 public:
  /// Follows ‖q‖² too where the data have J.
  Replay(const sim::Instance& instance, const CheckerData& data, long bits);

  void step();

  /// What a claim's quantity is in the prover's terms.
  sim::EnclosedMoment moment() const;

 private:
  enum Scalar : std::size_t { mu, alpha, r, lg, gHg, loss, Q, t0, t1, count };

  void look();  // s, f and the loss of the present logits
  void step_q(const Intervals& g, const Intervals& u, const Intervals& Hg);
  mpfi_ptr at(Scalar k) { return scalars_[k]; }
  long label(std::size_t i) const { return train_.label[i]; }

  const theory::Parameters& p_;
  const sim::Data& train_;
  std::size_t N_, rows_;
  long bits_;
  Intervals K_, H_, J_, m_, l_, v_, s_, f_, scalars_;
};

}  // namespace benign::proofs
