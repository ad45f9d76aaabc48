#include "sim/enclosures/enclosed_run.hpp"

#include "sim/routes/coefficients.hpp"
#include "sim/linear/enclosed_linear.hpp"
#include "sim/routes/statistics.hpp"
#include "sim/routes/training.hpp"

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

/// Descent by a route that takes a step from token logits: those of the present state, which are looked at as well.
template <class TheRoute>
struct EnclosedDescent {
  EnclosedDescent(const TheRoute& the_route, const Enclosure& the_step)
      : route(the_route), step(the_step), state(route.start()), logits(route.token_logits(state)) {}

  void advance(long) {
    if constexpr (std::is_same_v<TheRoute, Coefficients<Enclosure>>)
      route.descend(state, step, logits);
    else
      route.descend(state, step);
    logits = route.token_logits(state);
  }

  const TheRoute& route;
  const Enclosure step;
  Vector<Enclosure> state, logits;
};

template <class TheRoute>
bool run(const TheRoute& route, const Frame<Enclosure>& frame, const std::vector<long>& steps,
         const std::function<void(const EnclosedMoment&)>& seen, const std::function<void(long)>& progress) {
  constexpr double hopeless = 1e3;  // a loss so wide
  if (steps.empty()) return true;
  EnclosedDescent<TheRoute> descent(route, frame.scales.step);
  Enclosure before, least_fall;
  auto next = steps.begin();
  return train(descent, steps.back(), [&](long step) {
    EnclosedMoment moment = moment_of(frame.samples, descent.logits);
    if (!(width(moment.loss) < hopeless)) return false;
    if (step == 1) least_fall = before - moment.loss;
    if (step > 1) least_fall = lesser(least_fall, before - moment.loss);
    before = moment.loss;
    if (step == *next) {
      moment.step = step;
      moment.least_fall = least_fall;
      moment.readout = route.read(descent.state);
      seen(moment);
      ++next;
    }
    if (progress) progress(step);
    return true;
  });
}

}  // namespace

bool enclose_descent(const ExactInstance& exact, const std::vector<long>& steps,
                     const std::function<void(const EnclosedMoment&)>& seen,
                     const std::function<void(long)>& progress) {
  const Frame<Enclosure> frame = exact.exact.frame();
  const Train train = exact.config.train;
  if (exact.config.route == RouteKind::statistics)
    return run(Statistics<Enclosure>(frame, train), frame, steps, seen, progress);
  return run(Coefficients<Enclosure>(exact.instance, frame, train), frame, steps, seen, progress);
}

}  // namespace benign::sim
