#include "sim/runs/observation.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>

namespace benign::sim {
namespace {

/// The token of sample i, among those that count, whose logit is largest; nothing where none counts.
template <class Real, class Counts>
std::optional<Index> largest_logit(const theory::Samples<Real>& samples, const Vector<Real>& logits, Index i,
                                   const Counts& counts) {
  const Real* l = logits.data() + i * samples.T;
  std::optional<Index> best;
  for (Index t = 0; t < samples.T; ++t) {
    if (!counts(t) || samples.padded(i * samples.T + t)) continue;
    if (!best || representative<Real>(l[t] - l[*best]) > 0) best = t;
  }
  return best;
}

/// Λ_{i,t} at the t that makes it smallest, of the best of the relevant tokens first, …, first + count − 1; 0 where
/// sample i has no others.
template <class Real>
Real smallest_gap(const theory::Samples<Real>& samples, const Vector<Real>& logits, Index i, Index first, Index count) {
  const auto relevant = [=](Index t) { return first <= t && t < first + count; };
  const auto best = largest_logit(samples, logits, i, relevant);
  const auto rival = largest_logit(samples, logits, i, [&](Index t) { return !relevant(t); });
  const Real* l = logits.data() + i * samples.T;
  return best && rival ? Real(l[*best] - l[*rival]) : Real(0);
}

template <class Real>
double class_accuracy(const theory::Samples<Real>& samples, const Vector<Real>& s) {
  const std::vector<int> predicted = theory::predicted_classes(samples, s);
  Index right = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i) right += predicted[i] == samples.classes[i];
  return static_cast<double>(right) / static_cast<double>(samples.n);
}

template <class Real>
Vector<Real> outputs_of(const theory::Samples<Real>& samples, const Readout<Real>& readout, const Vector<Real>& s) {
  if (!readout.head) return theory::outputs(samples, s);
  theory::Samples<Real> answered = samples;
  answered.values = readout.head->values;
  return theory::outputs(answered, s);
}

}  // namespace

template <class Real>
Vector<Real> outputs_of(const theory::Samples<Real>& samples, const Readout<Real>& readout) {
  return outputs_of(samples, readout, theory::attention(samples, readout.logits));
}

template <class Real>
Observation<Real> observe(const theory::Samples<Real>& samples, const std::vector<bool>& noisy, Readout<Real> readout,
                          const std::vector<Index>& best, const theory::TokenLayout& layout) {
  const Vector<Real> s = theory::attention(samples, readout.logits);
  Vector<Real> f = outputs_of(samples, readout, s);
  return observe(samples, noisy, std::move(readout), s, std::move(f), best, layout);
}

template <class Real>
Observation<Real> observe(const theory::Samples<Real>& samples, const std::vector<bool>& noisy, Readout<Real> readout,
                          const Vector<Real>& s, Vector<Real> outputs, const std::vector<Index>& best,
                          const theory::TokenLayout& layout) {
  Observation<Real> seen;
  seen.outputs = std::move(outputs);
  seen.train_accuracy = samples.many() ? class_accuracy(samples, s) : theory::accuracy(samples, seen.outputs);
  seen.train_loss = theory::loss(samples, seen.outputs);

  const auto of_model = best.empty() ? theory::kinds_of_tokens(layout, samples.T) : std::vector<std::size_t>();
  const std::size_t kinds = best.empty() ? layout.kinds.size() : theory::token_kinds;
  const Index relevant = best.empty() ? layout.kinds.front().count.value() : 1;
  Index counts[2] = {0, 0};
  GroupAttention<Real> groups[2];
  for (auto& group : groups) group.share.assign(kinds, Real(0));
  for (Index i = 0; i < samples.n; ++i) {
    const bool is_noisy = element(noisy, i);
    auto& group = groups[is_noisy];
    const Index first = best.empty() ? 0 : element(best, i);
    for (Index t = 0; t < samples.T; ++t) {
      const std::size_t kind = best.empty() ? element(of_model, t) : t == first ? theory::relevant : theory::irrelevant;
      group.share[kind] += s[i * samples.T + t];
    }
    group.gap += smallest_gap(samples, readout.logits, i, first, relevant);
    if (counts[is_noisy]++ == 0) {
      Vector<Real> attention = s.segment(i * samples.T, samples.T);
      std::rotate(attention.data(), attention.data() + first, attention.data() + first + 1);
      (is_noisy ? seen.noisy_sample : seen.clean_sample) = FollowedSample<Real>{i, std::move(attention)};
    }
  }
  for (const bool is_noisy : {false, true}) {
    if (counts[is_noisy] == 0) continue;
    auto& group = groups[is_noisy];
    const Real count(counts[is_noisy]);
    for (Real& share : group.share) share /= count;
    group.gap /= count;
    (is_noisy ? seen.noisy : seen.clean) = group;
  }
  seen.readout = std::move(readout);
  return seen;
}

#define BENIGN_INSTANTIATE(Real)                                                                                  \
  template Vector<Real> outputs_of<Real>(const theory::Samples<Real>&, const Readout<Real>&);                     \
  template Observation<Real> observe<Real>(const theory::Samples<Real>&, const std::vector<bool>&, Readout<Real>, \
                                           const std::vector<Index>&, const theory::TokenLayout&);                \
  template Observation<Real> observe<Real>(const theory::Samples<Real>&, const std::vector<bool>&, Readout<Real>, \
                                           const Vector<Real>&, Vector<Real>, const std::vector<Index>&,          \
                                           const theory::TokenLayout&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
