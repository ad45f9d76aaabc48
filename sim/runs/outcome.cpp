#include "sim/runs/outcome.hpp"

namespace benign::sim {

template <class Real>
Fitted fitted(const theory::Samples<Real>& samples, const std::vector<bool>& noisy, const Observation<Real>& seen) {
  const auto predicted = samples.many()
                             ? theory::predicted_classes(samples, theory::attention(samples, seen.readout.logits))
                             : std::vector<int>();
  double right[2] = {0, 0}, count[2] = {0, 0};
  for (Index i = 0; i < samples.n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    count[noisy[at]] += 1;
    right[noisy[at]] += samples.many() ? predicted[at] == samples.classes[at]
                                       : sign_of<Real>(samples.labels[at] * seen.outputs[i]) == Sign::positive;
  }
  Fitted shares;
  if (count[0] > 0) shares.clean = right[0] / count[0];
  if (count[1] > 0) shares.flipped = right[1] / count[1];
  return shares;
}

TestError clean_baseline(const Brought& brought) {
  return brought_test(brought, Eigen::VectorXd::Zero(brought.train.d));
}

template <class Real>
std::optional<theory::Outcome> outcome(const Run<Real>& run, const Observation<Real>& seen,
                                       const std::optional<TestError>& test) {
  const Fitted shares = fitted(run, seen);
  if (const auto& brought = run.config().brought) {
    const auto accuracy = test ? std::optional(test->accuracy) : std::nullopt;
    return theory::given_outcome(shares.clean, shares.flipped, seen.train_accuracy == 1, accuracy,
                                 accuracy ? clean_baseline(*brought).accuracy : 0, brought->classes);
  }
  if (!test) return std::nullopt;
  return theory::outcome(shares.clean == 1, shares.flipped.value_or(1) == 1, run.model().generalises(*test));
}

#define BENIGN_INSTANTIATE(Real)                                                                                  \
  template Fitted fitted<Real>(const theory::Samples<Real>&, const std::vector<bool>&, const Observation<Real>&); \
  template std::optional<theory::Outcome> outcome<Real>(const Run<Real>&, const Observation<Real>&,               \
                                                        const std::optional<TestError>&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
