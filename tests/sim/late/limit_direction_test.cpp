// The limit direction three ways: at d = ∞ by a system of two unknowns, by all constraints at once, by Ipopt; and the
// flow that tends to it.

#include "tests/support/compare.hpp"
#include "tests/support/laws.hpp"
#include "sim/late/infinite_time.hpp"
#include "theory/laws/late_time.hpp"
#include "theory/laws/limit_direction.hpp"
#include "theory/laws/rates.hpp"

#include <Eigen/LU>

using namespace benign;
using namespace benign::sim;
using benign::tests::require_close;
using theory::Decimal;
using theory::SelectingGroup;

namespace {

/// The frame of d = ∞, K̂ = I + SNR² CCᵀ, for samples of the given classes.
Frame<double> infinite_frame(const std::vector<int>& classes, Index T, double rho, double snr2) {
  const Index n = static_cast<Index>(classes.size()), N = n * T;
  Matrix<double> C = Matrix<double>::Zero(N + probes, 2);
  for (Index i = 0; i < n; ++i) {
    const Index own = own_signal(classes[static_cast<std::size_t>(i)]);
    C(i * T, own) = 1, C(i * T + 1, own) = rho, C(i * T + 2, 1 - own) = rho;
  }
  C.bottomRows(2).setIdentity();
  Frame<double> frame;
  frame.samples = {n, T, Vector<double>::Zero(N), classes};
  frame.noisy.assign(classes.size(), false);
  frame.scales.token_norm2 = 1;
  frame.K = snr2 * C * C.topRows(N).transpose();
  frame.K.topRows(N) += Matrix<double>::Identity(N, N);
  return frame;
}

RunConfig gram_config(long n, long T, long d, const char* mu) {
  RunConfig config;
  config.data = DataKind::gram;
  config.seed = 3;
  auto& p = config.parameters;
  p.n = n, p.T = T, p.d = d, p.mu = Decimal(mu), p.init = theory::Init::identity;
  return config;
}

struct End {
  Frame<double> frame;
  Observation<double> seen;
};

End late(RunConfig config, double log_s) {
  config.flow = true;
  config.log_s_max = Decimal(std::to_string(log_s));
  config.parameters.steps = 1;
  const Run<double> run(config);
  return {run.frame(), simulate<double>(run, 0, {}).last};
}

}  // namespace

TEST_CASE("c* where noisy samples select token 3 or an irrelevant one", "[limit_direction]") {
  theory::Parameters p;
  const auto c = [&](theory::Kind kind, double x) {
    return theory::limit_direction_law(p.n, p.T, p.rho.as<double>(), x, theory::groups_selecting(p, kind)).c;
  };
  CHECK(c(theory::weak_other, 0)[0] == Approx(0.335).epsilon(1e-14));  // THEORY section 5.13
  CHECK(c(theory::irrelevant, 0)[1] == Approx(0.325).epsilon(1e-14));
  CHECK(c(theory::weak_other, 0.5)[0] == Approx(0.335 / 1.21).epsilon(1e-14));  // 1 + 0.42 x
  p.n = 100, p.T = 5, p.rho = Decimal("0.3"), p.eta = Decimal("0.1");
  const double at_zero = (0.45 * (5 - 1 - 0.6) - 0.05 * 1.3 + 0.05 * 0.3 * 4) / 5;
  CHECK(c(theory::weak_other, 0)[0] == Approx(at_zero).epsilon(1e-14));
  CHECK(c(theory::weak_other, 2)[0] == Approx(at_zero / (1 + (1 + 0.18 - 1.6 * 1.6 / 5))).epsilon(1e-14));
}

TEST_CASE("the direction at d = infinity solves the quadratic programme", "[limit_direction]") {
  // Unequal classes, unequal noise, other selected tokens: class +1 selects 1, 1, 3; class −1 selects 1, 4, 2, 1, 3.
  const std::vector<int> classes = {1, 1, 1, -1, -1, -1, -1, -1};
  const Selected selected = {0, 0, 2, 0, 4, 1, 0, 2};
  const Index T = 5;
  const double rho = 0.3, x = 1.5;
  std::vector<SelectingGroup> groups;
  for (std::size_t i = 0; i < classes.size(); ++i)
    groups.push_back({classes[i], theory::kinds_of_tokens(T)[static_cast<std::size_t>(selected[i])], 1});
  const auto expected = theory::limit_direction_law(8, T, rho, x, groups);
  REQUIRE(expected.least_multiplier > 0);
  const auto frame = infinite_frame(classes, T, rho, x / 8);
  for (const auto how : {ActiveSet::all_first, ActiveSet::by_solver}) {
    const auto found = limit_direction(frame, selected, Metric::K, how);
    REQUIRE(found);
    CHECK((found->solution.iterations > 0) == (how == ActiveSet::by_solver));
    require_close(found->mu_plus_q, x / 8 * expected.A[0], 1e-12);
    require_close(found->mu_minus_q, x / 8 * expected.A[1], 1e-12);
    require_close(found->solution.norm2, expected.norm2, 1e-12);
    require_close(found->solution.multipliers.minCoeff(), expected.least_multiplier, 1e-12);
    const auto& kkt = found->solution.residuals;
    CHECK(std::max({kkt.primal, kkt.dual, kkt.complementarity}) < 1e-13);
    CHECK(kkt.distance < 1e-11);
  }
}

