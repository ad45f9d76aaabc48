#include "proofs_check/framework/cost.hpp"

#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace benign::proofs {
namespace {

constexpr double drawn_number = 2.5e-9;     // of W₀ or of a token's noise, in seconds
constexpr double multiplication = 3.1e-11;  // of a product of matrices, in double
constexpr double entry_of_a_step = 6e-10;   // of an N×N matrix that a step of `coefficients` reads and writes
constexpr double token_of_a_step = 2e-8;
constexpr double least_step = 2e-6;
constexpr double population_test = 5e-3;
constexpr double steps_of_a_flow = 20'000;  // of descent, which take as long as a flow does

/// How many times as long as in double.
double of_products(Precision precision) {
  switch (precision) {
    case Precision::binary64: return 1;
    case Precision::pairs: return 20;
    case Precision::digits50: return 40;
    case Precision::digits100: break;
  }
  return 100;
}
double of_steps(Precision precision) {
  switch (precision) {
    case Precision::binary64: return 1;
    case Precision::pairs: return 15;
    case Precision::digits50: return 45;
    case Precision::digits100: break;
  }
  return 100;
}

/// How many times as long as a step of plain descent by `coefficients`, in double and with more digits.
double of_method(const sim::RunConfig& config) {
  const bool in_double = config.precision == Precision::binary64;
  switch (config.method.kind) {
    case sim::MethodKind::gd:
    case sim::MethodKind::sign: break;
    case sim::MethodKind::momentum: return in_double ? 3 : 6;
    case sim::MethodKind::nesterov: return in_double ? 4.5 : 7;
    case sim::MethodKind::normalised: return in_double ? 2 : 3;
    case sim::MethodKind::sgd:
    case sim::MethodKind::decay: return in_double ? 1 : 2;
  }
  return 1;
}

}  // namespace

double expected_frame_seconds(const sim::RunConfig& config, sim::QNorm q_norm) {
  const double N = static_cast<double>(config.parameters.tokens()), d = static_cast<double>(config.parameters.d);
  if (config.route == sim::RouteKind::limit) return 0;
  if (config.data == sim::DataKind::gram) return 2e-9 * N * N * N;
  const bool drawn_weights = config.parameters.init != theory::Init::identity;
  const double passes = !drawn_weights ? 0 : q_norm == sim::QNorm::needed ? 2 : 1;
  const double products = (passes * d * d * N + 2 * N * N * d) * multiplication * of_products(config.precision);
  return (N * d + passes * d * d) * drawn_number + products;
}

double expected_training_seconds(const sim::RunConfig& config) {
  const double N = static_cast<double>(config.parameters.tokens()), d = static_cast<double>(config.parameters.d);
  double step = least_step + N * token_of_a_step + N * N * entry_of_a_step;
  if (config.route == sim::RouteKind::direct) step = d * d * 1e-9;
  if (config.route == sim::RouteKind::limit) step = least_step;
  const double steps = config.flow ? steps_of_a_flow : static_cast<double>(config.parameters.steps);
  return steps * step * of_steps(config.precision) * of_method(config) + population_test;
}

std::string about(double seconds) {
  const auto [unit, name] = seconds < 90            ? std::pair{1.0, "s"}
                            : seconds < 90 * 60     ? std::pair{60.0, "min"}
                            : seconds < 36 * 3600.0 ? std::pair{3600.0, "h"}
                                                    : std::pair{86400.0, "days"};
  const double value = std::max(seconds / unit, 1.0),
               digit = elementary::pow(10.0, std::floor(elementary::log10(value)));
  char text[40];
  std::snprintf(text, sizeof text, "about %.0f %s", std::round(value / digit) * digit, name);
  return text;
}

}  // namespace benign::proofs
