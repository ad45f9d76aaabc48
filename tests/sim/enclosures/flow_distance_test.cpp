// How far a flow is driven from one near it: the bounds that it is made of, and what a step makes of a distance, against flows
// in double that begin next to each other.

#include "tests/support/random_input.hpp"
#include "sim/enclosures/flow/enclosed_flow.hpp"
#include "sim/enclosures/flow/flow_distance.hpp"
#include "sim/routes/flow.hpp"
#include "sim/runs/simulate.hpp"
#include "theory/numbers/element.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace benign;

namespace {

struct OneSample {
  explicit OneSample(tests::RandomInput& draw) {
    const Index T = draw.whole(2, 6);
    logits.resize(T), values.resize(T);
    for (Index t = 0; t < T; ++t) logits[t] = draw.dyadic(-3, 3), values[t] = draw.dyadic(-2, 2);
    label = draw.whole(0, 1) ? 1 : -1;
  }
  mp50 loss(const Vector<double>& along, const mp50& x) const {
    mp50 weights = 0, answers = 0;
    for (Index t = 0; t < logits.size(); ++t) {
      const mp50 e = exp(logits[t] + x * along[t]);
      weights += e, answers += e * values[t];
    }
    return log1p(exp(-label * answers / weights));
  }

  Vector<double> logits, values;
  int label;
};

}  // namespace

TEST_CASE("the third and fourth derivatives of a sample's loss are within their bounds", "[flow_distance]") {
  tests::RandomInput draw(4);
  const WorkingPrecision precision(64);
  double nearest[2][2] = {};  // of attention anywhere, and of nearly all of it on one token
  long beyond = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const bool saturated = trial % 2 == 1;
    OneSample one(draw);
    if (saturated) one.logits[0] += draw.dyadic(7, 12);
    const Index T = one.logits.size();
    theory::Samples<Enclosure> alone{1, T, Vector<Enclosure>(T), {one.label}};
    Vector<Enclosure> logits(T);
    for (Index t = 0; t < T; ++t) alone.values[t] = Enclosure(one.values[t]), logits[t] = Enclosure(one.logits[t]);
    const auto bounds = sim::LoneSample(alone).respond(logits).derivative_norms();
    for (int direction = 0; direction < 6; ++direction) {
      Vector<double> u(T);
      for (Index t = 0; t < T; ++t) u[t] = draw.dyadic(-1, 1);
      if (direction < 2) u.setZero(), u[direction] = 1, u[T - 1] = -1;  // the widest range that a length has
      u.normalize();
      const mp50 h = 1e-6;  // central differences, off by some 1e-11
      const auto at = [&](int k) { return one.loss(u, k * h); };
      const mp50 third = (at(2) - 2 * at(1) + 2 * at(-1) - at(-2)) / (2 * h * h * h),
                 fourth = (at(2) - 4 * at(1) + 6 * at(0) - 4 * at(-1) + at(-2)) / (h * h * h * h);
      const double found[2] = {std::abs(static_cast<double>(third)), std::abs(static_cast<double>(fourth))};
      for (std::size_t k = 0; k < 2; ++k) {
        beyond += !(found[k] <= bounds[k + 1].value() * (1 + 1e-6) + 1e-9);
        nearest[saturated][k] = std::max(nearest[saturated][k], found[k] / bounds[k + 1].value());
      }
    }
  }
  CHECK(beyond == 0);
  for (const auto& [third, fourth] : nearest) {
    CHECK(third > 0.2);
    CHECK(fourth > 0.1);
  }
}

namespace {

/// Two flows of an instance in double, by Runge's and Kutta's steps of fourth order, and how far they are from each other.
class TwoFlows {
 public:
  explicit TwoFlows(const sim::RunConfig& config) : run_(config), N_(run_.frame().tokens()) {}

