#pragma once
// A sweep over two parameters, read back from its folder.

#include "plots/records/series.hpp"
#include "theory/model/parameters.hpp"

namespace benign::plots {

struct SweepAxis {
  std::string name;  ///< as the sweep's option calls it: d, mu, snr, …
  bool log;
  std::vector<double> values;  ///< rising

  std::string label() const;            ///< in words and symbols
  double scaled(double value) const;    ///< where `value` lies along the axis: itself or its logarithm
  double unscaled(double place) const;  ///< its inverse
};

struct Sweep {
  SweepAxis x, y;
  nlohmann::json config;  ///< of the run that is varied
  long seeds;             ///< of each cell or column
  nlohmann::json border;  ///< {"name", "level"}, or null for a sweep of cells
  /// Those of cells.jsonl, cell (ix, iy) at iy · |x| + ix, or those of border.jsonl, one for each x.
  std::vector<nlohmann::json> records;
  std::string check = {};                ///< whose verdicts the cells are; empty for other sweeps
  std::vector<std::string> claims = {};  ///< that the cells' proofs are of; empty for other sweeps
  long done = 0, units = 0;              ///< runs of an unfinished sweep, and of all of it; 0 where it is finished

  /// What all runs share, for a title: the paper's parameters but those of the axes, and the horizon; first of all, of an
  /// unfinished sweep, how much of it is there.
  std::string setting() const;

 private:
  std::string setting_of_all() const;
};

bool holds_cells(const std::filesystem::path& folder);
bool holds_proofs(const std::filesystem::path& folder);
bool holds_verdicts(const std::filesystem::path& folder);
bool holds_border(const std::filesystem::path& folder);

/// FOLDER/phase.json with FOLDER/cells.jsonl, of cells, of a check's verdicts or of proofs, or FOLDER/border.jsonl, as
/// 'benign phase --out' writes them; where these are not there yet, as far as the folder's shards go. Throws BadRecord, also where a cell is missing or out of order.
Sweep read_cells(const std::filesystem::path& folder);
Sweep read_proofs(const std::filesystem::path& folder);
Sweep read_verdicts(const std::filesystem::path& folder);
Sweep read_border(const std::filesystem::path& folder);

/// The mean over seeds of a cell's quantity; NaN where it is not known.
double mean(const nlohmann::json& cell, const char* quantity);

/// The theorem's parameters of a cell's configuration; all others are at their defaults.
theory::Parameters parameters_of(const nlohmann::json& config);

}  // namespace benign::plots
