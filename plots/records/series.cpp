#include "plots/records/series.hpp"

#include "sim/files/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

namespace benign::plots {
namespace {

constexpr const char* file_name = "series.jsonl";

/// Whether the record has what the figures read.
bool is_observation(const nlohmann::json& record) {
  if (!has_keys(record, {"config", "part", "tau", "log_s", "train_accuracy", "train_loss", "test_accuracy",
                         "test_accuracy_stderr", "test_loss", "test_loss_stderr"}) ||
      !has_keys(record["config"], {"d", "mu", "sigma"}))
    return false;
  if (!record.contains("sample")) return true;
  const auto& samples = record["sample"];
  return samples.is_object() && std::all_of(samples.begin(), samples.end(), [&](const nlohmann::json& sample) {
           return has_keys(sample, {"attention"}) && sample["attention"].is_array() && sample["attention"].size() >= 2;
         });
}

double snr(const Series& run) {
  return number(run.config["mu"]) / (number(run.config["sigma"]) * std::sqrt(number(run.config["d"])));
}

}  // namespace

bool number_or_null(const nlohmann::json& value) { return value.is_number() || value.is_null(); }

bool has_keys(const nlohmann::json& object, std::initializer_list<const char*> keys) {
  return object.is_object() &&
         std::all_of(keys.begin(), keys.end(), [&](const char* key) { return object.contains(key); });
}

std::vector<nlohmann::json> read_records(const std::filesystem::path& path, bool (*is_record)(const nlohmann::json&),
                                         const char* writer) {
  std::ifstream file(path);
  if (!file) throw BadRecord(path.string() + " cannot be read");
  std::vector<nlohmann::json> records;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    auto record = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    const bool unterminated = file.eof();
    if (unterminated && record.is_discarded()) break;
    if (!is_record(record))
      throw BadRecord(path.string() + ":" + std::to_string(number) + ": not a record of '" + writer + "'");
    records.push_back(std::move(record));
  }
  if (records.empty()) throw BadRecord(path.string() + " holds no record");
  return records;
}

std::string Series::data_file() const {
  const auto found = config.find("data");
  if (found == config.end() || !found->is_string()) return "";
  const std::string data = *found;
  const bool named = data.ends_with(".npy") || data.ends_with(".npz") || data.starts_with("fashion-mnist");
  return named ? std::filesystem::path(data).filename().string() : "";
}

Series read_series(const std::filesystem::path& folder) {
  Series series;
  series.observations = read_records(folder / file_name, is_observation, "benign simulate --out");
  for (std::size_t k = 1; k < series.observations.size(); ++k)
    if (const nlohmann::json& before = series.observations[k - 1], &here = series.observations[k];
        here["config"] != before["config"] || number(here["part"]) <= number(before["part"]))
      throw BadRecord((folder / file_name).string() + ":" + std::to_string(k + 1) + ": part " + here["part"].dump() +
                      " after part " + before["part"].dump() + ": these are records of two runs");
  series.name = sim::printable(std::filesystem::canonical(folder).filename().string());
  series.config = series.observations.back()["config"];
  return series;
}

std::vector<Series> read_all_series(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) throw BadRecord(folder.string() + " is not a folder");
  std::vector<Series> all;
  if (std::filesystem::exists(folder / file_name)) {
    all.push_back(read_series(folder));
    return all;
  }
  std::vector<std::filesystem::path> inside;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (std::filesystem::exists(entry.path() / file_name)) inside.push_back(entry.path());
  std::sort(inside.begin(), inside.end());
  for (const auto& path : inside) all.push_back(read_series(path));
  std::stable_sort(all.begin(), all.end(), [](const Series& a, const Series& b) { return snr(a) < snr(b); });
  return all;
}

double number(const nlohmann::json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return std::strtod(value.get_ref<const std::string&>().c_str(), nullptr);
  return std::nan("");
}

}  // namespace benign::plots
