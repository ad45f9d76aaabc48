// The good event of the theorem against draws: in operator norms, along the flow, and in the test loss.

#include "sim/runs/simulate.hpp"
#include "sim/theorem/deviation.hpp"
#include "sim/theorem/near_loss.hpp"

#include <Eigen/Eigenvalues>
#include <catch2/catch.hpp>

using namespace benign;

namespace {

sim::RunConfig theorem_draw(const std::string& d, const std::string& mu, std::uint64_t seed) {
  sim::RunConfig config;
  config.parameters.d = std::stol(d), config.parameters.mu = theory::Decimal(mu);
  config.parameters.init = theory::Init::gaussian;
  config.data = sim::DataKind::gram, config.seed = seed, config.flow = true;
  config.log_s_max = theory::Decimal("6");
  return config;
}

sim::DrawSlice slice_at(const theory::Parameters& p, const char* delta) {
  sim::DrawSlice slice;
  const Enclosure mu = p.mu.as<Enclosure>();
  slice.d = Enclosure(p.d), slice.mu = mu, slice.x = middle(mu * mu * p.n / p.d), slice.half = Enclosure(1e-15);
  slice.delta = Enclosure(std::string(delta));
  return slice;
}

double spectral(const Eigen::MatrixXd& A) {
  return std::sqrt(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(A.transpose() * A).eigenvalues().maxCoeff());
}

/// Takes the mean over each sample's tokens away.
Eigen::MatrixXd projection(const theory::Parameters& p) {
  Eigen::MatrixXd P = Eigen::MatrixXd::Identity(p.tokens(), p.tokens());
  for (long i = 0; i < p.n; ++i) P.block(i * p.T, i * p.T, p.T, p.T).array() -= 1.0 / static_cast<double>(p.T);
  return P;
}

/// C: coordinates of the tokens' means along both signals, of unit length.
Eigen::MatrixXd coordinates(const sim::Run<double>& run) {
  const auto& p = run.config().parameters;
  Eigen::MatrixXd C = Eigen::MatrixXd::Zero(p.tokens(), 2);
  const double rho = p.rho.as<double>();
  for (long i = 0; i < p.n; ++i) {
    const bool flipped = run.frame().noisy[static_cast<std::size_t>(i)];
    const int own = (run.frame().samples.labels[i] > 0) != flipped ? 0 : 1;
    C(i * p.T, own) = 1, C(i * p.T + 1, own) = rho, C(i * p.T + 2, 1 - own) = rho;
  }
  return C;
}

struct Counts {
  double worst[6] = {};  ///< the largest share of each bound that was reached
  long failed = 0, draws = 0;
};

Counts draws_of(const std::string& d, const std::string& mu, const char* delta, std::uint64_t seeds) {
  const WorkingPrecision bits(64);
  Counts counts;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const sim::Run<double> run(theorem_draw(d, mu, seed), sim::QNorm::not_needed);
    const auto& p = run.config().parameters;
    const sim::DrawBounds b(p, slice_at(p, delta));
    const Index N = p.tokens();
    const double snr2 = std::pow(p.mu.as<double>(), 2) / static_cast<double>(p.d);
    const Eigen::MatrixXd P = projection(p), PC = P * coordinates(run), K = P * run.frame().K.topRows(N) * P,
                          H = P * run.frame().H.topRows(N) * P, limit = P + snr2 * PC * PC.transpose();
    double values[2] = {0, 0}, most = 0;
    for (Index k = 0; k < N; ++k) {
      const Index i = k / p.T;
      const bool flipped = run.frame().noisy[static_cast<std::size_t>(i)];
      const double mean = std::sqrt(0.5) * (coordinates(run)(k, 0) - coordinates(run)(k, 1));
      const double off = run.frame().samples.values[k] - mean;
      values[flipped] += off * off, most = std::max(most, std::abs(off));
    }
    double rows = 0;
    for (int j = 0; j < 2; ++j)
      rows = std::max(rows, (P * run.frame().H.row(N + j).transpose() - snr2 * PC.col(j)).norm());
    const double shares[6] = {spectral(K - limit) / upper(b.noise),
                              spectral(H - K) / upper(b.weights),
                              rows / upper(b.row),
                              most / upper(b.value),
                              std::sqrt(values[0]) / upper(b.values[0]),
                              std::sqrt(values[1]) / upper(b.values[1])};
    ++counts.draws;
    bool failed = false;
    for (int k = 0; k < 6; ++k) counts.worst[k] = std::max(counts.worst[k], shares[k]), failed |= shares[k] > 1;
    counts.failed += failed;
  }
  return counts;
}

}  // namespace

