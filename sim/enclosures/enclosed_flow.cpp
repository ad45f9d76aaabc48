#include "sim/enclosures/enclosed_flow.hpp"

#include "sim/routes/coefficients.hpp"
#include "sim/integrators/exact_clock.hpp"
#include "sim/enclosures/flow_expansion.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {
namespace {

constexpr int flow_clock_bits = 26;  // ticks of 2^{−26}: s up to 2^{27} is a double
constexpr double shortest_step = 0x1p-24, longest_step = 4;
constexpr double hopeless_width = 1;  // a width of â

double widest(const Column& x) {
  double most = 0;
  for (Index k = 0; k < x.size(); ++k) most = std::max(most, width(x[k]));
  return most;
}

/// Σ_{k≤p} x_k hᵏ, entry by entry.
Column at_end(const Columns& x, std::size_t p, const Enclosure& h) {
  Column sum = x[p];
  for (std::size_t k = p; k-- > 0;)
    for (Index i = 0; i < sum.size(); ++i) sum[i] = sum[i] * h + x[k][i];
  return sum;
}

struct FlowState {
  Column a;
  Matrix<Enclosure> Phi;
};

/// A step with its Taylor terms, the last of which hold over all of it.
struct FlowStep {
  double h;              ///< exact,
  bool last;             ///< or all that is left to the horizon, which is no double:
  Enclosure length;      ///< either of them
  Columns a, g;          ///< terms 0, …, p
  double remainder = 0;  ///< the largest of â's
};

/// A step of at most h, and no longer than `left`, whose remainder is below the tolerance and what rounding leaves
/// anyway; nothing if none is long enough.
std::optional<FlowStep> flow_step(const Frame<Enclosure>& frame, const FlowState& state, const Enclosure& left,
                                  double h, double width_now, const TaylorSteps& taylor) {
  const std::size_t p = taylor.order;
  const FlowExpansion at = expand(frame, state.a, {state.Phi}, std::max<std::size_t>(p - 1, 1));  // two, for the boxes
  for (; h >= shortest_step; h /= 2) {
    FlowStep step{h, !(h < lower(left)), Enclosure(h), at.a, at.g};
    if (step.last) step.length = left;
    const double longest_time = upper(step.length);
    const auto range = range_of(frame, state.a, at, state.Phi, longest_time);
    if (!range) continue;
    const FlowExpansion over = expand(frame, range->a, {state.Phi, &*range}, p);
    step.a.resize(p), step.g.resize(p);
    step.a.push_back(over.a[p]), step.g.push_back(over.g[p]);
    for (Index k = 0; k < state.a.size(); ++k)
      step.remainder =
          std::max(step.remainder, upper(abs(over.a[p][k])) * elementary::power(longest_time, static_cast<long>(p)));
    if (step.remainder <= std::max(width_now / 4, taylor.tolerance)) return step;
  }
  return std::nullopt;
}

EnclosedMoment moment_at(const ExactInstance& exact, const Frame<Enclosure>& frame, const FlowState& at) {
  const Index N = frame.tokens();
  const Coefficients<Enclosure> route(exact.instance, frame, exact.config.train);
  Vector<Enclosure> state = route.start();
  for (Index j = 0; j < N; ++j) state.segment(j * N, N) = at.Phi.col(j);
  state.segment(N * N, N) = at.a;
  const Readout<Enclosure> readout = route.read(state);
  EnclosedMoment moment = moment_of(frame.samples, readout.logits);
  moment.readout = readout;
  return moment;
}

}  // namespace

EnclosedFlowEnd enclose_flow(const ExactInstance& exact, const std::function<void(double, double)>& progress,
                             TaylorSteps taylor) {
  taylor = taylor.at_working_precision();
  const RunConfig& config = exact.config;
  const Frame<Enclosure> frame = exact.exact.frame();
  const Index N = frame.tokens();
  const Enclosure end =
      config.log_s_max ? exp(config.log_s_max->as<Enclosure>()) : config.tau_max.as<Enclosure>() / frame.scales.tau0;
  FlowState state{Column::Zero(N), Matrix<Enclosure>::Zero(N, N)};
  EnclosedFlowEnd result;
  ExactClock clock(flow_clock_bits);
  double h = clock.whole(taylor.first_step > 0 ? taylor.first_step : 0x1p-6);
  for (bool last = false; !last;) {
    auto step = flow_step(frame, state, end - Enclosure(clock.time()), h, widest(state.a), taylor);
    if (!step) {
      result.stopped = "no step is short enough";
      break;
    }
    subtract_outer_integral(state.Phi, step->a, step->g, taylor.order, step->length);
    state.a = at_end(step->a, taylor.order, step->length);
    last = step->last;
    if (!last) clock.advance(step->h);
    result.s = last ? upper(end) : clock.time();
    ++result.steps;
    result.width = widest(state.a);
    if (!(result.width < hopeless_width)) {
      result.stopped = "the box has become too wide";
      break;
    }
    // A remainder far below the width that is there anyway: a step twice as long has 2^order times as much.
    constexpr int far_below = -10;  // as a power of 2
    const bool short_enough = step->remainder < std::ldexp(std::max(result.width, taylor.tolerance), far_below);
    h = short_enough ? std::min(2 * step->h, longest_step) : step->h;
    if (progress) progress(result.s, upper(end));
  }
  result.Phi = state.Phi;
  if (result.stopped.empty()) result.moment = moment_at(exact, frame, state);
  return result;
}

}  // namespace benign::sim
