#include "sim/runs/method.hpp"

#include "theory/numbers/elementary.hpp"

namespace benign::sim {
namespace {

/// A flow that stops at parts of its horizon. Its own steps do not know them: they end where the tolerance says.
template <class Real>
class FlowInParts final : public Method<Real> {
 public:
  FlowInParts(const Run<Real>& run, double tolerance, Stepped<Real> stepped)
      : route_(run.route()),
        parts_(run.config().parameters.steps),
        equal_in_u_(run.config().log_s_max),
        end_(horizon<Real>(run.config())),
        flow_(make_flow(run.route(), tolerance)),
        stepped_(std::move(stepped)) {}

  void advance(long k) override {
    part_ = k, u_ = u_at(k), state_.reset();
    flow_.reach(u_, [&] {
      if (stepped_) stepped_(flow_, end_);
    });
  }
  /// Inside of a step, which may cost as much as the step: only where it is asked for.
  Vector<Real>& state() override {
    if (!state_) state_ = part_ == 0 ? route_.start() : flow_.at(u_);
    return *state_;
  }
  Time<Real> time() const override {
    using elementary::expm1;
    using elementary::log;
    if (part_ == 0) return {Real(0), log(Real(0))};
    return {expm1(u_), log_s_of_u(u_)};
  }

 private:
  Real u_at(long k) const {
    using elementary::expm1;
    if (k == parts_) return end_;
    return equal_in_u_ ? Real(end_ * Real(k) / Real(parts_)) : u_of_s<Real>(expm1(end_) * (Real(k) / Real(parts_)));
  }

  const Route<Real>& route_;
  const long parts_;
  const bool equal_in_u_;
  const Real end_;
  Flow<Real> flow_;
  Stepped<Real> stepped_;
  std::optional<Vector<Real>> state_;
  long part_ = 0;
  Real u_{0};
};

}  // namespace

template <class Real>
std::unique_ptr<Method<Real>> make_method(const Run<Real>& run, double tolerance, Stepped<Real> stepped) {
  if (run.config().flow) return std::make_unique<FlowInParts<Real>>(run, tolerance, std::move(stepped));
  return make_steps<Real>(run.config().method, steps_over(run));
}

template <class Real>
MethodOver<Real> steps_over(const Run<Real>& run) {
  const RunConfig& config = run.config();
  return {run.route(), config.route, run.frame(), config.train, config.parameters.d, run.frame().scales.step,
          config.seed};
}

#define BENIGN_INSTANTIATE(Real)                                \
  template MethodOver<Real> steps_over<Real>(const Run<Real>&); \
  template std::unique_ptr<Method<Real>> make_method<Real>(const Run<Real>&, double, Stepped<Real>);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