TEST_CASE("multipliers turn negative where theory says", "[limit_direction]") {
  theory::Parameters p;
  p.eta = Decimal("0");
  const auto groups = theory::groups_selecting(p, theory::weak_other);
  const double last = theory::all_active_up_to(20, 8, 0.1, groups);
  CHECK(last == Approx(1 / (1.2 * 0.425 - 0.42)).epsilon(1e-12));  // 1/((1+2ρ)c* − m̄)
  CHECK(theory::limit_direction_law(20, 8, 0.1, 0.999 * last, groups).least_multiplier > 0);
  CHECK(theory::limit_direction_law(20, 8, 0.1, 1.001 * last, groups).least_multiplier < 0);
  p.eta = Decimal("0.2");
  CHECK(std::isinf(theory::all_active_up_to(20, 8, 0.1, theory::groups_selecting(p, theory::weak_other))));
  // There irrelevant tokens drop out, and only Ipopt finds the solution.
  const std::vector<int> classes = {1, 1, -1, -1};
  const auto frame = infinite_frame(classes, 8, 0.1, 2 * last / 4);
  const auto found = limit_direction(frame, {0, 0, 0, 0});
  REQUIRE(found);
  CHECK(found->solution.iterations > 0);
  CHECK(found->solution.multipliers.minCoeff() == 0);
  CHECK(found->solution.residuals.distance < 1e-11);
}

TEST_CASE("quadratic programmes solved by hand", "[hard_margin]") {
  Matrix<double> Q(2, 2);
  Q << 1, 2, 2, 5;  // λ = Q⁻¹1 = (3, −1): the second constraint is inactive
  const auto found = hard_margin(Q);
  REQUIRE(found);
  CHECK(found->multipliers[0] == 1);
  CHECK(found->multipliers[1] == 0);
  CHECK(found->gaps[1] == 2);
  CHECK(found->residuals.distance < 1e-14);
  Q << 1, -1, -1, 1;  // b·q ≥ 1 and −b·q ≥ 1
  CHECK_FALSE(hard_margin(Q));
}

TEST_CASE("without signal the length of q* has an exact law at any d", "[limit_direction][long]") {
  // k = n(T − 1) constraints in d dimensions: n(T−1)/T over σ²‖q*‖² is χ² with d − k + 1 degrees of freedom.
  RunConfig config = gram_config(2, 3, 300, "1e-9");
  std::vector<double> lengths;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    config.seed = seed;
    const Run<double> run(config, QNorm::not_needed);
    const auto found = limit_direction(run.frame(), {0, 0});
    REQUIRE(found);
    REQUIRE(found->solution.iterations == 0);
    lengths.push_back(2 * 2.0 / 3 / *found->q_norm2);
  }
  tests::require_chi_squared("length", lengths, 300 - 4 + 1);
}

TEST_CASE("a flow of p is q* log s + q~", "[limit_direction]") {
  const RunConfig config = gram_config(4, 3, 1'000'000'000'000, "200000");
  double before = 0;
  for (const double log_s : {18.0, 24.0, 30.0}) {
    const auto [frame, seen] = late(config, log_s);
    const auto selected = largest_logits(frame.samples, seen.readout.logits);
    CHECK(selected == best_by_value(frame.samples));
    const auto limit = limit_direction(frame, selected);
    REQUIRE(limit);
    REQUIRE(limit->solution.multipliers.minCoeff() > 0);
    const Vector<double> offsets = gap_offsets(frame.samples, *limit);
    const Vector<double> rest =
        selection_gaps(selected, 3, seen.readout.logits) - log_s * limit->solution.gaps - offsets;
    const double off = norm_of_gaps(frame, selected, rest) / norm_of_gaps(frame, selected, offsets);
    INFO("log s = " << log_s << ": " << off << " of |q~|");
    // 1/T as d → ∞ and n SNR² → 0; here n SNR² = 0.16.
    const double rate = slowest_rate(frame, *limit);
    CHECK(rate == Approx(1.0 / 3).epsilon(0.06));
    CHECK(off < std::exp(-rate * log_s));
    if (before > 0) CHECK(std::log(before / off) / 6 == Approx(rate).epsilon(0.1));
    before = off;
  }
}

