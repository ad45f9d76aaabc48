#include "sim/enclosures/flow/enclosed_flow.hpp"

#include "sim/enclosures/exact_json.hpp"
#include "sim/enclosures/flow/flow_distance.hpp"
#include "theory/numbers/element.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {
namespace {

constexpr double shortest_step = 0x1p-24, longest_share = 0.25;  // of the time 1 + s that has gone by
constexpr double shorter = 0.75, longer = 1.2;                   // than a step that fails, than one that does not
constexpr double hopeless = 1;                                   // a distance that leaves nothing to be read

/// The largest power of two up to a time in τ₀, 1 at least.
double unit_at(double s) {
  int exponent = 0;
  std::frexp(1 + s, &exponent);
  return std::ldexp(1.0, exponent - 1);
}

/// How much longer a step might be: its remainder is about (h/R)ᵖ, R the radius of convergence.
double room(const FlowStep& step, const TaylorSteps& taylor) {
  return elementary::exp(elementary::log(taylor.tolerance / step.remainder) / static_cast<double>(step.p));
}

}  // namespace

std::optional<FlowStep> flow_step(const FlowSystem& system, const FlowState& state, const Enclosure& left, double h,
                                  const TaylorSteps& taylor) {
  const std::size_t p = taylor.order;
  const FlowMatrix Phi(state.Phi);
  const FlowExpansion at = expand(system, state.a, {Phi}, p);
  while (h >= shortest_step) {
    FlowStep step{system.unit, h, !(h < lower(left)), Enclosure(h), p, at};
    if (step.last) step.length = left;
    const auto found = expand_over(system, Phi, at, step.length, p);
    if (!found) {
      h *= shorter;
      continue;
    }
    const FlowExpansion& over = found->terms;
    const auto close = [](Columns& terms, const Columns& rest, std::size_t order) {
      terms.resize(order), terms.push_back(rest[order]);
    };
    close(step.terms.a, over.a, p), close(step.terms.g, over.g, p), close(step.terms.b, over.b, p);
    close(step.terms.l, over.l, std::max<std::size_t>(p, 2));
    close(step.terms.margins, over.margins, p), close(step.terms.X, over.X, p);
    if (system.J) step.terms.q_norm2.resize(p), step.terms.q_norm2.push_back(over.q_norm2[p]);
    const double power = elementary::power(upper(step.length), static_cast<long>(p));
    for (Index k = 0; k < state.a.size(); ++k) {
      const double of_entry = upper(abs(over.a[p][k])) * power;
      if (!(of_entry <= step.remainder)) step.remainder = of_entry;  // a NaN stays
    }
    if (step.remainder <= taylor.tolerance) return step;
    h *= std::clamp(0.9 * room(step, taylor), 0.25, 0.95);
  }
  return std::nullopt;
}

namespace {

/// Where a flow stands.
struct FlowStand {
  FlowState state;
  FlowDistance distance;
  Enclosure time{0};  ///< encloses the sum of the steps, each of which is exact
  double h;           ///< of the next step

  Json record(const EnclosedFlowEnd& found) const {
    return {{"steps", found.steps},     {"s", exact_text(found.s)},        {"time", exact_text(time)},
            {"h", exact_text(h)},       {"events", found.events.record()}, {"distance", distance.record()},
            {"a", exact_json(state.a)}, {"Phi", exact_json(state.Phi)}};
  }
  void resume(const Json& record, EnclosedFlowEnd& found) {
    found.steps = record.at("steps"), found.s = read_exact<double>(record.at("s"));
    found.events.resume(record.at("events"));
    time = read_exact<Enclosure>(record.at("time")), h = read_exact<double>(record.at("h"));
    distance.resume(record.at("distance")), found.distance = distance.value().value();
    read_exact(record.at("a"), state.a), read_exact(record.at("Phi"), state.Phi);
  }
};

}  // namespace

EnclosedFlowEnd enclose_flow(const ExactInstance& exact, const std::function<void(double, double)>& progress,
                             TaylorSteps taylor, const FlowQuestion& asked, const Resumption& resumption) {
  const long bits = WorkingPrecision::bits();
  // Products of balls lose some 40 bits of a term of high order, where the norms that they go by are large (flow_matrix.hpp).
  if (taylor.tolerance == 0) taylor.tolerance = std::ldexp(1.0, static_cast<int>(-bits * 11 / 25));
  if (taylor.order == 0) taylor.order = static_cast<std::size_t>(bits * 11 / 50);
  const RunConfig& config = exact.config;
  const Frame<Enclosure> frame = exact.exact.frame();
  const Index N = frame.tokens();
  const Enclosure end =
      config.log_s_max ? exp(config.log_s_max->as<Enclosure>()) : config.tau_max.as<Enclosure>() / frame.scales.tau0;
  FlowSystem system(frame, asked.half_loss ? QNorm::needed : QNorm::not_needed);
  FlowStand now{{Column::Zero(N), Matrix<Enclosure>::Zero(N, N)},
                {exact, frame},
                Enclosure(0),
                taylor.first_step > 0 ? taylor.first_step : 0x1p-6};
  EnclosedFlowEnd result(FlowEvents(asked, config.parameters));
  if (!resumption.from.is_null()) now.resume(resumption.from, result);
  for (bool last = false; !last && (asked.end || !result.events.all_seen());) {
    system.unit = unit_at(result.s);
    const auto step = flow_step(system, now.state, (end - now.time) / system.unit, now.h / system.unit, taylor);
    if (!step) {
      result.stopped = "no step is short enough";
      break;
    }
    if (!now.distance.pass(now.state, *step)) {
      result.stopped = "nothing is known any more of how far states are driven apart";
      break;
    }
    if (asked.of_events()) result.events.look(*step, now.distance.apart(now.state, *step), now.time);
    subtract_outer_integral(now.state.Phi, step->terms.a, step->terms.g, step->p, step->length, step->unit);
    now.state.a = at_time(step->terms.a, step->length);
    now.distance.settle(now.state);
    last = step->last;
    now.time = last ? end : Enclosure(now.time + step->h * step->unit);
    result.s = upper(now.time);
    ++result.steps;
    result.distance = now.distance.value().value();
    if (!(result.distance < hopeless)) {
      result.stopped = "the flow may be too far from the numbers near it";
      break;
    }
    now.h =
        std::min({std::min(0.9 * room(*step, taylor), longer) * step->h * step->unit, longest_share * (1 + result.s)});
    if (resumption.keep && !last && result.steps % steps_of_a_flow_leg == 0) resumption.keep(now.record(result));
    if (progress) progress(result.s, upper(end));
  }
  if (result.stopped.empty() && asked.end) result.moment = now.distance.moment(now.state);
  result.a = now.state.a, result.Phi = now.state.Phi;
  return result;
}

}  // namespace benign::sim
