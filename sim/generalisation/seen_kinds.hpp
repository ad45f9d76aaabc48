#pragma once
// What a test input of one class sees of each kind of its tokens: THEORY section 4.2. A token's logit and its value
//
//     ℓ = x̄·q + aσ‖Πq‖ z,      v = x̄·ν + aσ (along · z + spread · w),      along = ν·Πq/‖Πq‖,  spread = √(‖Πν‖² − along²)
//
// with independent z, w ~ N(0, 1), the kind's mean x̄ and its noise aσ. Π is the projection off both signals where the
// kind's noise is projected, and else the identity. Values are given times the label: what is positive is right.

#include "sim/generalisation/test_error.hpp"
#include "theory/model/layout.hpp"

#include <vector>

namespace benign::sim {

/// What noise sees of q and of the head.
struct SeenNoise {
  double q_norm = 0;    ///< ‖Πq‖
  double nu_q = 0;      ///< ν·Πq
  double nu_norm2 = 0;  ///< ‖Πν‖²

  double along() const { return q_norm > 0 ? nu_q / q_norm : 0; }
  double spread() const;
};
enum class NoiseIs { everywhere, projected };
SeenNoise seen_noise(const theory::Parameters& parameters, const QScalars& q, NoiseIs which);

/// Tokens that are alike, in a test input of one class.
struct SeenKind {
  long count = 0;
  double logit = 0, value = 0;  ///< x̄·q, and x̄·ν times the label
  double noise = 0;             ///< a
  bool projected = false;
};

/// How many of the test inputs are of each class.
struct ClassShares {
  double plus = 0.5, minus = 0.5;
};
ClassShares class_shares(const theory::Parameters& parameters);

/// In the order of the layout; a kind's count may be 0.
std::vector<SeenKind> seen_kinds(const theory::Parameters& parameters, const QScalars& q, int label);

}  // namespace benign::sim