TEST_CASE("from p0 = 0 the slow approach is of the size of n SNR^2", "[limit_direction]") {
  // At K̂ = I, e^{−a_{i,t}} stays affine in v_t, so that losing tokens are equal up to O(1/s); s^{−1/T} comes with x.
  double before = 0;
  for (const char* mu : {"200", "2000", "20000"}) {
    const RunConfig config = gram_config(4, 6, 1'000'000'000'000, mu);
    const auto [frame, seen] = late(config, 20);
    const auto selected = largest_logits(frame.samples, seen.readout.logits);
    const auto limit = limit_direction(frame, selected);
    REQUIRE(limit);
    const Vector<double> offsets = gap_offsets(frame.samples, *limit);
    const Vector<double> rest = selection_gaps(selected, 6, seen.readout.logits) - 20 * limit->solution.gaps - offsets;
    const double off = norm_of_gaps(frame, selected, rest) / norm_of_gaps(frame, selected, offsets);
    INFO("n SNR^2 = " << theory::n_snr2(config.parameters) << ": " << off << " of |q~|");
    CHECK(off < 2 * theory::n_snr2(config.parameters) * std::exp(-20.0 / 6) + 1e-5);
    if (std::string(mu) == "20000") CHECK(off > 20 * before);
    before = off;
  }
}

TEST_CASE("W's training adds to late gaps what balance says", "[limit_direction]") {
  // Y from 0.2 to 5, for W₀ = I and for a random one.
  for (const auto init : {theory::Init::identity, theory::Init::gaussian}) {
    RunConfig config = gram_config(8, 4, 10'000, "6");
    config.parameters.init = init;
    for (const double log_s : {30.0, 100.0, 200.0}) {
      const auto [frame, seen] = late(config, log_s);
      const auto selected = largest_logits(frame.samples, seen.readout.logits);
      const auto limit = limit_direction(frame, selected);
      REQUIRE(limit);
      REQUIRE(limit->solution.multipliers.minCoeff() > 0);
      const auto scale = [&](const Vector<double>& gaps) {
        return gaps.dot(limit->solution.multipliers) / limit->solution.norm2;
      };
      const double gap = scale(selection_gaps(selected, 4, seen.readout.logits));
      const double Y = theory::training_of_W(config.parameters, gap, limit->solution.norm2);
      const double predicted = log_s + scale(gap_offsets(frame.samples, *limit)) + theory::extra_gap(Y, gap);
      INFO("log s = " << log_s << ", Y = " << Y << ": gap " << gap << ", predicted " << predicted);
      CHECK(std::abs(gap - predicted) < 2 / log_s);
    }
  }
}

TEST_CASE("of all selections the one that misfits noisy samples is the shortest", "[limit_direction]") {
  // At d = ∞: σ²d‖q*‖² = n(T−1)/T − SNR² b·A falls as more samples select their relevant token.
  const std::vector<int> classes = {1, 1, -1, -1};
  const Index T = 4;
  auto frame = infinite_frame(classes, T, 0.1, 0.05);
  double least = HUGE_VAL;
  Selected shortest;
  for (int code = 0; code < 256; ++code) {
    const Selected selected = {code % 4, code / 4 % 4, code / 16 % 4, code / 64};
    const auto found = limit_direction(frame, selected);
    REQUIRE(found);
    if (found->solution.norm2 < least) least = found->solution.norm2, shortest = selected;
  }
  CHECK(shortest == Selected{0, 0, 0, 0});
  // A flipped sample that selects token 3 is at its own optimum by value, and one swap away from a shorter q*.
  frame.noisy[0] = true;
  frame.samples.labels[0] = -1;
  for (Index i = 0; i < 4; ++i)
    for (Index t = 0; t < 3; ++t)
      frame.samples.values[i * T + t] = (t == 0 ? 1 : t == 1 ? 0.1 : -0.1) * classes[static_cast<std::size_t>(i)];
  const auto memorised = limit_direction(frame, best_by_value(frame.samples));
  REQUIRE(memorised);
  CHECK(memorised->selected == Selected{2, 0, 0, 0});
  CHECK(advantage(frame.samples, *memorised).global == Approx(0.1));
  const auto swap = best_swap(frame, *memorised, Swapped::noisy);
  REQUIRE(swap);
  CHECK(swap->token == 0);
  CHECK(swap->norm2 == Approx(least / memorised->solution.norm2).epsilon(1e-12));
  CHECK(swap->norm2 < 1);
  // Held at its relevant token, it would gain by every other one.
  CHECK(advantage(frame.samples, *limit_direction(frame, {0, 0, 0, 0})).local < 0);
}

TEST_CASE("a draw's error at infinite time does not know W0", "[infinite_time]") {
  RunConfig config;
  config.parameters.n = 8, config.parameters.T = 4, config.parameters.d = 500;
  const auto uniform = infinite_time(config);
  config.parameters.init = theory::Init::identity;
  const auto identity = infinite_time(config);
  REQUIRE(uniform);
  REQUIRE(identity);
  CHECK(uniform->error == identity->error);
  CHECK(uniform->limit.solution.residuals.distance < 1e-10);
}
