#include "proofs_check/certificates/proof_folder.hpp"

#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/data_hash.hpp"
#include "sim/runs/records.hpp"

#include <filesystem>
#include <fstream>

namespace benign::proofs {
namespace {

using sim::Json;

Json described(const sim::RunConfig& config, const std::vector<Claim>& claims, const std::vector<long>& extra_steps,
               long most_bits) {
  Json json = {{"made_by", sim::build_info_json()},
               {"config", sim::config_json(config)},
               {"bits_max", most_bits},
               {"at", extra_steps}};
  json["claims"] = Json::array();
  for (const Claim& claim : claims) json["claims"].push_back(claim.text);
  for (const auto& [name, path] : sim::token_files(config)) json["files"][name] = sim::sha256_of_file(path);
  return json;
}

/// Of what a proof found, which is true of no other proof.
std::string seal(const Json& description, const Json& content) {
  return sim::sha256_of_text(description.dump() + "\n" + content.dump());
}
std::string sealed(const Json& description, const Json& content) {
  return Json{{"sha256", seal(description, content)}, {"content", content}}.dump();
}

/// Null where the text is cut off, damaged, or another proof's.
Json unsealed(const Json& description, const std::string& text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("sha256") || !json.contains("content")) return {};
  if (json["sha256"] != seal(description, json["content"])) return {};
  return std::move(json["content"]);
}

std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

ProofFolder::ProofFolder(const std::string& path, const sim::RunConfig& config, const std::vector<Claim>& claims,
                         const std::vector<long>& extra_steps, long most_bits, bool resume)
    : path_(path), description_(described(config, claims, extra_steps, most_bits)), lock_(path) {
  if (!lock_.held()) throw UsageError("--out", path_, "a folder in which no other proof is at work");
  const std::string proof = path_ + "/proof.json";
  if (!std::filesystem::exists(proof)) {
    for (const char* stale : {"/state.json", "/pieces.jsonl", "/result.json"}) std::filesystem::remove(path_ + stale);
    sim::write_whole(proof, description_.dump(2));
  } else if (!resume) {
    throw UsageError("--out", path_, "a folder without a proof in it, or --resume to go on with the one that is there");
  } else {
    const Json before = Json::parse(text_of_file(proof), nullptr, /*allow_exceptions=*/false);
    for (const auto& [key, value] : description_.items())
      if (!before.is_object() || !before.contains(key) || before[key] != value)
        throw UsageError("--resume", path_,
                         "a folder with a proof of the same options by the same program; '" + key + "' differs");
    read_state();
  }
  read_pieces();
}

void ProofFolder::read_state() {
  const std::string file = path_ + "/state.json";
  if (!std::filesystem::exists(file)) return;
  state_ = unsealed(description_, text_of_file(file));
  if (state_.is_null())
    throw UsageError("--resume", path_,
                     "a folder whose state.json is whole and its own; this one is damaged or another proof's: remove "
                     "it to begin anew");
}

/// A line that was cut off is passed over: its piece is looked at again.
void ProofFolder::read_pieces() {
  const std::string file = path_ + "/pieces.jsonl";
  std::vector<std::string> whole;
  std::ifstream before(file);
  for (std::string line; std::getline(before, line);)
    if (Json piece = unsealed(description_, line); piece.is_object()) {
      pieces_[piece.at("piece").get<std::string>()] = piece.at("found");
      whole.push_back(line);
    }
  if (before.is_open()) before.close();
  lines_ = std::make_unique<sim::RecordFile>(file);
  for (const std::string& line : whole) lines_->append(line);
}

void ProofFolder::keep(const Json& state) { sim::write_whole(path_ + "/state.json", sealed(description_, state)); }

Json ProofFolder::piece(const std::string& name) const {
  const auto found = pieces_.find(name);
  return found == pieces_.end() ? Json() : found->second;
}

void ProofFolder::add_piece(const std::string& name, const Json& found) {
  lines_->append(sealed(description_, {{"piece", name}, {"found", found}}));
}

void ProofFolder::finish(const Json& result) const { sim::write_whole(path_ + "/result.json", result.dump(2)); }

}  // namespace benign::proofs
