#include "sim/enclosures/flow/flow_events.hpp"

#include "sim/enclosures/exact_json.hpp"
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

Json json_of(const FirstTime& first) {
  const FirstTime::Known& known = first.known();
  return {{"from_the_start", known.from_the_start},
          {"possible", known.possible},
          {"not_before", exact_text(known.not_before)},
          {"by", known.by ? Json(exact_text(*known.by)) : Json()}};
}

FirstTime first_time(const Json& record) {
  FirstTime::Known known{
      record.at("from_the_start"), record.at("possible"), read_exact<Enclosure>(record.at("not_before")), {}};
  if (!record.at("by").is_null()) known.by = read_exact<Enclosure>(record.at("by"));
  return FirstTime(known);
}

}  // namespace

FlowEvents::FlowEvents(const FlowQuestion& the_question, const theory::Parameters& the_parameters)
    : asked_(the_question), log_T_(log(Enclosure(the_parameters.T))) {
  if (!asked_.half_loss) return;
  test_losses_.emplace(the_parameters);
  const Enclosure& start = test_losses_->known().loss;
  half_way_ = (start + theory::loss_floor<Enclosure>()) / 2;
}

void FlowEvents::look(const FlowStep& step, const FlowDistance::Apart& apart, const Enclosure& start) {
  const auto look_for = [&](FirstTime& first, const StepCondition& condition) {
    first.look(condition, step.length, start, step.unit);
  };
  if (asked_.fit) look_for(fit, all_above(step.terms.margins, step.p, apart.outputs, Enclosure(0)));
  if (asked_.gap) look_for(gap, all_above(step.terms.X, step.p, apart.X, log_T_));
  if (asked_.half_loss) look_for(half_loss, TestLossAtMost(*test_losses_, step, apart, half_way_));
}

Json FlowEvents::record() const {
  Json record = {{"fit", json_of(fit)}, {"gap", json_of(gap)}, {"half_loss", json_of(half_loss)}};
  if (!test_losses_) return record;
  const auto& [q, loss] = test_losses_->known();
  record["test_loss"] = {{"mu_plus_q", exact_text(q.mu_plus_q)},
                         {"mu_minus_q", exact_text(q.mu_minus_q)},
                         {"q_norm2", exact_text(q.q_norm2)},
                         {"loss", exact_text(loss)}};
  return record;
}

void FlowEvents::resume(const Json& record) {
  fit = first_time(record.at("fit")), gap = first_time(record.at("gap")),
  half_loss = first_time(record.at("half_loss"));
  if (!test_losses_) return;
  const Json& known = record.at("test_loss");
  const auto number = [&](const char* key) { return read_exact<Enclosure>(known.at(key)); };
  test_losses_->resume({{number("mu_plus_q"), number("mu_minus_q"), number("q_norm2")}, number("loss")});
}

bool FlowEvents::all_seen() const {
  return (!asked_.fit || fit.seen()) && (!asked_.gap || gap.seen()) && (!asked_.half_loss || half_loss.seen());
}

}  // namespace benign::sim
