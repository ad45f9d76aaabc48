// Inner products drawn without vectors have the law of those of vectors: closed forms at any d, and the dense data at
// small d. Every bound is on a false alarm of less than 1e-4 for a whole test; the seeds are fixed.

#include "compare.hpp"
#include "sim/simulate.hpp"
#include "sim/wishart.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <map>

using namespace benign;
using namespace benign::sim;
using benign::tests::relative_difference;
using benign::tests::require_close;
using theory::Decimal;
using theory::Init;
using theory::Parameters;

namespace {

using MatrixXd = Eigen::MatrixXd;
using VectorXd = Eigen::VectorXd;

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
double kolmogorov_bound(double level) { return std::sqrt(std::log(2 / level) / 2); }

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
void require_chi_squared(const std::string& name, const std::vector<double>& x, double df) {
  require_law(name, x, [df](double value) {
    if (df > 1e7) return std::erfc((df - value) / std::sqrt(4 * df)) / 2;
    return value <= 0 ? 0 : cdf(boost::math::chi_squared(df), value);
  });
}

void require_same_law(const std::string& name, std::vector<double> x, std::vector<double> y, double level) {
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

struct Setting {
  Init init;
  const char* sigma_p;
  long d;
};

std::string text_of(const Setting& s) {
  return std::string(sim::text_of(init_choices, s.init)) + ", sigma_p " + s.sigma_p + ", d " + std::to_string(s.d);
}

/// N = 16 and a frame of rank 18. One sample of each class is flipped. Signals are about as long as the noise.
Parameters parameters_of(const Setting& s) {
  Parameters p;
  p.n = 4, p.T = 4, p.d = s.d, p.init = s.init;
  p.eta = Decimal("0.5"), p.rho = Decimal("0.3"), p.sigma = Decimal("0.7");
  p.mu = Decimal(s.d > 1'000'000 ? "1e6" : "3");
  p.sigma_p = Decimal(s.sigma_p);
  p.lr_unit = theory::LrUnit::tau0, p.lr = Decimal("0.5");
  return p;
}

struct Draw {
  Instance instance;
  Frame<double> frame;
};

Draw draw_gram(const Parameters& p, std::uint64_t seed) {
  Draw draw{draw_instance(p, DataKind::gram, seed), {}};
  draw.frame = make_gram_frame<double>(draw.instance, draw_gram_factors(p, seed));
  return draw;
}

Draw draw_dense(const Parameters& p, std::uint64_t seed) {
  Draw draw{draw_instance(p, DataKind::dense, seed), {}};
  draw.frame = make_frame<double>(draw.instance);
  return draw;
}

VectorXd eigenvalues(const MatrixXd& A) {
  return Eigen::SelfAdjointEigenSolver<MatrixXd>(A, Eigen::EigenvaluesOnly).eigenvalues();
}

}  // namespace

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

namespace {

/// Means of the rows of [S; μ₊; μ₋] in units of σ: their coordinates along e₁ and e₂ (THEORY section 1).
MatrixXd row_means(const Instance& instance) {
  const auto& p = instance.parameters;
  const double mu = p.mu.as<double>() / p.sigma.as<double>(), rho = p.rho.as<double>();
  const Index N = p.tokens();
  MatrixXd m = MatrixXd::Zero(N + 2, 2);
  m(N, 0) = m(N + 1, 1) = mu;
  for (Index i = 0; i < p.n; ++i) {
    const Index own = instance.train.true_label[static_cast<std::size_t>(i)] > 0 ? 0 : 1;
    m(i * p.T, own) = mu, m(i * p.T + 1, own) = rho * mu, m(i * p.T + 2, 1 - own) = rho * mu;
  }
  return m;
}

/// Closed forms for entry (i, k) of K̂, Ĥ and σ²d Ĵ, of shape (N + 2, N).
struct EntryLaw {
  MatrixXd K_mean, K_variance;
  MatrixXd K_products;  ///< E[K̂_ii K̂_kk + K̂_ik²]
  VectorXd norms;       ///< E K̂_ii, of all rows

