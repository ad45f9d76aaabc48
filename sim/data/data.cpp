#include "sim/data/data.hpp"

#include "theory/model/layout.hpp"

#include <algorithm>
#include <utility>

namespace benign::sim {
namespace {

using theory::Parameters;

/// Writes the T tokens of one sample: their noise, of rows of `stream` by sample and token, then the signals.
void draw_tokens(const Parameters& p, const theory::Layout<double>& layout, std::uint64_t seed, Stream stream,
                 Index index, int true_label, Eigen::Ref<RowMajor> tokens) {
  const double sigma = p.sigma.as<double>(), mu = p.mu.as<double>();
  const Index own = own_signal(true_label), other = other_signal(true_label);
  Index t = 0;
  for (const auto& kind : layout)
    for (long k = 0; k < kind.count; ++k, ++t) {
      auto token = tokens.row(t);
      if (kind.noise == 0)
        token.setZero();
      else
        fill_normal(seed, stream, static_cast<std::uint64_t>(index * p.T + t), sigma * kind.noise,
                    {token.data(), static_cast<std::size_t>(p.d)});
      if (kind.projected) token[own] = token[other] = 0;
      if (kind.own != 0) token[own] += kind.own * mu;
      if (kind.other != 0) token[other] += kind.other * mu;
    }
}

Data allocate(const Parameters& p, DataKind kind, Index n) {
  Data data;
  data.n = n, data.T = p.T, data.d = p.d;
  if (kind != DataKind::gram) data.tokens.resize(n * p.T, p.d);
  return data;
}

/// Of `size` labels the first are +1, the rest −1.
int label_by_place(const Parameters& p, Index i, Index size) { return i < theory::plus_count(p, size) ? +1 : -1; }

/// Whether an independent flip turns the label of sample i: with the probability η. The use has a range of indices of its
/// own among those of the label stream (brought.cpp).
bool flips_by_itself(const Parameters& p, std::uint64_t seed, Index i) {
  constexpr std::uint64_t use = 4;
  const auto word = random_words(seed, Stream::labels, (use << 32) + static_cast<std::uint64_t>(i), 0)[0];
  return unit_interval(word) <= p.eta.as<double>();
}

/// Fisher–Yates, from the label stream.
void shuffle(std::uint64_t seed, std::vector<std::pair<int, int>>& items) {
  for (std::size_t i = items.size(); i > 1; --i) {
    const auto word = random_words(seed, Stream::labels, i, 0)[0];
    std::swap(items[i - 1], items[below(word, i)]);
  }
}

}  // namespace

long flipped_labels(const Parameters& p, DataKind kind, int label) {
  return kind == DataKind::peer ? theory::noise_count(p) / 2 : theory::noise_count(p, label);  // as the script does
}

long flipped_labels(const Parameters& p, DataKind kind) {
  return kind == DataKind::peer ? 2 * flipped_labels(p, kind, +1) : theory::noise_count(p);
}

Data draw_train(const Parameters& p, DataKind kind, std::uint64_t seed) {
  Data data = allocate(p, kind, p.n);
  const auto layout = theory::layout<double>(p);
  const bool exact = p.flips == theory::Flips::exact;
  const Index plus = theory::plus_count(p, p.n);
  const long flipped[2] = {flipped_labels(p, kind, -1), flipped_labels(p, kind, +1)};
  std::vector<std::pair<int, int>> labels;  // (Y*, Y)
  for (Index i = 0; i < p.n; ++i) {
    const int y = i < plus ? +1 : -1;
    const bool flips = exact && (y > 0 ? i : i - plus) < flipped[y > 0];
    labels.emplace_back(y, flips ? -y : y);
  }
  if (kind != DataKind::peer) shuffle(seed, labels);
  for (Index i = 0; i < p.n; ++i) {
    if (!exact && flips_by_itself(p, seed, i)) labels[i].second *= -1;
    data.true_label.push_back(labels[i].first);
    data.label.push_back(labels[i].second);
    if (kind != DataKind::gram)
      draw_tokens(p, layout, seed, Stream::train_noise, i, labels[i].first, data.tokens.middleRows(i * p.T, p.T));
  }
  return data;
}

Data draw_test(const Parameters& p, DataKind kind, std::uint64_t seed, Index size, Index first, Index count) {
  Data data = allocate(p, kind, count);
  const auto layout = theory::layout<double>(p);
  for (Index k = 0; k < count; ++k) {
    const Index i = first + k;
    const int y = label_by_place(p, i, size);
    const bool shares_train_noise = kind == DataKind::peer && i < p.n;
    data.true_label.push_back(y);
    data.label.push_back(y);
    draw_tokens(p, layout, seed, shares_train_noise ? Stream::train_noise : Stream::test_noise, i, y,
                data.tokens.middleRows(k * p.T, p.T));
  }
  return data;
}

}  // namespace benign::sim
