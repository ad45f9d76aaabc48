#pragma once
// The commands of `benign`. Each adds itself to the program and returns the exit status of its run through `status`.

#include "sim/sweeps/cells.hpp"
#include "sim/files/record_file.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <string_view>
#include <vector>

namespace benign::proofs {

void add_simulate(CLI::App& program, int& status);
void add_check(CLI::App& program, int& status);
void add_construct(CLI::App& program, int& status);
void add_diagnose(CLI::App& program, int& status);
void add_list(CLI::App& program, int& status);
void add_phase(CLI::App& program, int& status);
void add_plot(CLI::App& program, int& status);
void add_prove(CLI::App& program, int& status);
void add_table(CLI::App& program, int& status);
/// Where LibTorch is: benign encoder, and the model encoder of benign phase.
void add_encoder(CLI::App& program, int& status);

/// Models that `benign phase --model NAME` can train in place of the exact one.
std::vector<sim::OtherModel>& other_models();

/// Writes to standard output; throws Unfinished if that fails (a full disk, a closed pipe).
void print(std::string_view text);

/// A number, or its text in many digits, for a person: six significant digits; - for null.
std::string shown(const sim::Json& value);

/// Makes sure that `folder` exists and can be written to; throws UsageError naming --out.
void prepare_folder(const std::string& folder);

/// Makes sure that the file can be written whole later on; throws UsageError naming `option`.
void prepare_file(const std::string& option, const std::string& path);

/// The file `name` of records in `folder`; throws UsageError naming --out where it cannot be written.
std::unique_ptr<sim::RecordFile> open_records(const std::string& folder, const std::string& name);

}  // namespace benign::proofs
