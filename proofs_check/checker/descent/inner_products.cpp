#include "proofs_check/checker/descent/inner_products.hpp"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <tbb/parallel_for.h>
#include <vector>

namespace benign::checker {
namespace {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UnsignedInt128;

/// mantissa · 2^exponent, |mantissa| < 2^55.
struct Split {
  std::int64_t mantissa = 0;
  int exponent = 0;
};
using Row = std::vector<Split>;

Split split(double x) {
  if (!std::isfinite(x)) throw std::domain_error("a token or a weight is not finite");
  if (x == 0) return {};
  int exponent = 0;
  const auto mantissa = static_cast<std::int64_t>(std::ldexp(std::frexp(x, &exponent), 53));
  return {mantissa, exponent - 53};
}

struct Rows {
  std::vector<Row> rows;
  int least = 0;  ///< no exponent is smaller
};
void note(Rows& x) {
  int least = INT_MAX;
  for (const Row& row : x.rows)
    for (const Split& one : row)
      if (one.mantissa != 0) least = std::min(least, one.exponent);
  x.least = least == INT_MAX ? 0 : least;
}
Row split(const double* x, Index size) {
  Row row(static_cast<std::size_t>(size));
  for (Index k = 0; k < size; ++k) row[static_cast<std::size_t>(k)] = split(x[k]);
  return row;
}
Rows split(const RowMajor& X) {
  Rows x;
  for (Index i = 0; i < X.rows(); ++i) x.rows.push_back(split(X.row(i).data(), X.cols()));
  note(x);
  return x;
}

/// total += part · 2^place.
void add_shifted(mpz_ptr total, Int128 part, std::size_t place, mpz_ptr spare) {
  const bool negative = part < 0;
  const UnsignedInt128 size = negative ? -static_cast<UnsignedInt128>(part) : static_cast<UnsignedInt128>(part);
  mpz_set_ui(spare, static_cast<unsigned long>(size >> 64));
  mpz_mul_2exp(spare, spare, 64);
  mpz_add_ui(spare, spare, static_cast<unsigned long>(size));
  mpz_mul_2exp(spare, spare, place);
  if (negative)
    mpz_sub(total, total, spare);
  else
    mpz_add(total, total, spare);
}

/// Σ_k x_k y_k in units of 2^unit, which no product's exponent is below. Mantissas have at most 55 bits, so a sum of
/// 2^17 products has at most 127; after so many the sums are emptied.
void dot(const Row& x, const Row& y, long unit, mpz_ptr total) {
  constexpr std::size_t most = std::size_t{1} << 17;
  thread_local std::vector<Int128> sums;
  thread_local Whole spare;
  mpz_set_ui(total, 0);
  for (std::size_t begin = 0; begin < x.size(); begin += most) {
    const std::size_t end = std::min(x.size(), begin + most);
    std::size_t first = SIZE_MAX, last = 0;
    for (std::size_t k = begin; k < end; ++k) {
      if (x[k].mantissa == 0 || y[k].mantissa == 0) continue;
      const auto place = static_cast<std::size_t>(long{x[k].exponent} + y[k].exponent - unit);
      if (place >= sums.size()) sums.resize(place + 1);
      sums[place] += static_cast<Int128>(x[k].mantissa) * y[k].mantissa;
      first = std::min(first, place), last = std::max(last, place);
    }
    for (std::size_t place = first; place <= last && first != SIZE_MAX; ++place) {
      if (sums[place] != 0) add_shifted(total, sums[place], place, spare.x);
      sums[place] = 0;
    }
  }
}

ExactMatrix product_transposed(const Rows& X, const Rows& Y) {
  ExactMatrix z(X.rows.size(), Y.rows.size(), long{X.least} + Y.least);
  tbb::parallel_for(std::size_t{0}, z.rows, [&](std::size_t i) {
    for (std::size_t j = 0; j < z.columns; ++j) dot(X.rows[i], Y.rows[j], z.unit, z(i, j));
  });
  return z;
}

/// The first `rows` rows of X times the transposed first `columns` rows of Y.
ExactMatrix product_transposed(const ExactMatrix& X, std::size_t rows, const ExactMatrix& Y, std::size_t columns) {
  ExactMatrix z(rows, columns, X.unit + Y.unit);
  tbb::parallel_for(std::size_t{0}, rows, [&](std::size_t i) {
    for (std::size_t j = 0; j < columns; ++j)
      for (std::size_t k = 0; k < X.columns; ++k) mpz_addmul(z(i, j), X(i, k), Y(j, k));
  });
  return z;
}

constexpr std::size_t digit_bits = 55;

/// Rows of whole numbers as sums of rows of digits of 55 bits, row by row.
std::vector<Rows> digits(const ExactMatrix& X, std::size_t count) {
  std::vector<Rows> all(count);
  tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
    std::size_t high = 0, low = SIZE_MAX;
    for (std::size_t k = 0; k < X.columns; ++k) {
      if (mpz_sgn(X(i, k)) == 0) continue;
      low = std::min(low, static_cast<std::size_t>(mpz_scan1(X(i, k), 0)));
      high = std::max(high, mpz_sizeinbase(X(i, k), 2));
    }
    Whole part;
    for (std::size_t begin = low; begin < high; begin += digit_bits) {
      Row row(X.columns);
      for (std::size_t k = 0; k < X.columns; ++k) {
        mpz_tdiv_q_2exp(part.x, X(i, k), begin);
        mpz_tdiv_r_2exp(part.x, part.x, digit_bits);  // both have the sign of the entry
        row[k] = {mpz_get_si(part.x), static_cast<int>(X.unit) + static_cast<int>(begin)};
      }
      all[i].rows.push_back(std::move(row));
    }
  });
  return all;
}

