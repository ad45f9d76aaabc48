#include "sim/enclosures/enclosed_run.hpp"

#include "sim/enclosures/exact_json.hpp"
#include "sim/enclosures/orbit.hpp"
#include "sim/routes/coefficients.hpp"
#include "sim/routes/methods.hpp"
#include "sim/linear/enclosed_linear.hpp"
#include "sim/routes/statistics.hpp"
#include "sim/routes/training.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>

namespace benign::sim {

namespace {

/// `statistics` does not know ‖q‖².
QNorm known_by(RouteKind route, QNorm q_norm) { return route == RouteKind::statistics ? QNorm::not_needed : q_norm; }

ExactFrame exact_frame(const Instance& instance, QNorm q_norm, SharedDraws& shared) {
  if (instance.kind == DataKind::gram)
    return {instance, shared.gram_factors(instance.parameters, instance.seed), q_norm};
  return {instance, shared.exact_products(instance, q_norm)};
}

}  // namespace

ExactInstance::ExactInstance(const RunConfig& the_config, QNorm q_norm, SharedDraws& shared)
    : config(the_config),
      instance(draw_instance(config.parameters, config.data, config.seed, config.brought)),
      exact(exact_frame(instance, known_by(config.route, q_norm), shared)) {}

ExactInstance::ExactInstance(const RunConfig& the_config, QNorm q_norm)
    : ExactInstance(the_config, q_norm, *std::make_unique<SharedDraws>()) {}

bool near_orbits(const RunConfig& config) {
  return !config.flow && config.method.plain() && config.route == RouteKind::coefficients &&
         !(config.brought && config.brought->many());
}

namespace {

/// How far the output of each sample's own class is above all others: min_{c≠y} Σ_t s_t (V_{t,y} − V_{t,c}).
Vector<Enclosure> leads_of_classes(const theory::Samples<Enclosure>& samples, const Vector<Enclosure>& attention) {
  const Matrix<Enclosure>& V = samples.class_values;
  Vector<Enclosure> leads(samples.many() ? samples.n : 0);
  for (Index i = 0; i < leads.size(); ++i) {
    const int y = element(samples.classes, i);
    bool first = true;
    for (Index c = 0; c < V.cols(); ++c) {
      if (c == y) continue;
      Enclosure above(0);
      for (Index k = i * samples.T; k < (i + 1) * samples.T; ++k) above += attention[k] * (V(k, y) - V(k, c));
      leads[i] = first ? above : lesser(leads[i], above);
      first = false;
    }
  }
  return leads;
}

}  // namespace

EnclosedMoment moment_of(const theory::Samples<Enclosure>& samples, const Vector<Enclosure>& logits) {
  EnclosedMoment moment;
  moment.attention = theory::attention(samples, logits);
  moment.outputs = theory::outputs(samples, moment.attention);
  moment.leads = leads_of_classes(samples, moment.attention);
  moment.loss = theory::loss(samples, moment.outputs);
  return moment;
}

namespace {

/// Descent in intervals, by a route that takes a step from token logits.
template <class TheRoute>
class IntervalDescent {
 public:
  IntervalDescent(const TheRoute& route, const Frame<Enclosure>& frame)
      : route_(route), frame_(frame), state_(route.start()), logits_(route.token_logits(state_)) {}

  void advance(long) {
    if constexpr (std::is_same_v<TheRoute, Coefficients<Enclosure>>)
      route_.descend(state_, frame_.scales.step, logits_);
    else
      route_.descend(state_, frame_.scales.step);
    logits_ = route_.token_logits(state_);
  }
  EnclosedMoment moment() const { return moment_of(frame_.samples, logits_); }
  Readout<Enclosure> read() const { return route_.read(state_); }

