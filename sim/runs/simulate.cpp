#include "sim/runs/simulate.hpp"

#include "sim/runs/method.hpp"
#include "theory/numbers/elementary.hpp"

#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace benign::sim {
namespace {

/// Finds the first time at which a function of the state turns positive.
template <class Real>
class Crossing {
 public:
  using Function = std::function<Real(const Vector<Real>&)>;

  Crossing(Function f, const Vector<Real>& start, std::optional<Real>& log_s)
      : f_(std::move(f)), log_s_(log_s), done_(sign_of(f_(start)) == Sign::positive) {
    if (done_) log_s_ = -std::numeric_limits<Real>::infinity();
  }

  /// Looks at the end of the flow's last step, cut off at `end`, and goes back into the step if the sign has changed.
  void look(const Flow<Real>& flow, const Real& end) {
    if (done_) return;
    const Real to = representative<Real>(end - flow.to()) < 0 ? end : flow.to();
    const auto at = [&](const Real& u) { return f_(flow.at(u)); };
    const Real f_to = at(to);
    if (sign_of(f_to) != Sign::positive) return;
    done_ = true;
    const Real f_from = at(flow.from());
    Real u = flow.from();
    if (sign_of(f_from) == Sign::negative) {
      std::uintmax_t most = 200;
      const auto bracket = boost::math::tools::toms748_solve(at, flow.from(), to, f_from, f_to,
                                                             boost::math::tools::eps_tolerance<Real>(), most);
      u = (bracket.first + bracket.second) / 2;
    }
    log_s_ = log_s_of_u(u);
  }

 private:
  Function f_;
  std::optional<Real>& log_s_;
  bool done_;
};

/// The smallest Y_i f_i of all samples, or of the noisy ones.
template <class Real>
Real worst_margin(const Run<Real>& run, const Vector<Real>& state, bool noisy_only) {
  const auto& samples = run.frame().samples;
  const Vector<Real> f = outputs_of(samples, run.route().read(state));
  return *smallest_margin(samples, run.frame().noisy, f, [&](bool noisy, int) { return noisy || !noisy_only; });
}

template <class Real>
std::vector<Crossing<Real>> crossings(const Run<Real>& run, Events<Real>& events) {
  using elementary::log;
  const Vector<Real> start = run.route().start();
  std::vector<Crossing<Real>> found;
  found.emplace_back([&run](const auto& x) { return worst_margin(run, x, false); }, start, events.fit);
  const auto& noisy = run.frame().noisy;
  if (std::find(noisy.begin(), noisy.end(), true) != noisy.end())
    found.emplace_back([&run](const auto& x) { return worst_margin(run, x, true); }, start, events.memorised);
  const Real log_T = log(Real(run.config().parameters.T));
  found.emplace_back(
      [&run, log_T](const auto& x) {
        const auto q = run.route().read(x);
        return Real((representative<Real>(q.mu_plus_q - q.mu_minus_q) < 0 ? q.mu_plus_q : q.mu_minus_q) - log_T);
      },
      start, events.gap);
  if (run.config().data == DataKind::brought || !run.model().selects_tokens)
    return found;  // the head has another floor
  if (const auto test = run.test(start); test && !run.config().test_sample) {
    const double half = (test->loss + theory::loss_floor<double>()) / 2;
    found.emplace_back([&run, half](const auto& x) { return Real(half - run.test_loss(x)); }, start, events.half_loss);
  }
  return found;
}

/// The limit needs the labels alone.
DataKind drawn(const RunConfig& config) { return config.route == RouteKind::limit ? DataKind::gram : config.data; }

}  // namespace

template <class Real>
Real horizon(const RunConfig& config) {
  const auto scales = theory::scales<Real>(config.parameters);
  if (!config.flow)
    return u_of_s<Real>(scales.step * speed_of<Real>(config.method) *
                        Real(sum_of_steps(config.method.schedule, config.parameters.steps)));
  if (config.log_s_max) return u_of_log_s(config.log_s_max->as<Real>());
  return u_of_s<Real>(config.tau_max.as<Real>() / scales.tau0);
}

const Model& model_of(const RunConfig& config) {
  const Model* found = config.model.empty() ? &models().front() : find_model(config.model);
  if (!found) throw std::invalid_argument("no model '" + config.model + "'");
  if (!found->draw) throw std::runtime_error("the model " + found->name + " is trained by a command of its own");
  return *found;
}

namespace {

/// Whether a run's test error is that of the population.
bool sees_population(const RunConfig& config, QNorm q_norm) {
  if (config.brought || config.test_sample || config.route == RouteKind::statistics) return false;
  return config.route == RouteKind::limit || q_norm == QNorm::needed;
}

/// Another run's frame with this one's scales, which know its step, and without what is not needed.
template <class Real>
Frame<Real> taken_over(Frame<Real> frame, const RunConfig& config, QNorm q_norm) {
  frame.scales = theory::scales<Real>(config.parameters);
  if (q_norm == QNorm::not_needed || config.route == RouteKind::statistics) frame.J.resize(0, 0), frame.k.resize(0);
  return frame;
}

}  // namespace

