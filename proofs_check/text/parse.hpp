#pragma once
// Values from texts, with errors that name who gave them.

#include "theory/numbers/decimal.hpp"

#include <string>

namespace benign::proofs {

/// A whole number in [low, high], from text such as 20 or 1e12. Throws UsageError naming `where`.
long parse_integer(const std::string& where, const std::string& text, long low, long high);

/// A decimal number. Throws UsageError naming `where`.
theory::Decimal parse_decimal(const std::string& where, const std::string& text,
                              const char* allowed = "a decimal number");

/// What the file holds. Throws UsageError naming `where` if it cannot be read or is empty.
std::string read_text(const std::string& where, const std::string& path);

}  // namespace benign::proofs