  Vector<double> state(const sim::FlowState& exact) const {
    Vector<double> x = run_.route().start();
    for (Index j = 0; j < N_; ++j)
      for (Index i = 0; i < N_; ++i) x[j * N_ + i] = representative(exact.Phi(i, j));
    for (Index j = 0; j < N_; ++j) x[N_ * N_ + j] = representative(exact.a[j]);
    return x;
  }
  Vector<double> after(Vector<double> x, double time) const {
    constexpr int steps = 200;
    const double h = time / steps;
    const auto rate = [&](const Vector<double>& y) {
      Vector<double> r(y.size());
      run_.route().flow(y, 0.0, r);
      return r;
    };
    for (int k = 0; k < steps; ++k) {
      const Vector<double> a = rate(x), b = rate(x + h / 2 * a), c = rate(x + h / 2 * b), d = rate(x + h * c);
      x += h / 6 * (a + 2 * b + 2 * c + d);
    }
    return x;
  }
  /// The largest difference of an output of two states over what is allowed of it, and of μ±·q.
  double read_apart(const Vector<double>& x, const Vector<double>& y, const sim::FlowDistance::Apart& allowed) const {
    const auto one = run_.route().read(x), other = run_.route().read(y);
    const Vector<double> off =
        sim::outputs_of(run_.frame().samples, one) - sim::outputs_of(run_.frame().samples, other);
    double most = std::max(std::abs(one.mu_plus_q - other.mu_plus_q) / allowed.X[0].value(),
                           std::abs(one.mu_minus_q - other.mu_minus_q) / allowed.X[1].value());
    for (Index i = 0; i < off.size(); ++i)
      most = std::max(most, std::abs(off[i]) / element(allowed.outputs, i).value());
    return most;
  }
  double distance(const Vector<double>& off) const {
    Matrix<double> Phi(N_, N_);
    for (Index j = 0; j < N_; ++j) Phi.col(j) = off.segment(j * N_, N_);
    const Vector<double> a = off.segment(N_ * N_, N_);
    const Matrix<double> K = run_.frame().K.topRows(N_), H = run_.frame().H.topRows(N_);
    return std::sqrt((Phi.transpose() * (K * Phi) * H).trace() * run_.frame().scales.epsilon + a.dot(H * a));
  }

 private:
  sim::Run<double> run_;
  Index N_;
};

}  // namespace

TEST_CASE("a step of a flow drives no state further away than it says, and the worst nearly as far",
          "[flow_distance]") {
  tests::RandomInput draw(11);
  const WorkingPrecision precision(80);
  double sharpest = 0, most_read = 0;
  for (int trial = 0; trial < 6; ++trial) {
    sim::RunConfig config;
    auto& p = config.parameters;
    p.n = 4, p.T = 3, p.d = 40, p.mu = theory::Decimal(std::to_string(draw.dyadic(1, 5)));
    p.init = theory::Init::identity, p.eta = theory::Decimal("0.25");
    config.flow = true, config.seed = static_cast<std::uint64_t>(draw.whole(1, 1000));
    config.tau_max = theory::Decimal(std::to_string(draw.dyadic(0.1, 1.5)));  // s is ten times as much
    const sim::ExactInstance exact(config);
    const sim::Frame<Enclosure> frame = exact.exact.frame();
    const auto begun = sim::enclose_flow(exact);
    REQUIRE(begun.moment);
    const sim::FlowState state{begun.a, begun.Phi};
    sim::FlowSystem system(frame);
    system.unit = trial % 2 == 0 ? 1 : 4;
    const auto step = sim::flow_step(system, state, Enclosure(1e6), 0.25 / system.unit, {1e-12, 14, 0});
    REQUIRE(step);
    const double h = step->h * step->unit;
    constexpr double apart = 1e-5;
    sim::FlowDistance distance(exact, frame);
    distance.widen(sim::Upward(apart));
    REQUIRE(distance.pass(state, *step));
    const double allowed = distance.value().value() / apart;
    const sim::FlowDistance::Apart read = distance.apart(state, *step);

    const TwoFlows flows(config);
    const Vector<double> from = flows.state(state), to = flows.after(from, h);
    double worst = 0;
    for (int start = 0; start < 3; ++start) {
      const Index N = state.a.size();
      Vector<double> off = Vector<double>::Zero(from.size());
      for (Index k = 0; k < N * N + N; ++k) off[k] = draw.dyadic(-1, 1);
      for (int turn = 0; turn < 60; ++turn) {  // towards the direction in which a step drives most apart
        off *= apart / flows.distance(off);
        off = flows.after(from + off, h) - to;
        worst = std::max(worst, flows.distance(off) / apart);
      }
      most_read = std::max(most_read, flows.read_apart(to + off, to, read));
    }
    INFO(config.seed << ": at most " << allowed << ", seen " << worst);
    CHECK(worst <= allowed + 1e-7);
    if (worst > 1) sharpest = std::max(sharpest, (worst - 1) / (allowed - 1));
  }
  CHECK(sharpest > 0.25);
  INFO("read apart: " << most_read);
  CHECK(most_read < 1);
  CHECK(most_read > 0.01);
}

