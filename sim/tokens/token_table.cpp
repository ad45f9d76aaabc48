#include "sim/tokens/token_table.hpp"

#include "sim/tokens/stable_step.hpp"
#include "theory/laws/rates.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

namespace benign::sim {
namespace {

constexpr long looks_of_a_cell = 50;

template <class Part>
Spread spread(const TableCell& cell, const Part& part) {
  Spread s;
  const double count = static_cast<double>(cell.outcomes.size());
  for (const auto& outcome : cell.outcomes) s.mean += part(outcome) / count;
  for (const auto& outcome : cell.outcomes) {
    const double apart = part(outcome) - s.mean;
    s.deviation += apart * apart;
  }
  s.deviation = count > 1 ? std::sqrt(s.deviation / (count - 1)) : 0;
  return s;
}

}  // namespace

Spread TableCell::train_loss() const {
  return spread(*this, [](const auto& x) { return x.train_loss; });
}
Spread TableCell::train_accuracy() const {
  return spread(*this, [](const auto& x) { return x.train_accuracy; });
}
Spread TableCell::test_accuracy() const {
  return spread(*this, [](const auto& x) { return x.test->accuracy; });
}
Spread TableCell::test_loss() const {
  return spread(*this, [](const auto& x) { return x.test->loss; });
}
Spread TableCell::attention() const {
  return spread(*this, [](const auto& x) { return x.clean_attention; });
}

std::optional<Spread> TableCell::flipped_right() const {
  if (!outcomes.front().fitted.flipped) return std::nullopt;
  return spread(*this, [](const auto& x) { return *x.fitted.flipped; });
}

theory::Outcome TableCell::observed() const {
  std::map<std::string, std::pair<long, theory::Outcome>> votes;
  for (const auto& outcome : outcomes) {
    auto& [count, regime] = votes[theory::name(*outcome.regime)];
    ++count, regime = *outcome.regime;
  }
  return std::max_element(votes.begin(), votes.end(),
                          [](const auto& a, const auto& b) { return a.second.first < b.second.first; })
      ->second.second;
}

long TableCell::rises() const {
  return std::count_if(outcomes.begin(), outcomes.end(), [](const auto& x) { return x.first_rise.has_value(); });
}

TokenTable token_table(const std::vector<RunConfig>& configs, long seeds, const std::function<void(long)>& progress) {
  const Brought& brought = *configs.front().brought;
  TokenTable table{clean_baseline(brought), estimate_tokens(brought.train, brought.classes), {}};
  for (const RunConfig& config : configs) {
    const auto p = effective_parameters(config, table.estimates);
    const auto [harmful, not_overfitting] = theory::borders(p);
    table.cells.push_back({config, theory::regime(p), theory::n_snr2(p), harmful > not_overfitting,
                           start_sharpness(config), std::vector<TokenOutcome>(static_cast<std::size_t>(seeds))});
  }
  auto& cells = table.cells;
  // The longest first, so that no thread is left alone with one at the end.
  std::vector<std::pair<std::size_t, long>> runs;
  for (std::size_t k = 0; k < cells.size(); ++k)
    for (long seed = 0; seed < seeds; ++seed) runs.emplace_back(k, seed);
  std::stable_sort(runs.begin(), runs.end(), [&](const auto& a, const auto& b) {
    return cells[a.first].config.parameters.n > cells[b.first].config.parameters.n;
  });
  std::mutex telling;
  long done = 0;
  tbb::parallel_for(
      tbb::blocked_range<std::size_t>(0, runs.size(), 1),
      [&](const auto& range) {
        for (std::size_t r = range.begin(); r < range.end(); ++r) {
          const auto [k, seed] = runs[r];
          RunConfig one = cells[k].config;
          one.seed += static_cast<std::uint64_t>(seed);
          element(cells[k].outcomes, seed) = train_on_tokens(one, looks_of_a_cell);
          const std::scoped_lock lock(telling);
          progress(++done);
        }
      },
      tbb::simple_partitioner());
  return table;
}

}  // namespace benign::sim
