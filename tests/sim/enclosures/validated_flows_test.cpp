// Validated flows and limits by low orders and long steps, where a missing piece shows, against runs in 50 and 100 digits.

#include "tests/support/random_input.hpp"
#include "sim/routes/coefficients.hpp"
#include "sim/enclosures/flow/enclosed_flow.hpp"
#include "sim/enclosures/enclosed_limit.hpp"
#include "sim/integrators/exact_clock.hpp"
#include "sim/routes/flow.hpp"
#include "sim/enclosures/flow/flow_expansion.hpp"
#include "sim/runs/simulate.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using sim::StepSeries;

namespace {

bool meet(const Enclosure& x, const Enclosure& y) { return !certainly_less(x, y) && !certainly_less(y, x); }

}  // namespace

namespace {

sim::RunConfig small_flow(tests::RandomInput& draw) {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 2 * draw.whole(1, 2), p.T = p.n == 2 ? draw.whole(3, 5) : 3, p.d = draw.whole(p.tokens() + 4, 40);
  p.mu = theory::Decimal(std::to_string(draw.dyadic(0.5, 4)));
  p.rho = theory::Decimal(std::to_string(draw.dyadic(0, 0.4)));
  p.eta = theory::Decimal(std::to_string(draw.dyadic(0, 0.5)));
  p.init = draw.whole(0, 1) ? theory::Init::identity : theory::Init::uniform;
  config.seed = static_cast<std::uint64_t>(draw.whole(1, 1000));
  config.flow = true;
  // About s = 1 in natural time: τ = s n/(κσ²d).
  const double kappa = p.init == theory::Init::identity ? 1 : 1.0 / 3;
  const double tau = draw.dyadic(0.5, 1.5) * static_cast<double>(p.n) / (kappa * static_cast<double>(p.d));
  config.tau_max = theory::Decimal(std::to_string(std::max(tau, 0.001)));
  return config;
}

/// The number that a thin enclosure is.
template <class Real>
Real exactly(const Enclosure& x) {
  REQUIRE(mpfr_equal_p(x.left(), x.right()));
  Real number(0);
  mpfr_set(number.backend().data(), x.left(), MPFR_RNDN);
  return number;
}

/// The flow at the configuration's end, as accurate as its Real deserves.
template <class Real>
struct Truth {
  explicit Truth(const sim::RunConfig& config) : run(config) {
    state = sim::flow_to(run.route(), sim::horizon<Real>(config), sim::default_tolerance<Real>());
    N = run.frame().tokens();
  }
  Real Phi(Index i, Index j) const { return state[j * N + i]; }

  sim::Run<Real> run;
  Vector<Real> state;
  Index N;
};

/// How many of the logits lie outside of their enclosures, and one more where the flow is further from the exact numbers than
/// it is said to be: ‖(W, p) − (W̃, p̃)‖² κσ²d = ε tr(ΔΦ̂ᵀK̂ΔΦ̂Ĥ) + Δâ·ĤΔâ.
template <class Real>
long outside(const sim::EnclosedFlowEnd& found, const Truth<Real>& truth) {
  constexpr double own_error = 1e-27;
  const auto& frame = truth.run.frame();
  const auto logits = truth.run.route().read(truth.state).logits;
  const Index N = truth.N;
  long count = 0;
  for (Index k = 0; k < N; ++k)
    count += !contains(found.moment->readout.logits[k] + enclosure(-own_error, own_error), logits[k]);
  Matrix<Real> off(N, N);
  Vector<Real> off_a(N);
  for (Index j = 0; j < N; ++j) {
    off_a[j] = truth.state[N * N + j] - exactly<Real>(found.a[j]);
    for (Index i = 0; i < N; ++i) off(i, j) = truth.Phi(i, j) - exactly<Real>(found.Phi(i, j));
  }
  const Matrix<Real> K = frame.K.topRows(N), H = frame.H.topRows(N);
  const Real by_W = (off.transpose() * (K * off) * H).trace() * frame.scales.epsilon, by_p = off_a.dot(H * off_a),
             distance = sqrt(by_W + by_p);
  return count + !(distance <= Real(found.distance) + Real(own_error));
}

template <class Real>
void check_flows(int count) {
  tests::RandomInput draw(21);
  long missed = 0, ended = 0;
  for (int trial = 0; trial < count; ++trial) {
    const auto config = small_flow(draw);
    const Truth<Real> truth(config);
    const sim::ExactInstance exact(config);
    // High order; and low orders with steps as long as Picard's boxes allow, whose remainders are what counts.
    const std::size_t low = static_cast<std::size_t>(draw.whole(1, 3));
    for (const auto& taylor : {sim::TaylorSteps{0, 16, 0}, sim::TaylorSteps{1e-4, low, 0x1p-8}}) {
      const WorkingPrecision precision(taylor.order == 16 ? 112 : 64);
      const auto found = sim::enclose_flow(exact, {}, taylor);
      if (!found.moment) continue;
      ++ended;
      missed += outside(found, truth);
    }
  }
  CHECK(missed == 0);
  CHECK(ended > count);
}

}  // namespace

