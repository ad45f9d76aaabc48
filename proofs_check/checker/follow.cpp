#include "proofs_check/checker/follow.hpp"

#include "proofs_check/checker/cost.hpp"
#include "proofs_check/checker/test_error.hpp"

#include <algorithm>

namespace benign::checker {

Watch::Watch(const std::vector<Stated>& claims, const std::vector<bool>& open, const theory::Parameters& parameters,
             See see)
    : claims_(claims), open_(open), parameters_(parameters), see_(std::move(see)), changes_(claims.size()) {}

long Watch::last() const {
  long last = 0;
  for (std::size_t c = 0; c < claims_.size(); ++c)
    if (open_[c]) last = std::max(last, claims_[c].claim.step);
  return last;
}

Watch::Asked Watch::asked_at(long step) const {
  Asked asked;
  for (std::size_t c = 0; c < claims_.size(); ++c) {
    const Claim& claim = claims_[c].claim;
    if (!open_[c] || (claim.trend == Trend::none ? step != claim.step : step > claim.step)) continue;
    asked.any = true, asked.q_norm = asked.q_norm || needs_q_norm({claims_[c]});
  }
  return asked;
}

void Watch::look(long step, const Moment& moment, const Scene& scene) {
  std::optional<Interval> error, loss;  // one for all claims of it
  for (std::size_t c = 0; c < claims_.size(); ++c) {
    const Claim& claim = claims_[c].claim;
    if (open_[c] && claim.trend != Trend::none && step <= claim.step)
      changes_[c].see(claim.trend, scene.value(claim, moment));
    if (!open_[c] || claim.of_event() || (step >= 0 && claim.step != step)) continue;
    if (claim.trend != Trend::none || !claim.of_test()) {
      see_(c, claim.trend != Trend::none ? changes_[c].smallest() : scene.value(claim, moment), true);
      continue;
    }
    const bool of_error = claim.quantity == Quantity::test_error;
    const Interval *mu_q = &moment.logits[scene.n * scene.T], &q2 = *moment.q_norm2;
    auto& known = of_error ? error : loss;
    if (!known) known = (of_error ? test_error : test_loss)(parameters_, mu_q[0], mu_q[1], q2);
    see_(c, *known, mu_q[0].width() + mu_q[1].width() + q2.width() < 1e-9);
  }
}

}  // namespace benign::checker
