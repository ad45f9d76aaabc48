#pragma once
// What the reduced dynamics knows of an instance: inner products, and nothing of length d (THEORY section 3.1).
//
// Everything is in natural units (THEORY section 3.2): K̂ = K/(σ²d), Ĥ = H₀/(κσ²d), with K = SSᵀ, M₀ = SW₀, H₀ = M₀M₀ᵀ.
// Two probe rows, μ₊ and μ₋, follow the N token rows of K̂, Ĥ and h: they have logits like any token, and no gradient.

#include "sim/data/instance.hpp"
#include "sim/frames/products.hpp"
#include "theory/model/model.hpp"

namespace benign::sim {

constexpr Index probes = 2;

template <class Real>
struct Frame {
  theory::Samples<Real> samples;
  std::vector<bool> noisy;  ///< length n: the training label is flipped
  theory::Scales<Real> scales;
  /// Which token of a sample answers best for its true label, where that is not the first; length n.
  std::vector<Index> relevant = {};
  bool model = true;  ///< the data are those of the model: probes are its signals, and their strength is SNR

  Matrix<Real> K;  ///< K̂, of shape (N + 2, N)
  Matrix<Real> H;  ///< Ĥ, of shape (N + 2, N)
  // Zero when p₀ = 0.
  Vector<Real> h;  ///< [S; μ₊; μ₋] W₀p₀, length N + 2
  Real r0;         ///< ‖p₀‖²

  // What only ‖q‖² needs; empty where it is not asked for.
  Matrix<Real> J;  ///< Ĵ = S(W₀W₀ᵀ)²Sᵀ / (κσ²d)², of shape (N, N)
  Vector<Real> k;  ///< S W₀W₀ᵀ W₀p₀ / (κσ²d), length N
  Real omega;      ///< ‖W₀p₀‖²

  /// Of keys and queries (sim/models/keys_queries.cpp): [SW_Q, SW_K] at the start, of shape (N, 2r), up to a rotation of
  /// the columns of both. There h and r₀ are Sv and ‖v‖² at the start, and K̂ has no probe rows.
  RowMajorOf<Real> queries_keys = {};

  Index tokens() const { return K.cols(); }  ///< N
};

/// Whether ‖q‖² will be asked for: half the cost of a frame.
enum class QNorm { needed, not_needed };

/// The inner products of an instance, each correct to the last digits of Real.
template <class Real>
Frame<Real> make_frame(const Instance& instance, QNorm q_norm = QNorm::needed);

/// Each sample's token that answers best for its true label; empty with the model's data, where it is the first.
std::vector<Index> relevant_tokens(const Instance& instance);

/// A frame without inner products: samples, scales, and what is said of the samples.
template <class Real>
Frame<Real> make_outline(const Instance& instance);

/// ν·x for every training token, and the labels.
template <class Real>
theory::Samples<Real> make_samples(const Instance& instance);

}  // namespace benign::sim
