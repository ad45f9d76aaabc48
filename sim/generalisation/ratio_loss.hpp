#pragma once
// The mean logistic loss of a ratio of sums, deterministically. THEORY section 4.4.
//
// F = Σ_t e_t V_t / Σ_t e_t with independent terms, e_t = e^{m_t + s z}, V_t = g_t + ω(c_t z + r_t w), z and w standard
// normal. With p_k = (2k − 1)π, log(1 + e^{−F}) = log 2 − F/2 + Σ_{k ≥ 1} log(1 + F²/p_k²), and with A_t = λe_t
//
//     E F^m              = m ∫ [y^m] Π_t E e^{A_t(V_t y − 1)} dλ/λ,
//     E log(1 + F²/p²)   = 2 ∫ (Π_t E e^{−A_t} − Re Π_t E e^{−A_t(1 + iV_t/p)}) dλ/λ.
//
// The poles up to some k are taken as they stand, the others' logarithms by their series, which alternates.

#include <span>

namespace benign::sim {

struct RatioTerm {
  double m = 0, g = 0, c = 0;
  double count = 1;
  double spread = 1, scale = 1;  ///< of s and of ω, which are the largest: at most 1
};

struct RatioLoss {
  double loss = 0;
  double first = 0;  ///< the mean share of the first terms, as many as count says: E Σe_1/Σe
  double error = 0;  ///< of the loss
};

RatioLoss ratio_loss(std::span<const RatioTerm> terms, double s, double omega);

}  // namespace benign::sim
