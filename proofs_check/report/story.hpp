#pragma once
// What came of several settings in a few lines each, from their reports: for the end of a long job.

#include "sim/runs/config_json.hpp"

#include <string>
#include <vector>

namespace benign::proofs {

/// A report of checks, as report_json has it, with the name of its setting.
struct NamedReport {
  std::string name;
  sim::Json report;
};

/// For each setting what the paper expects, what was seen, whether the theorem's assumptions hold there, and the number
/// of checks by verdict; then what is not as expected, and what fails where its hypotheses are unmet. Five settings
/// take 22 lines.
std::string story_text(const std::vector<NamedReport>& settings);

}  // namespace benign::proofs
