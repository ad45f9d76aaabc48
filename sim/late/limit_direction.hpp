#pragma once
// The limit direction of an instance, the q* that q/log s tends to, from its inner products alone (THEORY sections 5.16
// and 5.18): the shortest q with (x_sel(i) − x_{i,u})·q ≥ 1 for all i and all u ≠ sel(i). While W stays at W₀ it is ‖p‖
// that is minimised, q = W₀p: the metric is Ĥ. Once W's trained part dominates it is ‖q‖ in the span of the tokens: K̂.
//
// Along a flow of p alone the gaps of active constraints are log s + κ_{i,u} + O(s^{−rate}),
//
//     κ_{i,u} = log(σ(−Y_i v_sel) Y_i(v_sel − v_{i,u}) / λ_{i,u}),
//
// and where all are active q = q* log s + q̃ + O(s^{−rate}), with q̃ the shortest vector with gaps κ. What W's training
// adds to log s is in theory/laws/late_time.hpp.

#include "sim/frames/frame.hpp"
#include "sim/late/hard_margin.hpp"

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

/// The slowest rate at which the gaps approach log s + κ, as s^{−rate}: the least eigenvalue of √Λ Q √Λ over the active
/// constraints, 1/T as d → ∞ and n SNR² → 0. Zero where a constraint is only just active.
double slowest_rate(const Frame<double>& frame, const LimitDirection& limit, Metric metric = Metric::K);

/// How a selection stands by value. The flow can stay where no sample would gain by an active token, one with λ > 0: a
/// local optimum of selection. It is a global one where no sample would gain by any token (Tarzanagh et al. 2023).
/// Where all constraints are active the two are the same.
struct Advantage {
  double local = 0;   ///< the smallest Y(v_sel − v_u) over active constraints
  double global = 0;  ///< over all of them
};
Advantage advantage(const theory::Samples<double>& samples, const LimitDirection& limit);

/// The change of one sample's token that shortens q* the most, or lengthens it the least.
struct Swap {
  Index sample = 0, token = 0;
  double norm2 = 0;  ///< ‖q*‖² with it over ‖q*‖² without
};
enum class Swapped { noisy, all };
std::optional<Swap> best_swap(const Frame<double>& frame, const LimitDirection& limit, Swapped which,
                              Metric metric = Metric::K);

}  // namespace benign::sim
