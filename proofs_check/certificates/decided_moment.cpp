#include "proofs_check/certificates/decided_moment.hpp"

namespace benign::proofs {
namespace {

using sim::Json;

Json ends(const Enclosure& x, int digits) { return {lower_text(x, digits), upper_text(x, digits)}; }

Json all_ends(const Vector<Enclosure>& x, int digits) {
  Json list = Json::array();
  for (Index k = 0; k < x.size(); ++k) list.push_back(ends(x[k], digits));
  return list;
}

/// Of the test error as sharply as the claim needs.
void decide_value(Decision& decision, const sim::EnclosedMoment& moment, const sim::ExactInstance& exact, int digits) {
  const auto decided = [&](const Enclosure& value) {
    decide(decision, value, digits);
    return decision.verdict != theory::Verdict::undecided;
  };
  if (decision.claim.quantity == "test_error")
    decided(sharper_test_error(moment, exact, decided));
  else
    decided(value_of(decision.claim, moment, exact));
}

}  // namespace

void decide_at(Decision& decision, const sim::EnclosedMoment& moment, const sim::ExactInstance& exact, int digits) {
  if (decision.claim.counts()) return decide(decision, right_samples(moment, exact.instance.train));
  decide_value(decision, moment, exact, digits);
  if (decision.verdict != theory::Verdict::undecided || !decision.claim.of_test()) return;
  if (sign_of(*moment.readout.q_norm2) == Sign::zero && decision.claim.quantity == "test_error")
    return;  // where the error is known to all digits
  // Bounds that leave the claim open for q's numbers at a point leave it open with any number of digits.
  sim::EnclosedMoment at_a_point = moment;
  auto& q = at_a_point.readout;
  for (Enclosure* x : {&q.mu_plus_q, &q.mu_minus_q, &*q.q_norm2}) *x = middle(*x);
  Decision there;
  there.claim = decision.claim;
  decide_value(there, at_a_point, exact, digits);
  if (there.verdict == theory::Verdict::undecided)
    decision.limit = "the bounds of the " +
                     std::string(decision.claim.quantity == "test_loss" ? "test loss" : "test error") +
                     ", which digits do not narrow";
}

Json moment_json(const sim::EnclosedMoment& m, int digits) {
  return {{"step", m.step},
          {"loss", ends(m.loss, digits)},
          {"mu_plus_q", ends(m.readout.mu_plus_q, digits)},
          {"mu_minus_q", ends(m.readout.mu_minus_q, digits)},
          {"outputs", all_ends(m.outputs, digits)},
          {"attention", all_ends(m.attention, digits)},
          {"logits", all_ends(m.readout.logits, digits)}};
}

}  // namespace benign::proofs
