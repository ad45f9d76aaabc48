#pragma once
// Attention of every token of a sample to every token of it, averaged over the queries (THEORY section 3.10). With M tokens,
// queries P_Q = SW_Q, keys P_K = SW_K and values v,
//
//     z_lm = (P_Q)_l·(P_K)_m,   s_l = softmax(z_l),   ā_m = (1/M) Σ_l s_lm,   f = Σ_m ā_m v_m.
//
// The logits z of n samples have length N·M: sample by sample, query by query.

#include "sim/frames/products.hpp"
#include "theory/model/model.hpp"

namespace benign::sim {

/// z for P = [P_Q, P_K], of shape (N, 2r).
template <class Real>
Vector<Real> pair_logits(Index M, const RowMajorOf<Real>& P);

/// ā, length N.
template <class Real>
Vector<Real> mean_attention(const theory::Samples<Real>& samples, const Vector<Real>& z);

/// log ā up to a number for each sample, length N: as logits of one query they have the attention ā.
template <class Real>
Vector<Real> mean_logits(const theory::Samples<Real>& samples, const Vector<Real>& z);

/// The loss's derivatives times n and exp(log_gain).
template <class Real>
struct PairPulls {
  Vector<Real> A;  ///< n ∂L/∂z, length N·M: A_lm = −Yσ(−Yf) s_lm (v_m − f_l)/M, with f_l = Σ_m s_lm v_m
  Vector<Real> h;  ///< −n ∂L/∂v, length N: h_m = Yσ(−Yf) ā_m
};
/// By theory::gradient for each query, so that attention on one token loses no digits.
template <class Real>
PairPulls<Real> pair_pulls(const theory::Samples<Real>& samples, const Vector<Real>& z, const Real& log_gain);

/// −n ∂L/∂[P_Q, P_K] = −[AP_K, AᵀP_Q], with A block-diagonal over the samples; of shape (N, 2r).
template <class Real>
RowMajorOf<Real> pulled_pairs(Index M, const Vector<Real>& A, const RowMajorOf<Real>& P);

}  // namespace benign::sim
