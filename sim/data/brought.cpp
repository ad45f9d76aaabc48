#include "sim/data/brought.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace benign::sim {
namespace {

/// 0, …, count − 1 in an order that (seed, `use`) decides: Fisher–Yates from the label stream. The uses of draw_train
/// have small indices.
std::vector<Index> shuffled(std::uint64_t seed, std::uint64_t use, Index count) {
  std::vector<Index> items(static_cast<std::size_t>(count));
  std::iota(items.begin(), items.end(), Index{0});
  for (std::size_t i = items.size(); i > 1; --i) {
    const auto word = random_words(seed, Stream::labels, (use << 32) + i, 0)[0];
    std::swap(items[i - 1], items[below(word, i)]);
  }
  return items;
}

enum Use : std::uint64_t { choice = 1, flips, other_label };

/// n of the samples, as many of each class as there are; all of them in their order.
std::vector<Index> choose(const TokenSet& set, int classes, Index n, std::uint64_t seed) {
  std::vector<Index> chosen, left;
  if (n == set.n) {
    chosen.resize(static_cast<std::size_t>(n));
    std::iota(chosen.begin(), chosen.end(), Index{0});
    return chosen;
  }
  std::vector<Index> taken(static_cast<std::size_t>(classes), 0);
  for (const Index i : shuffled(seed, choice, set.n)) {
    auto& count = element(taken, element(set.label, i));
    if (count < n / classes)
      ++count, chosen.push_back(i);
    else
      left.push_back(i);
  }
  const Index missing = n - static_cast<Index>(chosen.size());
  chosen.insert(chosen.end(), left.begin(), left.begin() + missing);
  return chosen;
}

}  // namespace

Data draw_from(const Brought& brought, const theory::Parameters& p, std::uint64_t seed) {
  const TokenSet& set = brought.train;
  Data data;
  data.n = p.n, data.T = set.T, data.d = set.d;
  const std::vector<Index> chosen = choose(set, brought.classes, p.n, seed);
  data.tokens.resize(p.n * set.T, set.d);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    data.tokens.middleRows(static_cast<Index>(i) * set.T, set.T) = set.tokens.middleRows(chosen[i] * set.T, set.T);
    data.true_label.push_back(element(set.label, chosen[i]));
    for (Index t = 0; t < set.T && !set.padding.empty(); ++t) data.padding.push_back(set.padded(chosen[i] * set.T + t));
  }
  data.label = data.true_label;
  const std::vector<Index> order = shuffled(seed, flips, p.n);
  for (long k = 0; k < theory::noise_count(p); ++k) {
    const auto i = static_cast<std::size_t>(element(order, k));
    const auto others = static_cast<std::size_t>(brought.classes - 1);
    const auto word = random_words(seed, Stream::labels, (std::uint64_t{other_label} << 32) + i, 0)[0];
    data.label[i] = (data.true_label[i] + 1 + static_cast<int>(below(word, others))) % brought.classes;
  }
  if (!brought.many())
    for (auto* labels : {&data.true_label, &data.label})
      for (int& label : *labels) label = 2 * label - 1;
  return data;
}

std::vector<Index> best_tokens(const Brought& brought, const RowMajor& values, Index T, const std::vector<int>& label,
                               const std::vector<bool>& padding) {
  std::vector<Index> best;
  for (std::size_t i = 0; i < label.size(); ++i) {
    const auto rows = values.middleRows(static_cast<Index>(i) * T, T);
    Eigen::VectorXd answer = rows.col(0) * (label[i] == 1 ? 1 : -1);
    if (brought.many()) answer = rows.col(label[i]) - rows.rowwise().mean();
    for (Index t = 0; t < T && !padding.empty(); ++t)
      if (padding[i * static_cast<std::size_t>(T) + static_cast<std::size_t>(t)]) answer[t] = -HUGE_VAL;
    Index t = 0;
    answer.maxCoeff(&t);
    best.push_back(t);
  }
  return best;
}

}  // namespace benign::sim
