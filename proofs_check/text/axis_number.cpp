#include "proofs_check/text/axis_number.hpp"

#include "proofs_check/text/nearest.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/sweeps/grid.hpp"

#include <algorithm>

namespace benign::proofs {

using theory::Decimal;

Decimal axis_number(const std::string& option, const std::string& text, const std::string& name,
                    const std::string& part) {
  const bool whole = sim::is_whole(name), derived = sim::set_by(name) != name;
  const auto value = Decimal::parse(part);
  const auto in_range = [&] { return abs(value->exact()) <= Decimal("1e18").exact(); };
  if (!value || (whole && (denominator(value->exact()) != 1 || !in_range())))
    throw UsageError(option, text, whole ? "whole numbers LO and HI for " + name : "numbers LO and HI");
  if (name == "n" && numerator(value->exact()) % 2 != 0) throw UsageError(option, text, "even LO and HI for n");
  if (derived && (value->exact() < Decimal("1e-30").exact() || value->exact() > Decimal("1e30").exact()))
    throw UsageError(option, text, "LO and HI from 1e-30 to 1e30 for " + name);
  return *value;
}

std::string axis_name(const std::string& option, const std::string& text, const std::string& form) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) throw UsageError(option, text, form);
  const std::string name = text.substr(0, equals);
  const auto names = sim::axis_names();
  if (std::find(names.begin(), names.end(), name) != names.end()) return name;
  std::string all;
  for (const auto& one : names) all += (all.empty() ? "" : ", ") + one;
  throw UsageError(option, text, "one of " + all + " before the equals sign" + did_you_mean(name, names));
}

}  // namespace benign::proofs
