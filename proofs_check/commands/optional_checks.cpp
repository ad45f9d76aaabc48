#include "proofs_check/commands/optional_checks.hpp"

#include "proofs_check/text/format.hpp"
#include "proofs_check/framework/cost.hpp"

#include <algorithm>
#include <tbb/info.h>

namespace benign::proofs {
namespace {

/// What takes longer than that on one core, beyond the run itself, is left out like a study.
constexpr double most_seconds = 10;

}  // namespace

std::vector<const Check*> leave_out(std::vector<const Check*>& checks, const Wanted& wanted,
                                    const Laboratory& laboratory) {
  const auto leave = [&](const Check* check) {
    if (is_study(*check)) return wanted.no_studies || !(wanted.all || wanted.studies);
    return !wanted.all && expected_seconds({check}, laboratory) > most_seconds;
  };
  std::vector<const Check*> out;
  std::copy_if(checks.begin(), checks.end(), std::back_inserter(out), leave);
  std::erase_if(checks, leave);
  return out;
}

std::string offer(const std::vector<const Check*>& left_out, const Laboratory& laboratory) {
  if (left_out.empty()) return "";
  const long studies = std::count_if(left_out.begin(), left_out.end(), [](auto* check) { return is_study(*check); });
  const long others = static_cast<long>(left_out.size()) - studies;
  std::string text = "Left out: ";
  if (studies > 0) text += format("%ld studies over %ld seeds", studies, laboratory.seeds);
  if (others > 0) text += format("%s%ld long comparisons", studies > 0 ? " and " : "", others);
  text += "; --studies adds them, " + about(expected_wall_seconds(left_out, laboratory)) + ":";
  for (const Check* check : left_out) text += " " + check->id;
  return text + "\n";
}

double expected_wall_seconds(const std::vector<const Check*>& checks, const Laboratory& laboratory) {
  return expected_seconds(checks, laboratory) / tbb::info::default_concurrency();
}

}  // namespace benign::proofs