  /// Rows m + ε, m the probes' without noise: x·y has mean m·m′ + d[x=y] and variance d + |m|² + |m′|², twice 2|m|² + d
  /// at x = y, |μ|² with a probe.
  explicit EntryLaw(const Instance& instance) {
    const double d = static_cast<double>(instance.parameters.d);
    const Index N = instance.parameters.tokens();
    const MatrixXd m = row_means(instance);
    const VectorXd m2 = m.rowwise().squaredNorm();
    K_mean = (m * m.topRows(N).transpose()) / d, K_variance = K_products = MatrixXd(N + 2, N), norms = m2 / d;
    norms.head(N).array() += 1;
    for (Index k = 0; k < N; ++k) {
      K_mean(k, k) += 1;
      for (Index i = 0; i < N + 2; ++i) {
        K_variance(i, k) = i >= N ? m2[i] : i == k ? 2 * d + 4 * m2[i] : d + m2[i] + m2[k];
        K_variance(i, k) /= d * d;
        const double second = K_variance(i, k) + K_mean(i, k) * K_mean(i, k);
        K_products(i, k) = second + (i == k ? second : norms[i] * norms[k]);
      }
    }
  }
};

MatrixXd tokens_of(const Matrix<double>& A) { return A.topRows(A.cols()); }

/// The frames of `count` seeds against the closed forms.
void require_closed_forms(const Setting& setting, int count) {
  const Parameters p = parameters_of(setting);
  const bool identity = setting.init == Init::identity, has_p0 = p.sigma_p.exact() != 0, large = p.d > 1'000'000;
  const Index N = p.tokens(), plain = p.n * (p.T - 3);
  const double d = static_cast<double>(p.d), sigma_p = p.sigma_p.as<double>(), rows = static_cast<double>(N);
  const double sigma = p.sigma.as<double>(), unit = sigma * sigma * d;
  const double sigma_w = identity ? 1 / std::sqrt(d) : theory::sigma_w<double>(p);  // so that κ = σ_w²d for both
  INFO(text_of(setting));

  Standardised K, H, J, h, k, omega, values, log_det, plain_log_det;
  Means hk, J_mean, J_over_K;
  std::vector<double> H_over_K, r0, omega_over_r0, h_in_span, p_off_span;
  const auto log_det_moments = [&](Index size) {
    double mean = 0, variance = 0;  // of log det(W/d), W ~ Wishart_size(d)
    for (Index i = 0; i < size; ++i) {
      const double half = (d - static_cast<double>(i)) / 2;
      mean += boost::math::digamma(half) - std::log(d / 2), variance += boost::math::trigamma(half);
    }
    return std::pair{mean, std::sqrt(variance)};
  };
  const auto [log_mean, log_sd] = log_det_moments(N);
  const auto [plain_mean, plain_sd] = log_det_moments(plain);

  for (int draw = 0; draw < count; ++draw) {
    const auto [instance, frame] = draw_gram(p, static_cast<std::uint64_t>(draw) + 1000);
    const EntryLaw law(instance);
    const MatrixXd K_tokens = tokens_of(frame.K);
    K.add((frame.K - law.K_mean).array() / law.K_variance.array().sqrt());

    // ν = (γ/‖μ‖)(e₁ − e₂), γ = 1/√2.
    const double nu = std::sqrt(0.5) * sigma / p.mu.as<double>();
    const MatrixXd means = row_means(instance).topRows(N);
    values.add((frame.samples.values.array() / nu - (means.col(0) - means.col(1)).array()) / std::sqrt(2.0));

    MatrixXd centred(plain, plain);  // the tokens without signals
    const auto plain_row = [&](Index i) { return i / (p.T - 3) * p.T + 3 + i % (p.T - 3); };
    for (Index i = 0; i < plain; ++i)
      for (Index j = 0; j < plain; ++j) centred(i, j) = K_tokens(plain_row(i), plain_row(j));
    const MatrixXd plain_factor = centred.llt().matrixL();
    plain_log_det.add((2 * plain_factor.diagonal().array().log().sum() - plain_mean) / plain_sd);

    const Eigen::LLT<MatrixXd> llt(K_tokens);
    if (identity) {
      CHECK(frame.H == frame.K);
      CHECK(frame.J.isApprox(K_tokens / unit, 1e-14));
    } else {
      // Given K̂: Ĥ = K̂^{1/2} (Wishart(d)/d) K̂^{1/2}, and S(W₀W₀ᵀ)²Sᵀ has mean σ_w⁴ d(2d + 1) K (the second moment of a
      // Wishart matrix, ν(ν + p + 1) I, at ν = p = d).
      const MatrixXd variance = law.K_variance + law.K_products / d;
      H.add((frame.H - law.K_mean).array() / variance.array().sqrt());
      J_mean.add((unit * frame.J - (2 + 1 / d) * law.K_mean.topRows(N)).array());
      // To first order in d^{−1/2} the frame's block of (W₀W₀ᵀ)²/κ² is 2 + (3X + X′)/√d, X and X′ independent,
      // symmetric and Gaussian of variances 1 and, on the diagonal, 2: X of GGᵀ, which enters as its square and as the
      // scale of the complement's Wishart matrix, X′ of the latter.
      const MatrixXd J_variance = (4 * law.K_variance + 10 * law.K_products / d).topRows(N);
      J.add((unit * frame.J - 2 * law.K_mean.topRows(N)).array() / J_variance.array().sqrt());

      const MatrixXd ratio = llt.solve(tokens_of(frame.H));
      H_over_K.push_back(d * ratio.trace());
      const MatrixXd H_factor = tokens_of(frame.H).llt().matrixL(), K_factor = llt.matrixL();
      const double log_ratio = 2 * (H_factor.diagonal().array() / K_factor.diagonal().array()).log().sum();
      log_det.add((log_ratio - log_mean) / log_sd);
      J_over_K.add(Eigen::ArrayXXd::Constant(1, 1, unit * llt.solve(frame.J).trace() / rows - (2 + 1 / d)));
    }
    if (!has_p0) {
      CHECK((frame.h.norm() == 0 && frame.k.norm() == 0 && frame.r0 == 0 && frame.omega == 0));
      continue;
    }
    // h = SW₀p₀ has covariance σ_w²σ_p²d K given K, and σ_p² K for the identity: the same with σ_w²d = 1.
    const VectorXd h_scale = sigma_w * sigma_p * std::sqrt(d * unit) * law.norms.array().sqrt();
    h.add(frame.h.array() / h_scale.array());
    r0.push_back(frame.r0 / (sigma_p * sigma_p));
    const double projection = frame.h.head(N).dot(llt.solve(frame.h.head(N))) / unit;
    if (identity) {
      CHECK(relative_difference<double>(unit * frame.k, frame.h.head(N)) < 1e-14);
      CHECK(frame.omega == frame.r0);
      h_in_span.push_back(projection / (sigma_p * sigma_p));
      p_off_span.push_back(r0.back() - h_in_span.back());
      continue;
    }
    h_in_span.push_back(projection / (sigma_w * sigma_w * frame.r0));
    omega_over_r0.push_back(frame.omega / (sigma_w * sigma_w * frame.r0));
    // ω = ‖W₀p₀‖² is a product of two χ²_d.
    omega.add((frame.omega / std::pow(sigma_w * sigma_p * d, 2) - 1) / std::sqrt(4 / d + 4 / (d * d)));
    // E kkᵀ = σ_p² E S(W₀W₀ᵀ)³Sᵀ and E hkᵀ = σ_p² E S(W₀W₀ᵀ)²Sᵀ, of a Wishart matrix's third moment at ν = p = d,
    // ν(ν² + p² + 3νp + 3ν + 3p + 4) I = d(5d² + 6d + 4) I.
    const double k_scale = sigma_w * sigma_p / sigma * std::sqrt(5 + 6 / d + 4 / (d * d));
    k.add(frame.k.array() / (k_scale * law.norms.head(N).array().sqrt()));
    const double hk_scale = sigma_w * sigma_w * sigma_p * sigma_p * d * (2 + 1 / d);
    hk.add(frame.h.head(N).array() * frame.k.array() / (hk_scale * law.norms.head(N).array()));
  }
  K.require("K");
  values.require("values");
  plain_log_det.require("log det of the tokens without signals");
  if (!identity) {
    H.require("H");
    J_mean.require("J", 0);
    if (large) J.require("J, standardised");
    require_chi_squared("tr(H/K)", H_over_K, rows * d);
    log_det.require("log det(H/K)");
    J_over_K.require("tr(J/K)", 0);
  }
  if (!has_p0) return;
  h.require("h");
  require_chi_squared("r0", r0, d);
  require_chi_squared("h/K", h_in_span, rows);
  if (identity) {
    require_chi_squared("p0 outside the tokens", p_off_span, d - rows);
  } else {
    require_chi_squared("omega", omega_over_r0, d);
    omega.require("omega, standardised");
    k.require("k");
    hk.require("hk", 1);
  }
}

}  // namespace

TEST_CASE("gram frames have the closed-form moments at small d", "[gram]") {
  for (const auto& setting : {Setting{Init::gaussian, "0.6", 18},
                              {Init::gaussian, "0.6", 25},
                              {Init::gaussian, "0.6", 60},
                              {Init::gaussian, "0", 25},
                              {Init::identity, "0.6", 25}})
    require_closed_forms(setting, 2000);
}

TEST_CASE("gram frames have the closed-form moments at d = 1e12 and 1e15", "[gram]") {
  for (const auto& setting : {Setting{Init::gaussian, "1e-6", 1'000'000'000'000},
                              {Init::identity, "1e-6", 1'000'000'000'000},
                              {Init::gaussian, "1e-6", 1'000'000'000'000'000}})
    require_closed_forms(setting, 2000);
}

namespace {

using Statistics = std::map<std::string, std::vector<double>>;

/// One frame, and the end of a short descent on it.
void collect(Statistics& out, const Draw& draw) {
  const auto& [instance, frame] = draw;
  const Index N = frame.tokens(), T = frame.samples.T, d = static_cast<Index>(instance.parameters.d);
  const auto sample = [&](int true_label, bool noisy) {
    Index i = 0;
    while (instance.train.true_label[static_cast<std::size_t>(i)] != true_label || instance.train.noisy(i) != noisy)
      ++i;
    return i * T;
  };
  const Index own = sample(1, false), flipped = sample(1, true), other = sample(-1, false);
  const auto put = [&](const std::string& name, double x) { out[name].push_back(x); };

  const auto matrix = [&](const std::string& name, const MatrixXd& A) {
    put(name + " relevant", A(own, own));
    put(name + " weak", A(own + 1, own + 1));
    put(name + " irrelevant", A(other + 3, other + 3));
    put(name + " relevant, irrelevant", A(own, own + 3));
    put(name + " relevant of one class", A(own, flipped));
    put(name + " relevant of two classes", A(own, other));
    put(name + " weak of one class", A(other + 1, own + 2));
    put(name + " irrelevant of two samples", A(other + 3, flipped + 3));
    put(name + " symmetric", A(flipped + 3, other + 3));
    if (A.rows() > N) {
      put(name + " mu+ relevant", A(N, own));
      put(name + " mu+ irrelevant", A(N, own + 3));
      put(name + " mu- weak", A(N + 1, own + 2));
      put(name + " mu- irrelevant", A(N + 1, other + 3));
    }
    const VectorXd spectrum = eigenvalues(tokens_of(A));
    put(name + " largest eigenvalue", spectrum[N - 1]);
    put(name + " middle eigenvalue", spectrum[N - std::min(N, d) / 2]);
    put(name + " smallest eigenvalue", spectrum[N - std::min(N, d)]);  // that is not zero
    put(name + " trace", spectrum.sum());
  };
  matrix("K", frame.K);
  if (!instance.W0.identity()) matrix("H", frame.H), matrix("J", frame.J);
  const MatrixXd K = tokens_of(frame.K), H = tokens_of(frame.H);
  put("tr KH", (K.cwiseProduct(H)).sum());
  put("tr KJ", (K.cwiseProduct(frame.J)).sum());
  put("tr HJ", (H.cwiseProduct(frame.J)).sum());
  put("value of a relevant token", frame.samples.values[own]);
  put("value of an irrelevant token", frame.samples.values[flipped + 3]);
  put("value and K", frame.samples.values.dot(K * frame.samples.values));
  if (instance.parameters.sigma_p.exact() != 0) {
    put("h relevant", frame.h[own]);
    put("h irrelevant", frame.h[other + 3]);
    put("h mu+", frame.h[N]);
    put("h mu-", frame.h[N + 1]);
    put("|h|", frame.h.norm());
    put("k relevant", frame.k[own]);
    put("k irrelevant", frame.k[other + 3]);
    put("|k|", frame.k.norm());
    put("h.k", frame.h.head(N).dot(frame.k));
    put("h.Hh", frame.h.head(N).dot(H * frame.h.head(N)));
    put("k.Jh", frame.k.dot(frame.J * frame.h.head(N)));
    put("r0", frame.r0);
    put("omega", frame.omega);
    put("omega/r0", frame.omega / frame.r0);
  }

  const auto route = make_route<double>(RouteKind::coefficients, instance, &frame);
  Vector<double> state = route->start();
  for (int step = 0; step < 20; ++step) route->descend(state, frame.scales.step);
  const auto end = observe<double>(frame.samples, frame.noisy, route->read(state));
  put("loss", end.train_loss);
  put("mu+.q", end.readout.mu_plus_q);
  put("mu-.q", end.readout.mu_minus_q);
  put("q", std::sqrt(*end.readout.q_norm2));
  put("mu+.q/|q|", end.readout.mu_plus_q / std::sqrt(*end.readout.q_norm2));
  put("gap", end.readout.logits[own] - end.readout.logits[own + 3]);
  put("output of a flipped sample", end.outputs[flipped / T]);
  put("gradient", route->gradient_norm2(state));
}

void require_same_as_dense(const std::vector<Setting>& settings, int count) {
  for (const Setting& setting : settings) {
    const Parameters p = parameters_of(setting);
    Statistics gram, dense;
    for (int draw = 0; draw < count; ++draw) {
      const auto seed = static_cast<std::uint64_t>(draw);
      collect(gram, draw_gram(p, seed));
      collect(dense, draw_dense(p, seed + 1'000'000));
    }
    const double level = 1e-4 / static_cast<double>(settings.size() * gram.size());
    INFO(text_of(setting) << ", " << gram.size() << " statistics");
    for (const auto& [name, values] : gram) require_same_law(name, values, dense.at(name), level);
  }
}

/// Of rank 18, the frame leaves a complement of dimension d − 18: at d = 18 none, at 25 and 30 one whose Wishart matrix
/// is singular. d = 12 has fewer dimensions than tokens: beyond what a run accepts, and still the law.
const std::vector<Setting> small_settings = {
    {Init::gaussian, "0", 30},   {Init::gaussian, "0.6", 50}, {Init::gaussian, "0.6", 25}, {Init::gaussian, "0.6", 18},
    {Init::gaussian, "0.6", 12}, {Init::identity, "0.6", 30}, {Init::identity, "0", 18},   {Init::identity, "0.6", 12}};

}  // namespace

TEST_CASE("gram frames and their descents have the law of dense data", "[gram]") {
  require_same_as_dense(small_settings, 1000);
}

TEST_CASE("gram frames and their descents have the law of dense data to one part in thirty", "[gram][long]") {
  require_same_as_dense(small_settings, 20'000);
}

namespace {

RunConfig large_config(const Setting& setting, const char* sigma_w = nullptr) {
  RunConfig config;
  config.data = DataKind::gram;
  config.parameters = parameters_of(setting);
  config.parameters.lr = Decimal("0.05"), config.parameters.steps = 150;
  if (sigma_w) config.parameters.sigma_w = Decimal(sigma_w);
  return config;
}

template <class Real>
bool same_bits(const Frame<Real>& a, const Frame<Real>& b) {
  const auto same = [](const auto& x, const auto& y) { return x.rows() == y.rows() && x.cols() == y.cols() && x == y; };
  return same(a.K, b.K) && same(a.H, b.H) && same(a.J, b.J) && same(a.h, b.h) && same(a.k, b.k) && a.r0 == b.r0 &&
         a.omega == b.omega && same(a.samples.values, b.samples.values) && a.samples.labels == b.samples.labels &&
         a.noisy == b.noisy;
}

}  // namespace

TEST_CASE("a gram frame does not depend on what was drawn before", "[gram]") {
  const RunConfig config = large_config({Init::gaussian, "1e-6", 1'000'000'000'000});
  const Frame<double> alone = Run<double>(config).frame();
  SharedDraws shared;
  const auto again = [&] { return Run<double>(config, QNorm::needed, shared).frame(); };
  CHECK(same_bits(again(), alone));
  const std::vector<std::function<void(RunConfig&)>> changes = {
      [](RunConfig& c) { c.seed = 43; }, [](RunConfig& c) { c.parameters.d += 1; },
      [](RunConfig& c) { c.parameters.n = 6; }, [](RunConfig& c) { c.parameters.T = 5; },
      [](RunConfig& c) { c.parameters.n = 2, c.parameters.T = 8; }};  // as many tokens, other samples
  for (const auto& change : changes) {
    RunConfig other = config;
    change(other);
    const Frame<double> changed = Run<double>(other, QNorm::needed, shared).frame();
    CHECK(same_bits(changed, Run<double>(other).frame()));
    CHECK_FALSE(same_bits(changed, alone));
    CHECK(same_bits(again(), alone));
  }
}

TEST_CASE("gram runs that differ in scales alone share their factors", "[gram]") {
  const RunConfig config = large_config({Init::gaussian, "1e-6", 1'000'000'000'000});
  SharedDraws shared;
  const auto factors = shared.gram_factors(config.parameters, 42);
  Parameters p = config.parameters;
  p.mu = Decimal("2e6"), p.rho = Decimal("0.1"), p.eta = Decimal("0"), p.sigma_p = Decimal("0");
  CHECK(shared.gram_factors(p, 42) == factors);
  CHECK(shared.gram_factors(p, 43) != factors);

  // Noise of one and the same tokens: an irrelevant token's products do not know the signals.
  const Instance a = draw_instance(config.parameters, DataKind::gram, 42), b = draw_instance(p, DataKind::gram, 42);
  const auto weak = make_gram_frame<double>(a, *factors), strong = make_gram_frame<double>(b, *factors);
  CHECK(weak.K(3, 7) == strong.K(3, 7));
  CHECK(weak.H(3, 7) == strong.H(3, 7));
  CHECK(strong.K(0, 0) > weak.K(0, 0));
  CHECK(a.train.label != b.train.label);
  CHECK(a.train.label == draw_instance(parameters_of({Init::gaussian, "0", 20}), DataKind::dense, 42).train.label);
}

TEST_CASE("the inner products of a gram frame are those of vectors", "[gram]") {
  for (const auto& setting : {Setting{Init::gaussian, "1e-6", 1'000'000'000'000},
                              {Init::gaussian, "0.6", 18},
                              {Init::gaussian, "0.6", 25},
                              {Init::gaussian, "0.6", 12},
                              {Init::identity, "0.6", 25}})
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto [instance, frame] = draw_gram(parameters_of(setting), seed);
      const auto& p = instance.parameters;
      INFO(text_of(setting) << ", seed " << seed);
      const Index N = frame.tokens();
      const MatrixXd K = tokens_of(frame.K), H = tokens_of(frame.H);
      const double unit = frame.scales.token_norm2, kappa = frame.scales.kappa;
      const auto require_semidefinite = [](const char* name, const MatrixXd& A) {
        INFO(name);
        CHECK((A - A.transpose()).lpNorm<Eigen::Infinity>() <= 1e-14 * A.lpNorm<Eigen::Infinity>());
        const VectorXd scale = A.diagonal().cwiseSqrt().cwiseInverse();
        const VectorXd spectrum = eigenvalues(scale.asDiagonal() * A * scale.asDiagonal());
        CHECK(spectrum[0] > -1e-13 * spectrum[spectrum.size() - 1]);
      };
      // S, SW₀W₀ᵀ and (W₀p₀)ᵀ are rows of R^d, and so are SW₀ and p₀ᵀ; in units that make the blocks K̂, Ĥ, σ²d Ĵ.
      MatrixXd left(2 * N + 1, 2 * N + 1), right(N + 1, N + 1);
      left << K, H, frame.h.head(N) / unit, H, unit * frame.J, frame.k,  //
          frame.h.head(N).transpose() / unit, frame.k.transpose(), frame.omega / unit;
      right << H, frame.h.head(N) / (kappa * unit), frame.h.head(N).transpose() / (kappa * unit),
          frame.r0 / (kappa * unit);
      require_semidefinite("[S; SWW'; Wp]", left);
      require_semidefinite("[SW; p]", right);
      // ν = (γ/‖μ‖²)(μ₊ − μ₋): what a token is worth can be read off the probes.
      const VectorXd values =
          std::sqrt(0.5) * unit / std::pow(p.mu.as<double>(), 2) * (frame.K.row(N) - frame.K.row(N + 1)).transpose();
      CHECK(relative_difference<double>(frame.samples.values, values) < 1e-13);
    }
}

namespace {

/// The end of a run of `steps` steps by each of the two routes that need no tokens.
template <class Real>
void require_routes_agree(RunConfig config, double tolerance) {
  const auto end = [&](RouteKind route) {
    config.route = route;
    const Run<Real> run(config);
    Vector<Real> state = run.route().start();
    for (long k = 0; k < config.parameters.steps; ++k) run.route().descend(state, run.frame().scales.step);
    Vector<Real> first = run.route().read(run.route().start()).logits;
    return std::tuple{run.observe(state), run.route().gradient_norm2(state), first};
  };
  const auto [a, a_gradient, start] = end(RouteKind::coefficients);
  const auto [b, b_gradient, unused] = end(RouteKind::statistics);
  CHECK(relative_difference(a.readout.logits, b.readout.logits) <= tolerance);
  const double size = representative<Real>(b.readout.logits.template lpNorm<Eigen::Infinity>());
  require_close(a.readout.mu_plus_q, b.readout.mu_plus_q, tolerance, size);
  require_close(a.readout.mu_minus_q, b.readout.mu_minus_q, tolerance, size);
  require_close(a.train_loss, b.train_loss, tolerance);
  require_close(a_gradient, b_gradient, 100 * tolerance);
  CHECK(representative<Real>(Vector<Real>(a.readout.logits - start).template lpNorm<Eigen::Infinity>()) > 0.1);
  CHECK(representative<Real>(*a.readout.q_norm2) > 0);
}

}  // namespace

TEST_CASE("routes agree on gram frames at d = 1e12", "[gram][mp50]") {
  constexpr long d = 1'000'000'000'000;
  const RunConfig configs[] = {
      large_config({Init::gaussian, "0", d}), large_config({Init::gaussian, "1e-6", d}),
      large_config({Init::identity, "1e-6", d}),
      large_config({Init::gaussian, "0", d}, "1e-9"),  // ε = 1/(κ²σ²d) of order 1: W moves as much as p
      large_config({Init::gaussian, "1e-9", d}, "1e-9")};
  for (const RunConfig& config : configs) {
    INFO("sigma_p " << config.parameters.sigma_p.text() << ", epsilon "
                    << theory::scales<double>(config.parameters).epsilon);
    require_routes_agree<double>(config, 1e-12);
    require_routes_agree<mp50>(config, 1e-42);
  }
}

TEST_CASE("a gram frame does not change with precision beyond rounding", "[gram][mp50]") {
  for (const auto& setting :
       {Setting{Init::gaussian, "1e-6", 1'000'000'000'000}, {Init::identity, "0.6", 25}, {Init::gaussian, "0.6", 18}}) {
    RunConfig config = large_config(setting);
    const Frame<double> rounded = Run<double>(config).frame();
    const Frame<mp50> exact = Run<mp50>(config).frame();
    const auto difference = [](const auto& a, const auto& b) {
      const Eigen::Map<const Vector<double>> x(a.data(), a.size());
      const Eigen::Map<const Vector<mp50>> y(b.data(), b.size());
      return relative_difference<mp50>(x.template cast<mp50>(), y);
    };
    CHECK(difference(rounded.K, exact.K) < 1e-14);
    CHECK(difference(rounded.H, exact.H) < 1e-14);
    CHECK(difference(rounded.J, exact.J) < 1e-14);
    CHECK(difference(rounded.h, exact.h) < 1e-14);
    CHECK(difference(rounded.k, exact.k) < 1e-14);
    CHECK(difference(rounded.samples.values, exact.samples.values) < 1e-14);
    require_close<mp50>(mp50(rounded.r0), exact.r0, 1e-14);
    require_close<mp50>(mp50(rounded.omega), exact.omega, 1e-14);
  }
}
