#pragma once
// The test error of a trained head and a trained p on samples of two tokens, one a signal without noise and one noise
// across both signals (THEORY section 4.7): a test input of class y sees
//
//     y f = σ(D) V + σ(−D) σ‖v⊥‖(c z + √(1 − c²) u),   D = μ_y·p − σ‖p⊥‖ z,   V = y v·μ_y,
//
// with independent z, u ~ N(0, 1), v⊥ and p⊥ the parts across the signals and yc their correlation. Given z it is normal.

#include "sim/generalisation/test_error.hpp"

namespace benign::sim {

/// What a test input sees of the two vectors; the index is that of the class, 0 for +1.
struct TwoTokenScalars {
  double mu_p[2], mu_v[2];  ///< μ_y·p and μ_y·v
  double p_noise, v_noise;  ///< σ‖p⊥‖ and σ‖v⊥‖
  double correlation;       ///< p⊥·v⊥/(‖p⊥‖ ‖v⊥‖), in [−1, 1]
};

/// By adaptive quadrature over z; the errors are the quadrature's.
TestError two_token_test(const TwoTokenScalars& seen);

}  // namespace benign::sim