template <class Real>
Run<Real>::Run(const RunConfig& config, QNorm q_norm, SharedDraws& shared)
    : config_(config),
      model_(model_of(config)),
      instance_(model_.draw(config.parameters, drawn(config), config.seed, config.brought)),
      frame_(model_.in<Real>().frame(training(), q_norm, shared)),
      route_(model_.in<Real>().route(training(), frame_)),
      sees_population_(sees_population(config, q_norm)) {}

template <class Real>
Run<Real>::Run(const RunConfig& config, QNorm q_norm, Frame<Real> frame)
    : config_(config),
      model_(model_of(config)),
      instance_(model_.draw(config.parameters, drawn(config), config.seed, config.brought)),
      frame_(taken_over(std::move(frame), config, q_norm)),
      route_(model_.in<Real>().route(training(), frame_)),
      sees_population_(sees_population(config, q_norm)) {}

template <class Real>
Run<Real>::Run(const Run& other, Frame<Real> frame)
    : config_(other.config_),
      model_(other.model_),
      instance_(other.instance_),
      frame_(std::move(frame)),
      route_(model_.in<Real>().route(training(), frame_)),
      sees_population_(other.sees_population_) {}

template <class Real>
Run<Real>::Run(const RunConfig& config, QNorm q_norm) : Run(config, q_norm, *std::make_unique<SharedDraws>()) {}

template <class Real>
Observation<Real> Run<Real>::observe(const Vector<Real>& state) const {
  return sim::observe(frame_.samples, frame_.noisy, route_->read(state), frame_.relevant,
                      model_.tokens_of(config_.parameters));
}

template <class Real>
std::optional<TestError> Run<Real>::test(const Vector<Real>& state) const {
  if (config_.test_left_out) return std::nullopt;
  if (config_.brought) {
    if (!config_.brought->test) return std::nullopt;
    const auto q = route_->q(state);
    return q ? std::optional(brought_test(*config_.brought, *q)) : std::nullopt;
  }
  if (config_.test_sample) {
    const auto q = route_->q(state);
    if (!q) return std::nullopt;
    return sample_test(instance_, *q, *config_.test_sample);
  }
  if (!sees_population_) return std::nullopt;
  if (const auto own = route_->test(state)) return own;
  return model_.in<Real>().test(config_.parameters, config_.route, route_->read(state));
}

template <class Real>
double Run<Real>::test_loss(const Vector<Real>& state) const {
  if (!sees_population_) return test(state)->loss;
  if (const auto own = route_->test(state)) return own->loss;
  return model_.in<Real>().test_loss(config_.parameters, config_.route, route_->read(state));
}

template <class Real>
Result<Real> simulate(const RunConfig& config, long every, const std::function<void(const Observation<Real>&)>& seen,
                      const std::function<void(long)>& progress) {
  double setup_s = 0;
  Stopwatch watch;
  const Run<Real> run(config);
  watch.lap(setup_s);
  auto result = simulate<Real>(run, every, seen, progress);
  result.setup_s = setup_s;
  return result;
}

template <class Real>
Result<Real> simulate(const Run<Real>& run, long every, const std::function<void(const Observation<Real>&)>& seen,
                      const std::function<void(long)>& progress, double tolerance, TestErrors tests) {
  using std::isfinite;
  Result<Real> result;
  Stopwatch watch;
  const RunConfig& config = run.config();
  const long parts = config.parameters.steps;
  std::vector<Crossing<Real>> events;
  if (config.flow) events = crossings(run, result.events);
  const auto method = make_method<Real>(run, tolerance, [&](const Flow<Real>& flow, const Real& end) {
    for (auto& event : events) event.look(flow, end);
  });
  const auto look = [&](long part) {
    auto observation = run.observe(method->state());
    const Time<Real> time = method->time();
    observation.part = part;
    observation.tau = run.frame().scales.tau0 * time.s;
    observation.log_s = time.log_s;
    if (!isfinite(observation.train_loss))
      throw std::runtime_error("the numbers overflow at part " + std::to_string(part) + " of " + std::to_string(parts) +
                               "; a smaller --lr or other scales are needed");
    if (tests == TestErrors::seen) observation.test = run.test(method->state());
    if (seen) seen(observation);
    if (part == parts) result.last = std::move(observation);
  };
  train_timed(*method, parts, every, look, progress, watch, result);
  return result;
}

#define BENIGN_INSTANTIATE(Real)                                                                                     \
  template Real horizon<Real>(const RunConfig&);                                                                     \
  template class Run<Real>;                                                                                          \
  template Result<Real> simulate<Real>(const Run<Real>&, long, const std::function<void(const Observation<Real>&)>&, \
                                       const std::function<void(long)>&, double, TestErrors);                        \
  template Result<Real> simulate<Real>(const RunConfig&, long, const std::function<void(const Observation<Real>&)>&, \
                                       const std::function<void(long)>&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
