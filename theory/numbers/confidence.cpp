#include "theory/numbers/confidence.hpp"

#include <boost/math/distributions/binomial.hpp>

namespace benign::theory {

std::pair<double, double> clopper_pearson(long hits, long trials, double alpha) {
  using Binomial = boost::math::binomial_distribution<double>;
  const auto n = static_cast<double>(trials), k = static_cast<double>(hits);
  return {hits > 0 ? Binomial::find_lower_bound_on_p(n, k, alpha / 2) : 0,
          hits < trials ? Binomial::find_upper_bound_on_p(n, k, alpha / 2) : 1};
}

}  // namespace benign::theory
