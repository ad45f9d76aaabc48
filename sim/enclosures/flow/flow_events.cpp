#include "sim/enclosures/flow/flow_events.hpp"

#include "theory/model/model.hpp"
#include "theory/numbers/element.hpp"

namespace benign::sim {
namespace {

StepSeries over_step(const Series& terms, std::size_t p) { return {terms, p, element(terms, static_cast<Index>(p))}; }

Series entry_of(const Columns& terms, Index i) {
  Series series;
  for (const Column& term : terms) series.push_back(term[i]);
  return series;
}

/// All of the functions whose terms over a step these are, of which each may be `apart` away, above c.
AllAbove all_above(const Columns& terms, std::size_t p, const std::vector<Upward>& apart, const Enclosure& c) {
  std::vector<StepSeries> functions;
  std::vector<Enclosure> how_far;
  for (Index i = 0; i < terms[0].size(); ++i) {
    functions.push_back(over_step(entry_of(terms, i), p));
    how_far.push_back(plus_or_minus(element(apart, i)));
  }
  return {functions, how_far, c};
}

/// The population's test loss is at most c, from μ±·q and ‖q‖² at all times of a step.
class TestLossAtMost final : public StepCondition {
 public:
  TestLossAtMost(TestLosses& losses, const FlowStep& step, const FlowDistance::Apart& apart, const Enclosure& c)
      : losses_(losses),
        plus_(over_step(entry_of(step.terms.X, 0), step.p)),
        minus_(over_step(entry_of(step.terms.X, 1), step.p)),
        norm2_(over_step(step.terms.q_norm2, step.p)),
        apart_(apart),
        most_(c) {}

  bool certainly_false(const Enclosure& times) const override {
    const auto above = [&](const Enclosure& loss) { return certainly_less(most_, loss); };
    return above(loss_at(times, above));
  }
  bool certainly_true(const Enclosure& time) const override {
    const auto below = [&](const Enclosure& loss) { return certainly_less_equal(loss, most_); };
    return below(loss_at(time, [&](const Enclosure& loss) { return below(loss) || certainly_less(most_, loss); }));
  }
  /// The loss is known to some five digits, and each time that is looked at may cost as much as a step.
  long halvings() const override { return 12; }

 private:
  template <class Enough>
  Enclosure loss_at(const Enclosure& times, const Enough& enough) const {
    const Enclosure norm = sqrt(greater(norm2_.at(times), Enclosure(0))),
                    q = greater(norm + plus_or_minus(apart_.q), Enclosure(0));
    return losses_.of(
        {plus_.at(times) + plus_or_minus(apart_.X[0]), minus_.at(times) + plus_or_minus(apart_.X[1]), q * q}, enough);
  }

  TestLosses& losses_;
  StepSeries plus_, minus_, norm2_;
  const FlowDistance::Apart& apart_;
  const Enclosure& most_;
};

}  // namespace

FlowEvents::FlowEvents(const FlowQuestion& the_question, const theory::Parameters& the_parameters)
    : asked_(the_question), log_T_(log(Enclosure(the_parameters.T))) {
  if (!asked_.half_loss) return;
  const Enclosure nothing(0), start = enclosed_test_loss(the_parameters, {nothing, nothing, nothing});
  half_way_ = (start + theory::loss_floor<Enclosure>()) / 2;
  test_losses_.emplace(the_parameters);
}

void FlowEvents::look(const FlowStep& step, const FlowDistance::Apart& apart, const Enclosure& start) {
  const auto look_for = [&](FirstTime& first, const StepCondition& condition) {
    first.look(condition, step.length, start, step.unit);
  };
  if (asked_.fit) look_for(fit, all_above(step.terms.margins, step.p, apart.outputs, Enclosure(0)));
  if (asked_.gap) look_for(gap, all_above(step.terms.X, step.p, apart.X, log_T_));
  if (asked_.half_loss) look_for(half_loss, TestLossAtMost(*test_losses_, step, apart, half_way_));
}

bool FlowEvents::all_seen() const {
  return (!asked_.fit || fit.seen()) && (!asked_.gap || gap.seen()) && (!asked_.half_loss || half_loss.seen());
}

}  // namespace benign::sim
