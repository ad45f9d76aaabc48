#include "sim/runs/observation.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>

namespace benign::sim {
namespace {

/// Λ_{i,t} at the t that makes it smallest; 0 where sample i has no token but the best one.
template <class Real>
Real smallest_gap(const theory::Samples<Real>& samples, const Vector<Real>& logits, Index i, Index best) {
  const Index T = samples.T, first = i * T;
  const Real* l = logits.data() + first;
  Index rival = best;
  for (Index t = 0; t < T; ++t) {
    if (t == best || samples.padded(first + t)) continue;
    if (rival == best || representative<Real>(l[t] - l[rival]) > 0) rival = t;
  }
  return l[best] - l[rival];
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
                          const std::vector<Index>& best) {
  const Vector<Real> s = theory::attention(samples, readout.logits);
  Vector<Real> f = outputs_of(samples, readout, s);
  return observe(samples, noisy, std::move(readout), s, std::move(f), best);
}

template <class Real>
Observation<Real> observe(const theory::Samples<Real>& samples, const std::vector<bool>& noisy, Readout<Real> readout,
                          const Vector<Real>& s, Vector<Real> outputs, const std::vector<Index>& best) {
  Observation<Real> seen;
  seen.outputs = std::move(outputs);
  seen.train_accuracy = samples.many() ? class_accuracy(samples, s) : theory::accuracy(samples, seen.outputs);
  seen.train_loss = theory::loss(samples, seen.outputs);

  const auto of_model = best.empty() ? theory::kinds_of_tokens(samples.T) : std::vector<theory::Kind>();
  Index counts[2] = {0, 0};
  GroupAttention<Real> groups[2];
  for (Index i = 0; i < samples.n; ++i) {
    const bool is_noisy = element(noisy, i);
    auto& group = groups[is_noisy];
    const Index first = best.empty() ? 0 : element(best, i);
    for (Index t = 0; t < samples.T; ++t) {
      const theory::Kind kind = best.empty() ? element(of_model, t)
                                : t == first ? theory::relevant
                                             : theory::irrelevant;
      group.share[kind] += s[i * samples.T + t];
    }
    group.gap += smallest_gap(samples, readout.logits, i, first);
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
                                           const std::vector<Index>&);                                            \
  template Observation<Real> observe<Real>(const theory::Samples<Real>&, const std::vector<bool>&, Readout<Real>, \
                                           const Vector<Real>&, Vector<Real>, const std::vector<Index>&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
