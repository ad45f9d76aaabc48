#pragma once
// The analytic lemmas on one token against others, each as a function whose sign is the claim, over its whole domain.
//
// An unbounded domain is covered by a variable z ∈ [0, 1], both ends included as limits. Every claim holds at a
// constant C = 1 and is sharpened by C > 1. A margin that would vanish at an end of the domain, where the claim is an
// equality in the limit, is divided by what vanishes: with v ≥ 0 vanishing there, v·a − (C − 1)·b has the sign of
//
//     λa − (1 − λ)b,    λ = v/(v + C − 1),
//
// which is a at C = 1 and stays finite for C > 1. What is left is positive over all of [0, 1] if and only if the claim
// is true for all of its domain, and a minimum by branch and bound proves it (REFERENCES.md, "Lemmas").

#include "theory/interval.hpp"

#include <functional>
#include <string>
#include <vector>

namespace benign::theory {

struct Lemma {
  std::string id;
  std::string statement;  ///< with C
  std::string source;
  std::string variable;  ///< what z stands for
  double sharp;          ///< the claim is true at C = 1 and below this constant, false above it

  /// Positive where the claim holds for the z ∈ [0, 1], T ≥ 3 tokens and the constant C ≥ 1.
  std::function<Interval(const Interval& z, long T, const Interval& C)> margin;
};

const std::vector<Lemma>& lemmas();

}  // namespace benign::theory
