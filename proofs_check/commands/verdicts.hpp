#pragma once
// Judging many checks, and telling each verdict as it falls.

#include "proofs_check/framework/check.hpp"
#include "proofs_check/terminal/progress.hpp"

#include <functional>
#include <mutex>
#include <set>
#include <vector>

namespace benign::proofs {

/// Judges, and tells each judgement in the order of the checks, studies last, as soon as it and all before it have
/// fallen. Meanwhile standard error, where it is a terminal, says what is going on.
class Verdicts {
 public:
  using Told = std::function<void(const Judgement&)>;

  Verdicts(const std::vector<const Check*>& checks, Told told)
      : checks_(checks), told_(std::move(told)), judgements_(checks.size()) {}

  /// First all but the studies side by side, then the studies, each of which is parallel in itself. In the order of the
  /// checks.
  std::vector<Judgement> judge_all(Laboratory laboratory);

 private:
  void judge_one(std::size_t k, const Laboratory& laboratory);
  void show_running();

  const std::vector<const Check*>& checks_;
  Told told_;
  std::vector<Judgement> judgements_;
  std::vector<std::size_t> order_;  // in which they are told
  std::size_t next_ = 0;            // to be told
  std::set<std::size_t> running_;
  std::mutex mutex_;
  StatusLine status_;
};

}  // namespace benign::proofs
