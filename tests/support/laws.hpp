#pragma once
// Whether draws follow a law: means against closed forms, distributions by Kolmogorov and Smirnov. Every bound is on a
// false alarm of less than 1e-4 for a whole test; seeds are fixed.

#include "theory/numbers/real.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <string>
#include <vector>

namespace benign::tests {

/// P(|N(0, 1)| > 6) = 2e-9: for the means of some ten thousand statistics at a time.
constexpr double standard_errors = 6;

/// The mean of many independent draws of an array of statistics, and its standard errors from the draws themselves.
class Means {
 public:
  void add(const Eigen::ArrayXXd& x) {
    if (count_ == 0) sum_ = squares_ = Eigen::ArrayXXd::Zero(x.rows(), x.cols());
    sum_ += x, squares_ += x.square(), ++count_;
  }
  void require(const std::string& name, double expected) const {
    const Eigen::ArrayXXd mean = sum_ / count_, variance = (squares_ / count_ - mean.square()).max(0);
    const Eigen::ArrayXXd z = (mean - expected) / (variance / count_).sqrt().max(1e-300);
    Index row = 0, col = 0;
    const double worst = z.abs().maxCoeff(&row, &col);
    INFO(name << ": the mean of entry " << row << ", " << col << " is " << mean(row, col) << ", expected " << expected
              << ": " << worst << " standard errors");
    CHECK(worst < standard_errors);
  }

 private:
  double count_ = 0;
  Eigen::ArrayXXd sum_, squares_;
};

/// Statistics that should have mean 0 and variance 1.
class Standardised {
 public:
  void add(const Eigen::ArrayXXd& z) { mean_.add(z), square_.add(z.square()); }
  void add(double z) { add(Eigen::ArrayXXd::Constant(1, 1, z)); }
  void require(const std::string& name) const {
    mean_.require(name, 0);
    square_.require(name + ", squared", 1);
  }

 private:
  Means mean_, square_;
};

/// What √m sup|F_m − F| of m draws exceeds with probability `level` at most: 2 exp(−2c²) (Dvoretzky, Kiefer, Wolfowitz;
/// the constant is Massart's). For √(m/2) sup|F_m − G_m| of twice m draws it holds from m = 458 on (Wei and Dudley
/// 2012).
inline double kolmogorov_bound(double level) { return std::sqrt(std::log(2 / level) / 2); }

template <class Cdf>
void require_law(const std::string& name, std::vector<double> x, const Cdf& cdf, double level = 1e-6) {
  std::sort(x.begin(), x.end());
  const double m = static_cast<double>(x.size());
  double distance = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double F = cdf(x[k]), below = static_cast<double>(k) / m;
    distance = std::max({distance, F - below, below + 1 / m - F});
  }
  INFO(name << ": sqrt(m) sup|F_m - F| = " << std::sqrt(m) * distance << " for m = " << m);
  CHECK(std::sqrt(m) * distance < kolmogorov_bound(level));
}

/// Above 10⁷ degrees of freedom, where Boost's series gives up, by the normal law: within √(8/df)/15 < 6e-5 of it.
inline void require_chi_squared(const std::string& name, const std::vector<double>& x, double df) {
  require_law(name, x, [df](double value) {
    if (df > 1e7) return std::erfc((df - value) / std::sqrt(4 * df)) / 2;
    return value <= 0 ? 0 : cdf(boost::math::chi_squared(df), value);
  });
}

inline void require_same_law(const std::string& name, std::vector<double> x, std::vector<double> y, double level) {
  REQUIRE(x.size() == y.size());
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  const double m = static_cast<double>(x.size());
  double distance = 0;
  for (std::size_t i = 0, j = 0; i < x.size() && j < y.size();) {
    const double at = std::min(x[i], y[j]);
    while (i < x.size() && x[i] <= at) ++i;
    while (j < y.size() && y[j] <= at) ++j;
    distance = std::max(distance, std::abs(static_cast<double>(i) - static_cast<double>(j)) / m);
  }
  INFO(name << ": sqrt(m/2) sup|F_m - G_m| = " << std::sqrt(m / 2) * distance << " for m = " << m);
  CHECK(std::sqrt(m / 2) * distance < kolmogorov_bound(level));
}

}  // namespace benign::tests
