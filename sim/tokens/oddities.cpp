#include "sim/tokens/oddities.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace benign::sim {
namespace {

constexpr double many_times = 5;

double median(std::vector<double> x) {
  if (x.empty()) return 0;
  const auto middle = x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2);
  std::nth_element(x.begin(), middle, x.end());
  return *middle;
}

/// "0 to 4, 7"
std::string ranges(const std::vector<Index>& positions) {
  std::string text;
  for (std::size_t k = 0; k < positions.size();) {
    std::size_t end = k;
    while (end + 1 < positions.size() && positions[end + 1] == positions[end] + 1) ++end;
    text += (text.empty() ? "" : ", ") + std::to_string(positions[k]);
    if (end > k) text += " to " + std::to_string(positions[end]);
    k = end + 1;
  }
  return (positions.size() == 1 ? "position " : "positions ") + text;
}

std::string times(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", x);
  return text;
}

/// Positions whose tokens differ by nothing, or by roundings of half precision.
std::vector<Index> same_positions(const TokenSet& set, double mean_square) {
  std::vector<Index> same;
  for (Index t = 0; t < set.T; ++t) {
    Index first = -1, seen = 0;
    double apart = 0;
    for (Index i = 0; i < set.n; ++i) {
      if (set.padded(i * set.T + t)) continue;
      if (first < 0) first = i;
      apart = std::max(apart, (set.tokens.row(i * set.T + t) - set.tokens.row(first * set.T + t)).squaredNorm());
      ++seen;
    }
    if (seen > 1 && apart <= 1e-6 * mean_square) same.push_back(t);
  }
  return same;
}

struct Repeated {
  Index samples = 0, tokens = 0;
  double length = 0;
};

/// The vector that most samples have at their end (or at their beginning), and how many tokens in a row it fills.
Repeated repeated_vector(const TokenSet& set, bool at_end) {
  const auto row = [&](Index i, Index k) { return i * set.T + (at_end ? set.T - 1 - k : k); };
  std::map<std::vector<double>, std::vector<Index>> groups;
  for (Index i = 0; i < set.n; ++i) {
    if (set.padded(row(i, 0))) continue;
    const double* x = set.tokens.row(row(i, 0)).data();
    groups[std::vector<double>(x, x + set.d)].push_back(i);
  }
  Repeated found;
  for (const auto& [vector, samples] : groups) {
    if (static_cast<Index>(samples.size()) <= found.samples) continue;
    const Eigen::Map<const Eigen::RowVectorXd> x(vector.data(), set.d);
    found = {static_cast<Index>(samples.size()), 0, x.norm()};
    for (const Index i : samples)
      for (Index k = 0; k < set.T && set.tokens.row(row(i, k)) == x; ++k) ++found.tokens;
  }
  return found;
}

}  // namespace

std::vector<std::string> oddities(const TokenSet& set) {
  std::vector<std::string> found;
  std::vector<double> lengths;
  std::vector<std::vector<double>> of_position(static_cast<std::size_t>(set.T));
  for (Index k = 0; k < set.tokens.rows(); ++k) {
    if (set.padded(k)) continue;
    lengths.push_back(set.tokens.row(k).norm());
    element(of_position, k % set.T).push_back(lengths.back());
  }
  double mean_square = 0;
  for (const double x : lengths) mean_square += x * x / static_cast<double>(lengths.size());
  const auto same = same_positions(set, mean_square);
  if (!same.empty())
    found.push_back(ranges(same) + (same.size() == 1 ? " is" : " are") +
                    " the same in all samples: class or register tokens, or padding; --mask leaves them out");

  const double usual = median(lengths);
  std::vector<Index> long_positions;
  double longest = 0;
  for (Index t = 0; t < set.T; ++t)
    if (const double length = median(element(of_position, t)); usual > 0 && length >= many_times * usual)
      long_positions.push_back(t), longest = std::max(longest, length / usual);
  if (!long_positions.empty())
    found.push_back(ranges(long_positions) + (long_positions.size() == 1 ? " is " : " are up to ") + times(longest) +
                    " times as long as the median token: class or register tokens, or padding");
  Index long_tokens = 0;
  for (Index t = 0; t < set.T; ++t)
    if (std::find(long_positions.begin(), long_positions.end(), t) == long_positions.end())
      for (const double length : element(of_position, t)) long_tokens += usual > 0 && length >= many_times * usual;
  if (long_tokens > 0)
    found.push_back(std::to_string(long_tokens) +
                    " tokens elsewhere are more than 5 times as long as the median token");

  for (const bool at_end : {true, false}) {
    const Index edge = at_end ? set.T - 1 : 0;
    const Repeated one = repeated_vector(set, at_end);
    if (one.samples < std::max<Index>(2, set.n / 20) || std::find(same.begin(), same.end(), edge) != same.end())
      continue;
    found.push_back(std::to_string(one.samples) + " samples " + (at_end ? "end" : "begin") +
                    " with one and the same vector, of length " + times(one.length) + ", which fills " +
                    std::to_string(one.tokens) + " tokens: padding? --mask leaves it out");
  }
  return found;
}

}  // namespace benign::sim
