#include "sim/observation.hpp"

namespace benign::sim {
namespace {

TokenClass class_of(Index t) { return t < 3 ? static_cast<TokenClass>(t) : irrelevant; }

/// Λ_{i,t} at the t that makes it smallest.
template <class Real>
Real smallest_gap(const Real* logits, Index T) {
  Index rival = 1;
  for (Index t = 2; t < T; ++t)
    if (representative<Real>(logits[t] - logits[rival]) > 0) rival = t;
  return logits[0] - logits[rival];
}

}  // namespace

template <class Real>
Observation<Real> observe(const theory::Samples<Real>& samples, const std::vector<bool>& noisy, Readout<Real> readout) {
  Observation<Real> seen;
  const Vector<Real> s = theory::attention(samples, readout.logits);
  seen.outputs = theory::outputs(samples, s);
  seen.train_accuracy = theory::accuracy(samples, seen.outputs);
  seen.train_loss = theory::loss(samples, seen.outputs);

  Index counts[2] = {0, 0};
  GroupAttention<Real> groups[2];
  for (Index i = 0; i < samples.n; ++i) {
    const bool is_noisy = noisy[static_cast<std::size_t>(i)];
    auto& group = groups[is_noisy];
    for (Index t = 0; t < samples.T; ++t) group.share[class_of(t)] += s[i * samples.T + t];
    group.gap += smallest_gap(readout.logits.data() + i * samples.T, samples.T);
    if (counts[is_noisy]++ == 0)
      (is_noisy ? seen.noisy_sample : seen.clean_sample) = FollowedSample<Real>{i, s.segment(i * samples.T, samples.T)};
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

#define BENIGN_INSTANTIATE(Real) \
  template Observation<Real> observe<Real>(const theory::Samples<Real>&, const std::vector<bool>&, Readout<Real>);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
