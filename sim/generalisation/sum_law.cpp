#include "sim/generalisation/sum_law.hpp"

#include "sim/generalisation/frequency_line.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {
namespace {

constexpr double most_evaluations = 3e7;  // some ten seconds

ComplexPair times(const ComplexPair& x, const ComplexPair& y) {
  return {x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}

/// The product of all tokens' transforms, and the sum of what its values may be wrong by.
class Product {
 public:
  Product(const ShareLaw& law, const Ray& ray, const FrequencyLine& line, double tolerance) : tokens_(law.tokens()) {
    for (const ShareKind& kind : law.kinds) {
      factors_.emplace_back(law, kind, ray, line.furthest(), tolerance);
      counts_.push_back(kind.count);
      usable_ = usable_ && factors_.back().usable();
    }
  }
  bool usable() const { return usable_; }

  ComplexPair operator()(double u) {
    ComplexPair product{1, 0};
    double size = 1, share = 0;  // Π B_t with B_t ≥ |φ_t| and ≥ |its value|, and Σ error_t/B_t
    for (std::size_t k = 0; k < factors_.size(); ++k) {
      const ComplexPair value = factors_[k](u);
      const double error = factors_[k].error();
      const double bound = std::abs(value.re.head()) + std::abs(value.im.head()) + error;
      for (long n = 0; n < counts_[k]; ++n) product = times(product, value), size *= bound;
      share += static_cast<double>(counts_[k]) * error / bound;
    }
    const double rounding = std::ldexp(static_cast<double>(tokens_ + 4), -100);
    errors_ += size * (share + rounding) * (1 + 1e-9) + 1e-300;
    evaluated_ = 0;
    for (const TokenIntegral& factor : factors_) evaluated_ += factor.evaluations();
    return product;
  }
  double errors() const { return errors_ * (1 + 1e-9); }
  long evaluated() const { return evaluated_; }

 private:
  long tokens_;
  std::vector<TokenIntegral> factors_;
  std::vector<long> counts_;
  bool usable_ = true;
  double errors_ = 0;
  long evaluated_ = 0;
};

/// An interval around a sum of pairs.
Enclosure around(const dd& sum, const Enclosure& radius) {
  const double most = upper(radius);
  return Enclosure(sum.head()) + Enclosure(sum.tail()) + enclosure(-most, most);
}

/// Each product's part of a tolerance for the whole integral.
double each(const FrequencyLine& line, const ShareLaw& law, double tolerance) {
  return tolerance / (4 * (line.length() + 1) * static_cast<double>(law.tokens()));
}

}  // namespace

std::optional<Enclosure> negative_probability(const ShareLaw& law, double tolerance) {
  const WorkingPrecision precision(128);
  const Ray ray{0, 1};
  const FrequencyLine line(law, ray, tolerance);
  if (!line.usable()) return std::nullopt;
  Product product(law, ray, line, each(line, law, tolerance));
  if (!product.usable()) return std::nullopt;
  dd sum = 0;
  for (long k = 0; k < line.nodes(); ++k) {
    sum += product(line.node(k)).im;
    if (static_cast<double>(product.evaluated()) > most_evaluations) return std::nullopt;
  }
  Enclosure pi;
  mpfi_const_pi(pi.data());
  const double rounding = std::ldexp(static_cast<double>(line.nodes() * line.nodes()), -100);
  const Enclosure radius = line.error() + line.step() * (Enclosure(product.errors()) + rounding);
  const Enclosure found = Enclosure(1) / 2 + around(sum * dd(line.step()), radius) / pi;
  return greater(Enclosure(0), lesser(Enclosure(1), found));
}

std::optional<std::vector<QuotientLogarithm>> quotient_logarithms(const ShareLaw& law, const std::vector<double>& xi,
                                                                  double tolerance) {
  const WorkingPrecision precision(128);
  const FrequencyLine line(law, {1, *std::ranges::max_element(xi)}, tolerance / 2);
  if (!line.usable()) return std::nullopt;
  std::vector<Product> products;
  const double share = each(line, law, tolerance);
  products.emplace_back(law, Ray{1, 0}, line, share);
  for (const double one : xi) products.emplace_back(law, Ray{1, one}, line, share);
  for (const Product& product : products)
    if (!product.usable()) return std::nullopt;
  std::vector<ComplexPair> sums(xi.size());
  for (long k = 0; k < line.nodes(); ++k) {
    const ComplexPair whole = products[0](line.node(k));
    double evaluated = 0;
    for (std::size_t j = 0; j < xi.size(); ++j) {
      const ComplexPair one = products[j + 1](line.node(k));
      sums[j].re += whole.re - one.re, sums[j].im -= one.im;
      evaluated += static_cast<double>(products[j + 1].evaluated());
    }
    if (evaluated > most_evaluations) return std::nullopt;
  }
  std::vector<QuotientLogarithm> found;
  const double rounding = std::ldexp(static_cast<double>(line.nodes() * line.nodes()), -100);
  for (std::size_t j = 0; j < xi.size(); ++j) {
    const Enclosure errors = Enclosure(products[0].errors()) + products[j + 1].errors() + rounding;
    const Enclosure radius = 2 * line.error() + line.step() * errors;
    found.push_back({around(sums[j].re * dd(line.step()), radius), around(sums[j].im * dd(line.step()), radius)});
  }
  return found;
}

}  // namespace benign::sim
