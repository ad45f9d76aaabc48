#pragma once
// What is drawn of keys and queries (J. Jiang, W. Huang, M. Zhang, T. Suzuki, L. Nie, arXiv 2409.19345; THEORY section
// 3.10): a sample of class y has M tokens,
//
//     x₁ = μ_y,   x₂ ~ N(0, σ̃²Π),   x₃, …, x_M ~ N(0, σ²Π),   σ̃ = 5√M σ,   Π the projection off both signals,
//
// and W_Q, W_K ∈ R^{d×d_h} have entries N(0, σ_h²), v = W_V w_O entries N(0, (σ_V‖w_O‖)²).
//
// With `gram` data nothing of length d or d_h is drawn. In units of σ and in an orthonormal frame of the R = 2 + n(M − 1)
// directions of the signals and the training tokens' noise, tokens are the rows of B, whose noise is a Wishart factor; W_Q
// and W_K have the rows Z_Q and Z_K there, of which training knows the inner products alone: [Z_Q; Z_K] is a Wishart factor
// of min(d_h, 2R) columns.

#include "sim/frames/frame.hpp"
#include "sim/frames/products.hpp"
#include "sim/generalisation/test_error.hpp"

namespace benign::sim {

Instance draw_key_query_instance(const theory::Parameters& parameters, DataKind kind, std::uint64_t seed);

/// [W_Q, W_K] of shape (d, 2 d_h) and v, at the start.
RowMajor initial_queries_keys(const Instance& instance);
Vector<double> initial_value_vector(const Instance& instance);

/// Samples, scales, and what is said of the samples.
template <class Real>
Frame<Real> key_query_outline(const Instance& instance);

/// The same with K̂, of shape (N, N), [SW_Q, SW_K] and Sv at the start.
template <class Real>
Frame<Real> key_query_frame(const Instance& instance);

/// Test inputs, half of each class, as far as training can see them. Of `dense` data they are drawn tokens; of `gram` data
/// they have the law that they have given all that training has seen: their noise has independent coordinates N(0, 1) along
/// the training tokens' and a Wishart factor across them, and so have their queries and keys along and across those of the
/// frame. What training has not seen of W_Q, W_K and v is drawn anew for every input: the mean is one over that, too.
class KeyQueryTest {
 public:
  explicit KeyQueryTest(const Instance& instance);

  /// After training has added SᵀC/(σ²d) to [W_Q, W_K], with C of shape (N, 2r), and Sᵀc/(σ²d) to v.
  TestError operator()(const RowMajor& C, const Vector<double>& c) const;

 private:
  void draw(const Instance& instance);
  void draw_by_law(const Instance& instance);

  Index M_;
  RowMajor X_, P_;        // x·S/(σ²d), of shape (inputs · M, N); [xW_Q, xW_K] at the start in the frame
  Vector<double> v_, z_;  // x·v at the start; the part of the logits that is across the frame
};

/// The test inputs' error under [W_Q, W_K], of shape (d, 2 d_h), and v, for `dense` data.
TestError key_query_test(const Instance& instance, const RowMajor& W, const Vector<double>& v);

}  // namespace benign::sim
