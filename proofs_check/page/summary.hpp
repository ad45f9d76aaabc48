#pragma once
// What holds, in sentences: of each setting, its assumptions first.

#include "proofs_check/page/collection.hpp"

#include <map>

namespace benign::proofs::page {

/// The check of that id; null where the report has none.
const sim::Json* find(const sim::Json& report, const std::string& id);

/// How many checks of a report have each verdict, by its name; all five names are there.
std::map<std::string, long> verdicts(const sim::Json& report);

/// Whether the paper's assumptions A1 and A2 are in the report, and hold.
bool assumptions_hold(const sim::Json& report);

/// Whether a verdict is other than expected, or undecided.
bool surprises(const sim::Json& check);

/// The name of a setting in words.
std::string title_of(const Setting& setting);

/// "d = 2000, ‖μ‖ = 20, n = 20, …", and whatever else is not at its default.
std::string parameters_text(const sim::Json& report);

/// One row for each setting: assumptions and counts.
std::string overview_html(const std::vector<Setting>& settings);

/// One article for each setting.
std::string sentences_html(const std::vector<Setting>& settings);

}  // namespace benign::proofs::page
