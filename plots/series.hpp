#pragma once
// A run's records, read back from its folder.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace benign::plots {

/// A record that is not what it should be; the message names file and line.
struct BadRecord : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Series {
  std::string name;  ///< of the run's folder
  nlohmann::json config;
  std::vector<nlohmann::json> observations;

  bool flow() const { return config.contains("flow"); }
};

/// Reads FOLDER/series.jsonl. Throws BadRecord.
Series read_series(const std::filesystem::path& folder);

/// The runs of a folder: itself, or its subfolders by rising signal-to-noise ratio, whichever hold a series.jsonl.
/// Throws BadRecord where there is none.
std::vector<Series> read_all_series(const std::filesystem::path& folder);

/// A record's number, which is a JSON number or a decimal string; NaN for null.
double number(const nlohmann::json& value);

}  // namespace benign::plots
