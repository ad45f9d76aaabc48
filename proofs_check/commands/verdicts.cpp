#include "proofs_check/commands/verdicts.hpp"

#include "proofs_check/text/format.hpp"

#include <algorithm>
#include <numeric>

namespace benign::proofs {

Verdicts::Verdicts(const std::vector<const Check*>& checks, Told told)
    : checks_(checks), told_(std::move(told)), order_(checks.size()) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::stable_partition(order_.begin(), order_.end(), [&](std::size_t k) { return !is_study(*checks[k]); });
}

std::vector<Judgement> Verdicts::judge_all(Laboratory laboratory) {
  laboratory.watch = [this, bars = progress_bars()](const std::string& what, long done, long total) {
    if (!study_.empty()) bars(study_ + ": " + what, done, total);
  };
  return proofs::judge_all(checks_, laboratory,
                           {[this](std::size_t k) { begins(k); },
                            [this](std::size_t k, const Judgement& judgement) { falls(k, judgement); }});
}

void Verdicts::begins(std::size_t k) {
  const std::scoped_lock lock(mutex_);
  if (is_study(*checks_[k])) study_ = checks_[k]->id;
  running_.insert(k);
  show_running();
}

void Verdicts::falls(std::size_t k, const Judgement& judgement) {
  const std::scoped_lock lock(mutex_);
  running_.erase(k);
  fallen_.emplace(k, judgement);
  status_.clear();
  for (; next_ < order_.size() && fallen_.contains(order_[next_]); ++next_) told_(fallen_.at(order_[next_]));
  show_running();
}

void Verdicts::show_running() {
  if (running_.empty()) return;
  std::string text = format("%zu of %zu decided; now", next_, checks_.size());
  for (const std::size_t k : running_) text += " " + checks_[k]->id;
  status_.show(text);
}

}  // namespace benign::proofs