 private:
  const TheRoute& route_;
  const Frame<Enclosure>& frame_;
  Vector<Enclosure> state_, logits_;
};

/// Any other method in intervals: each is a formula in numbers of any kind, and so a formula in intervals.
class IntervalMethod {
 public:
  IntervalMethod(const ExactInstance& exact, const Route<Enclosure>& route, const Frame<Enclosure>& frame)
      : route_(route),
        frame_(frame),
        method_(make_steps<Enclosure>(exact.config.method,
                                      {route, exact.config.route, frame, exact.config.train, exact.config.parameters.d,
                                       frame.scales.step, exact.config.seed})) {}

  void advance(long k) { method_->advance(k); }
  EnclosedMoment moment() const { return moment_of(frame_.samples, route_.token_logits(method_->state())); }
  Readout<Enclosure> read() const { return route_.read(method_->state()); }

 private:
  const Route<Enclosure>& route_;
  const Frame<Enclosure>& frame_;
  const std::unique_ptr<Method<Enclosure>> method_;
};

struct Watch {
  const std::vector<long>& steps;
  const std::function<void(const EnclosedMoment&)>& seen;
  const std::function<void(long)>& progress;
  const Resumption& resumption;
};

template <class Descent>
bool run(Descent descent, const Watch& watch) {
  constexpr double hopeless = 1e3;  // a loss so wide
  Enclosure before, least_fall;
  long first = 0;
  if constexpr (requires { descent.settle(); }) {
    if (const Json& from = watch.resumption.from; !from.is_null()) {
      descent.resume(from.at("run")), first = from.at("step");
      before = read_exact<Enclosure>(from.at("loss"));
      least_fall = read_exact<Enclosure>(from.at("least_fall"));
    }
  }
  auto next = std::upper_bound(watch.steps.begin(), watch.steps.end(), first > 0 ? first : -1);
  const auto look = [&](long step) {
    EnclosedMoment moment = descent.moment();
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
    if constexpr (requires { descent.settle(); }) {
      if (step == 0 || step % steps_of_a_leg != 0) return true;
      descent.settle();
      if (watch.resumption.keep)
        watch.resumption.keep({{"step", step},
                               {"loss", exact_text(before)},
                               {"least_fall", exact_text(least_fall)},
                               {"run", descent.record()}});
    }
    return true;
  };
  return train(descent, watch.steps.back() - first,
               [&](long step) { return (step == 0 && first > 0) || look(first + step); });
}

template <class Real>
bool run_orbit(const ExactInstance& exact, const Watch& watch) {
  const WorkingPrecision precision(std::numeric_limits<Real>::digits + 16);
  const Frame<Enclosure> frame = exact.exact.frame();
  return run(Orbit<Real>(exact, frame), watch);
}

}  // namespace

bool enclose_descent(const ExactInstance& exact, const std::vector<long>& steps,
                     const std::function<void(const EnclosedMoment&)>& seen, const std::function<void(long)>& progress,
                     const Resumption& resumption) {
  if (steps.empty()) return true;
  const Watch watch{steps, seen, progress, resumption};
  const long bits = WorkingPrecision::bits();
  const bool coefficients = exact.config.route == RouteKind::coefficients, plain = exact.config.method.plain();
  if (near_orbits(exact.config) && bits >= orbit_bits[0] && bits < most_orbit_bits) {
    if (bits < orbit_bits[1]) return run_orbit<dd>(exact, watch);
    return bits < orbit_bits[2] ? run_orbit<mp50>(exact, watch) : run_orbit<mp100>(exact, watch);
  }
  const Frame<Enclosure> frame = exact.exact.frame();
  const Train train = exact.config.train;
  if (!coefficients) {
    const Statistics<Enclosure> route(frame, train);
    return plain ? run(IntervalDescent(route, frame), watch) : run(IntervalMethod(exact, route, frame), watch);
  }
  const Coefficients<Enclosure> route(exact.instance, frame, train);
  return plain ? run(IntervalDescent(route, frame), watch) : run(IntervalMethod(exact, route, frame), watch);
}

}  // namespace benign::sim
