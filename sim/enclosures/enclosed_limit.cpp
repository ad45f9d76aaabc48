#include "sim/enclosures/enclosed_limit.hpp"

#include "sim/integrators/exact_clock.hpp"
#include "sim/integrators/step_event.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace benign::sim {
namespace {

using LimitBox = LimitSeries::Box;
using LimitExpansion = LimitSeries::Expansion;
constexpr std::size_t limit_scalars = LimitSeries::scalars;

constexpr int limit_clock_bits = 38;  // ticks of 2^{−38}: u up to 2^{15} is a double
constexpr double shortest_u = 0x1p-20, longest_u = 0.5;
constexpr double hopeless_box = 1e-3;  // a width of the box

struct LimitStep {
  double h;
  LimitExpansion at, over;  // at the start, and over the step
  double remainder;         // the largest of the scalars'

  StepSeries series(const Series& terms, const Series& range, std::size_t p) const { return {terms, p, range[p]}; }
};

/// A step of at most h whose remainder is below `tolerance` and what rounding leaves anyway; nothing if none is long
/// enough.
std::optional<LimitStep> limit_step(const LimitSeries& flow, const LimitBox& a, const ExactClock& clock, double h,
                                    double width_now, const TaylorSteps& taylor) {
  const Enclosure u(clock.time());
  const std::size_t p = taylor.order;
  LimitStep step{h, flow.expand(a, u, p - 1), {}, 0};
  for (;; step.h = clock.whole(step.h / 2)) {
    if (step.h < shortest_u) return std::nullopt;
    const Enclosure times = u + enclosure(0, step.h);
    const auto box = limit_range(flow, a, step.at, times, step.h);
    if (!box) continue;
    step.over = flow.expand(*box, times, p);
    step.remainder = 0;
    for (std::size_t i = 0; i < limit_scalars; ++i)
      step.remainder =
          std::max(step.remainder, upper(abs(step.over.a[i][p])) * elementary::power(step.h, static_cast<long>(p)));
    if (step.remainder <= std::max(width_now / 4, taylor.tolerance)) return step;
  }
}

Enclosure log_s(const Enclosure& u) { return log(expm1(u)); }

/// Looks for an event in a step from u on; false where it stays open.
bool look(EnclosedEvent& event, const StepSeries& f, const Enclosure& target, double h, const Enclosure& u,
          const char* name, std::string& stopped) {
  if (event.log_s) return true;
  const StepEvent seen = first_reach(f, h, target);
  if (seen.after) event.log_s = log_s(u + *seen.after);
  if (!seen.unknown.empty()) stopped = std::string(name) + ": " + seen.unknown;
  return seen.unknown.empty();
}

Series negated(Series x) {
  for (auto& term : x) term = -term;
  return x;
}

/// All labels are right once the flipped ones are, −f > 0, while the clean ones are right.
bool look_for_fit(EnclosedEvents& events, const LimitStep& step, std::size_t p, const Enclosure& u) {
  if (events.fit.log_s) return true;
  const Enclosure clean = step.series(step.at.f[0], step.over.f[0], p).at(enclosure(0, step.h));
  if (sign_of(clean) != Sign::positive) {
    events.stopped = "fit: a clean label may be wrong";
    return false;
  }
  const StepSeries wrong = step.series(negated(step.at.f[1]), negated(step.over.f[1]), p);
  return look(events.fit, wrong, Enclosure(0), step.h, u, "fit", events.stopped);
}

double widest_scalar(const LimitBox& a) {
  double most = 0;
  for (const Enclosure& x : a) most = std::max(most, width(x));
  return most;
}

}  // namespace

std::optional<LimitBox> limit_range(const LimitSeries& flow, const LimitBox& a, const LimitExpansion& at,
                                    const Enclosure& times, double h) {
  const Enclosure span = enclosure(0, h), slack = enclosure(-1, 1) * ratio<Enclosure>(1, 1024) * h;
  LimitBox box;
  const auto image = [&] {
    const LimitExpansion rates = flow.expand(box, times, 0);
    LimitBox found;
    for (std::size_t i = 0; i < limit_scalars; ++i) found[i] = a[i] + span * rates.a[i][1];
    return found;
  };
  for (std::size_t i = 0; i < limit_scalars; ++i) box[i] = a[i] + span * 2 * at.a[i][1] + slack;
  bool holds = false;
  for (int attempt = 0; attempt < 4 && !holds; ++attempt) {
    const LimitBox found = image();
    holds = true;
    for (std::size_t i = 0; i < limit_scalars; ++i) {
      if (inside(found[i], box[i])) continue;
      holds = false;
      if (!is_nan(found[i])) box[i] = hull(box[i], found[i]) + slack;
    }
  }
  if (!holds) return std::nullopt;
  for (int pass = 0; pass < 3; ++pass) box = image();  // the image of a box that holds the solution holds it, too
  return box;
}

EnclosedEvents enclose_limit_flow(const theory::Parameters& p, const theory::Decimal& horizon,
                                  const std::function<void(double, double)>& progress, TaylorSteps taylor) {
  if (theory::noise_count(p, +1) != theory::noise_count(p, -1))
    throw std::domain_error("the limit between bounds needs as many flipped labels in either class");
  const bool flipped = theory::noise_count(p) > 0;
  taylor = taylor.at_working_precision();
  const LimitSeries flow(p);
  const Enclosure log_T = log(Enclosure(p.T));
  const double end = upper(log1p(exp(horizon.as<Enclosure>())));
  LimitBox a;
  a.fill(Enclosure(0));
  EnclosedEvents events;
  ExactClock clock(limit_clock_bits);
  double h = clock.whole(taylor.first_step > 0 ? taylor.first_step : 1.0 / 16);
  while (clock.time() < end && !((events.fit.log_s || !flipped) && events.gap.log_s)) {
    events.width = widest_scalar(a);
    if (!(events.width < hopeless_box)) {
      events.stopped = "the box has become too wide";
      break;
    }
    const auto step = limit_step(flow, a, clock, h, events.width, taylor);
    if (!step) {
      events.stopped = "no step is short enough";
      break;
    }
    const Enclosure u(clock.time());
    const StepSeries X = step->series(step->at.X, step->over.X, taylor.order);
    const bool gap_known = look(events.gap, X, log_T, step->h, u, "gap", events.stopped);
    const bool fit_known = !flipped || look_for_fit(events, *step, taylor.order, u);
    if (!gap_known || !fit_known) break;
    for (std::size_t i = 0; i < limit_scalars; ++i)
      a[i] = step->series(step->at.a[i], step->over.a[i], taylor.order).at(Enclosure(step->h));
    clock.advance(step->h), ++events.steps;
    h = step->remainder < std::ldexp(std::max(events.width, taylor.tolerance), -10) ? std::min(2 * step->h, longest_u)
                                                                                    : step->h;
    if (progress) progress(clock.time(), events.width);
  }
  events.u = clock.time();
  // The step in which the run stopped says nothing of what it left open: only what came before it counts.
  events.gap.not_before = log_s(Enclosure(events.u));
  if (flipped) events.fit.not_before = events.gap.not_before;
  events.state.assign(a.begin(), a.end());
  return events;
}

}  // namespace benign::sim
