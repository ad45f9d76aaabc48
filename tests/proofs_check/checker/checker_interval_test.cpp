// The checker's arithmetic: every operation against exact rationals or MPFR at twice the precision, on intervals of all
// signs; upper bounds; exact inner products against rationals.

#include "proofs_check/checker/descent/inner_products.hpp"
#include "proofs_check/checker/arithmetic/size.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <boost/multiprecision/mpfr.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <random>

using namespace benign;
using benign::checker::Interval;
using benign::checker::Size;
using benign::checker::WorkingBits;

namespace {

using Exact = boost::multiprecision::cpp_rational;
using Fine =
    boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<120>, boost::multiprecision::et_off>;

Fine of(mpfr_srcptr x) {
  Fine y;
  mpfr_set(y.backend().data(), x, MPFR_RNDN);
  return y;
}

class RandomIntervals {
 public:
  explicit RandomIntervals(unsigned seed) : engine_(seed) {}
  double number() {
    if (engine_() % 12 == 0) return 0;
    const double size =
        std::ldexp(std::uniform_real_distribution(0.5, 1.0)(engine_), static_cast<int>(engine_() % 12) - 8);
    return engine_() % 2 ? size : -size;
  }
  /// An interval, and a point in it; a point at times.
  std::pair<Interval, double> interval() {
    double a = number(), b = engine_() % 4 == 0 ? a : number();
    if (a > b) std::swap(a, b);
    const double x = engine_() % 3 == 0 ? a : engine_() % 2 ? b : a + (b - a) / 2;
    return {Interval::between(Interval::exactly(a), Interval::exactly(b)), x};
  }
  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

bool contains(const Interval& x, const Fine& y) { return of(x.low()) <= y && y <= of(x.high()); }

}  // namespace

TEST_CASE("checker: every operation contains what it is of", "[checker]") {
  const long bits = GENERATE(8L, 53L, 90L);
  const WorkingBits guard(bits);
  RandomIntervals draw(static_cast<unsigned>(bits));
  long outside = 0;
  const auto see = [&](const char* name, const Interval& found, const Fine& exact) {
    if (contains(found, exact)) return;
    INFO(name);
    CHECK(of(found.low()) <= exact);
    CHECK(of(found.high()) >= exact);
    ++outside;
  };
  for (int k = 0; k < 4000 && outside < 5; ++k) {
    const auto [X, x_] = draw.interval();
    const auto [Y, y_] = draw.interval();
    const auto [Z, z_] = draw.interval();
    const Fine x(x_), y(y_), z(z_);
    see("+", X + Y, x + y), see("-", X - Y, x - y), see("*", X * Y, x * y), see("negative", -X, -x);
    Interval sum = Z;
    checker::add_product(sum, X, Y);
    see("add_product", sum, z + x * y);
    if (y != 0) see("/", X / Y, x / y);
    see("square", square(X), x * x), see("exp", exp(X), exp(x)), see("abs", abs(X), abs(x));
    see("expm1", expm1(X), expm1(x));
    see("least", least(X, Y), std::min(x, y)), see("largest", largest(X, Y), std::max(x, y));
    see("normal_tail", normal_tail(X), erfc(x / sqrt(Fine(2))) / 2);
    if (x >= 0) see("sqrt", sqrt(X), sqrt(x));
    if (x > 0) see("log", log(X), log(x));
    if (x > -1) see("log1p", log1p(X), log1p(x));
    Interval self = X;
    const Interval& alias = self;  // an operand that is the result
    self -= alias;
    see("x - x", self, x - x);
    CHECK(Size(X).finite());
    CHECK(of(Size(X).value()) >= abs(x));
    CHECK((!certainly_less(X, Y) || x < y));
    CHECK((!X.positive() || x > 0));
    CHECK((!X.negative() || x < 0));
    CHECK(X.width() >= of(X.high()) - of(X.low()));
    CHECK(Fine(X.lower_text(5)) <= of(X.low()));
    CHECK(Fine(X.upper_text(5)) >= of(X.high()));
  }
}

TEST_CASE("checker: operations on points are as sharp as the precision", "[checker]") {
  const WorkingBits guard(64);
  RandomIntervals draw(5);
  for (int k = 0; k < 500; ++k) {
    const Interval x = Interval::exactly(std::abs(draw.number()) + 0.1), y = Interval::exactly(draw.number() + 300);
    for (const Interval& z : {x + y, x - y, x * y, x / y, exp(x), log(y), log1p(x), expm1(x), sqrt(x), square(x)})
      CHECK(z.width() <= std::abs(z.middle()) * 0x1p-62);
  }
}

TEST_CASE("checker: what is not defined is everything", "[checker]") {
  const WorkingBits guard(64);
  const Interval zero(0), around = Interval::between(Interval(-1), Interval(1)), all = Interval::everything();
  for (const Interval& x :
       {Interval(1) / zero, Interval(1) / around, zero / zero, all * zero, all - all, log(Interval(-1)),
        sqrt(Interval(-1)), Interval::decimal("nan"), Interval::decimal("hello"), Interval::decimal("")}) {
    CHECK(mpfr_inf_p(x.low()));
    CHECK(mpfr_inf_p(x.high()));
    CHECK_FALSE(x.bounded());
  }
  CHECK(mpfr_inf_p(log(around).low()));
  CHECK(mpfr_sgn(sqrt(around).low()) == 0);
  CHECK_FALSE(certainly_less(all, all));
  CHECK_FALSE(Size(all).finite());
  CHECK_FALSE(over_one_minus(Size(1.0), Size(1.0)).finite());
  CHECK_FALSE((Size() * Size(all)).finite());
}

TEST_CASE("checker: what is no decimal is any number", "[checker]") {
  for (const char* text : {"inf", "-inf", "infinity", "@inf@", "nan", " 5", "5 ", "\t5", "1@5", "0x5", "1e", "e5",
                           "5..", "--5", "1e5.", "+", "1_0", "1,5"}) {
    const Interval x = Interval::decimal(text);
    INFO(text);
    CHECK((mpfr_inf_p(x.low()) && mpfr_inf_p(x.high()) && mpfr_sgn(x.low()) < 0 && mpfr_sgn(x.high()) > 0));
  }
  for (const char* text : {"5", "+5", "5.", "50e-1", ".5E1"})
    CHECK((mpfr_cmp_si(Interval::decimal(text).low(), 5) == 0 && mpfr_cmp_si(Interval::decimal(text).high(), 5) == 0));
}

TEST_CASE("checker: decimals are enclosed", "[checker]") {
  const WorkingBits guard(40);
  for (const auto& [text, exact] :
       {std::pair{"0.1", Exact(1, 10)}, {"-2.5e-3", Exact(-25, 10000)}, {"1e3", Exact(1000)}}) {
    const Interval x = Interval::decimal(text);
    CHECK(Exact(mpfr_get_d(x.low(), MPFR_RNDD)) <= exact);
    CHECK(Exact(mpfr_get_d(x.high(), MPFR_RNDU)) >= exact);
    CHECK(x.width() < 1e-8);
  }
}

TEST_CASE("checker: upper bounds are rounded up", "[checker]") {
  RandomIntervals draw(3);
  for (int k = 0; k < 2000; ++k) {
    const double a = std::abs(draw.number()), b = std::abs(draw.number()) / 20;
    const Fine x(a), y(b);
    CHECK(of((Size(a) + Size(b)).value()) >= x + y);
    CHECK(of((Size(a) * Size(b)).value()) >= x * y);
    CHECK(of(exp(Size(a)).value()) >= exp(x));
    CHECK(of(expm1(Size(a)).value()) >= expm1(x));
    CHECK(of(over(Size(a), 3).value()) >= x / 3);
    CHECK(of(over_one_minus(Size(a), Size(b)).value()) >= x / (1 - y));
    CHECK(of(over_one_minus(Size(a), Size(b)).value()) <= x / (1 - y) * (1 + Fine(0x1p-55)));
  }
}

TEST_CASE("checker: inner products are exact, whatever the exponents and however long", "[checker]") {
  RandomIntervals draw(9);
  const auto exact = [](const checker::ExactMatrix& z, std::size_t i, std::size_t j) {
    std::string text(mpz_sizeinbase(z(i, j), 10) + 2, ' ');
    const boost::multiprecision::cpp_int whole(std::string(mpz_get_str(text.data(), 10, z(i, j))));
    Exact value(whole);
    const Exact scale(boost::multiprecision::cpp_int(1) << static_cast<unsigned>(std::labs(z.unit)));
    return z.unit < 0 ? Exact(value / scale) : Exact(value * scale);
  };
  RowMajor X(3, 40), Y(2, 40);
  for (auto* M : {&X, &Y})
    for (Index k = 0; k < M->size(); ++k)
      M->data()[k] = std::ldexp(draw.number(), static_cast<int>(draw.engine()() % 600) - 300);
  X(0, 0) = 5e-324, Y(0, 0) = -5e-324, X(1, 1) = 1.7e308, Y(1, 1) = 1.7e308;
  X.row(2).setZero();
  const auto z = checker::product_transposed(X, Y);
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 2; ++j) {
      Exact sum = 0;
      for (Index k = 0; k < 40; ++k) sum += Exact(X(i, k)) * Exact(Y(j, k));
      CHECK(exact(z, static_cast<std::size_t>(i), static_cast<std::size_t>(j)) == sum);
    }
  // 2^22 products of the largest mantissas, of one sign: more than 128 bits hold.
  const double largest = 2 - 0x1p-52;
  const RowMajor L = RowMajor::Constant(1, 1 << 22, largest);
  CHECK(exact(checker::product_transposed(L, L), 0, 0) == Exact(largest) * Exact(largest) * (1 << 22));
}
