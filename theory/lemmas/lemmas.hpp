#pragma once
// The analytic lemmas on one token against others, each as a function whose sign is the claim, over its whole domain
// and for all T ≥ 3 at once. They are proved in THEORY section 5.1.
//
// An unbounded domain is covered by a variable z ∈ [0, 1], and T by t = 1/T ∈ [0, 1/3], all ends included as limits.
// Every claim holds at the constant C = 1, is weakened by C < 1 and sharpened by C > 1. Its margin is v·a − e·b with
// e = C − 1, positive a and b, and v ≥ 0 that vanishes where the claim at C = 1 is an equality; divided by v + |e| it
// is
//
//     λa − sign(e)(1 − λ)b,      λ = v/(v + |e|):
//
// positive over all of [0, 1] if and only if the claim is true for all of its domain, on either side of C = 1.

#include "theory/numbers/decimal.hpp"
#include "theory/numbers/interval.hpp"

#include <functional>
#include <string>
#include <vector>

namespace benign::theory {

struct Lemma {
  std::string id;
  std::string statement;  ///< with C; true for C ≤ 1 and false for C > 1
  std::string source;
  std::string variable;  ///< what z stands for

  /// Positive where the claim with C = 1 + excess holds for the z ∈ [0, 1] and all T ≥ 3 with 1/T in t.
  std::function<Interval(const Interval& z, const Interval& t, const Interval& excess)> margin;
};

const std::vector<Lemma>& lemmas();

/// C − 1, from the decimal and not from a double next to it: its sign is that of the exact number.
Interval excess(const Decimal& C);

/// [0, 1/3], which holds 1/T for every T ≥ 3.
Interval every_T();

}  // namespace benign::theory