class Weights {
 public:
  explicit Weights(const sim::InitialWeights& W0) : W0_(W0) {
    for (Index i = 0; i < W0.d(); ++i) {
      const RowMajor row = W0.block(i, 1, 0, W0.d());
      double squares = 0;  // all by fewer than 2^20 roundings each, and so the sum of the rows
      for (Index j = 0; j < W0.d(); ++j) {
        if (row(0, j) != 0) least_ = std::min(least_, split(row(0, j)).exponent);
        squares += row(0, j) * row(0, j);
      }
      squares_ += squares;
    }
    if (least_ == INT_MAX) least_ = 0;
  }

  /// Bounds (Σ W₀²)^½ from above.
  double norm() const { return std::sqrt(squares_) * (1 + 0x1p-30) + 0x1p-500; }

  /// X W₀, of shape (rows of X, d).
  ExactMatrix after(const Rows& X) const {
    const Index d = W0_.d();
    ExactMatrix z(X.rows.size(), static_cast<std::size_t>(d), long{X.least} + least_);
    constexpr Index width = 4;
    tbb::parallel_for(Index{0}, (d + width - 1) / width, [&](Index panel) {
      const Index begin = panel * width, count = std::min(width, d - begin);
      const RowMajor block = W0_.block(0, d, begin, count);
      for (Index j = 0; j < count; ++j) {
        const Eigen::VectorXd column = block.col(j);
        const Row weights = split(column.data(), d);
        for (std::size_t i = 0; i < z.rows; ++i)
          dot(X.rows[i], weights, z.unit, z(i, static_cast<std::size_t>(begin + j)));
      }
    });
    return z;
  }

  /// The first `rows` rows of X times W₀ᵀ, of shape (rows, d).
  ExactMatrix before(const ExactMatrix& X, std::size_t rows) const {
    const std::vector<Rows> parts = digits(X, rows);
    const Index d = W0_.d();
    ExactMatrix z(rows, static_cast<std::size_t>(d), X.unit + least_);
    tbb::parallel_for(Index{0}, d, [&](Index j) {
      const RowMajor row = W0_.block(j, 1, 0, d);
      const Row weights = split(row.data(), d);
      Whole part;
      for (std::size_t i = 0; i < rows; ++i)
        for (const Row& digit : parts[i].rows) {
          dot(digit, weights, z.unit, part.x);
          const mpz_ptr sum = z(i, static_cast<std::size_t>(j));
          mpz_add(sum, sum, part.x);
        }
    });
    return z;
  }

 private:
  const sim::InitialWeights& W0_;
  int least_ = INT_MAX;
  double squares_ = 0;
};

ExactMatrix whole(const Rows& X) {
  const std::size_t columns = X.rows.empty() ? 0 : X.rows[0].size();
  ExactMatrix z(X.rows.size(), columns, X.least);
  for (std::size_t i = 0; i < z.rows; ++i)
    for (std::size_t k = 0; k < columns; ++k) {
      const Split& one = X.rows[i][k];
      if (one.mantissa == 0) continue;
      mpz_set_si(z(i, k), one.mantissa);
      mpz_mul_2exp(z(i, k), z(i, k), static_cast<mp_bitcnt_t>(one.exponent - X.least));
    }
  return z;
}

