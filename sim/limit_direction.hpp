#pragma once
// The limit direction of an instance: the q* that q/log s tends to (theory/limit_direction.hpp), from its inner
// products alone.
//
//     q* = argmin ‖q‖²  such that  (x_sel(i) − x_{i,u})·q ≥ 1 for all i and all u ≠ sel(i).
//
// Whose norm is minimised depends on what is trained [D]. While W stays at W₀ it is that of p, q = W₀p: the metric is
// Ĥ, and q* is in the span of W₀W₀ᵀSᵀ. Once W's trained part, of rank one in the limit, dominates, it is that of q in
// the span of the tokens: K̂. For W₀ = I the two are the same.
//
// Along a flow of p alone, the gaps of fitted samples are log s + κ_{i,u} + o(1),
//
//     κ_{i,u} = log(σ(−Y_i v_sel) Y_i(v_sel − v_{i,u}) / λ_{i,u}),
//
// where all constraints are active: q = q* log s + q̃ + o(1), with q̃ the shortest vector with gaps κ.

#include "sim/frame.hpp"
#include "sim/hard_margin.hpp"

#include <vector>

namespace benign::sim {

/// The token that each sample selects, length n.
using Selected = std::vector<Index>;

/// Each sample's best token by value, the largest Y v.
Selected best_by_value(const theory::Samples<double>& samples);
/// Each sample's token of the largest logit.
Selected largest_logits(const theory::Samples<double>& samples, const Vector<double>& logits);

enum class Metric { K, H };

struct LimitDirection {
  Selected selected;
  HardMargin solution;   ///< the constraints are those of sample 0 in the order of its tokens, then of sample 1, …
  Vector<double> a;      ///< q* = Sᵀâ/(σ²d), or W₀W₀ᵀSᵀâ/(κσ²d); length N
  double mu_plus_q = 0;  ///< μ₊·q*
  double mu_minus_q = 0;
  std::optional<double> q_norm2;  ///< ‖q*‖²; nothing for the metric Ĥ of a frame without Ĵ
};

/// Nothing where no q selects these tokens.
std::optional<LimitDirection> limit_direction(const Frame<double>& frame, const Selected& selected,
                                              Metric metric = Metric::K, ActiveSet how = ActiveSet::all_first);

/// x_sel(i)·q − x_{i,u}·q for all constraints.
Vector<double> selection_gaps(const Selected& selected, Index T, const Vector<double>& logits);

/// κ, the constant by which a constraint's gap differs from log s at late times; infinite for inactive constraints.
Vector<double> gap_offsets(const theory::Samples<double>& samples, const LimitDirection& limit);

/// The norm, in the metric's units, of the shortest vector with these gaps: √(yᵀQ⁻¹y) with Q of limit_direction.
double norm_of_gaps(const Frame<double>& frame, const Selected& selected, const Vector<double>& gaps,
                    Metric metric = Metric::K);

/// Where a selection stands among all.
struct Optimality {
  bool global = false;  ///< every sample selects its best token by value
  /// No sample would gain by any of its active tokens, Y(v_sel − v_u) > 0: the flow can stay there (Tarzanagh et al.).
  bool local = false;
  double least_advantage = 0;  ///< the smallest Y(v_sel − v_u) over active constraints
  /// The shortest ‖q‖²/‖q*‖² that one sample's changing its token leads to, the sample and its new token.
  double best_swap = 0;
  Index swapped_sample = 0, swapped_token = 0;
};

/// Swaps are tried in the samples that are flipped; in all of them with `all`.
Optimality optimality(const Frame<double>& frame, const LimitDirection& limit, Metric metric = Metric::K,
                      bool all = false);

}  // namespace benign::sim
