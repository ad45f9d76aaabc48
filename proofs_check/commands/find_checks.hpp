#pragma once
// Checks as a command line names them.

#include "proofs_check/framework/check.hpp"

#include <string>
#include <vector>

namespace benign::proofs {

/// Whether `name` is the id, or its beginning up to a dot.
bool names(const std::string& name, const std::string& id);

/// The check of that id, or all whose ids begin with it and a dot; in the order of the registry. Throws UsageError,
/// which blames `where` and guesses what was meant, if there is none.
std::vector<const Check*> find_checks(const std::string& where, const std::string& name);

}  // namespace benign::proofs