/// The rows of X that belong to [S; e₁; e₂], those of S with the rows of e₁ and e₂ times C's numbers added.
ExactMatrix rows_moved(const ExactMatrix& X, const Rows& C) {
  if (X.empty()) return X;
  const std::size_t N = C.rows.size();
  const int down = std::min(C.least, 0);
  ExactMatrix z(N + 2, X.columns, X.unit + down);
  Whole factor;
  for (std::size_t i = 0; i < z.rows; ++i)
    for (std::size_t j = 0; j < z.columns; ++j) {
      mpz_mul_2exp(z(i, j), X(i, j), static_cast<mp_bitcnt_t>(-down));
      for (std::size_t a = 0; i < N && a < 2; ++a) {
        mpz_set_si(factor.x, C.rows[i][a].mantissa);
        if (C.rows[i][a].mantissa != 0)
          mpz_mul_2exp(factor.x, factor.x, static_cast<mp_bitcnt_t>(C.rows[i][a].exponent - down));
        mpz_addmul(z(i, j), factor.x, X(N + a, j));
      }
    }
  return z;
}

ExactMatrix transposed(const ExactMatrix& X) {
  ExactMatrix z(X.columns, X.rows, X.unit);
  for (std::size_t i = 0; i < z.rows; ++i)
    for (std::size_t j = 0; j < z.columns; ++j) mpz_set(z(i, j), X(j, i));
  return z;
}

}  // namespace

InnerProducts moved_along(const InnerProducts& x, const RowMajor& C) {
  const Rows by = split(C);
  const auto both = [&](const ExactMatrix& X) { return X.empty() ? X : rows_moved(transposed(rows_moved(X, by)), by); };
  InnerProducts y = x;
  y.rows = x.N, y.K = both(x.K), y.H = both(x.H), y.J = both(x.J);
  y.l = rows_moved(x.l, by), y.m = rows_moved(x.m, by);
  return y;
}

ExactMatrix product_transposed(const RowMajor& X, const RowMajor& Y) { return product_transposed(split(X), split(Y)); }

InnerProducts inner_products(const sim::Instance& instance, bool with_q_norm) {
  const RowMajor& S = instance.train.tokens;
  InnerProducts x;
  x.N = static_cast<std::size_t>(S.rows()), x.rows = x.N + 2;
  RowMajor below = RowMajor::Identity(2, S.cols());
  if (instance.brought) below = instance.brought->signals;
  Rows P = split(S);
  for (Index probe = 0; probe < 2; ++probe) P.rows.push_back(split(below.row(probe).data(), below.cols()));
  note(P);
  Rows tokens{{P.rows.begin(), P.rows.begin() + static_cast<std::ptrdiff_t>(x.N)}, P.least};
  x.K = product_transposed(P, tokens);
  if (instance.brought) x.v = product_transposed(tokens, split(RowMajor(instance.brought->head.transpose())));

  const bool moved = instance.p0.size() > 0;  // p starts elsewhere than at 0
  const Rows p0 = split(RowMajor(instance.p0.transpose()));
  if (moved) x.r = product_transposed(p0, p0);
  if (instance.W0.identity()) {
    x.H = x.K;
    if (with_q_norm) x.J = product_transposed(tokens, tokens);
    if (moved) x.l = product_transposed(P, p0), x.m = product_transposed(tokens, p0), x.Q = x.r;
    return x;
  }
  const Weights W0(instance.W0);
  x.W0_norm = W0.norm();
  const ExactMatrix M = W0.after(P);
  x.H = product_transposed(M, x.rows, M, x.N);
  const ExactMatrix start = moved ? whole(p0) : ExactMatrix();
  if (moved) x.l = product_transposed(M, x.rows, start, 1);
  if (!with_q_norm) return x;
  const ExactMatrix R = W0.before(M, x.N);
  x.J = product_transposed(R, x.N, R, x.N);
  if (moved) {
    const ExactMatrix w = W0.before(start, 1);  // W₀p₀
    x.m = product_transposed(R, x.N, w, 1);
    x.Q = product_transposed(w, 1, w, 1);
  }
  return x;
}

}  // namespace benign::checker
