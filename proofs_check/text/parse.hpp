#pragma once
// Values from texts, with errors that name who gave them.

#include "theory/numbers/decimal.hpp"

#include <string>
#include <vector>

namespace benign::proofs {

/// A whole number in [low, high], from text such as 20 or 1e12. Throws UsageError naming `where`.
long parse_integer(const std::string& where, const std::string& text, long low, long high);

/// A decimal number. Throws UsageError naming `where`.
theory::Decimal parse_decimal(const std::string& where, const std::string& text,
                              const char* allowed = "a decimal number");

/// What stands between commas; nothing of an empty text.
std::vector<std::string> split(const std::string& text);

/// What the file holds. Throws UsageError naming `where` if it cannot be read or is empty.
std::string read_text(const std::string& where, const std::string& path);

}  // namespace benign::proofs
