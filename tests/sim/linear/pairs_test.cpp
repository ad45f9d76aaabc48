// The vector kernels of pairs against sums of as many digits as are needed, and, for their bits, against the same sums
// one number at a time, where products are split after Dekker and never fused.

#include "sim/linear/linear.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <random>

using namespace benign;
using namespace benign::sim;

namespace {

using Wide = Mpfr<700>;

std::vector<dd> numbers_in_pairs(Index count, double spread, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> unit(-1, 1);
  std::vector<dd> x;
  for (Index k = 0; k < count; ++k) {
    const double head = unit(engine) * std::exp2(spread * unit(engine));
    x.push_back(dd::sum(head, head * unit(engine) * 0x1p-54));
  }
  return x;
}

/// The running sum of pairs.hpp.
struct Sum {
  double head = 0, tail = 0;
  void add(const dd& a, const dd& x) {
    const dd heads = dd::product(a.head(), x.head());
    const double size = std::abs(heads.head());
    const bool in_range = size >= dd::smallest_exact && std::abs(a.head()) < dd::largest_exact;
    const double rest = in_range ? heads.tail() + (a.head() * x.tail() + a.tail() * x.head()) : 0;
    const dd next = dd::sum(head, heads.head());
    tail += next.tail() + rest;
    head = next.head();
  }
  dd value() const { return dd::sum(head, tail); }
};

bool same_bits(const std::vector<dd>& x, const std::vector<dd>& y) {
  return std::memcmp(x.data(), y.data(), x.size() * sizeof(dd)) == 0;
}

}  // namespace

TEST_CASE("products of pairs: their errors, and the same bits as one number at a time", "[pairs]") {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{1, 1}, {7, 9}, {8, 16}, {13, 5}, {162, 160}, {35, 401}})
    for (const double spread : {0.0, 10.0, 480.0}) {
      INFO(rows << " x " << cols << ", sizes 2^±" << spread);
      const auto A = numbers_in_pairs(rows * cols, spread, 1), x = numbers_in_pairs(cols, spread, 2),
                 z = numbers_in_pairs(rows, spread, 3);
      const auto at = [&, rows = rows](Index i, Index j) { return A[static_cast<std::size_t>(j * rows + i)]; };
      std::vector<dd> y(static_cast<std::size_t>(rows)), w(static_cast<std::size_t>(cols)), same_y, same_w;
      times(rows, cols, A.data(), x.data(), y.data());
      transposed_times(rows, cols, A.data(), z.data(), w.data());

      for (Index i = 0; i < rows; ++i) {
        Sum sum;
        for (Index j = 0; j < cols; ++j) sum.add(at(i, j), x[static_cast<std::size_t>(j)]);
        same_y.push_back(sum.value());
      }
      for (Index j = 0; j < cols; ++j) {
        Sum lane[8];
        for (Index i = 0; i < rows; ++i) lane[i % 8].add(at(i, j), z[static_cast<std::size_t>(i)]);
        const auto v = [&](int k) { return lane[k].value(); };
        same_w.push_back(((v(0) + v(4)) + (v(2) + v(6))) + ((v(1) + v(5)) + (v(3) + v(7))));
      }
      CHECK(same_bits(y, same_y));
      CHECK(same_bits(w, same_w));

      const auto error = [](const dd& computed, const Wide& exact, const Wide& size, Index terms) {
        const double n = static_cast<double>(terms), bound = n * n / 2 + 5 * n + 16;
        const double units = static_cast<double>(ldexp(Wide(abs(Wide(Wide(computed) - exact)) / size), 106));
        CHECK(units <= bound);
      };
      for (Index i = 0; i < rows; ++i) {
        Wide exact = 0, size = ldexp(Wide(1), -900);
        for (Index j = 0; j < cols; ++j) {
          const Wide term = Wide(at(i, j)) * Wide(x[static_cast<std::size_t>(j)]);
          exact += term, size += abs(term);
        }
        error(y[static_cast<std::size_t>(i)], exact, size, cols);
      }
      for (Index j = 0; j < cols; ++j) {
        Wide exact = 0, size = ldexp(Wide(1), -900);
        for (Index i = 0; i < rows; ++i) {
          const Wide term = Wide(at(i, j)) * Wide(z[static_cast<std::size_t>(i)]);
          exact += term, size += abs(term);
        }
        error(w[static_cast<std::size_t>(j)], exact, size, rows);
      }
    }
}

TEST_CASE("outer products of pairs are a product and a sum of pairs in every entry", "[pairs]") {
  for (const Index rows : {1, 4, 11, 160}) {
    const Index cols = 7;
    auto A = numbers_in_pairs(rows * cols, 5, 4), expected = A;
    const auto u = numbers_in_pairs(rows, 5, 5), v = numbers_in_pairs(cols, 5, 6);
    add_outer(rows, cols, A.data(), u.data(), v.data());
    for (Index j = 0; j < cols; ++j)
      for (Index i = 0; i < rows; ++i)
        expected[static_cast<std::size_t>(j * rows + i)] +=
            u[static_cast<std::size_t>(i)] * v[static_cast<std::size_t>(j)];
    CHECK(same_bits(A, expected));
  }
}

TEST_CASE("numbers too large for Dekker's splitting, and infinite ones", "[pairs]") {
  const double huge = 0x1p1000, infinity = std::numeric_limits<double>::infinity();
  const dd A[] = {dd(huge), dd(1), dd(-0.5) * dd(huge), dd(2)}, x[] = {dd(0.25), dd(0.5)}, large[] = {dd(huge), dd(1)};
  dd y[2];
  times<dd>(2, 2, A, x, y);
  CHECK(y[0] == dd(0));
  CHECK(y[1] == dd(1.25));
  const dd ones[] = {dd(1), dd(1), dd(1), dd(-1)};
  times<dd>(2, 2, ones, large, y);
  CHECK(y[0] == dd(huge) + dd(1));
  CHECK(y[1] == dd(huge) - dd(1));
  const dd infinite[] = {dd(infinity), dd(1), dd(1), dd(1)};
  times<dd>(2, 2, infinite, x, y);
  CHECK(y[0] == dd(infinity));
  CHECK(y[1] == dd(0.75));
}
