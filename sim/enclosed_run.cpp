#include "sim/enclosed_run.hpp"

#include "sim/coefficients.hpp"
#include "sim/enclosed_linear.hpp"

#include <algorithm>

namespace benign::sim {

EnclosedDescent::EnclosedDescent(const RunConfig& config)
    : config_(config),
      instance_(draw_instance(config.parameters, config.data, config.seed, config.brought)),
      exact_(instance_, QNorm::needed) {}

bool EnclosedDescent::run(const std::vector<long>& steps, const std::function<void(const EnclosedMoment&)>& seen,
                          const std::function<void(long)>& progress) const {
  constexpr double hopeless = 1e3;  // a loss so wide
  const Frame<Enclosure> frame = exact_.frame();
  const Coefficients<Enclosure> route(instance_, frame, config_.train);
  const auto& samples = frame.samples;
  Vector<Enclosure> state = route.start();
  EnclosedMoment moment;
  Enclosure before;
  std::size_t next = 0;
  for (long step = 0; next < steps.size(); ++step) {
    const Vector<Enclosure> logits = route.token_logits(state);
    moment.attention = theory::attention(samples, logits);
    moment.outputs = theory::outputs(samples, moment.attention);
    moment.loss = theory::loss(samples, moment.outputs);
    if (!(width(moment.loss) < hopeless)) return false;
    if (step == 1) moment.least_fall = before - moment.loss;
    if (step > 1) moment.least_fall = lesser(moment.least_fall, before - moment.loss);
    before = moment.loss;
    if (steps[next] == step) {
      moment.step = step;
      moment.readout = route.read(state);
      seen(moment);
      ++next;
    }
    if (progress) progress(step);
    if (next < steps.size()) route.descend(state, frame.scales.step, logits);
  }
  return true;
}

}  // namespace benign::sim
