#pragma once
// A path near a descent: parameters that are known exactly, and how far a step of the descent leads from one of them to
// the next. With M = [SW₀; p₀ᵀ] (p₀'s row only where p₀ ≠ 0), K = SSᵀ and H = MMᵀ, scaled by powers of two,
//
//     K̂ = 4^−k K,  Ĥ = 4^−h H,  Ŝ = 2^−k S,  M̂ = 2^−h M,    W = W₀ + ŜᵀΦM̂,   p = M̂ᵀa,
//
// for any numbers Φ and a, here of a fixed point. From there the step γ = αg leads to Φ − 2^kγaᵀ and
// a − 2^hγ − Φᵀ(2^kK̂γ), which are rounded. THEORY section 6.2 derives what that moves W and p by.

#include "proofs_check/checker/arithmetic/fixed_point.hpp"
#include "proofs_check/checker/arithmetic/size.hpp"
#include "proofs_check/checker/descent/inner_products.hpp"
#include "sim/routes/train.hpp"

#include <vector>

namespace benign::checker {

/// y_i = Σ_j A_ij x_j of the first `rows` rows, cut.
FixedPoints product(const FixedPoints& A, std::size_t rows, const FixedPoints& x);

/// x 2^power.
Interval scaled(Interval x, long power);

class Path {
 public:
  Path(const InnerProducts& products, sim::Train train, std::size_t limbs);

  /// Moves on; `gamma` with `slack` more in length contains γ. Returns a bound of the distance, in W and p together,
  /// between the step's end and the path's next point.
  Size step(const Intervals& gamma, const Size& slack);

  /// Of the point: SWp within `logit_slack()` in length; ‖p‖²; bounds of ‖W‖ and ‖p‖.
  const Intervals& logits() const { return logits_; }
  const Size& logit_slack() const { return logit_slack_; }
  Interval p_norm2() const;
  Size W_norm() const;
  Size p_norm() const;

  /// Sᵀγ of the last step, multiplied by S: in double, within `moved_slack()` in length.
  const std::vector<double>& moved() const { return moved_; }
  const Size& moved_slack() const { return moved_slack_; }

  /// Of a row x with the inner products κ = Sx and η = MW₀ᵀx: xᵀWp = Σ η_j (2^−h a_j) + Σ κ_j (2^−k c_j).
  Intervals of_M() const;  ///< 2^−h a
  Intervals of_S() const;  ///< 2^−k c, c = ΦĤa

  const Size& S_norm() const { return S_norm_; }  ///< of ‖S‖

 private:
  friend class Slope;  // which is the same to first order in a parameter, of the same numbers (slope.hpp)
  void look();

  std::size_t N_, size_;  ///< tokens, and rows of M
  bool moves_W_, moves_p_;
  long k_, h_;
  FixedPoints K_, H_, Phi_, a_, Ha_, c_;
  Size unit_, K_bound_, H_bound_, Phi_bound_, W0_norm_, S_norm_;
  Size Ha_slack_, c_slack_;  ///< of Ĥa and ΦĤa, in length
  Intervals logits_;
  Size logit_slack_, moved_slack_;
  std::vector<double> moved_;
};

}  // namespace benign::checker
