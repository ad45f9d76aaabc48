#pragma once
// What somebody may have meant.

#include <string>
#include <vector>

namespace benign::proofs {

/// "; did you mean 'steps'?": the candidate that takes the fewest letters changed, added, left out or exchanged with
/// their neighbours to become `word`, if these are few for its length; else empty.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace benign::proofs
