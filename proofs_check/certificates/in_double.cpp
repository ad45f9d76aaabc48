#include "proofs_check/certificates/in_double.hpp"

#include "proofs_check/certificates/proof.hpp"
#include "sim/runs/method.hpp"

#include <cmath>

namespace benign::proofs {
namespace {

using sim::EnclosedMoment;

/// The state's logits, as points, and what the samples answer to them.
EnclosedMoment moment_at(const sim::Readout<double>& read, const theory::Samples<Enclosure>& samples) {
  const auto point = [](double x) { return Enclosure(x); };
  EnclosedMoment moment = sim::moment_of(samples, read.logits.head(samples.n * samples.T).unaryExpr(point));
  moment.readout.logits = read.logits.unaryExpr(point);
  moment.readout.mu_plus_q = read.mu_plus_q, moment.readout.mu_minus_q = read.mu_minus_q;
  if (read.q_norm2) moment.readout.q_norm2 = *read.q_norm2;
  return moment;
}

}  // namespace

std::vector<std::optional<InDouble>> values_in_double(const sim::RunConfig& config, const std::vector<Claim>& claims,
                                                      sim::SharedDraws& shared) {
  std::vector<std::optional<InDouble>> values(claims.size());
  if (config.route == sim::RouteKind::limit) return values;
  const WorkingPrecision enough(64);
  const sim::QNorm q_norm = q_norm_for(claims);
  const sim::ExactInstance exact(config, q_norm, shared);
  const sim::Frame<Enclosure> frame = exact.exact.frame();
  const sim::Run<double> run(config, q_norm, sim::in_double(frame));
  const auto method = sim::make_method(run);
  const long last = config.parameters.steps;
  sim::train(*method, last, [&](long step) {
    std::optional<EnclosedMoment> moment;  // what the claims at this step look at, each once
    std::optional<std::optional<sim::TestError>> test;
    for (std::size_t k = 0; k < claims.size(); ++k) {
      const Claim& claim = claims[k];
      if (claim.trend != Trend::none || claim.quantity == "loss_fall" || claim.of_event() || claim.step != step)
        continue;
      if (claim.of_test()) {
        if (!test) test = run.test(method->state());
        if (const auto& seen = *test)
          values[k] = claim.quantity == "test_loss" ? InDouble{seen->loss, seen->loss_margin()}
                                                    : InDouble{seen->wrong, seen->accuracy_margin()};
        continue;
      }
      if (!moment) moment = moment_at(run.route().read(method->state()), frame.samples);
      const double value = representative(value_of(claim, *moment, exact));
      constexpr double rounding = 1e-9;  // far above what steps of a stable descent add up to
      values[k] = claim.counts() ? InDouble{value / static_cast<double>(claim.samples), 0}
                                 : InDouble{value, rounding * (1 + std::abs(value))};
    }
  });
  return values;
}

}  // namespace benign::proofs
