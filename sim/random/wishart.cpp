#include "sim/random/wishart.hpp"

#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace benign::sim {
namespace {

/// log(1 + y) − y, without cancellation where y is small: −z y + 2 Σ_{j≥1} z^(2j+1)/(2j + 1), z = y/(2 + y).
double log1p_less(double y) {
  if (std::abs(y) > 0.5) return elementary::log1p(y) - y;
  const double z = y / (2 + y), square = z * z;  // at most 1/9
  double sum = 0;
  for (int j = 16; j >= 1; --j) sum = sum * square + 2.0 / (2 * j + 1);
  return z * (square * sum - y);
}

}  // namespace

// χ²_df = 2 Γ(a), a = df/2, by Marsaglia and Tsang (ACM TOMS 26, 2000): with b = a − 1/3, c = 1/√(9b), x ~ N(0, 1) and
// v = (1 + cx)³, accept bv if log U < x²/2 + b(1 − v + log v). At large a the bracket is a difference of numbers near 1
// times b: with v = 1 + y it is log1p(y) − y. a < 1 is Γ(a + 1) U^{1/a}.
double chi(long df, std::uint64_t seed, Stream stream, std::uint64_t index) {
  constexpr std::uint64_t beyond_all_rows = std::uint64_t{1} << 62;  // blocks that no normal of the row comes from
  const double a = static_cast<double>(df) / 2, b = (a < 1 ? a + 1 : a) - 1.0 / 3, c = 1 / (3 * std::sqrt(b));
  for (std::uint64_t attempt = 0;; ++attempt) {
    const auto words = random_words(seed, stream, index, beyond_all_rows + attempt);
    const auto uniform = [&](std::size_t k) { return unit_interval(words[k]); };
    const double x = std::sqrt(-2 * elementary::log(uniform(0))) * elementary::cos(2 * std::numbers::pi * uniform(1));
    const double y = c * x * (3 + c * x * (3 + c * x));
    if (y <= -1) continue;  // v ≤ 0, or so small that y rounds to −1: there acceptance has probability 1e-8 at most
    if (elementary::log(uniform(2)) >= x * x / 2 + b * log1p_less(y)) continue;
    const double chi2 = 2 * b * (1 + y) * (a < 1 ? elementary::pow(uniform(3), 1 / a) : 1);
    return std::sqrt(chi2);
  }
}

RowMajor wishart_factor(Index rows, long df, std::uint64_t seed, Stream stream, std::uint64_t first) {
  const Index cols = std::min<Index>(rows, df);
  RowMajor L = RowMajor::Zero(rows, cols);
  for (Index i = 0; i < rows; ++i) {
    const Index normals = std::min(i, cols);
    const std::uint64_t at = first + static_cast<std::uint64_t>(i);
    fill_normal(seed, stream, at, 1, {L.row(i).data(), static_cast<std::size_t>(normals)});
    if (i < cols) L(i, i) = chi(df - i, seed, stream, at);
  }
  return L;
}

}  // namespace benign::sim
