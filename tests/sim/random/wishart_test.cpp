// Wishart matrices and their chi squared against closed forms, for any number of degrees of freedom.

#include "tests/support/laws.hpp"
#include "sim/random/wishart.hpp"

#include <Eigen/Cholesky>
#include <boost/math/special_functions/digamma.hpp>

using MatrixXd = Eigen::MatrixXd;
using VectorXd = Eigen::VectorXd;

using namespace benign;
using namespace benign::sim;
using namespace benign::tests;

TEST_CASE("chi squared has its moments at any number of degrees of freedom", "[wishart]") {
  for (const long df : {1L, 2L, 3L, 10L, 1000L, 1'000'000'000L, 1'000'000'000'000'000L}) {
    constexpr int count = 200'000;
    const double nu = static_cast<double>(df);
    Means first, second, third;
    double sixth = 0;
    for (std::uint64_t k = 0; k < count; ++k) {
      const double x = chi(df, 5, Stream::gram_noise, k), z = (x * x - nu) / std::sqrt(2 * nu);
      first.add(Eigen::ArrayXXd::Constant(1, 1, z));
      second.add(Eigen::ArrayXXd::Constant(1, 1, z * z));
      third.add(Eigen::ArrayXXd::Constant(1, 1, z * z * z - std::sqrt(8 / nu)));
      sixth += std::pow(z, 6) / count;
    }
    INFO("df " << df << ", sixth moment " << sixth);
    first.require("mean", 0);
    second.require("variance", 1);
    third.require("third moment", 0);  // cumulants 2^{r−1} (r − 1)! ν
    const double exact_sixth = (3840 / (nu * nu) + 2080 / nu + 120) / 8;
    CHECK(std::abs(sixth / exact_sixth - 1) < 0.5);  // standard errors above would hide a lost tail
  }
}

TEST_CASE("chi rejects a proposal that is zero to the last digit", "[wishart]") {
  // Found among four million addresses: normals so near −1/c that (1 + cx)³ − 1 is −1 or less in double.
  for (const auto& [df, index] : {std::pair{1L, 521'407UL}, {2L, 170'913UL}, {2L, 1'113'624UL}, {3L, 521'407UL}}) {
    const double x = chi(df, 5, Stream::gram_noise, index);
    INFO("df " << df << ", index " << index << ": " << x);
    CHECK(x > 0);
    CHECK(x < 10);
  }
}

TEST_CASE("chi squared has its distribution function", "[wishart]") {
  for (const long df : {1L, 2L, 3L, 10L, 50L, 1000L, 1'000'000L}) {
    std::vector<double> x;
    for (std::uint64_t k = 0; k < 20'000; ++k) x.push_back(std::pow(chi(df, 6, Stream::gram_noise, k), 2));
    require_chi_squared("df " + std::to_string(df), x, static_cast<double>(df));
  }
}

TEST_CASE("Wishart matrices have their moments and rank", "[wishart]") {
  constexpr Index rows = 6;
  for (const long df : {1L, 3L, 5L, 6L, 9L, 40L, 1'000'000'000'000L}) {
    const double nu = static_cast<double>(df), p = rows;
    const Index rank = std::min<Index>(rows, df);
    Standardised entries, log_det;
    Means square;
    std::vector<double> traces;
    double log_mean = static_cast<double>(rank) * std::log(2.0), log_variance = 0;
    for (Index i = 0; i < rank; ++i) {  // LLᵀ or, where it is singular, LᵀL ~ Wishart_df(rows): the same eigenvalues
      const double half = (std::max(nu, p) - static_cast<double>(i)) / 2;
      log_mean += boost::math::digamma(half), log_variance += boost::math::trigamma(half);
    }
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
      const RowMajor L = wishart_factor(rows, df, seed, Stream::gram_noise);
      REQUIRE(L.rows() == rows);
      REQUIRE(L.cols() == rank);
      const MatrixXd W = L * L.transpose();
      Eigen::ArrayXXd z = (W - nu * MatrixXd::Identity(rows, rows)).array() / std::sqrt(nu);
      z.matrix().diagonal() /= std::sqrt(2.0);
      entries.add(z);
      square.add(Eigen::ArrayXXd::Constant(1, 1, (W * W).trace() / (p * nu * (nu + p + 1)) - 1));  // E W² = ν(ν+p+1) I
      traces.push_back(W.trace());
      const MatrixXd small = df < rows ? MatrixXd(L.transpose() * L) : W;
      const MatrixXd factor = small.llt().matrixL();
      log_det.add((2 * factor.diagonal().array().log().sum() - log_mean) / std::sqrt(log_variance));
    }
    INFO("df " << df);
    entries.require("W");
    square.require("tr W^2", 0);
    log_det.require("log det W");
    require_chi_squared("tr W", traces, p * nu);
  }
}
