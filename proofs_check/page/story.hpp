#pragma once
// What came of several settings in a few lines each, for a terminal: what a long job ends with.

#include "proofs_check/page/collection.hpp"

namespace benign::proofs::page {

/// For each setting what the paper expects, what was seen, whether the theorem's assumptions hold there, and the number
/// of checks by verdict; then what is not as expected, and what fails where its hypotheses are unmet. Five settings
/// take 22 lines.
std::string story_text(const std::vector<Setting>& settings);

/// Whether a lemma, a law or a theorem of this setting's own regime would be violated, were its hypotheses met. Theorems of
/// other regimes say nothing here anyway.
bool fails_outside(const sim::Json& report, const sim::Json& check);

}  // namespace benign::proofs::page
