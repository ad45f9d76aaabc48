#pragma once
// Φ̂ in doubles at the times of a step, from the terms of â and ĝ, with what the doubles miss (THEORY section 6.1).

#include "sim/enclosures/flow/flow_expansion.hpp"
#include "sim/enclosures/upward.hpp"

#include <cmath>
#include <utility>
#include <vector>

namespace benign::sim {

inline Upward size_of(double x) { return Upward(std::abs(x)); }
inline Upward size_of(const Enclosure& x) { return magnitude(x); }

/// A bound of the Euclidean, or Frobenius', norm.
template <class Numbers>
Upward norm(const Numbers& x) {
  Upward sum;
  for (Index k = 0; k < x.size(); ++k) sum += square(size_of(x.data()[k]));
  return sqrt(sum);
}

/// Bounds of ‖x_k hᵏ‖ for the terms of some entries of a vector over a step of h, the last of them over all of it.
std::vector<Upward> norms_of_terms(const Columns& x, const Enclosure& h, Index first, Index count);

Upward sum(const std::vector<Upward>& x);

/// The terms x_k hᵏ of a vector over a step of h in doubles, one to a column, what they miss, and bounds of them.
struct TermsInDouble {
  TermsInDouble(const Columns& x, const Enclosure& h);

  /// A bound of the vector at every time of the step, and of any of its terms together.
  Upward bound() const { return sum(norms); }

  Matrix<double> middle;
  std::vector<Upward> missed, norms;
};

class WeightsInDouble {
 public:
  WeightsInDouble(const Matrix<Enclosure>& Phi, const FlowStep& step);

  /// A bound of ‖ĝ‖ over the step.
  Upward pull() const { return g_.bound(); }

  /// Φ̂ at a time in the step's unit, and what that misses: Φ̂(t) = Φ̂₀ − Σ_i ĝ_i w_iᵀ, w_i = unit Σ_m â_m t^{i+m+1}/(i + m + 1), up
  /// to the terms of order p, with t^{i+m+1} = h^{i+m} h (t/h)^{i+m+1}.
  std::pair<Matrix<double>, Upward> at(double t) const;

 private:
  const Matrix<double> start_;
  Upward start_error_;
  const double h_, unit_;
  const TermsInDouble a_, g_;
};

}  // namespace benign::sim
