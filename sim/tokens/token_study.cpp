#include "sim/tokens/token_study.hpp"

#include "sim/routes/training.hpp"
#include "sim/runs/observation.hpp"
#include "sim/runs/parameter_table.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {

theory::Parameters effective_parameters(const RunConfig& config, const TokenEstimates& e) {
  theory::Parameters p = config.parameters;
  p.d = std::max(2L, std::lround(e.effective_dimension.value));
  p.mu = decimal_of(std::max(e.mu.value, 1e-30));
  p.rho = decimal_of(std::clamp(e.rho.value, 0.0, 0.999));
  p.sigma = decimal_of(std::sqrt(e.noise2.value / static_cast<double>(p.d)));
  return p;
}

TokenOutcome train_on_tokens(const RunConfig& config, long looks) {
  TokenOutcome outcome;
  const Instance instance = draw_instance(config.parameters, config.data, config.seed, config.brought);
  const Frame<double> frame = config.route == RouteKind::direct ? make_outline<double>(instance)
                                                                : make_frame<double>(instance, QNorm::not_needed);
  const auto route = make_route<double>(config.route, instance, &frame, config.train);
  const auto& samples = frame.samples;
  const auto& noisy = frame.noisy;
  const auto& scales = frame.scales;
  const long steps = config.parameters.steps, every = std::max(1L, steps / looks);
  Descent<double> descent(*route, scales.step);
  train(descent, steps, [&](long k) {
    if (!looked_at(k, steps, every)) return;
    const auto seen = observe(samples, noisy, route->read(descent.state()), frame.relevant);
    if (!std::isfinite(seen.train_loss)) throw std::runtime_error("the numbers overflow; a smaller --lr is needed");
    const double log_s = descent.time().log_s;
    if (!outcome.log_s_fit && seen.train_accuracy == 1) outcome.log_s_fit = log_s;
    if (seen.clean) outcome.clean_attention = seen.clean->share[theory::relevant];
    if (!outcome.log_s_attention && outcome.clean_attention >= 0.5) outcome.log_s_attention = log_s;
    if (k < steps) return;
    outcome.train_loss = seen.train_loss, outcome.train_accuracy = seen.train_accuracy;
    const auto predicted = samples.many() ? theory::predicted_classes<double>(
                                                samples, theory::attention<double>(samples, seen.readout.logits))
                                          : std::vector<int>();
    double right[2] = {0, 0}, count[2] = {0, 0};
    for (Index i = 0; i < samples.n; ++i) {
      const auto at = static_cast<std::size_t>(i);
      count[noisy[at]] += 1;
      right[noisy[at]] +=
          samples.many() ? predicted[at] == samples.classes[at] : samples.labels[at] * seen.outputs[i] > 0;
    }
    if (count[0] > 0) outcome.clean_right = right[0] / count[0];
    if (count[1] > 0) outcome.flipped_right = right[1] / count[1];
  });
  if (const auto q = route->q(descent.state()); q && config.brought->test)
    outcome.test = brought_test(*config.brought, *q);
  return outcome;
}

TestError clean_baseline(const Brought& brought) {
  return brought_test(brought, Eigen::VectorXd::Zero(brought.train.d));
}

std::string observed_regime(const TokenOutcome& outcome, const TestError& baseline) {
  const bool generalises = outcome.test && outcome.test->accuracy >= baseline.accuracy - 0.02;
  if (!outcome.flipped_right) return outcome.train_accuracy == 1 ? "fits" : "does not fit";
  if (*outcome.flipped_right >= 0.5) return generalises ? "benign" : "harmful";
  return generalises ? "not overfitting" : "neither";
}

double head_gain(const Brought& brought) {
  const Eigen::VectorXd difference = (brought.signals.row(0) - brought.signals.row(1)).transpose() / 2;
  const Eigen::VectorXd nu =
      brought.many() ? Eigen::VectorXd(brought.head.rightCols(1) - brought.head.col(0)) : brought.head.col(0);
  return nu.dot(difference) / theory::head_scale<double>();
}

}  // namespace benign::sim