TEST_CASE("the theorem's good event holds in draws", "[theorem][draws]") {
  for (const auto& [d, mu] : {std::pair{"20000", "10"}, {"100000000", "707.1"}, {"1000000000000", "70710.68"}}) {
    const Counts counts = draws_of(d, mu, "0.01", 12);
    INFO(d);
    CHECK(counts.failed == 0);
    // No bound is far from what it bounds. A row of Ĥ is bounded by the norms of whole matrices, as if it were
    // (√N' + √2 + τ + 2√(N' + 2) + 2τ)/√(2N') times what it is.
    for (int k = 0; k < 6; ++k) CHECK(counts.worst[k] > (k == 2 ? 0.3 : 0.5));
  }
}
TEST_CASE("the theorem's good event fails no oftener than it may: 400 draws", "[theorem][draws][long]") {
  const Counts counts = draws_of("20000", "10", "0.2", 400);
  CHECK(counts.failed < 80);
  // Of the norms of matrices a draw has √N' where the bound has √N' + τ, a part of 0.78, and the bound adds the norms of
  // what is noise and of what is noise times signal, and takes the largest ‖K̂‖ for all of W₀'s share.
  const double expected[6] = {0.6, 0.6, 0.35, 0.8, 0.8, 0.8};
  for (int k = 0; k < 6; ++k) CHECK(counts.worst[k] > expected[k]);
}

namespace {

/// V, and |μ±·q − X|, of a draw at u, and the population's loss.
struct Measured {
  double V, off_X, loss;
  double least[2] = {2, 2}, most[2] = {-2, -2};  ///< Yf of clean and of flipped samples
};

Measured measured(const sim::Run<double>& run, const sim::Run<double>& limit, double u) {
  const auto& p = run.config().parameters;
  const auto state = sim::flow_to(run.route(), u, 1e-12), at_limit = sim::flow_to(limit.route(), u, 1e-12);
  const auto seen = run.route().read(state), far = limit.route().read(at_limit);
  const Eigen::MatrixXd P = projection(p), PC = P * coordinates(run);
  const double snr2 = std::pow(p.mu.as<double>(), 2) / static_cast<double>(p.d);
  const Eigen::VectorXd z = P * (seen.logits - far.logits);
  const Eigen::MatrixXd K = Eigen::MatrixXd::Identity(p.tokens(), p.tokens()) + snr2 * PC * PC.transpose();
  Measured found;
  found.V = std::sqrt(z.dot(K.ldlt().solve(z)));
  found.off_X = std::max(std::abs(seen.mu_plus_q - far.mu_plus_q), std::abs(seen.mu_minus_q - far.mu_minus_q));
  found.loss = run.test_loss(state);
  const auto& samples = run.frame().samples;
  for (Index i = 0; i < p.n; ++i) {
    const Eigen::ArrayXd e = (seen.logits.segment(i * p.T, p.T).array() - seen.logits[i * p.T]).exp();
    const double f = (e * samples.values.segment(i * p.T, p.T).array()).sum() / e.sum();
    const auto k = static_cast<std::size_t>(i);
    const bool flipped = run.frame().noisy[k];
    found.least[flipped] = std::min(found.least[flipped], samples.labels[k] * f);
    found.most[flipped] = std::max(found.most[flipped], samples.labels[k] * f);
  }
  return found;
}

/// No draw is further from the limit than the bound, from d = 10⁸ on for as long as there is one; `share` is how much of
/// the bound the worst draw reaches.
void check_deviation(const std::string& d, const std::string& mu, std::uint64_t seeds, double last, double& share) {
  const WorkingPrecision bits(64);
  const auto config = theorem_draw(d, mu, 1);
  const auto layout = theory::layout<Enclosure>(config.parameters);
  sim::Deviation deviation(config.parameters, slice_at(config.parameters, "0.01"));
  std::vector<std::unique_ptr<sim::Run<double>>> runs, limits;  // which labels are flipped is a matter of the seed
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    auto of_seed = theorem_draw(d, mu, seed);
    runs.push_back(std::make_unique<sim::Run<double>>(of_seed));
    of_seed.route = sim::RouteKind::limit;
    limits.push_back(std::make_unique<sim::Run<double>>(of_seed));
  }
  double u = 0, next = 0.5;
  while (u < last) {
    const auto step = deviation.advance(0x1p-6);
    if (!step) break;
    u = step->to;
    if (u < next) continue;
    next += 0.5;
    const Enclosure loss = sim::near_loss(layout, step->X, step->off_X, step->q, deviation.bounds().inverse_mu);
    for (std::size_t k = 0; k < runs.size(); ++k) {
      const Measured seen = measured(*runs[k], *limits[k], u);
      INFO("d = " << d << ", u = " << u << ", V = " << seen.V << " of " << step->off);
      CHECK(seen.V <= step->off + 1e-9);
      CHECK(seen.off_X <= step->off_X + 1e-9);
      CHECK(seen.loss >= lower(loss) - 1e-6);
      CHECK(seen.loss <= upper(loss) + 1e-6);
      for (int g = 0; g < 2; ++g) {
        CHECK(seen.least[g] >= lower(step->answer[g]) - 1e-9);
        CHECK(seen.most[g] <= upper(step->answer[g]) + 1e-9);
      }
      share = std::max(share, seen.V / step->off);
    }
  }
  CHECK(u > 1);
}

}  // namespace