TEST_CASE("enclosed flows of any order contain logits and weights in 50 digits: 5 instances", "[validated]") {
  check_flows<mp50>(5);
}
TEST_CASE("enclosed flows of any order contain logits and weights in 100 digits: 200 instances", "[validated][long]") {
  check_flows<mp100>(200);
}

TEST_CASE("short steps of first order contain weights in 50 digits", "[validated]") {
  // What a step leaves out of ĝ is h ĝ₁: in Φ̂ it makes an error of the order s²h of all steps together, where the width
  // of â, s h, makes one of the order sh² + s³h. So it shows where the time s is short and a step far shorter. At s = 1
  // the width hides it.
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    tests::RandomInput draw(seed);
    auto config = small_flow(draw);
    auto& p = config.parameters;
    p.n = 2, p.T = 3, p.d = 16, p.init = theory::Init::identity;      // τ₀ = n/d
    config.seed = seed, config.tau_max = theory::Decimal("0.00125");  // s = 0.01
    const Truth<mp50> truth(config);
    const WorkingPrecision precision(64);
    const auto found = sim::enclose_flow(sim::ExactInstance(config), {}, {8e-6, 1, 0x1p-13});
    REQUIRE(found.moment);
    CHECK(found.steps > 50);
    CHECK(outside(found, truth) == 0);
  }
}