TEST_CASE("the terms of a step hold the flow at its times, whatever their order", "[flow_distance]") {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 2, p.T = 3, p.d = 30, p.mu = theory::Decimal("3"), p.init = theory::Init::identity;
  config.flow = true, config.seed = 5;
  const sim::ExactInstance exact(config);
  const sim::Run<mp50> run(config);
  const WorkingPrecision precision(80);
  const sim::Frame<Enclosure> frame = exact.exact.frame();
  const Index N = frame.tokens();
  const sim::FlowState start{sim::Column::Zero(N), Matrix<Enclosure>::Zero(N, N)};
  // Orders, and units of time.
  for (const auto& [order, unit] : {std::pair<std::size_t, double>{1, 1}, {2, 1}, {3, 1}, {8, 1}, {3, 4}, {8, 0.25}}) {
    sim::FlowSystem system(frame, sim::QNorm::needed);
    system.unit = unit;
    const auto step = sim::flow_step(system, start, Enclosure(1e6), 0.25 / unit, {1, order, 0});
    REQUIRE(step);
    for (const double part : {0.25, 0.5, 1.0}) {
      const double t = part * step->h;
      const Vector<mp50> truth = sim::flow_to(run.route(), sim::u_of_s(mp50(t * unit)), 1e-30);
      const sim::Readout<mp50> read = run.route().read(truth);
      const Vector<mp50> l = read.logits, g = theory::gradient(run.frame().samples, l);
      Vector<mp50> margins = sim::outputs_of(run.frame().samples, read), X(sim::probes);
      for (Index i = 0; i < margins.size(); ++i) margins[i] *= element(run.frame().samples.labels, i);
      X << read.mu_plus_q, read.mu_minus_q;
      const auto holds = [&](const sim::Columns& terms, const Vector<mp50>& x, Index first) {
        const sim::Column at = sim::at_time(terms, Enclosure(t));
        long missed = 0;
        for (Index k = 0; k < at.size(); ++k) missed += !contains(at[k] + enclosure(-1e-22, 1e-22), x[first + k]);
        return missed == 0;
      };
      INFO("order " << order << " at " << t << " of " << step->h << " times " << unit);
      CHECK(holds(step->terms.a, truth, N * N));
      CHECK(holds(step->terms.l, l, 0));
      CHECK(holds(step->terms.g, g, 0));
      CHECK(holds(step->terms.margins, margins, 0));
      CHECK(holds(step->terms.X, X, 0));
      sim::Columns q_norm2;
      for (const Enclosure& term : step->terms.q_norm2) q_norm2.push_back(sim::Column::Constant(1, term));
      CHECK(holds(q_norm2, Vector<mp50>::Constant(1, *read.q_norm2), 0));
    }
  }
}
