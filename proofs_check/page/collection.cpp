#include "proofs_check/page/collection.hpp"

#include "proofs_check/text/usage_error.hpp"
#include "theory/model/verdict.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace benign::proofs::page {
namespace {

namespace fs = std::filesystem;
using sim::Json;
using theory::Verdict;

constexpr int deepest = 2;

bool is_verdict(const Json& name) {
  for (const Verdict verdict :
       {Verdict::proved, Verdict::holds, Verdict::violated, Verdict::undecided, Verdict::vacuous})
    if (name == theory::name(verdict)) return true;
  return false;
}

/// What is wrong with a check of a report, or nothing. Keys that older versions did not write may be absent.
std::string fault_of(const Json& check) {
  if (!check.is_object() || !check.value("id", Json()).is_string()) return "has no id";
  if (!is_verdict(check.value("verdict", Json()))) return "has no verdict that there is";
  for (const char* key : {"margin", "error", "scale", "constant"}) {
    const Json number = check.value(key, Json());
    if (!number.is_null() && !number.is_number()) return std::string("has a ") + key + " that is no number";
  }
  for (const char* key : {"statement", "source", "observed", "command", "error_kind", "expected", "precision"}) {
    const Json text = check.value(key, Json());
    if (!text.is_null() && !text.is_string()) return std::string("has a ") + key + " that is no text";
  }
  const Json hypotheses = check.value("hypotheses", Json::array());
  const auto is_one = [](const Json& h) {
    return h.is_object() && h.value("statement", Json()).is_string() && h.value("met", Json()).is_boolean();
  };
  if (!hypotheses.is_array() || !std::all_of(hypotheses.begin(), hypotheses.end(), is_one))
    return "has hypotheses that are none";
  return "";
}

bool is_picture(const fs::path& path) { return path.extension() == ".svg" || path.extension() == ".png"; }

/// Itself and what is below it, in the order of their names; what cannot be looked into is passed over.
void folders_below(const fs::path& folder, int depth, std::vector<fs::path>& found) {
  found.push_back(folder);
  if (depth == deepest) return;
  std::set<fs::path> below;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->is_directory(error)) below.insert(at->path());
  for (const fs::path& one : below) folders_below(one, depth + 1, found);
}

std::string name_of(const fs::path& path, const fs::path& folder) {
  const std::string name = path.lexically_relative(folder).generic_string();
  if (name != ".") return name;
  return fs::weakly_canonical(folder).filename().string();
}

}  // namespace

std::string file_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) throw Unfinished(path.string() + " cannot be read");
  return bytes;
}

Json parse_report(const std::string& where, const std::string& text) {
  const Json report = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto refuse = [&](const std::string& fault) {
    throw UsageError(where + ": " + fault + "; 'benign check --out' writes such a file");
  };
  if (!report.is_object() || !report.value("checks", Json()).is_array()) refuse("not a report of checks");
  for (const char* key : {"config", "regime"})
    if (report.contains(key) && !report[key].is_object()) refuse(std::string(key) + " is no object");
  std::set<std::string> ids;
  for (const Json& check : report["checks"]) {
    const std::string fault = fault_of(check);
    if (!fault.empty()) refuse("check number " + std::to_string(ids.size() + 1) + " of its list " + fault);
    if (!ids.insert(check["id"]).second) refuse("'" + check["id"].get<std::string>() + "' is there twice");
  }
  return report;
}

Collection collect(const fs::path& folder) {
  if (!fs::is_directory(folder)) throw UsageError("DIR", folder.string(), "a folder that is there");
  Collection found{.folder = folder, .settings = {}, .pictures = {}, .undrawn = {}};
  std::vector<fs::path> folders;
  folders_below(folder, 0, folders);
  for (const fs::path& one : folders) {
    const bool report = fs::is_regular_file(one / "check.json");
    if (report)
      found.settings.push_back(
          {name_of(one, folder), parse_report((one / "check.json").string(), file_bytes(one / "check.json"))});
    std::set<fs::path> pictures;
    std::error_code error;
    for (fs::directory_iterator at(one, error), end; !error && at != end; at.increment(error))
      if (at->is_regular_file(error) && is_picture(at->path()) && !(report && at->path().stem() == "margins"))
        pictures.insert(at->path());
    for (const fs::path& path : pictures) found.pictures.push_back({path, name_of(path, folder), fs::file_size(path)});
    const bool sweep = fs::exists(one / "cells.jsonl") || fs::exists(one / "border.jsonl");
    if (sweep && pictures.empty()) found.undrawn.push_back(name_of(one, folder));
  }
  if (found.settings.empty())
    throw UsageError(folder.string() +
                     " holds no check.json, nor do its subfolders up to two deep; 'benign check --out " +
                     folder.string() + "/NAME' writes one");
  return found;
}

}  // namespace benign::proofs::page
