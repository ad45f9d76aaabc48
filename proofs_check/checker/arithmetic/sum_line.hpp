#pragma once
// The nodes u = k h of the outer integral of sum_law.hpp, and what their sum is wrong by: THEORY section 6.2.
//
// The trapezoidal rule needs a bound of ∫ |Π φ| and of ∫ |Π φ − 1| at Im u = η. There are two: z may leave the real line, at a
// cost of e^{Kη²} with K ~ 1/a², or A may turn, at one that does not know a.

#include "proofs_check/checker/arithmetic/sum_law.hpp"

namespace benign::checker {

class SumLine {
 public:
  /// For κ = 0 and this ξ, or κ = 1 and every ξ up to this one.
  SumLine(const SumLaw& law, int kappa, const Interval& xi, double tolerance);

  bool known() const { return known_; }
  long nodes() const { return last_ - first_ + 1; }
  Interval node(long k) const { return Interval(first_ + k) * h_; }
  const Interval& step() const { return h_; }
  const Interval& error() const { return error_; }

  /// A bound of ∫ |Π φ − 1| before `left`, |Π φ| between, and behind `right`, together, at every |Im u| up to η: its
  /// upper end counts, infinite where nothing is known.
  Interval with_A_turned(long left, long right, const Interval& eta) const;

 private:
  /// The same by z.
  Interval with_z_aside(long left, long right, const Interval& eta) const;
  Interval tokens() const;
  Interval before(const Interval& U, const Interval& eta) const;
  Interval behind(const Interval& U) const;

  const SumLaw& law_;
  int kappa_;
  Interval xi_, h_, error_;
  long first_ = 0, last_ = 0;
  bool known_ = false;
};

}  // namespace benign::checker
