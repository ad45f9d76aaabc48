#include "sim/integrators/taylor_series.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {

Enclosure convolved(const Series& a, const Series& b, std::size_t first, std::size_t k) {
  Enclosure sum(0), product;
  for (std::size_t i = first; i <= k; ++i) add_product(sum, a[i], b[k - i], product);
  return sum;
}

void multiply(const Series& a, const Series& b, Series& c, std::size_t k) { c[k] = convolved(a, b, 0, k); }

void invert(const Series& a, Series& b, std::size_t k) {
  b[k] = k == 0 ? Enclosure(1) / a[0] : -b[0] * convolved(a, b, 1, k);
}

void exponentiate(const Series& a, Series& a_weighted, Series& b, std::size_t k) {
  a_weighted[k] = static_cast<long>(k) * a[k];
  b[k] = k == 0 ? exp(a[0]) : convolved(a_weighted, b, 1, k) / static_cast<long>(k);
}

Enclosure StepSeries::at(const Enclosure& t) const {
  Enclosure sum = remainder;
  for (std::size_t k = p; k-- > 0;) sum = sum * t + terms[k];
  return sum;
}

StepSeries StepSeries::derivative() const {
  StepSeries d{{}, p - 1, static_cast<long>(p) * remainder};
  for (std::size_t k = 1; k < p; ++k) d.terms.push_back(static_cast<long>(k) * terms[k]);
  return d;
}

bool inside(const Enclosure& inner, const Enclosure& outer) {
  return !is_nan(inner) && mpfi_is_strictly_inside(inner.data(), outer.data()) > 0;
}

TaylorSteps TaylorSteps::at_working_precision() const {
  const long bits = WorkingPrecision::bits();
  return {std::max(tolerance, std::ldexp(1.0, static_cast<int>(4 - bits))),
          order > 0 ? order : static_cast<std::size_t>(bits / 4), first_step};
}

}  // namespace benign::sim
