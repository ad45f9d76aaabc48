#pragma once
// A descent enclosed by one orbit near it: an approximate orbit in 31, 50 or 100 digits, what each of its steps misses, and
// how far the steps drive two states apart (THEORY section 6.1).
//
// A state is the point W = W₀ + SᵀΦM, p = Mᵀa of parameter space, of exact numbers Φ and a, with M = [SW₀; p₀ᵀ] and no last
// row where p₀ = 0. With b = Ha, H = MMᵀ, a step of descent is, as in section 3.1,
//
//     ℓ = b + KΦb,   Φ⁺ = Φ − θ_W α g aᵀ,   a⁺ = a − θ_p α([g; 0] + ΦᵀKg).
//
// The next state is a rounded one. The distance of the true descent in parameter space, E = ‖(W, p) − (W̃, p̃)‖, is then at
// most E⁺ = ‖I − α∇²L‖E + δ, δ the distance that rounding made.

#include "sim/enclosures/ball.hpp"
#include "sim/enclosures/descent_growth.hpp"
#include "sim/enclosures/enclosed_run.hpp"
#include "sim/enclosures/family_line.hpp"
#include "sim/enclosures/family_matrix.hpp"
#include "sim/enclosures/near_state.hpp"

namespace benign::sim {

template <class Real>
class Orbit {
 public:
  /// Both must outlive it. The frame, enclosed with at least the bits of Real, of two classes and no padding.
  Orbit(const ExactInstance& exact, const Frame<Enclosure>& frame);

  void advance(long);

  /// Rounds the state to numbers that record() tells, which bounds what follows by these alone. Of a single run.
  void settle();
  /// Where it stands after settle(), and the same from there on.
  Json record() const;
  void resume(const Json& record);

  /// Of the true descent: attention, outputs and loss, and everything else that is read at a claim.
  EnclosedMoment moment() const;
  Readout<Enclosure> read() const;
  Ball<Real> logits() const;
  Upward distance() const { return distance_; }  ///< √(κσ²d) E
  Upward growth() const;                         ///< γ of the step to come

 private:
  void stand_at(const Matrix<Real>& Phi);
  void look();  ///< at the present state: b, ĉ, ℓ and what the samples answer
  Ball<Real> gradient() const;
  Ball<Real> minus_step(const Ball<Real>& x) const;

  const Frame<Enclosure>& frame_;
  const FamilyLine line_;
  const Index N_, M_;
  const bool moves_W_, moves_p_;
  std::vector<LoneSample> samples_;
  const DescentGrowth growth_;
  const FamilyMatrix<Real> K_, H_;
  const NearState near_;

  FamilyMatrix<Real> Phi_;
  Ball<Real> a_;  // of no radius
  Ball<Real> b_, c_, logits_;
  Upward missed_by_Phi_;  // of the double middle, for t = 0
  StateInDouble in_double_;
  Upward distance_;
};

}  // namespace benign::sim
