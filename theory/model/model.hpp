#pragma once
// One head of attention, f(X) = νᵀ Xᵀ softmax(ℓ) with token logits ℓ = X W p, and the logistic loss
// L = (1/n) Σ log(1 + exp(−Y_i f_i)), as functions of the logits alone (THEORY sections 1.2 and 3.5).
//
// Vectors over tokens have length N = nT, sample by sample; vectors over samples have length n.

#include "theory/numbers/elementary.hpp"
#include "theory/numbers/real.hpp"
#include "theory/numbers/element.hpp"

#include <vector>

namespace benign::theory {

/// What the loss knows of the data besides the logits.
///
/// With many classes a head of one column for each gives every token a vector of values, outputs are F = Σ_t s_t V_t,
/// and the loss is the cross-entropy of their softmax π. It is the logistic loss of the margin
///
///     m = −log Σ_{c≠y} e^{F_c − F_y},
///
/// so that with m for an output and +1 for a label all that is said of two classes stands; and its gradient is that of
/// two classes with the values u_t = Σ_c (π_c − 1[c = y]) V_{t,c} and −Yσ(−Yf) = 1.
template <class Real>
struct Samples {
  Index n = 0;
  Index T = 0;
  Vector<Real> values;             ///< v = ν·x for every token, length N; empty with many classes
  std::vector<int> labels;         ///< training labels Y = ±1, length n; +1 with many classes
  Matrix<Real> class_values = {};  ///< V, of shape (N, classes); empty with two classes
  std::vector<int> classes = {};   ///< the training labels y as columns of V, length n
  /// Which of the N tokens are padding, with no attention whatever their logits; empty where none is.
  std::vector<bool> padding = {};

  bool many() const { return class_values.size() > 0; }
  bool padded(Index token) const { return !padding.empty() && element(padding, token); }
};

/// γ = ν·μ₊ = 1/√2, the fixed head's answer to a relevant token.
template <class Real>
Real head_scale() {
  using std::sqrt;
  return Real(1) / sqrt(Real(2));
}

/// log(1 + e^{−γ}) = 0.4008…, below which no sample's loss can fall (up to O(σ/‖μ‖)).
template <class Real>
Real loss_floor() {
  using elementary::exp;
  using elementary::log1p;
  return log1p(exp(-head_scale<Real>()));
}

/// log(1 + e^{−m}) without overflow, for a margin m = Y f.
template <class Real>
Real logistic_loss(const Real& margin);

/// σ(x) = 1 / (1 + e^{−x}) without overflow.
template <class Real>
Real sigmoid(const Real& x);

/// Softmax of every sample's logits: attention s, length N.
template <class Real>
Vector<Real> attention(const Samples<Real>& samples, const Vector<Real>& logits);

/// f_i = Σ_t s_t v_t, or the margin m_i with many classes; length n.
template <class Real>
Vector<Real> outputs(const Samples<Real>& samples, const Vector<Real>& attention);

/// (1/n) Σ log(1 + exp(−Y_i f_i)).
template <class Real>
Real loss(const Samples<Real>& samples, const Vector<Real>& outputs);

/// The share of training labels predicted right; with many classes, of probability above one half.
template <class Real>
double accuracy(const Samples<Real>& samples, const Vector<Real>& outputs);

/// The class of the largest output, with many classes; length n.
template <class Real>
std::vector<int> predicted_classes(const Samples<Real>& samples, const Vector<Real>& attention);

/// ĝ = n ∂L/∂ℓ, times exp(log_gain); length N.
///
///     ĝ_{i,t} = −Y_i σ(−Y_i f_i) s_t Σ_{j≠t} s_j (v_t − v_j)
///
/// Never through v_t − f: once s_t → 1 that difference of two equal numbers loses every digit (in double from about
/// log τ = 37). Here everything is measured from the sample's largest logit m: with δ_t = v_t − v_m and D = Σ s_t δ_t,
/// the sum is δ_t − D for t ≠ m and −D for t = m, where each term of D is small by itself. The gain multiplies the
/// small attentions inside their exponential, so that exp(log_gain) may overflow where the product does not.
template <class Real>
Vector<Real> gradient(const Samples<Real>& samples, const Vector<Real>& logits, const Real& log_gain = Real(0));

/// The gradient's derivative along a direction z of the logits, (∂ĝ/∂ℓ) z times exp(log_gain); length N.
///
///     ḟ = Σ_t s_t (v_t − f)(z_t − z̄),  z̄ = Σ_t s_t z_t,  σ = σ(−Y f)
///     ġ_t = s_t [ σ(1 − σ) ḟ (v_t − f) − Y σ ( (z_t − z̄)(v_t − f) − ḟ ) ]
///
/// Measured from the largest logit like `gradient`, whose remarks on digits and on the gain hold here too (with many
/// classes they do not: weighted means are subtracted); a sample's entries sum to zero.
template <class Real>
Vector<Real> gradient_derivative(const Samples<Real>& samples, const Vector<Real>& logits,
                                 const Vector<Real>& direction, const Real& log_gain = Real(0));

}  // namespace benign::theory
