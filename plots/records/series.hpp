#pragma once
// A run's records, read back from its folder.

#include <filesystem>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace benign::plots {

/// A record that is not what it should be; the message names file and line.
struct BadRecord : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The lines of `path`, of which a last one that a signal or a full disk cut off does not count. Throws BadRecord where
/// one is not a record, or there is none; `writer` is the command that writes such a file.
std::vector<nlohmann::json> read_records(const std::filesystem::path& path, bool (*is_record)(const nlohmann::json&),
                                         const char* writer);

bool number_or_null(const nlohmann::json& value);

/// Whether `object` is one and has all these keys.
bool has_keys(const nlohmann::json& object, std::initializer_list<const char*> keys);

struct Series {
  std::string name;  ///< of the run's folder
  nlohmann::json config;
  std::vector<nlohmann::json> observations;

  bool flow() const { return config.contains("flow"); }
  /// Of tokens from files, which have neither the model's tokens nor its floor.
  bool given_tokens() const { return config.contains("labels") || !data_file().empty(); }
  /// Where its tokens come from, without folders; empty for the model's.
  std::string data_file() const;
};

/// Reads FOLDER/series.jsonl. Throws BadRecord.
Series read_series(const std::filesystem::path& folder);

/// The runs of a folder: itself, or its subfolders by rising signal-to-noise ratio, whichever hold a series.jsonl; none
/// where none does. Throws BadRecord.
std::vector<Series> read_all_series(const std::filesystem::path& folder);

/// A record's number, which is a JSON number or a decimal string; NaN for null.
double number(const nlohmann::json& value);

}  // namespace benign::plots
