#pragma once
// Training and test inputs of the paper's data model (THEORY section 1.1), drawn and rounded once in double.

#include "sim/random/random.hpp"
#include "theory/model/parameters.hpp"

#include <cstdint>
#include <vector>

namespace benign::sim {

/// How samples are laid out and which random numbers they share.
enum class DataKind {
  dense,    ///< train and test noise from disjoint streams, the classes and the flipped labels in a random order
  peer,     ///< the way of the published script: see draw_train
  gram,     ///< as `dense`, but of the tokens only their inner products are drawn: see gram.hpp
  brought,  ///< not drawn from the model at all: see brought.hpp
};

/// Which coordinate a sample's own signal lies along, and which the other's: μ₊ = ‖μ‖e₁, μ₋ = ‖μ‖e₂.
constexpr Index own_signal(int true_label) { return true_label > 0 ? 0 : 1; }
constexpr Index other_signal(int true_label) { return 1 - own_signal(true_label); }

/// n samples of T tokens of dimension d, laid out as theory/model/token_layout.hpp says; unless the parameters bring
/// another layout, token t of a sample of true label Y* is c_t + ε_t with c = (μ_{Y*}, ρμ_{Y*}, ρμ_{−Y*}, 0, …, 0),
/// μ₊ = ‖μ‖e₁, μ₋ = ‖μ‖e₂ and ε_t ~ N(0, σ²I_d).
struct Data {
  Index n = 0, T = 0, d = 0;
  RowMajor tokens;              ///< S, of shape (nT, d), sample by sample; empty in `gram`
  std::vector<int> true_label;  ///< Y* = ±1; brought tokens of many classes: 0, 1, …
  std::vector<int> label;       ///< Y likewise; the training labels, other than Y* for the flipped
  std::vector<bool> padding;    ///< which of the nT tokens are padding; empty where none is

  bool noisy(Index i) const { return label[i] != true_label[i]; }
};

/// The training set; in `gram` its labels alone, which are those of `dense`.
///
/// `peer` keeps the order and the noise rounding of the published script: labels +1 for the first half and −1 for the
/// second, and the first ⌊⌈ηn⌉/2⌋ of each class flipped (none of 20 at η = 0.05).
Data draw_train(const theory::Parameters& parameters, DataKind kind, std::uint64_t seed);

/// How many training labels are flipped where their number is exact; of the class `label` ∈ {+1, −1}. ⌈ηn⌉, but in `peer` ⌊⌈ηn⌉/2⌋ of each class.
long flipped_labels(const theory::Parameters& parameters, DataKind kind);
long flipped_labels(const theory::Parameters& parameters, DataKind kind, int label);

/// Inputs first, …, first + count − 1 of a test set of `size`, with clean labels; half of each class, or the parameters'
/// share of the class +1.
///
/// In `peer` the first n inputs carry the noise of the n training samples, as they do in the published script, which
/// draws both sets from one seed: the first half is labelled +1, so that the training noise of class −1 meets it there.
Data draw_test(const theory::Parameters& parameters, DataKind kind, std::uint64_t seed, Index size, Index first,
               Index count);

}  // namespace benign::sim
