#pragma once
// The names of the methods that train by steps, and of the schedules of their steps; what they are is in methods.hpp.

#include "theory/numbers/decimal.hpp"

#include <optional>
#include <string>

namespace benign::sim {

enum class MethodKind { gd, momentum, nesterov, normalised, sign, sgd, decay };

/// How long step k = 1, 2, … is, in units of the first: 1, 1/(1 + (k−1)/K) or 1/√(1 + (k−1)/K).
enum class ScheduleKind { constant, inverse_time, inverse_root };
struct StepSchedule {
  ScheduleKind kind = ScheduleKind::constant;
  theory::Decimal K{"1"};  ///< of `constant` it means nothing

  bool constant() const { return kind == ScheduleKind::constant; }
};

inline constexpr const char* schedule_forms =
    "constant, inverse-time:K or inverse-root:K, with K from 1e-6 to 1e12: steps of lr/(1 + k/K) or lr/sqrt(1 + k/K)";

/// As the command line has it, "inverse-time:100"; nothing for what is no schedule.
std::optional<StepSchedule> parse_schedule(const std::string& text);
std::string text_of(const StepSchedule& schedule);

/// The sum of the first `count` steps in units of the first, to some units of double's roundoff.
double sum_of_steps(const StepSchedule& schedule, long count);

/// A method with its number: β of momentum, the samples of a batch, or λ of the decay; of others it means nothing.
struct MethodChoice {
  MethodKind kind = MethodKind::gd;
  theory::Decimal number{"0"};
  StepSchedule schedule = {};

  /// Gradient descent by steps of one length.
  bool plain() const { return kind == MethodKind::gd && schedule.constant(); }
  bool has_momentum() const { return kind == MethodKind::momentum || kind == MethodKind::nesterov; }
};

inline constexpr const char* method_forms =
    "gd, momentum[:BETA], nesterov[:BETA] (0.9 unless given), normalised, sign, sgd:BATCH or decay:LAMBDA, with BETA "
    "in "
    "[0, 1), BATCH a whole number above 0 and LAMBDA at least 0";

/// As the command line has it, "momentum:0.9"; nothing for what is no method.
std::optional<MethodChoice> parse_method(const std::string& text);
std::string text_of(const MethodChoice& method);  ///< without its schedule

/// What the command line says of it beyond plain descent: "--method sgd:5 --lr-schedule inverse-time:100".
std::string options_of(const MethodChoice& method);

/// How much further a step of length α goes in time than α, once it has gathered speed: 1/(1 − β).
template <class Real>
Real speed_of(const MethodChoice& method) {
  return method.has_momentum() ? Real(1) / (Real(1) - method.number.as<Real>()) : Real(1);
}

}  // namespace benign::sim
