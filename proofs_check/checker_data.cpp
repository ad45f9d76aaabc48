#include "proofs_check/checker_data.hpp"

#include "proofs_check/usage_error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tbb/parallel_for.h>
#include <vector>

namespace benign::proofs {
namespace {

using Row = std::vector<double>;
__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UnsignedInt128;

constexpr int lowest = lowest_exponent, span = 800;  // of exponents

struct Split {
  std::int64_t mantissa;
  int exponent;
};
Split split(double x) {
  if (x == 0) return {0, lowest};
  int exponent;
  const auto mantissa = static_cast<std::int64_t>(std::ldexp(std::frexp(x, &exponent), 53));
  if (exponent - 53 < lowest || exponent - 53 >= lowest + span / 2)
    throw UsageError("data beyond the checker's exponents");
  return {mantissa, exponent - 53};
}
std::vector<Split> split(const double* x, Index size) {
  std::vector<Split> parts;
  for (Index k = 0; k < size; ++k) parts.push_back(split(x[k]));
  return parts;
}

/// Σ_k x_k y_k exactly, in units of 2^{2·lowest}; at most 2^20 products.
void dot(const std::vector<Split>& x, const std::vector<Split>& y, Whole& sum) {
  thread_local std::vector<Int128> sums(span);
  int first = span, last = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (x[k].mantissa == 0 || y[k].mantissa == 0) continue;
    const int place = x[k].exponent + y[k].exponent - 2 * lowest;
    sums[static_cast<std::size_t>(place)] += static_cast<Int128>(x[k].mantissa) * y[k].mantissa;
    first = std::min(first, place), last = std::max(last, place);
  }
  mpz_set_ui(sum.x, 0);
  for (int place = last; place >= first; --place) {
    Int128& part = sums[static_cast<std::size_t>(place)];
    const bool negative = part < 0;
    const UnsignedInt128 size = negative ? -static_cast<UnsignedInt128>(part) : part;
    Whole whole;
    mpz_set_ui(whole.x, static_cast<unsigned long>(size >> 64));
    mpz_mul_2exp(whole.x, whole.x, 64);
    mpz_add_ui(whole.x, whole.x, static_cast<unsigned long>(size));
    if (negative) mpz_neg(whole.x, whole.x);
    mpz_mul_2exp(sum.x, sum.x, 1);
    mpz_add(sum.x, sum.x, whole.x);
    part = 0;
  }
  if (first < span) mpz_mul_2exp(sum.x, sum.x, static_cast<mp_bitcnt_t>(first));
}

constexpr int digit_bits = 55;

/// A row of whole numbers in units of 2^{2·lowest} as a sum of rows of digits.
std::vector<std::vector<Split>> digits(const std::vector<mpz_srcptr>& row) {
  std::size_t low = SIZE_MAX, high = 0;
  for (const mpz_srcptr x : row) {
    if (mpz_sgn(x) == 0) continue;
    low = std::min(low, static_cast<std::size_t>(mpz_scan1(x, 0))), high = std::max(high, mpz_sizeinbase(x, 2));
  }
  std::vector<std::vector<Split>> rows;
  Whole part;
  for (std::size_t begin = low; begin < high; begin += digit_bits) {
    rows.emplace_back();
    for (const mpz_srcptr x : row) {
      mpz_tdiv_q_2exp(part.x, x, begin);
      mpz_tdiv_r_2exp(part.x, part.x, digit_bits);  // of the sign of x, both
      rows.back().push_back({mpz_get_si(part.x), 2 * lowest + static_cast<int>(begin)});
    }
  }
  return rows;
}

/// The first N rows of M W₀ᵀ, column by column, in units of 2^{2·lowest}, from M in the same form and `rows` rows.
std::deque<Whole> times_transposed(const std::deque<Whole>& M, std::size_t rows, std::size_t N,
                                   const sim::InitialWeights& W0, Index d) {
  std::vector<std::vector<std::vector<Split>>> tokens(N);
  tbb::parallel_for(std::size_t{0}, N, [&](std::size_t i) {
    std::vector<mpz_srcptr> row;
    for (std::size_t column = 0; column < static_cast<std::size_t>(d); ++column) row.push_back(M[column * rows + i].x);
    tokens[i] = digits(row);
  });
  std::deque<Whole> R(N * static_cast<std::size_t>(d));
  tbb::parallel_for(Index{0}, d, [&](Index j) {
    const sim::RowMajor row = W0.block(j, 1, 0, d);
    const auto weights = split(row.data(), d);
    Whole part;
    for (std::size_t i = 0; i < N; ++i)
      for (const auto& digit : tokens[i]) {
        dot(digit, weights, part);
        mpz_ptr sum = R[static_cast<std::size_t>(j) * N + i].x;
        mpz_add(sum, sum, part.x);
      }
  });
  return R;
}

}  // namespace

