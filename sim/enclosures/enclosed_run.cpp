#include "sim/enclosures/enclosed_run.hpp"

#include "sim/routes/coefficients.hpp"
#include "sim/linear/enclosed_linear.hpp"
#include "sim/routes/statistics.hpp"

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

/// The next state, with the token logits of the present one.
void descend(const Coefficients<Enclosure>& route, Vector<Enclosure>& state, const Enclosure& step,
             const Vector<Enclosure>& token_logits) {
  route.descend(state, step, token_logits);
}
void descend(const Statistics<Enclosure>& route, Vector<Enclosure>& state, const Enclosure& step,
             const Vector<Enclosure>&) {
  route.descend(state, step);
}

template <class TheRoute>
bool run(const TheRoute& route, const Frame<Enclosure>& frame, const std::vector<long>& steps,
         const std::function<void(const EnclosedMoment&)>& seen, const std::function<void(long)>& progress) {
  constexpr double hopeless = 1e3;  // a loss so wide
  Vector<Enclosure> state = route.start();
  Enclosure before, least_fall;
  std::size_t next = 0;
  for (long step = 0; next < steps.size(); ++step) {
    const Vector<Enclosure> logits = route.token_logits(state);
    EnclosedMoment moment = moment_of(frame.samples, logits);
    if (!(width(moment.loss) < hopeless)) return false;
    if (step == 1) least_fall = before - moment.loss;
    if (step > 1) least_fall = lesser(least_fall, before - moment.loss);
    before = moment.loss;
    if (steps[next] == step) {
      moment.step = step;
      moment.least_fall = least_fall;
      moment.readout = route.read(state);
      seen(moment);
      ++next;
    }
    if (progress) progress(step);
    if (next < steps.size()) descend(route, state, frame.scales.step, logits);
  }
  return true;
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
