#pragma once
// What is looked at along a run.

#include "sim/frames/frame.hpp"
#include "sim/routes/route.hpp"
#include "sim/generalisation/test_error.hpp"
#include "theory/model/layout.hpp"

#include <optional>
#include <vector>

namespace benign::sim {

/// Means over the clean, or over the noisy, training samples.
template <class Real>
struct GroupAttention {
  std::vector<Real> share;  ///< attention on each kind of the layout's tokens; they add up to 1
  /// min_{t≠1} Λ_{i,t} = min_{t≠1} (x₁ − x_t)·q: negative once a sample prefers another token. Where several tokens are of
  /// the relevant kind, x₁ is that of the largest logit, and t runs over the other kinds.
  Real gap{};
};

/// One training sample followed token by token.
template <class Real>
struct FollowedSample {
  Index index = 0;
  Vector<Real> attention;  ///< length T, the relevant token first
};

template <class Real>
struct Observation {
  long part = 0;  ///< steps of descent done, or parts of the flow's horizon
  Real tau{};     ///< time τ = αk
  Real log_s{};   ///< log(τ/τ₀); −∞ at the start
  double train_accuracy = 0;
  Real train_loss{};
  std::optional<GroupAttention<Real>> clean, noisy;                ///< nothing where there is no such sample
  std::optional<FollowedSample<Real>> clean_sample, noisy_sample;  ///< the first of each
  Readout<Real> readout;
  Vector<Real> outputs;           ///< f_i, length n
  std::optional<TestError> test;  ///< nothing where ‖q‖² is not known; exact in the limit
};

/// The smallest Y_i f_i of the samples that `counts(the label is flipped, Y_i)` picks; nothing where it picks none.
template <class Real, class Counts>
std::optional<Real> smallest_margin(const theory::Samples<Real>& samples, const std::vector<bool>& noisy,
                                    const Vector<Real>& outputs, const Counts& counts) {
  std::optional<Real> smallest;
  for (Index i = 0; i < samples.n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (!counts(noisy[at], samples.labels[at])) continue;
    const Real margin = samples.labels[at] * outputs[i];
    if (!smallest || representative<Real>(*smallest - margin) > 0) smallest = margin;
  }
  return smallest;
}

/// f_i, or the margins of many classes, length n, from what a route reads: by the trained head where there is one.
template <class Real>
Vector<Real> outputs_of(const theory::Samples<Real>& samples, const Readout<Real>& readout);

/// All but the time and the test error. Where `relevant` names each sample's relevant token, all others are irrelevant,
/// as kinds of the paper's layout; else the kinds are those of `layout`.
template <class Real>
Observation<Real> observe(const theory::Samples<Real>& samples, const std::vector<bool>& noisy, Readout<Real> readout,
                          const std::vector<Index>& relevant = {},
                          const theory::TokenLayout& layout = theory::paper_layout());

/// The same of attention and outputs from elsewhere: attention on a sample's tokens need not add up to 1.
template <class Real>
Observation<Real> observe(const theory::Samples<Real>& samples, const std::vector<bool>& noisy, Readout<Real> readout,
                          const Vector<Real>& attention, Vector<Real> outputs, const std::vector<Index>& relevant = {},
                          const theory::TokenLayout& layout = theory::paper_layout());

}  // namespace benign::sim
