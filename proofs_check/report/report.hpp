#pragma once
// Verdicts for a person and for a program.

#include "proofs_check/framework/check.hpp"
#include "sim/runs/records.hpp"

namespace benign::proofs {

/// A constant as the shortest number that a double tells from it, or, where no double is it, as it was written.
sim::Json constant_json(const theory::Decimal& C);

/// The command that reproduces a judgement.
std::string command_of(const Judgement& judgement, const Laboratory& laboratory);

/// A hypothesis without the numbers behind it, which differ from setting to setting.
std::string without_numbers(const std::string& statement);

/// The report for a person, in parts, so that verdicts can be shown as they fall: the setting, its place in the
/// paper's regimes and the table's head; a line for each judgement; the counts.
std::string report_head(const Laboratory& laboratory);
std::string report_line(const Judgement& judgement, const Laboratory& laboratory, bool coloured);
std::string report_foot(const std::vector<Judgement>& judgements, const Laboratory& laboratory);

/// {config, …, regime: {name, snr, …}, checks: [{id, verdict, expected, margin, error, error_kind, scale, constant,
/// hypotheses, …}]}.
sim::Json report_json(const std::vector<Judgement>& judgements, const Laboratory& laboratory);

/// 1 if anything did not end as expected (vacuous counts as neither), else 3 if something stayed undecided or nothing
/// was decided at all, else 0.
int exit_status(const std::vector<Judgement>& judgements);

/// The options of `config` that are not at their defaults, as they stand on a command line.
std::string arguments(const sim::RunConfig& config);

}  // namespace benign::proofs
