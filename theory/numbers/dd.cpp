#include "theory/numbers/dd.hpp"

#include <mpfr.h>

#include <ostream>
#include <stdexcept>

namespace benign {
namespace {

/// A number of MPFR's with bits enough for every pair, or as many as are asked for.
class Wide {
 public:
  explicit Wide(mpfr_prec_t bits = 2200) { mpfr_init2(x_, bits); }
  explicit Wide(const dd& x) : Wide() {
    mpfr_set_d(x_, x.head(), MPFR_RNDN);
    mpfr_add_d(x_, x_, x.tail(), MPFR_RNDN);
  }
  ~Wide() { mpfr_clear(x_); }
  Wide(const Wide&) = delete;
  Wide& operator=(const Wide&) = delete;

  mpfr_ptr get() { return x_; }
  dd rounded() {
    const double head = mpfr_get_d(x_, MPFR_RNDN);
    if (!std::isfinite(head)) return head;
    mpfr_sub_d(x_, x_, head, MPFR_RNDN);
    return dd::sum_in_order(head, mpfr_get_d(x_, MPFR_RNDN));
  }

 private:
  mpfr_t x_;
};

/// A function of MPFR's.
dd rounded(int (*function)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t), const dd& x) {
  Wide exact(x), result(300);
  function(result.get(), exact.get(), MPFR_RNDN);
  return result.rounded();
}

constexpr int per_log2 = 64;  // e^x is read from a table in steps of log(2)/64

/// What the functions read, each rounded once from MPFR's.
struct Tables {
  static constexpr int furthest = 96;
  dd power[per_log2];             ///< 2^(j/64) for j = −32, …, 31
  dd power_less_1[2 * furthest];  ///< 2^(j/64) − 1 for j = −96, …, 95
  double log2_part[3];            ///< log(2)/64: 17 bits times each of the first two are exact
  dd minus_log[363];              ///< −log(i/256) for i = 181, …, 362
  double log2[2];                 ///< 11 bits times the first are exact
  dd log2_rest;

  Tables() {
    Wide log2_of_mpfr(400), x(400), y(400);
    mpfr_const_log2(log2_of_mpfr.get(), MPFR_RNDN);
    for (int j = -furthest; j < furthest; ++j) {
      mpfr_mul_si(x.get(), log2_of_mpfr.get(), j, MPFR_RNDN);
      mpfr_div_si(x.get(), x.get(), per_log2, MPFR_RNDN);
      mpfr_expm1(y.get(), x.get(), MPFR_RNDN);
      power_less_1[j + furthest] = y.rounded();
      mpfr_exp(y.get(), x.get(), MPFR_RNDN);
      if (j >= -per_log2 / 2 && j < per_log2 / 2) power[j + per_log2 / 2] = y.rounded();
    }
    const auto cut = [&](mpfr_ptr from, int bits) {  // the part of `from` that is a multiple of 2^−bits, taken from it
      mpfr_mul_2si(y.get(), from, bits, MPFR_RNDN);
      mpfr_trunc(y.get(), y.get());
      mpfr_div_2si(y.get(), y.get(), bits, MPFR_RNDN);
      mpfr_sub(from, from, y.get(), MPFR_RNDN);
      return mpfr_get_d(y.get(), MPFR_RNDN);
    };
    mpfr_div_si(x.get(), log2_of_mpfr.get(), per_log2, MPFR_RNDN);
    log2_part[0] = cut(x.get(), 42);
    log2_part[1] = cut(x.get(), 78);
    log2_part[2] = mpfr_get_d(x.get(), MPFR_RNDN);
    mpfr_set(x.get(), log2_of_mpfr.get(), MPFR_RNDN);
    log2[0] = cut(x.get(), 40);
    log2[1] = cut(x.get(), 80);
    log2_rest = x.rounded();
    for (int i = 181; i <= 362; ++i) {
      mpfr_set_si(x.get(), i, MPFR_RNDN);
      mpfr_div_si(x.get(), x.get(), 256, MPFR_RNDN);
      mpfr_log(y.get(), x.get(), MPFR_RNDN);
      mpfr_neg(y.get(), y.get(), MPFR_RNDN);
      minus_log[i] = y.rounded();
    }
  }
};

const Tables& tables() {
  static const Tables once;
  return once;
}

constexpr double magic = 0x1.8p52;  // (x + magic) − magic is x rounded to a whole number

constexpr dd inverse(int n) { return dd(1) / dd(n); }

/// x = n log(2)/64 + r, |r| ≤ log(2)/128, for |x| < 750.
struct Reduced {
  int n;
  dd r;
};
Reduced reduced(const dd& x) {
  const Tables& t = tables();
  const double n = (x.head() * 92.332482616893656877 + magic) - magic;  // 64/log(2), of which no digit counts
  const dd first = dd::sum(x.head() - n * t.log2_part[0], -(n * t.log2_part[1]));
  return {static_cast<int>(n), (first + dd(x.tail())) - dd(n * t.log2_part[2])};
}

/// e^r − 1 for |r| ≤ log(2)/128 by Taylor's polynomial of degree 12.
dd small_expm1(const dd& r) {
  constexpr double c[] = {1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800., 1.0 / 479001600.};
  constexpr dd factors[] = {inverse(720), inverse(120), inverse(24), inverse(6), dd(0.5)};
  const double x = r.head();
  const double high = c[0] + x * (c[1] + x * (c[2] + x * (c[3] + x * (c[4] + x * c[5]))));
  dd sum = factors[0] + dd(x * high);
  for (int k = 1; k < 5; ++k) sum = factors[k] + r * sum;
  return r + (r * r) * sum;
}

/// log(1 + z) = 2 artanh(z/(2 + z)) for |z| ≤ 2^−8.
dd small_log1p(const dd& z) {
  constexpr dd third = inverse(3), fifth = inverse(5);
  const dd s = z / (dd(2) + z), y = s * s;
  const double x = y.head(), high = 1.0 / 7 + x * (1.0 / 9 + x * (1.0 / 11 + x * (1.0 / 13)));
  const dd series = third + y * (fifth + dd(x * high));
  const dd twice = dd::pair(2 * s.head(), 2 * s.tail());
  return twice + twice * (y * series);
}

/// log(x + more), |more| ≤ 2^−104 x.
dd log_of(dd x, double more) {
  const Tables& t = tables();
  int m = 0;
  if (x.head() < 0x1p-900) {
    x = dd::pair(x.head() * 0x1p200, x.tail() * 0x1p200);
    more *= 0x1p200;
    m = -200;
  }
  int exponent;
  if (std::frexp(x.head(), &exponent) < 0.70710678118654752440) --exponent;
  const dd f = ldexp(x, -exponent);
  m += exponent;
  const int i = static_cast<int>((256 / f.head() + magic) - magic);
  const double c = i / 256.0;
  const dd heads = dd::product(f.head(), c), tails = dd::product(f.tail(), c);
  const dd z = (dd::sum(heads.head() - 1, heads.tail()) + tails) + dd(std::ldexp(more, -exponent) * c);
  const dd near = small_log1p(z);
  if (m == 0) return i == 256 ? near : t.minus_log[i] + near;
  const dd rest = (t.minus_log[i] + near) + t.log2_rest * dd(m);
  return dd::sum(m * t.log2[0], m * t.log2[1]) + rest;
}

}  // namespace

