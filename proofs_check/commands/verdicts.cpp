#include "proofs_check/commands/verdicts.hpp"

#include "proofs_check/text/format.hpp"

namespace benign::proofs {

std::vector<Judgement> Verdicts::judge_all(Laboratory laboratory) {
  std::vector<std::size_t> studies;
  for (std::size_t k = 0; k < checks_.size(); ++k) (is_study(*checks_[k]) ? studies : order_).push_back(k);
  const auto quick = static_cast<long>(order_.size());
  laboratory.watch = {};
  const auto decide = [&](long place) { judge_one(order_[static_cast<std::size_t>(place)], laboratory); };
  long alone = 0;  // up to the first that draws: its inner products, which all wait for, are formed on all threads
  while (alone < quick && !laboratory.has_drawn()) decide(alone++);
  for_each_in_order(quick - alone, [&](long place) { decide(alone + place); });
  for (const std::size_t k : studies) {
    order_.push_back(k);
    laboratory.watch = [bars = progress_bars(), id = checks_[k]->id](const std::string& what, long done, long total) {
      bars(id + ": " + what, done, total);
    };
    judge_one(k, laboratory);
  }
  return std::move(judgements_);
}

void Verdicts::judge_one(std::size_t k, const Laboratory& laboratory) {
  {
    const std::scoped_lock lock(mutex_);
    running_.insert(k);
    show_running();
  }
  Judgement judgement = judge(*checks_[k], laboratory);
  const std::scoped_lock lock(mutex_);
  running_.erase(k);
  judgements_[k] = std::move(judgement);
  status_.clear();
  for (; next_ < order_.size() && judgements_[order_[next_]].check; ++next_) told_(judgements_[order_[next_]]);
  show_running();
}

void Verdicts::show_running() {
  if (running_.empty()) return;
  std::string text = format("%zu of %zu decided; now", next_, checks_.size());
  for (const std::size_t k : running_) text += " " + checks_[k]->id;
  status_.show(text);
}

}  // namespace benign::proofs
