#include "proofs_check/text/nearest.hpp"

#include <algorithm>

namespace benign::proofs {
namespace {

/// Damerau's distance of a and b, neighbours exchanged at most once.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> D(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        D[i][j] = i + j;
        continue;
      }
      D[i][j] = std::min({D[i - 1][j] + 1, D[i][j - 1] + 1, D[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        D[i][j] = std::min(D[i][j], D[i - 2][j - 2] + 1);
    }
  return D[a.size()][b.size()];
}

}  // namespace

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t fewest = word.size() / 3 + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t changes = candidate.starts_with(word) && !word.empty() ? 1 : distance(word, candidate);
    if (changes < fewest || (changes == fewest && best.empty())) best = candidate, fewest = changes;
  }
  return best.empty() ? "" : "; did you mean '" + best + "'?";
}

}  // namespace benign::proofs