dd::dd(const std::string& decimal) {
  Wide head(53), wide;
  if (mpfr_set_str(head.get(), decimal.c_str(), 10, MPFR_RNDN) != 0) {
    head_ = std::numeric_limits<double>::quiet_NaN();
    return;
  }
  mpfr_set_str(wide.get(), decimal.c_str(), 10, MPFR_RNDN);
  *this = wide.rounded();
}

std::string dd::str(std::streamsize digits, std::ios_base::fmtflags format) const {
  if (!std::isfinite(head_)) return std::isnan(head_) ? "nan" : head_ > 0 ? "inf" : "-inf";
  const auto precision = static_cast<int>(digits > 0 ? digits : std::numeric_limits<dd>::max_digits10);
  Wide x(*this);
  char* text = nullptr;
  mpfr_asprintf(&text,
                (format & std::ios_base::scientific) != 0 ? "%.*Re"
                : (format & std::ios_base::fixed) != 0    ? "%.*Rf"
                                                          : "%.*Rg",
                precision, x.get());
  std::string result(text);
  mpfr_free_str(text);
  return result;
}

std::ostream& operator<<(std::ostream& out, const dd& x) { return out << x.str(out.precision(), out.flags()); }

dd floor(const dd& x) {
  const double head = std::floor(x.head());
  return head == x.head() ? dd::sum_in_order(head, std::floor(x.tail())) : dd(head);
}

dd sqrt(const dd& x) {
  const double root = std::sqrt(x.head());
  if (!(root > 0 && std::isfinite(root))) return root;
  if (x.head() < 0x1p-900) {
    const dd scaled = sqrt(dd::pair(x.head() * 0x1p200, x.tail() * 0x1p200));
    return dd::pair(scaled.head() * 0x1p-100, scaled.tail() * 0x1p-100);
  }
  const dd rest = x - dd::product(root, root);
  const dd first = dd::sum_in_order(root, rest.head() / (2 * root));
  return dd::sum_in_order(first.head(), first.tail() + (x - first * first).head() / (2 * root));
}

dd exp(const dd& x) {
  if (std::isnan(x.head())) return x;
  if (x.head() < -746) return 0.0;
  if (x.head() > 710) return std::numeric_limits<double>::infinity();
  const auto [n, r] = reduced(x);
  const int m = (n + per_log2 / 2 + 2048 * per_log2) / per_log2 - 2048, j = n - m * per_log2;
  const dd& power = tables().power[j + per_log2 / 2];
  const dd value = power + power * small_expm1(r);
  const double first = std::ldexp(1.0, m / 2), second = std::ldexp(1.0, m - m / 2);
  const double head = value.head() * first * second;
  return std::isfinite(head) ? dd::pair(head, value.tail() * first * second) : dd(head);
}

dd expm1(const dd& x) {
  if (std::abs(x.head()) < 1) {
    const auto [n, r] = reduced(x);
    const dd &table = tables().power_less_1[n + Tables::furthest], near = small_expm1(r);
    return n == 0 ? near : table + (near + table * near);
  }
  return exp(x) - dd(1);
}

dd log(const dd& x) {
  if (!(x.head() > 0))
    return x.head() == 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  return std::isfinite(x.head()) ? log_of(x, 0) : x;
}

dd log1p(const dd& x) {
  if (std::abs(x.head()) < 0x1p-9) return small_log1p(x);
  if (!(x.head() > -1) || !std::isfinite(x.head())) {
    const dd sum = dd(1) + x;
    return sum.head() < 0 || std::isnan(x.head()) ? dd(std::numeric_limits<double>::quiet_NaN()) : log(sum);
  }
  const dd first = dd::sum(1, x.head()), second = dd::sum(first.tail(), x.tail());
  const dd two = dd::sum_in_order(first.head(), second.head());
  return log_of(two, second.tail());
}

dd erfc(const dd& x) { return rounded(mpfr_erfc, x); }
dd sinh(const dd& x) { return rounded(mpfr_sinh, x); }
dd cosh(const dd& x) { return rounded(mpfr_cosh, x); }
dd asinh(const dd& x) { return rounded(mpfr_asinh, x); }

}  // namespace benign
