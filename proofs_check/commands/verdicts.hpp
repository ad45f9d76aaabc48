#pragma once
// Judging many checks for a person, who is told each verdict as it falls.

#include "proofs_check/framework/check.hpp"
#include "proofs_check/terminal/progress.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <vector>

namespace benign::proofs {

/// Judges, and tells each judgement in the order in which judge_all takes the checks, studies last, as soon as it and all
/// before it have fallen. Meanwhile standard error, where it is a terminal, says what is going on.
class Verdicts {
 public:
  using Told = std::function<void(const Judgement&)>;

  Verdicts(const std::vector<const Check*>& checks, Told told);

  std::vector<Judgement> judge_all(Laboratory laboratory);

 private:
  void begins(std::size_t k);
  void falls(std::size_t k, const Judgement& judgement);
  void show_running();

  const std::vector<const Check*>& checks_;
  Told told_;
  std::vector<std::size_t> order_;           // in which they are told
  std::map<std::size_t, Judgement> fallen_;  // all that have
  std::size_t next_ = 0;                     // to be told
  std::set<std::size_t> running_;
  std::string study_;  // the one at work, whose seeds are watched
  std::mutex mutex_;
  StatusLine status_;
};

}  // namespace benign::proofs
