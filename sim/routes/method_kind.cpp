#include "sim/routes/method_kind.hpp"

#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace benign::sim {
namespace {

using boost::multiprecision::cpp_rational;

bool share(const cpp_rational& x) { return x >= 0 && x < 1; }
bool count(const cpp_rational& x) { return denominator(x) == 1 && x >= 1 && x <= 1'000'000; }
bool not_negative(const cpp_rational& x) { return x >= 0; }

struct NamedMethod {
  MethodKind kind;
  const char* name;
  bool (*allowed)(const cpp_rational&) = nullptr;  ///< of its number; null where it takes none
  const char* otherwise = nullptr;                 ///< the number unless given; null where it must be
};
constexpr NamedMethod named_methods[] = {{MethodKind::gd, "gd"},
                                         {MethodKind::momentum, "momentum", share, "0.9"},
                                         {MethodKind::nesterov, "nesterov", share, "0.9"},
                                         {MethodKind::normalised, "normalised"},
                                         {MethodKind::sign, "sign"},
                                         {MethodKind::sgd, "sgd", count},
                                         {MethodKind::decay, "decay", not_negative}};

}  // namespace

namespace {

struct NamedSchedule {
  ScheduleKind kind;
  const char* name;
};
constexpr NamedSchedule named_schedules[] = {{ScheduleKind::inverse_time, "inverse-time:"},
                                             {ScheduleKind::inverse_root, "inverse-root:"}};

/// c(k) = (1 + k/K)^{−1} or (1 + k/K)^{−1/2}, its derivative, and its integral from 0.
struct DecayOfSteps {
  ScheduleKind kind;
  double K;

  double at(double k) const {
    const double x = 1 + k / K;
    return kind == ScheduleKind::inverse_time ? 1 / x : 1 / std::sqrt(x);
  }
  double slope(double k) const { return (kind == ScheduleKind::inverse_time ? -1 : -0.5) * at(k) / (K + k); }
  double integral(double k) const {
    return kind == ScheduleKind::inverse_time ? K * elementary::log1p(k / K) : 2 * k / (1 + std::sqrt(1 + k / K));
  }
};

}  // namespace

std::optional<StepSchedule> parse_schedule(const std::string& text) {
  static const theory::Decimal least("1e-6"), most("1e12");
  if (text == "constant") return StepSchedule{};
  for (const NamedSchedule& one : named_schedules) {
    if (!text.starts_with(one.name)) continue;
    const auto K = theory::Decimal::parse(text.substr(std::string(one.name).size()));
    if (K && K->exact() >= least.exact() && K->exact() <= most.exact()) return StepSchedule{one.kind, *K};
  }
  return std::nullopt;
}

std::string text_of(const StepSchedule& schedule) {
  for (const NamedSchedule& one : named_schedules)
    if (schedule.kind == one.kind) return one.name + schedule.K.text();
  return "constant";
}

/// By the sum itself up to k = 1000, and from there by Euler and Maclaurin's to the first derivatives: what is left out is
/// below c‴/720 < 10⁻¹¹ c/720.
double sum_of_steps(const StepSchedule& schedule, long count) {
  if (schedule.constant()) return static_cast<double>(count);
  const DecayOfSteps c{schedule.kind, schedule.K.as<double>()};
  const long summed = std::min(count, 1000L);
  double sum = 0;
  for (long k = 0; k < summed; ++k) sum += c.at(static_cast<double>(k));
  const double from = static_cast<double>(summed), to = static_cast<double>(count);
  return sum + (c.integral(to) - c.integral(from)) + (c.at(from) - c.at(to)) / 2 + (c.slope(to) - c.slope(from)) / 12;
}

std::optional<MethodChoice> parse_method(const std::string& text) {
  const auto colon = text.find(':');
  const bool with_number = colon != std::string::npos;
  for (const NamedMethod& one : named_methods) {
    if (text.substr(0, colon) != one.name) continue;
    if (!one.allowed) return with_number ? std::nullopt : std::optional(MethodChoice{one.kind});
    if (!with_number && !one.otherwise) return std::nullopt;
    const auto number = theory::Decimal::parse(with_number ? text.substr(colon + 1) : one.otherwise);
    if (!number || !one.allowed(number->exact())) return std::nullopt;
    return MethodChoice{one.kind, *number};
  }
  return std::nullopt;
}

std::string text_of(const MethodChoice& method) {
  const auto named = std::find_if(std::begin(named_methods), std::end(named_methods),
                                  [&](const NamedMethod& one) { return one.kind == method.kind; });
  return named->allowed ? std::string(named->name) + ":" + method.number.text() : named->name;
}

std::string options_of(const MethodChoice& method) {
  std::string options = method.kind == MethodKind::gd ? "" : "--method " + text_of(method);
  if (!method.schedule.constant())
    options += (options.empty() ? "" : " ") + ("--lr-schedule " + text_of(method.schedule));
  return options;
}

}  // namespace benign::sim
