#pragma once
// An end of a parameter's range, as --x, --y and --over take it.

#include "theory/numbers/decimal.hpp"

#include <string>

namespace benign::proofs {

/// `part` of `text`, which was given to `option`, as a value of the axis `name`. Throws UsageError where it is no
/// number, no whole one for a whole parameter, odd for n, or far out of range.
theory::Decimal axis_number(const std::string& option, const std::string& text, const std::string& name,
                            const std::string& part);

/// Throws UsageError, naming `form` as what is allowed, where `text` does not begin with the name of an axis and an equals
/// sign; returns the name.
std::string axis_name(const std::string& option, const std::string& text, const std::string& form);

}  // namespace benign::proofs
