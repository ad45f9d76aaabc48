#include "sim/enclosures/enclosed_run.hpp"

#include "sim/enclosures/orbit.hpp"
#include "sim/routes/coefficients.hpp"
#include "sim/linear/enclosed_linear.hpp"
#include "sim/routes/statistics.hpp"
#include "sim/routes/training.hpp"
#include "theory/numbers/limbs.hpp"

namespace benign::sim {

ExactInstance::ExactInstance(const RunConfig& the_config)
    : config(the_config),
      instance(draw_instance(config.parameters, config.data, config.seed, config.brought)),
      exact(instance, config.route == RouteKind::statistics ? QNorm::not_needed : QNorm::needed) {}

EnclosedMoment moment_of(const theory::Samples<Enclosure>& samples, const Vector<Enclosure>& logits) {
  EnclosedMoment moment;
  moment.attention = theory::attention(samples, logits);
  moment.outputs = theory::outputs(samples, moment.attention);
  moment.loss = theory::loss(samples, moment.outputs);
  return moment;
}

namespace {

/// Descent in intervals, by a route that takes a step from token logits.
template <class TheRoute>
class IntervalDescent {
 public:
  IntervalDescent(const TheRoute& route, const Enclosure& step)
      : route_(route), step_(step), state_(route.start()), logits_(route.token_logits(state_)) {}

  void advance(long) {
    if constexpr (std::is_same_v<TheRoute, Coefficients<Enclosure>>)
      route_.descend(state_, step_, logits_);
    else
      route_.descend(state_, step_);
    logits_ = route_.token_logits(state_);
  }
  const Vector<Enclosure>& logits() const { return logits_; }
  Readout<Enclosure> read() const { return route_.read(state_); }

 private:
  const TheRoute& route_;
  const Enclosure step_;
  Vector<Enclosure> state_, logits_;
};

struct Watch {
  const std::vector<long>& steps;
  const std::function<void(const EnclosedMoment&)>& seen;
  const std::function<void(long)>& progress;
};

template <class Descent>
bool run(Descent descent, const Frame<Enclosure>& frame, const Watch& watch) {
  constexpr double hopeless = 1e3;  // a loss so wide
  Enclosure before, least_fall;
  auto next = watch.steps.begin();
  return train(descent, watch.steps.back(), [&](long step) {
    EnclosedMoment moment = moment_of(frame.samples, descent.logits());
    if (!(width(moment.loss) < hopeless)) return false;
    if (step == 1) least_fall = before - moment.loss;
    if (step > 1) least_fall = lesser(least_fall, before - moment.loss);
    before = moment.loss;
    if (step == *next) {
      moment.step = step;
      moment.least_fall = least_fall;
      moment.readout = descent.read();
      watch.seen(moment);
      ++next;
    }
    if (watch.progress) watch.progress(step);
    return true;
  });
}

template <class Real>
bool run_orbit(const ExactInstance& exact, const Watch& watch) {
  const WorkingPrecision precision(limbs::bits_of<Real> + 16);
  const Frame<Enclosure> frame = exact.exact.frame();
  return run(Orbit<Real>(exact, frame), frame, watch);
}

}  // namespace

bool enclose_descent(const ExactInstance& exact, const std::vector<long>& steps,
                     const std::function<void(const EnclosedMoment&)>& seen,
                     const std::function<void(long)>& progress) {
  if (steps.empty()) return true;
  const Watch watch{steps, seen, progress};
  const long bits = WorkingPrecision::bits();
  const bool coefficients = exact.config.route == RouteKind::coefficients;
  if (coefficients && orbit_bits <= bits && bits < long_orbit_bits) return run_orbit<mp50>(exact, watch);
  if (coefficients && long_orbit_bits <= bits && bits < most_orbit_bits) return run_orbit<mp100>(exact, watch);
  const Frame<Enclosure> frame = exact.exact.frame();
  const Train train = exact.config.train;
  if (!coefficients) {
    const Statistics<Enclosure> route(frame, train);
    return run(IntervalDescent(route, frame.scales.step), frame, watch);
  }
  const Coefficients<Enclosure> route(exact.instance, frame, train);
  return run(IntervalDescent(route, frame.scales.step), frame, watch);
}

}  // namespace benign::sim