CheckerData::CheckerData(const sim::Instance& instance, bool with_J) {
  const auto& S = instance.train.tokens;
  const Index d = S.cols();
  N = static_cast<std::size_t>(S.rows()), rows = N + 2;
  std::vector<std::vector<Split>> tokens;
  for (Index i = 0; i < S.rows(); ++i) tokens.push_back(split(S.row(i).data(), d));
  if (const auto& brought = instance.brought) {
    for (Index probe = 0; probe < 2; ++probe) tokens.push_back(split(brought->signals.row(probe).data(), d));
    const auto head = split(brought->head.data(), d);
    v.resize(N);
    for (std::size_t i = 0; i < N; ++i) dot(tokens[i], head, v[i]);
  }
  for (Index probe = 0; probe < 2 && !instance.brought; ++probe) {
    Row unit(static_cast<std::size_t>(d), 0.0);
    unit[static_cast<std::size_t>(probe)] = 1;
    tokens.push_back(split(unit.data(), d));
  }
  K.resize(rows * N), H.resize(rows * N);
  tbb::parallel_for(std::size_t{0}, rows, [&](std::size_t i) {
    for (std::size_t j = 0; j < N; ++j) dot(tokens[i], tokens[j], K[i * N + j]);
  });
  if (instance.W0.identity()) {
    for (std::size_t k = 0; k < K.size(); ++k) {
      mpz_mul_2exp(H[k].x, K[k].x, -2 * lowest);  // in the units of the products below
    }
    for (std::size_t k = 0; with_J && k < N * N; ++k) J.push_back(H[k]);
    return;
  }
  std::deque<Whole> M(rows * static_cast<std::size_t>(d));  // column by column
  constexpr Index width = 4;
  tbb::parallel_for(Index{0}, (d + width - 1) / width, [&](Index panel) {
    const Index begin = panel * width, count = std::min(width, d - begin);
    const sim::RowMajor block = instance.W0.block(0, d, begin, count);
    for (Index j = 0; j < count; ++j) {
      const Eigen::VectorXd column = block.col(j);
      const auto weights = split(column.data(), d);
      for (std::size_t i = 0; i < rows; ++i) dot(tokens[i], weights, M[static_cast<std::size_t>(begin + j) * rows + i]);
    }
  });
  tbb::parallel_for(std::size_t{0}, rows, [&](std::size_t i) {
    for (std::size_t column = 0; column < static_cast<std::size_t>(d); ++column)
      for (std::size_t j = 0; j < N; ++j) mpz_addmul(H[i * N + j].x, M[column * rows + i].x, M[column * rows + j].x);
  });
  if (!with_J) return;

  const auto R = times_transposed(M, rows, N, instance.W0, d);
  J.resize(N * N);
  tbb::parallel_for(std::size_t{0}, N, [&](std::size_t i) {
    for (std::size_t column = 0; column < static_cast<std::size_t>(d); ++column)
      for (std::size_t j = 0; j < N; ++j) mpz_addmul(J[i * N + j].x, R[column * N + i].x, R[column * N + j].x);
  });
}

}  // namespace benign::proofs
