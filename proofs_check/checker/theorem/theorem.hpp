#pragma once
// The checker of theorems for almost every draw: is the certificate of `benign prove --theorem` true? It reads the
// statement alone, and finds bounds of its own that it has to follow from (THEORY section 6.3).

#include "proofs_check/checker/check.hpp"

#include <optional>

namespace benign::checker {

/// Of the certificate of a theorem what was found; nothing where the text has no key "benign_theorem". Throws UsageError where it
/// is malformed.
std::optional<Report> check_theorem(const std::string& where, const std::string& text);

/// A certificate of either kind in a file of at most 64 MB: of a theorem, or of a run.
Report check_any_file(const std::string& where, const std::string& path);

}  // namespace benign::checker
