#pragma once
// What a command line says of checks: which, and on which terms.

#include "proofs_check/framework/check.hpp"

#include <string>
#include <vector>

namespace benign::proofs {

/// Whether `name` is the id, or its beginning up to a dot.
bool names(const std::string& name, const std::string& id);

/// The check of that id, or all whose ids begin with it and a dot; in the order of the registry. Throws UsageError,
/// which blames `where` and guesses what was meant, if there is none.
std::vector<const Check*> find_checks(const std::string& where, const std::string& name);

/// The one check of that id. Throws UsageError likewise, also where several begin with it.
const Check& find_check(const std::string& where, const std::string& name);

/// δ of --delta, unless that is empty, and the constants of --C, each ID=VALUE. Throws UsageError.
void give_terms(Laboratory& laboratory, const std::string& delta, const std::vector<std::string>& constants);

}  // namespace benign::proofs
