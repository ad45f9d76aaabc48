#include "sim/tokens/token_study.hpp"

#include "sim/runs/method.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {
namespace {

constexpr double rounding_of_a_loss = 1e-9;  ///< relative, and generous: below it a rise is none

template <class Real>
TokenOutcome train_in(const RunConfig& config, long looks) {
  const Run<Real> run(config, QNorm::not_needed);
  const long parts = config.parameters.steps, every = std::max(1L, parts / looks);
  const auto method = make_method(run);
  TokenOutcome outcome;
  const bool falls = !config.flow && config.method.plain();  // a rise is then that of an unstable step
  double before = HUGE_VAL;
  train(*method, parts, [&](long k) {
    if (!looked_at(k, parts, every)) return;
    const auto seen = run.observe(method->state());
    const double loss = representative(seen.train_loss), log_s = representative(method->time().log_s);
    if (!std::isfinite(loss)) throw std::runtime_error("the numbers overflow; a smaller --lr is needed");
    if (falls && !outcome.first_rise && loss > before * (1 + rounding_of_a_loss)) outcome.first_rise = k;
    before = loss;
    if (!outcome.log_s_fit && seen.train_accuracy == 1) outcome.log_s_fit = log_s;
    if (seen.clean) outcome.clean_attention = representative(seen.clean->share[theory::relevant]);
    if (!outcome.log_s_attention && outcome.clean_attention >= 0.5) outcome.log_s_attention = log_s;
    if (k < parts) return;
    outcome.train_loss = loss, outcome.train_accuracy = seen.train_accuracy;
    outcome.fitted = fitted(run, seen);
    outcome.test = run.test(method->state());
    outcome.regime = sim::outcome(run, seen, outcome.test);
  });
  return outcome;
}

}  // namespace

TokenOutcome train_on_tokens(const RunConfig& config, long looks) {
  return with_precision(config.precision,
                        [&]<class Real>(std::type_identity<Real>) { return train_in<Real>(config, looks); });
}

}  // namespace benign::sim
