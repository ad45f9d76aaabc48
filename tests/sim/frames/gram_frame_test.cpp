// What a gram frame is, whatever its law: the same whoever draws it, products of vectors, one for all routes and
// precisions.

#include "tests/support/compare.hpp"
#include "tests/support/gram_draws.hpp"
#include "sim/runs/method.hpp"

using namespace benign;
using namespace benign::tests;

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
    const Vector<Real> state = descend_to(run, config.parameters.steps);
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
