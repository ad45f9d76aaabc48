// Inner products drawn without vectors have the law of those of vectors: closed forms at any d, and the dense data at
// small d.

#include "tests/support/compare.hpp"
#include "tests/support/gram_draws.hpp"
#include "tests/support/laws.hpp"
#include "sim/runs/simulate.hpp"

#include <Eigen/Cholesky>
#include <map>

using namespace benign;
using namespace benign::tests;

namespace {

/// Means of the rows of [S; μ₊; μ₋] in units of σ: their coordinates along e₁ and e₂ (THEORY section 1.1).
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

TEST_CASE("gram frames have the closed-form moments at small d", "[gram][draws]") {
  for (const auto& setting : {Setting{Init::gaussian, "0.6", 18},
                              {Init::gaussian, "0.6", 25},
                              {Init::gaussian, "0.6", 60},
                              {Init::gaussian, "0", 25},
                              {Init::identity, "0.6", 25}})
    require_closed_forms(setting, 2000);
}

TEST_CASE("gram frames have the closed-form moments at d = 1e12 and 1e15", "[gram][draws]") {
  for (const auto& setting : {Setting{Init::gaussian, "1e-6", 1'000'000'000'000},
                              {Init::identity, "1e-6", 1'000'000'000'000},
                              {Init::gaussian, "1e-6", 1'000'000'000'000'000}})
    require_closed_forms(setting, 2000);
}
