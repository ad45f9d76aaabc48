#pragma once
// Functions of a number t ∈ [−1, 1] to second order, between bounds: f(t), f′(t) and f″(t)/2 for every t of a set, which is
// 0 alone or all of [−1, 1]. By Taylor's theorem
//
//     f(t) = f(0) + t f′(0) + t² f″(ξ)/2   with some ξ ∈ [−1, 1],
//
// so that what is known at 0, of two terms, and over all of it, of the third, encloses f. THEORY section 6.2.

#include "proofs_check/checker/arithmetic/interval.hpp"

#include <vector>

namespace benign::checker {

struct Jet {
  Jet() = default;
  Jet(int x) : value(x) {}                                // NOLINT: whole numbers stand in formulas
  Jet(Interval constant) : value(std::move(constant)) {}  // NOLINT
  Jet(Interval f, Interval first, Interval half_of_second)
      : value(std::move(f)), slope(std::move(first)), bend(std::move(half_of_second)) {}

  Interval value, slope, bend;  ///< f, f′ and f″/2

  double middle() const { return value.middle(); }
  bool positive() const { return value.positive(); }
  Jet& operator+=(const Jet& y);
};

Jet operator+(Jet x, const Jet& y);
Jet operator-(const Jet& x, const Jet& y);
Jet operator-(const Jet& x);
Jet operator*(const Jet& x, const Jet& y);
Jet operator/(const Jet& x, const Jet& y);
Jet exp(const Jet& x);
Jet log1p(const Jet& x);
void add_product(Jet& sum, const Jet& x, const Jet& y);  ///< sum += x y

using Jets = std::vector<Jet>;

/// [−1, 1] and [0, 1]: what t and t² may be.
Interval any_t();
Interval any_square();

/// The same functions at 0 and over [−1, 1].
struct Functions {
  Jets at, all;

  /// c₀ + tc₁ + t²c₂ + t³c₃ behind the others.
  void add_polynomial(const Interval& c0, const Interval& c1, const Interval& c2, const Interval& c3);
};

/// All values of a function over [−1, 1].
Interval range_of(const Jet& at, const Jet& all);
Intervals ranges_of(const Functions& functions);

}  // namespace benign::checker
