#include "sim/linear/enclosed_linear.hpp"
#include "sim/enclosures/flow_expansion.hpp"

namespace benign::sim {
namespace {

/// The nonnegative and the nonpositive part of an interval: x ⊂ above + below.
struct SignedParts {
  Enclosure above{0}, below{0};
  void add(const Enclosure& x) {
    const Enclosure zero(0);
    above += greater(x, zero), below += lesser(x, zero);
  }
};

/// entry += x y, without temporaries.
void add_to_entry(Enclosure& entry, const Enclosure& x, const Enclosure& y, Enclosure& product) {
  mpfi_mul(product.data(), x.data(), y.data());
  mpfi_add(entry.data(), entry.data(), product.data());
}

}  // namespace

void subtract_outer_integral(Matrix<Enclosure>& Phi, const Columns& a, const Columns& g, std::size_t p,
                             const Enclosure& h) {
  Series powers{h};  // h^{k+1}/(k + 1) but for the divisor
  for (std::size_t k = 1; k <= 2 * p; ++k) powers.push_back(powers[k - 1] * h);
  for (std::size_t k = 0; k < powers.size(); ++k) powers[k] /= static_cast<long>(k + 1);
  in_parallel(Phi.cols(), 8, [&](Index begin, Index end) {
    Enclosure product;
    for (Index j = begin; j < end; ++j) {
      for (std::size_t i = 0; i < p; ++i) {
        Enclosure weight(0);  // −Σ_m â_m h^{i+m+1}/(i + m + 1)
        for (std::size_t m = 0; m <= p; ++m) add_to_entry(weight, -a[m][j], powers[i + m], product);
        for (Index row = 0; row < Phi.rows(); ++row) add_to_entry(Phi(row, j), g[i][row], weight, product);
      }
      SignedParts parts;
      for (std::size_t m = 0; m <= p; ++m) parts.add(-a[m][j] * powers[p + m]);
      for (Index row = 0; row < Phi.rows(); ++row) {
        add_to_entry(Phi(row, j), g[p][row], parts.above, product);
        add_to_entry(Phi(row, j), g[p][row], parts.below, product);
      }
    }
  });
}

}  // namespace benign::sim