TEST_CASE("draws stay within the theorem's bound of the limit", "[theorem][draws]") {
  double share = 0;
  check_deviation("1000000000000", "70710.68", 2, 6, share);
  check_deviation("100000000", "707.1", 2, 6, share);
  CHECK(share > 0.2);
}

namespace {

/// A draw that the good event just allows: with a kernel that is stronger in every direction, or with flipped samples
/// whose best answers are worse.
sim::Frame<double> worst_frame(const sim::Run<double>& run, const sim::DrawBounds& b, bool of_kernel) {
  const auto& p = run.config().parameters;
  const Index N = p.tokens();
  const double snr2 = std::pow(p.mu.as<double>(), 2) / static_cast<double>(p.d), just = 0.999;
  const Eigen::MatrixXd C = coordinates(run);
  sim::Frame<double> frame = run.frame();
  const double noise = of_kernel ? just * upper(b.noise) : 0, weights = of_kernel ? just * upper(b.weights) : 0;
  frame.K.topRows(N) = snr2 * C * C.transpose() + (1 + noise) * Eigen::MatrixXd::Identity(N, N);
  frame.K.bottomRows(2) = snr2 * C.transpose();
  frame.H = frame.K;
  frame.H.topRows(N) += weights * Eigen::MatrixXd::Identity(N, N);
  frame.samples.values = std::sqrt(0.5) * (C.col(0) - C.col(1));
  if (of_kernel) return frame;
  const double T = static_cast<double>(p.T);
  for (Index i = 0; i < p.n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    const int g = frame.noisy[k] ? 1 : 0;
    const double length = just * upper(b.values[g]) / std::sqrt(static_cast<double>(b.samples[g])),
                 of_best = length * std::sqrt((T - 1) / T);
    for (Index t = 0; t < p.T; ++t)
      frame.samples.values[i * p.T + t] -=
          frame.samples.labels[k] * (t == (g == 0 ? 0 : 2) ? of_best : -of_best / (T - 1));
    REQUIRE(of_best < upper(b.value));
  }
  return frame;
}

/// The largest share of the bound that it reaches, while there is a bound.
double worst_share(bool of_kernel, const char* d, const char* mu, double d_bound, double mu_bound) {
  const WorkingPrecision bits(64);
  auto config = theorem_draw(d, mu, 1);
  const sim::Run<double> drawn(config, sim::QNorm::needed);
  config.route = sim::RouteKind::limit;
  const sim::Run<double> limit(config);
  sim::DrawSlice slice = slice_at(config.parameters, "0.01");
  slice.d = Enclosure(d_bound), slice.mu = Enclosure(mu_bound);
  sim::Deviation deviation(config.parameters, slice);
  const sim::Run<double> run = drawn.with_frame(worst_frame(drawn, deviation.bounds(), of_kernel));
  double u = 0, next = 0.5, share = 0;
  while (u < 7) {
    const auto step = deviation.advance(0x1p-6);
    if (!step) break;
    u = step->to;
    if (u < next) continue;
    next += 0.5;
    const Measured seen = measured(run, limit, u);
    INFO((of_kernel ? "kernel" : "answers") << ", u = " << u << ", V = " << seen.V << " of " << step->off);
    CHECK(seen.V <= step->off + 1e-9);
    for (int g = 0; g < 2; ++g) {
      CHECK(seen.least[g] >= lower(step->answer[g]) - 1e-9);
      CHECK(seen.most[g] <= upper(step->answer[g]) + 1e-9);
    }
    share = std::max(share, seen.V / step->off);
  }
  CHECK(u > 3);
  return share;
}

}  // namespace

TEST_CASE("the theorem's bound holds for the worst kernels and answers, and is of their size", "[theorem]") {
  CHECK(worst_share(true, "100000000", "707.1", 1e8, 1e12) > 0.9);
  CHECK(worst_share(false, "1000000000000", "70710.68", 1e18, 7071) > 0.7);
}
