#pragma once
// The folder of a proof that can be interrupted: proof.json, of what it is; state.json, where its run stood last; pieces.jsonl, a
// line for each piece of a family that was looked at; and result.json, once it has ended.
//
// What a proof goes on from it rests on. So each state and each piece has a SHA-256 of itself and of the proof that it belongs to
// beside it, and only the program that began a proof goes on with it.

#include "proofs_check/certificates/claims.hpp"
#include "sim/files/folder_lock.hpp"
#include "sim/files/record_file.hpp"

#include <map>
#include <memory>

namespace benign::proofs {

class ProofFolder {
 public:
  /// Makes the folder this process's alone. Throws UsageError where it holds another proof, or one that was not asked to be
  /// resumed, or one that is damaged.
  ProofFolder(const std::string& path, const sim::RunConfig& config, const std::vector<Claim>& claims,
              const std::vector<long>& extra_steps, long most_bits, bool resume);

  /// Where the run stood last; null where it has not begun.
  const sim::Json& state() const { return state_; }
  void keep(const sim::Json& state);

  /// What was found of a piece, under its name; null if nothing was.
  sim::Json piece(const std::string& name) const;
  void add_piece(const std::string& name, const sim::Json& found);

  /// Writes what `prove --json` prints.
  void finish(const sim::Json& result) const;

 private:
  void read_state();
  void read_pieces();

  std::string path_;
  sim::Json description_, state_;
  sim::FolderLock lock_;
  std::map<std::string, sim::Json> pieces_;
  std::unique_ptr<sim::RecordFile> lines_;
};

}  // namespace benign::proofs
