#pragma once
// The names of the methods that train by steps; what they are is in methods.hpp.

#include "theory/numbers/decimal.hpp"

#include <optional>
#include <string>

namespace benign::sim {

enum class MethodKind { gd, momentum, nesterov, normalised, sign, sgd, decay };

/// A method with its number: β of momentum, the samples of a batch, or λ of the decay; of others it means nothing.
struct MethodChoice {
  MethodKind kind = MethodKind::gd;
  theory::Decimal number{"0"};

  bool plain() const { return kind == MethodKind::gd; }
  bool has_momentum() const { return kind == MethodKind::momentum || kind == MethodKind::nesterov; }
};

inline constexpr const char* method_forms =
    "gd, momentum[:BETA], nesterov[:BETA] (0.9 unless given), normalised, sign, sgd:BATCH or decay:LAMBDA, with BETA "
    "in "
    "[0, 1), BATCH a whole number above 0 and LAMBDA at least 0";

/// As the command line has it, "momentum:0.9"; nothing for what is no method.
std::optional<MethodChoice> parse_method(const std::string& text);
std::string text_of(const MethodChoice& method);

/// How much further a step of length α goes in time than α, once it has gathered speed: 1/(1 − β).
template <class Real>
Real speed_of(const MethodChoice& method) {
  return method.has_momentum() ? Real(1) / (Real(1) - method.number.as<Real>()) : Real(1);
}

}  // namespace benign::sim
