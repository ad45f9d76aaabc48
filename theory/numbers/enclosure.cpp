#include "theory/numbers/enclosure.hpp"

#include <vector>

namespace benign {
namespace {

std::string decimal(mpfr_srcptr x, int digits, mpfr_rnd_t towards) {
  if (!mpfr_number_p(x)) return mpfr_nan_p(x) ? "nan" : mpfr_sgn(x) > 0 ? "inf" : "-inf";
  char* text = nullptr;
  const std::string format = "%." + std::to_string(digits - 1) + "R*e";
  mpfr_asprintf(&text, format.c_str(), towards, x);
  std::string result(text);
  mpfr_free_str(text);
  return result;
}

Enclosure nan_of(const Enclosure& x, const Enclosure& y) { return is_nan(x) ? x : y; }

bool is_finite(const Enclosure& x) { return mpfr_number_p(x.left()) && mpfr_number_p(x.right()); }
bool keeps_its_sign(const Enclosure& x) { return mpfr_sgn(x.left()) >= 0 || mpfr_sgn(x.right()) <= 0; }

}  // namespace

void add_product(Enclosure& sum, const Enclosure& x, const Enclosure& y, Enclosure& product) {
  if (!is_finite(x) || !is_finite(y) || !(keeps_its_sign(x) || keeps_its_sign(y))) {
    mpfi_mul(product.data(), x.data(), y.data());
    sum += product;
    return;
  }
  const bool x_keeps = keeps_its_sign(x);
  const Enclosure &s = x_keeps ? x : y, &t = x_keeps ? y : x;
  // The least product has t's end `low`, and of s the end nearer to 0 unless it is negative; the largest the others.
  const bool positive = mpfr_sgn(s.left()) >= 0;
  const mpfr_srcptr near = positive ? s.left() : s.right(), far = positive ? s.right() : s.left();
  const mpfr_srcptr low = positive ? t.left() : t.right(), high = positive ? t.right() : t.left();
  const bool low_is_positive = (mpfr_sgn(low) >= 0) == positive, high_is_positive = (mpfr_sgn(high) >= 0) == positive;
  const mpfr_ptr part = &product.data()->left, left = &sum.data()->left, right = &sum.data()->right;
  mpfr_mul(part, low_is_positive ? near : far, low, MPFR_RNDD);
  mpfr_add(left, left, part, MPFR_RNDD);
  mpfr_mul(part, high_is_positive ? far : near, high, MPFR_RNDU);
  mpfr_add(right, right, part, MPFR_RNDU);
}

Enclosure enclosure(double lower, double upper) {
  Enclosure x;
  mpfi_interv_d(x.data(), lower, upper);
  return x;
}

Enclosure normal_tail(const Enclosure& x) {
  const Enclosure scaled = x / sqrt(Enclosure(2));
  Enclosure tail;
  mpfr_erfc(&tail.data()->left, scaled.right(), MPFR_RNDD);
  mpfr_erfc(&tail.data()->right, scaled.left(), MPFR_RNDU);
  return tail / 2;
}

Enclosure hull(const Enclosure& x, const Enclosure& y) {
  if (is_nan(x) || is_nan(y)) return nan_of(x, y);
  Enclosure z;
  mpfi_union(z.data(), x.data(), y.data());
  return z;
}

Enclosure lesser(const Enclosure& x, const Enclosure& y) {
  if (is_nan(x) || is_nan(y)) return nan_of(x, y);
  Enclosure z;
  mpfr_min(&z.data()->left, x.left(), y.left(), MPFR_RNDD);
  mpfr_min(&z.data()->right, x.right(), y.right(), MPFR_RNDU);
  return z;
}

Enclosure greater(const Enclosure& x, const Enclosure& y) { return -lesser(-x, -y); }

bool contains(const Enclosure& outer, const Enclosure& inner) {
  return !is_nan(outer) && !is_nan(inner) && mpfi_is_inside(inner.data(), outer.data()) > 0;
}

double lower(const Enclosure& x) { return is_nan(x) ? NAN : mpfr_get_d(x.left(), MPFR_RNDD); }
double upper(const Enclosure& x) { return is_nan(x) ? NAN : mpfr_get_d(x.right(), MPFR_RNDU); }

double width(const Enclosure& x) {
  Enclosure difference;
  mpfr_sub(&difference.data()->right, x.right(), x.left(), MPFR_RNDU);
  return is_nan(x) ? NAN : mpfr_get_d(difference.right(), MPFR_RNDU);
}

Enclosure middle(const Enclosure& x) {
  Enclosure point;
  mpfi_mid(&point.data()->left, x.data());
  mpfr_set(&point.data()->right, point.left(), MPFR_RNDN);
  return point;
}

Enclosure radius(const Enclosure& x) {
  const Enclosure off = abs(x - middle(x));
  Enclosure r;
  mpfr_set(&r.data()->right, off.right(), MPFR_RNDU);
  mpfr_neg(&r.data()->left, off.right(), MPFR_RNDD);
  return r;
}

std::string lower_text(const Enclosure& x, int digits) { return decimal(x.left(), digits, MPFR_RNDD); }
std::string upper_text(const Enclosure& x, int digits) { return decimal(x.right(), digits, MPFR_RNDU); }

}  // namespace benign