namespace {

/// One time reached by any steps, and events seen from any horizon, have enclosures that meet. Large steps of a low
/// order may end with a box that is too wide, as they should, before they see the event; most must not.
void check_times(int count) {
  tests::RandomInput draw(33);
  const WorkingPrecision precision(64);
  theory::Parameters limit;
  limit.d = 2'000'000, limit.mu = theory::Decimal("100");
  std::optional<Enclosure> fit;
  long apart = 0, stopped = 0;
  for (int trial = 0; trial < count; ++trial) {
    const std::string horizon = std::to_string(4.72 + 1e-6 * static_cast<double>(draw.whole(0, 20'000)));
    const sim::TaylorSteps steps{0, static_cast<std::size_t>(draw.whole(10, 18)), std::ldexp(draw.dyadic(1, 60), -9)};
    const auto events = sim::enclose_limit_flow(limit, theory::Decimal(horizon), {}, steps);
    INFO(horizon << " " << events.stopped);
    if (events.fit.log_s) {
      if (fit) apart += !meet(*fit, *events.fit.log_s);
      fit = events.fit.log_s;
      CHECK(contains(*fit + enclosure(-1e-12, 1e-12), Enclosure("4.7116473769006111")));
    } else {
      CHECK(!events.stopped.empty());
      ++stopped;
    }

    auto config = small_flow(draw);
    config.parameters.n = 2, config.parameters.T = 3;
    config.tau_max = theory::Decimal(std::to_string(0.01 + 1e-6 * static_cast<double>(draw.whole(0, 20'000))));
    const sim::ExactInstance exact(config);
    const auto one = sim::enclose_flow(exact),
               other = sim::enclose_flow(exact, {}, {0, 12, std::ldexp(draw.dyadic(1, 60), -9)});
    REQUIRE((one.moment && other.moment));
    for (Index k = 0; k < one.moment->readout.logits.size(); ++k)
      apart += !meet(one.moment->readout.logits[k], other.moment->readout.logits[k]);
  }
  CHECK(apart == 0);
  CHECK(2 * stopped < count);
}

}  // namespace

TEST_CASE("times are exact: any horizon and any steps, 10 draws", "[validated]") { check_times(10); }
TEST_CASE("times are exact: any horizon and any steps, 200 draws", "[validated][long]") { check_times(200); }

TEST_CASE("a step of descent is one number in either unit of time", "[validated]") {
  tests::RandomInput draw(3);
  const WorkingPrecision precision(96);
  for (int trial = 0; trial < 5; ++trial) {
    auto config = small_flow(draw);
    config.flow = false;
    config.parameters.init = theory::Init::identity;  // τ₀ = n/d
    config.parameters.d = 32, config.parameters.n = 4, config.parameters.T = 4, config.parameters.steps = 20;
    config.parameters.lr = theory::Decimal("0.0375");
    auto in_tau0 = config;
    in_tau0.parameters.lr = theory::Decimal("0.3"), in_tau0.parameters.lr_unit = theory::LrUnit::tau0;
    std::vector<Enclosure> losses;
    for (const auto& one : {config, in_tau0})
      CHECK(sim::enclose_descent(sim::ExactInstance(one), {20},
                                 [&](const sim::EnclosedMoment& m) { losses.push_back(m.loss); }));
    REQUIRE(losses.size() == 2);
    CHECK(meet(losses[0], losses[1]));
    CHECK(width(losses[0]) < 1e-20);
  }
}

TEST_CASE("the range of a step of the limit holds the limit in 50 digits", "[validated]") {
  sim::RunConfig config;
  config.route = sim::RouteKind::limit, config.flow = true;
  config.parameters.d = 2'000'000, config.parameters.mu = theory::Decimal("100");
  const sim::Run<mp50> run(config);
  constexpr Index scalar[] = {1, 2, 3, 4, 5, 7};  // all but the pivots', of two groups of four kinds
  const WorkingPrecision precision(80);
  const sim::LimitSeries flow(config.parameters);
  sim::LimitSeries::Box start;
  start.fill(Enclosure(0));
  const auto at = flow.expand(start, Enclosure(0), 1);
  int found = 0;
  for (const double h : {0.03125, 0.0625, 0.25, 0.5, 1.0, 2.0, 4.0}) {
    const auto range = sim::limit_range(flow, start, at, enclosure(0, h), h);
    if (!range) continue;
    ++found;
    INFO("h = " << h);
    // Picard's inclusion, evaluated here once more.
    const auto rates = flow.expand(*range, enclosure(0, h), 0);
    for (std::size_t i = 0; i < 6; ++i) CHECK(contains((*range)[i], start[i] + enclosure(0, h) * rates.a[i][1]));
    for (const double part : {0.25, 0.5, 0.75, 1.0}) {
      const Vector<mp50> truth = sim::flow_to(run.route(), mp50(part * h), 1e-20);
      for (std::size_t i = 0; i < 6; ++i) CHECK(contains((*range)[i], mp50(truth[scalar[i]])));
    }
  }
  CHECK(found >= 2);
}

TEST_CASE("the limit by low orders contains the limit in 50 digits", "[validated]") {
  sim::RunConfig config;
  config.route = sim::RouteKind::limit, config.flow = true;
  config.parameters.d = 2'000'000, config.parameters.mu = theory::Decimal("100");
  const sim::Run<mp50> run(config);
  constexpr Index scalar[] = {1, 2, 3, 4, 5, 7};
  for (const std::size_t order : {1, 2, 3}) {
    const WorkingPrecision precision(80);
    const auto found =
        sim::enclose_limit_flow(config.parameters, theory::Decimal("-2"), {}, {1e-3, order, std::ldexp(1.0, -5)});
    INFO("order " << order << ": " << found.stopped << " at u = " << found.u);
    REQUIRE(found.u > 0);
    const Vector<mp50> truth = sim::flow_to(run.route(), mp50(found.u), 1e-35);
    for (std::size_t i = 0; i < 6; ++i)
      CHECK(contains(found.state[i] + enclosure(-1e-25, 1e-25), mp50(truth[scalar[i]])));
  }
}

TEST_CASE("the range of a step of an instance holds its flow in 50 digits", "[validated]") {
  tests::RandomInput draw(77);
  const WorkingPrecision precision(80);
  int found = 0;
  for (int trial = 0; trial < 4; ++trial) {
    auto config = small_flow(draw);
    config.parameters.n = 2, config.parameters.T = 16, config.parameters.d = 40;  // rates that may grow fourfold
    const sim::ExactInstance exact(config);
    const sim::Run<mp50> run(config);
    const Index N = run.frame().tokens();
    const auto frame = exact.exact.frame();
    const sim::FlowSystem system(frame);
    const sim::Column start = sim::Column::Zero(N);
    const sim::FlowMatrix Phi(Matrix<Enclosure>::Zero(N, N));
    for (const std::size_t p : {1, 3, 12}) {
      const auto at = sim::expand(system, start, {Phi}, p);
      for (const double h : {0.0625, 0.25, 0.5, 4.0, 16.0, 32.0}) {
        const auto over = sim::expand_over(system, Phi, at, Enclosure(h), p);
        if (!over) continue;
        ++found;
        for (const double part : {0.5, 1.0}) {
          const Vector<mp50> truth = sim::flow_to(run.route(), sim::u_of_s(mp50(part * h)), 1e-15);
          const Vector<mp50> g = theory::gradient(run.frame().samples, run.route().read(truth).logits);
          long beyond = 0;
          for (Index k = 0; k < N; ++k)  // â follows Φ̂
            beyond += !contains(over->range.a[k], mp50(truth[N * N + k])) + !contains(over->range.g[k], g[k]);
          CHECK(beyond == 0);
        }
      }
    }
  }
  CHECK(found >= 9);
}
