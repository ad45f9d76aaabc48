// What leaves an enclosure leaves it outward: doubles, widths, radii, decimals; and digits of exact products fit.

#include "sim/frames/exact_products.hpp"
#include "theory/numbers/enclosure.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <catch2/catch.hpp>

#include <random>

using namespace benign;
using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;

namespace {

/// The number that an end of an enclosure is.
cpp_rational exact(mpfr_srcptr x) {
  mpz_t mantissa;
  mpz_init(mantissa);
  const long exponent = mpfr_get_z_2exp(mantissa, x);
  char* text = mpz_get_str(nullptr, 10, mantissa);
  const cpp_int whole{std::string(text)};
  std::free(text);
  mpz_clear(mantissa);
  const cpp_int power = cpp_int(1) << static_cast<unsigned>(std::labs(exponent));
  return exponent < 0 ? cpp_rational(whole, power) : cpp_rational(whole * power);
}

/// The number that a decimal such as -1.25e-03 is.
cpp_rational exact(const std::string& text) {
  const auto e = text.find('e');
  std::string digits = text.substr(0, e);
  long exponent = std::stol(text.substr(e + 1));
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  if (const auto point = digits.find('.'); point != std::string::npos)
    exponent -= static_cast<long>(digits.size() - point - 1), digits.erase(point, 1);
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  const cpp_int whole(digits), power = pow(cpp_int(10), static_cast<unsigned>(std::labs(exponent)));
  const cpp_rational size = exponent < 0 ? cpp_rational(whole, power) : cpp_rational(whole * power);
  return negative ? cpp_rational(-size) : size;
}

}  // namespace

TEST_CASE("ends of enclosures are rounded outward", "[enclosure]") {
  const WorkingPrecision precision(160);
  std::mt19937_64 draw(4);
  std::uniform_real_distribution<double> mantissa(-2, 2);
  for (int trial = 0; trial < 500; ++trial) {
    // More bits than a double has, of either sign, wide and narrow.
    const Enclosure x = (Enclosure(mantissa(draw)) + Enclosure(std::ldexp(mantissa(draw), -70))) *
                        (Enclosure(1) + enclosure(-std::ldexp(1.0, -static_cast<int>(draw() % 150)), 0));
    const cpp_rational left = exact(x.left()), right = exact(x.right());
    CHECK(cpp_rational(lower(x)) <= left);
    CHECK(cpp_rational(upper(x)) >= right);
    CHECK(upper(x) - lower(x) <= (1 + 1e-15) * width(x) + 1e-15);
    CHECK(cpp_rational(width(x)) >= right - left);
    CHECK(cpp_rational(width(x)) <= (right - left) * cpp_rational(1 + 0x1p-50));
    for (const int digits : {2, 5, 17, 40}) {
      CHECK(exact(lower_text(x, digits)) <= left);
      CHECK(exact(upper_text(x, digits)) >= right);
    }
    CHECK(exact(upper_text(x, 40)) - right <= cpp_rational(1, pow(cpp_int(10), 38)));
    CHECK(left - exact(lower_text(x, 40)) <= cpp_rational(1, pow(cpp_int(10), 38)));
    CHECK(contains(middle(x) + radius(x), x));
    CHECK(exact(radius(x).right()) <= (right - left) / 2 * cpp_rational(1 + 0x1p-20) + cpp_rational(0x1p-150));
  }
}

TEST_CASE("sums of products of the largest digits fit into doubles", "[enclosure]") {
  for (const Index inner : {1, 2, 3, 4, 7, 8, 30, 255, 256, 2000, 4095, 4096, 65535, 1 << 20}) {
    const int bits = sim::digit_bits(inner);
    const cpp_int sum = cpp_int(inner) << static_cast<unsigned>(2 * (bits - 1));
    CHECK(sum <= cpp_int(1) << 53);
    CHECK(sum * 16 > cpp_int(1) << 53);  // no smaller than they need to be
  }
  // All digits as large as they can be and odd, so that a sum beyond 2^53 would lose its last bit.
  const WorkingPrecision precision(400);
  for (const Index inner : {3, 255, 4095}) {
    const int bits = sim::digit_bits(inner);
    const double digit = std::ldexp(1.0, bits - 1) - 1, x = digit + std::ldexp(digit, bits);
    const RowMajor row = RowMajor::Constant(1, inner, x);
    const auto X = sim::exact(row, bits);
    const Enclosure product = sim::exact_product_transposed(X, X).entry(0, 0);
    CHECK(exact(product.left()) == cpp_rational(x) * cpp_rational(x) * inner);
    CHECK(width(product) == 0);
  }
}

TEST_CASE("products of doubles of any size are exact", "[enclosure]") {
  const WorkingPrecision precision(4000);
  std::mt19937_64 draw(8);
  const auto number = [&] {
    return std::ldexp(std::uniform_real_distribution(-1.0, 1.0)(draw), static_cast<int>(draw() % 200) - 100);
  };
  for (const Index inner : {1, 5, 64, 129}) {
    RowMajor A(2, inner), B(2, inner);
    for (Index k = 0; k < inner; ++k) A(0, k) = number(), A(1, k) = 0, B(0, k) = number(), B(1, k) = -A(0, k);
    const int bits = sim::digit_bits(inner);
    const auto C = sim::exact_product_transposed(sim::exact(A, bits), sim::exact(B, bits));
    for (Index i = 0; i < 2; ++i)
      for (Index j = 0; j < 2; ++j) {
        cpp_rational sum = 0;
        for (Index k = 0; k < inner; ++k) sum += cpp_rational(A(i, k)) * cpp_rational(B(j, k));
        CHECK(exact(C.entry(i, j).left()) == sum);
        CHECK(width(C.entry(i, j)) == 0);
      }
  }
}

TEST_CASE(
    "a product with its own transpose, digits that few entries have, and numbers near the ends of the range are exact",
    "[enclosure]") {
  const WorkingPrecision precision(6000);
  std::mt19937_64 draw(9);
  const Index rows = 70, cols = 9, inner = 130;  // more than a panel's columns, and rows below them
  for (const int spread : {0, 30, 1000}) {
    RowMajor A(rows, inner);
    for (Index k = 0; k < A.size(); ++k) {
      const bool rare = draw() % 500 == 0;  // their last digits are in a list
      A.data()[k] = std::ldexp(std::uniform_real_distribution(-1.0, 1.0)(draw), rare ? -spread - 20 : 0);
    }
    if (spread == 1000) A(3, 5) = 0x1.fffffffffffffp1022, A(4, 5) = 0x1p-1074;
    const auto digits = sim::exact(A, sim::digit_bits(inner));
    const auto gram = sim::exact_gram(digits, rows - cols), whole = sim::exact_product_transposed(digits, digits);
    for (const Index i : {0, 3, 4, 31, 32, 60, 61, 69})
      for (const Index j : {0, 3, 4, 31, 32, 60}) {
        cpp_rational sum = 0;
        for (Index k = 0; k < inner; ++k) sum += cpp_rational(A(i, k)) * cpp_rational(A(j, k));
        CHECK(exact(gram.entry(i, j).left()) == sum);
        CHECK(exact(whole.entry(i, j).left()) == sum);
        CHECK(width(gram.entry(i, j)) == 0);
      }
  }
}
