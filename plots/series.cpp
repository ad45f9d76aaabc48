#include "plots/series.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <initializer_list>

namespace benign::plots {
namespace {

constexpr const char* file_name = "series.jsonl";

/// Whether the record has what the figures read.
bool is_record(const nlohmann::json& record) {
  const auto has = [](const nlohmann::json& object, std::initializer_list<const char*> keys) {
    return object.is_object() &&
           std::all_of(keys.begin(), keys.end(), [&](const char* key) { return object.contains(key); });
  };
  if (!has(record, {"config", "part", "tau", "log_s", "train_accuracy", "train_loss", "test_accuracy",
                    "test_accuracy_stderr", "test_loss", "test_loss_stderr"}) ||
      !has(record["config"], {"d", "mu", "sigma"}))
    return false;
  if (!record.contains("sample")) return true;
  const auto& samples = record["sample"];
  return samples.is_object() && std::all_of(samples.begin(), samples.end(), [&](const nlohmann::json& sample) {
           return has(sample, {"attention"}) && sample["attention"].is_array() && sample["attention"].size() >= 3;
         });
}

double snr(const Series& run) {
  return number(run.config["mu"]) / (number(run.config["sigma"]) * std::sqrt(number(run.config["d"])));
}

}  // namespace

Series read_series(const std::filesystem::path& folder) {
  const auto path = folder / file_name;
  std::ifstream file(path);
  if (!file) throw BadRecord(path.string() + " cannot be read");
  Series series;
  series.name = std::filesystem::canonical(folder).filename();
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    auto record = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    const bool unterminated = file.eof();
    if (unterminated && record.is_discarded()) break;  // a line that a signal or a full disk cut off
    if (!is_record(record))
      throw BadRecord(path.string() + ":" + std::to_string(number) + ": not a record of 'benign simulate --out'");
    series.config = record["config"];
    series.observations.push_back(std::move(record));
  }
  if (series.observations.empty()) throw BadRecord(path.string() + " holds no record");
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
  if (all.empty()) throw BadRecord(folder.string() + " holds no series.jsonl; 'benign simulate --out' writes one");
  return all;
}

double number(const nlohmann::json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return std::strtod(value.get_ref<const std::string&>().c_str(), nullptr);
  return std::nan("");
}

}  // namespace benign::plots
