#include "proofs_check/checker/descent/jet.hpp"

namespace benign::checker {

Jet& Jet::operator+=(const Jet& y) {
  value += y.value, slope += y.slope, bend += y.bend;
  return *this;
}
Jet operator+(Jet x, const Jet& y) { return x += y; }
Jet operator-(const Jet& x, const Jet& y) { return {x.value - y.value, x.slope - y.slope, x.bend - y.bend}; }
Jet operator-(const Jet& x) { return {-x.value, -x.slope, -x.bend}; }

void add_product(Jet& sum, const Jet& x, const Jet& y) {
  add_product(sum.value, x.value, y.value);
  add_product(sum.slope, x.value, y.slope), add_product(sum.slope, x.slope, y.value);
  add_product(sum.bend, x.value, y.bend), add_product(sum.bend, x.slope, y.slope);
  add_product(sum.bend, x.bend, y.value);
}
Jet operator*(const Jet& x, const Jet& y) {
  Jet product;
  add_product(product, x, y);
  return product;
}

/// Of x = yz the coefficients are those of y times those of z.
Jet operator/(const Jet& x, const Jet& y) {
  Jet z;
  z.value = x.value / y.value;
  z.slope = (x.slope - z.value * y.slope) / y.value;
  z.bend = (x.bend - z.value * y.bend - z.slope * y.slope) / y.value;
  return z;
}

Jet exp(const Jet& x) {
  const Interval y = exp(x.value);
  return {y, y * x.slope, y * (x.bend + square(x.slope) / Interval(2))};
}

Jet log1p(const Jet& x) {
  const Interval y = Interval(1) + x.value, slope = x.slope / y;
  return {log1p(x.value), slope, x.bend / y - square(slope) / Interval(2)};
}

Interval any_t() { return Interval::between(Interval(-1), Interval(1)); }
Interval any_square() { return Interval::between(Interval(0), Interval(1)); }

void Functions::add_polynomial(const Interval& c0, const Interval& c1, const Interval& c2, const Interval& c3) {
  const Interval t = any_t(), square = any_square(), two(2), three(3);
  at.push_back({c0, c1, c2});
  all.push_back({c0 + t * c1 + square * c2 + t * c3, c1 + two * t * c2 + three * square * c3, c2 + three * t * c3});
}

Interval range_of(const Jet& at, const Jet& all) {
  const Interval x = at.value + any_t() * at.slope + any_square() * all.bend, &y = all.value;
  return Interval::between(largest(x, y), least(x, y));  // from the larger lower end to the smaller upper one
}

Intervals ranges_of(const Functions& functions) {
  Intervals ranges;
  for (std::size_t k = 0; k < functions.at.size(); ++k) ranges.push_back(range_of(functions.at[k], functions.all[k]));
  return ranges;
}

}  // namespace benign::checker
