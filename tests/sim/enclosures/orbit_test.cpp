// A descent enclosed by an orbit near it: the growth of a step against the whole Hessian in d dimensions, and the
// enclosures against 100 digits.

#include "sim/enclosures/orbit.hpp"
#include "sim/runs/method.hpp"
#include "tests/support/dense_hessian.hpp"
#include "tests/support/random_input.hpp"
#include "tests/support/unstable_run.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::sim;
using tests::orbit_test_bits;
using tests::unstable;
using theory::Decimal;

TEST_CASE("no step drives two states further apart than is said", "[orbit]") {
  struct Setting {
    RunConfig config;
    int steps;
  };
  double sharpest = 0;
  for (const auto& [config, steps] : {Setting{unstable("5", "0.01", "0.5"), 40},
                                      {unstable("5", "0.2", "0"), 25},
                                      {unstable("12", "0.3", "0"), 30},
                                      {unstable("3", "2", "0.3"), 12},
                                      {unstable("5", "0.5", "0.5", Train::p), 30},
                                      {unstable("5", "0.5", "0.5", Train::W), 30}}) {
    const WorkingPrecision precision(orbit_test_bits);
    tests::TwoRuns runs(config);
    const ExactInstance exact(config);
    const Frame<Enclosure> frame = exact.exact.frame();
    Orbit<mp50> orbit(exact, frame);
    for (int step = 0; step <= steps; ++step) {
      const auto eigenvalues = runs.eigenvalues();
      const double h = runs.step(), largest = (1 - h * eigenvalues.array()).abs().maxCoeff(),
                   found = orbit.growth().value();
      INFO("mu " << config.parameters.mu.text() << ", step " << step << ": at least " << largest << ", bound "
                 << found);
      CHECK(found >= largest * (1 - 1e-8));  // differences have eight digits
      CHECK(found >= 1);
      if (found > 1.02) CHECK(found - 1 <= 3 * (largest - 1));  // where it matters
      if (largest > 1.001) sharpest = std::max(sharpest, (largest - 1) / (found - 1));
      runs.advance(step), orbit.advance(step);
    }
  }
  CHECK(sharpest > 0.95);
}

TEST_CASE("far from any descent the growth of a step is bounded too", "[orbit]") {
  tests::RandomInput draw(70);
  for (int repetition = 0; repetition < 12; ++repetition) {
    const WorkingPrecision precision(orbit_test_bits);
    const double size = draw.log_between(0.1, 3);  // of what W has learned, beside W₀
    tests::TwoRuns runs(unstable("5", "0.5", "0"));
    const ExactInstance exact(runs.reduced().config());
    const Frame<Enclosure> frame = exact.exact.frame();
    const Index N = frame.tokens(), d = 14;
    const auto normal = [&](Index rows, Index cols) {
      return Matrix<double>(Matrix<double>::NullaryExpr(rows, cols, [&] { return draw.between(-1, 1); }));
    };
    Matrix<double> Phi = normal(N, N);
    Vector<double> a = normal(N, 1) * draw.between(0.1, 3);
    const double epsilon = representative(frame.scales.epsilon),
                 unit = representative(frame.scales.kappa * frame.scales.token_norm2);
    const Matrix<double> K = runs.reduced().frame().K.topRows(N), H = runs.reduced().frame().H.topRows(N);
    Phi *= size / (epsilon * (K * Phi).norm());

    // The same state in d dimensions: W = W₀ + SᵀΦM₀, p = M₀ᵀa in units of (κσ²d)² and κσ²d.
    const Matrix<double> S = runs.direct().instance().train.tokens;
    Eigen::Map<Matrix<double>> W(runs.state.data(), d, d);
    const Matrix<double> M = S * W;
    runs.state.tail(d) = M.transpose() * a / unit;
    W += S.transpose() * Phi * M / (unit * unit);

    const Vector<double> b = H * a, logits = b + K * (epsilon * (Phi * b));
    StateInDouble state;
    state.Phi = Phi, state.Phi_norm = Upward(Phi.norm() * (1 + 1e-12));
    state.r = Upward(epsilon * a.dot(b) * (1 + 1e-12));
    for (Index i = 0; i < 4; ++i)
      state.responses.push_back(LoneSample(frame.samples, i).respond(logits.segment(3 * i, 3).unaryExpr([](double x) {
        return Enclosure(x);
      })));
    for (const double h : {1e-3, 1.0}) {  // the curvature from below, and from above
      const DescentGrowth of_step(frame.K.topRows(N), frame.H.topRows(N), frame.scales.epsilon, Enclosure(h),
                                  Train::W_and_p);
      const double largest = (1 - h * runs.eigenvalues().array()).abs().maxCoeff(),
                   found = of_step.bound(state, Upward(0)).value();
      INFO("W learned " << size << ", step " << h << ": " << largest << ", bound " << found);
      CHECK(found >= largest * (1 - 1e-7));
      CHECK(found - 1 <= 5 * (largest - 1));
      CHECK(of_step.bound(state, Upward(1e-3)).value() >= found);
    }
  }
}

TEST_CASE("a sample's answers to logits near by are within what is said", "[orbit]") {
  const WorkingPrecision precision(orbit_test_bits);
  tests::RandomInput draw(74);
  double nearest_s = 0, nearest_g = 0, nearest_f = 0;
  for (int repetition = 0; repetition < 400; ++repetition) {
    const Index T = draw.whole(2, 6);
    theory::Samples<Enclosure> sample{1, T, Vector<Enclosure>(T), {draw.one_in(2) ? 1 : -1}};
    Vector<Enclosure> logits(T), near(T);
    Vector<double> direction(T);
    for (Index t = 0; t < T; ++t) {
      sample.values[t] = Enclosure(draw.between(-1, 1)), logits[t] = Enclosure(draw.between(-2, 2));
      direction[t] = draw.between(-1, 1);
    }
    if (repetition % 4 == 0) {  // two tokens of one attention and the most unlike values: the bounds are reached there
      logits = Vector<Enclosure>::Constant(T, Enclosure(-40)), direction.setZero();
      logits[0] = logits[1] = Enclosure(0), sample.values[0] = Enclosure(1), sample.values[1] = Enclosure(-1);
      direction[0] = 1, direction[1] = -1;
    }
    double radius = draw.log_between(1e-6, 1e-2);
    if (repetition % 4 == 1) {  // nearly all attention on one token, and so far away that another has it
      logits = Vector<Enclosure>::Constant(T, Enclosure(-8)), direction.setZero();
      logits[0] = Enclosure(0), direction[0] = -1, direction[1] = 1;
      radius = draw.between(4, 8);
    }
    for (Index t = 0; t < T; ++t)
      near[t] = logits[t] + Enclosure(radius / direction.norm() * direction[t]) * Enclosure(1 - 0x1p-40);
    const LoneSample alone(sample);
    const Response at = alone.respond(logits), all = at.within(Upward(radius)), there = alone.respond(near);
    const auto held = [&](const Enclosure& wide, const Enclosure& middle, const Enclosure& found, double& nearest) {
      CHECK(contains(wide, found));
      nearest = std::max(nearest, std::abs(representative(found - middle)) / (width(wide) / 2));
    };
    for (Index t = 0; t < T; ++t) {
      held(all.attention[t], at.attention[t], there.attention[t], nearest_s);
      held(all.gradient[t], at.gradient[t], there.gradient[t], nearest_g);
    }
    held(all.output, at.output, there.output, nearest_f);
  }
  CHECK(nearest_s > 0.7);  // 1/√2 of two tokens alike
  CHECK(nearest_f > 0.7);
  CHECK(nearest_g > 0.1);
}

namespace {

/// How many numbers of a run in 100 digits lie outside of what the orbit says, at any step; the widest logit.
long outside(const RunConfig& config, double& widest) {
  const Run<mp100> run(config);
  auto descent = sim::descent(run);
  const ExactInstance exact(config);
  const WorkingPrecision precision(orbit_test_bits);
  const Frame<Enclosure> frame = exact.exact.frame();
  Orbit<mp50> orbit(exact, frame);
  long count = 0;
  sim::train(descent, config.parameters.steps, [&](long step) {
    if (step > 0) orbit.advance(step);
    const auto truth = run.route().read(descent.state());
    const auto found = orbit.read();
    for (Index k = 0; k < truth.logits.size(); ++k) {
      count += !contains(found.logits[k], truth.logits[k]);
      widest = std::max(widest, width(found.logits[k]));
    }
    count += !contains(found.mu_plus_q, truth.mu_plus_q) + !contains(found.mu_minus_q, truth.mu_minus_q) +
             !contains(*found.q_norm2, *truth.q_norm2);
  });
  return count;
}

}  // namespace

TEST_CASE("orbits enclose descents of 100 digits, whatever is trained and from wherever", "[orbit]") {
  for (const char* init : {"uniform", "gaussian", "identity"})
    for (const char* sigma_p : {"0", "0.4"})
      for (const Train train : {Train::W_and_p, Train::p, Train::W}) {
        RunConfig config = unstable("6", "0.3", sigma_p, train);
        auto& p = config.parameters;
        p.init = *init == 'u' ? theory::Init::uniform : *init == 'g' ? theory::Init::gaussian : theory::Init::identity;
        if (p.init != theory::Init::gaussian) p.sigma_w.reset();
        p.steps = 40;
        double widest = 0;
        CHECK(outside(config, widest) == 0);
        INFO(init << ", sigma_p " << sigma_p << ", " << static_cast<int>(train) << ": " << widest);
        CHECK(widest < 1e-36);
      }
}

TEST_CASE("orbits enclose descents of drawn inner products, from p0 = 0 and from elsewhere", "[orbit]") {
  for (const theory::Init init : {theory::Init::gaussian, theory::Init::identity})
    for (const char* sigma_p : {"0", "0.4"}) {
      RunConfig config = unstable("6", "0.3", sigma_p);
      config.data = DataKind::gram, config.parameters.init = init, config.parameters.steps = 40;
      if (init == theory::Init::identity) config.parameters.sigma_w.reset();
      double widest = 0;
      INFO((init == theory::Init::gaussian ? "gaussian" : "identity") << ", sigma_p " << sigma_p);
      CHECK(outside(config, widest) == 0);
      CHECK(widest < 1e-36);
    }
}

TEST_CASE("an orbit encloses a descent whose steps drive neighbours 24 digits apart", "[orbit]") {
  RunConfig config = unstable("20", "1", "0", Train::W_and_p, "0.01");
  config.seed = 1, config.parameters.steps = 100;
  double widest = 0;
  CHECK(outside(config, widest) == 0);
  CHECK(widest < 1e-15);
}

TEST_CASE("before the first step an orbit knows that q is zero", "[orbit]") {
  const ExactInstance exact(unstable("6", "0.3", "0"));
  for (const long digits : orbit_bits) {
    const WorkingPrecision precision(digits);
    enclose_descent(exact, {0}, [](const EnclosedMoment& moment) {
      CHECK(sign_of(*moment.readout.q_norm2) == Sign::zero);
      CHECK(sign_of(moment.readout.mu_plus_q) == Sign::zero);
      CHECK(sign_of(moment.readout.logits[0]) == Sign::zero);
    });
  }
}

TEST_CASE("an orbit starts at W0 and p0 themselves", "[orbit]") {
  const ExactInstance exact(unstable("6", "0.3", "0.4", Train::W));
  const WorkingPrecision precision(orbit_test_bits);
  const Frame<Enclosure> frame = exact.exact.frame();
  CHECK(Orbit<dd>(exact, frame).distance().value() == 0);
  CHECK(Orbit<mp50>(exact, frame).distance().value() == 0);
}

TEST_CASE("an orbit in 100 digits meets the one in 50", "[orbit]") {
  RunConfig config = unstable("6", "0.3", "0");
  config.parameters.steps = 60;
  const ExactInstance exact(config);
  std::vector<Enclosure> losses;
  for (const long digits : {orbit_bits[1], orbit_bits[2], 400L}) {  // the last by plain intervals
    const WorkingPrecision precision(digits);
    enclose_descent(exact, {60}, [&](const EnclosedMoment& moment) { losses.push_back(moment.loss); });
  }
  REQUIRE(losses.size() == 3);
  CHECK(contains(losses[0], losses[1]));
  CHECK(width(losses[1]) < 1e-80);
  CHECK(sign_of<Enclosure>(losses[1] - losses[2]) == Sign::unknown);
}

TEMPLATE_TEST_CASE("an orbit goes on from its record as if it had not been interrupted", "[orbit]", dd, mp50, mp100) {
  const WorkingPrecision precision(orbit_test_bits);
  const ExactInstance exact(unstable("5", "0.2", "0.5"));
  const Frame<Enclosure> frame = exact.exact.frame();
  Orbit<TestType> orbit(exact, frame), resumed(exact, frame);
  for (long step = 1; step <= 7; ++step) orbit.advance(step);
  const double before = orbit.distance().value();
  const EnclosedMoment unsettled = orbit.moment();
  orbit.settle();
  CHECK(orbit.distance().value() >= before);
  CHECK(sign_of<Enclosure>(orbit.moment().loss - unsettled.loss) == Sign::unknown);  // they have a number in common
  const Json record = Json::parse(orbit.record().dump());
  resumed.resume(record);
  CHECK(resumed.record() == record);
  for (long step = 8; step <= 12; ++step) orbit.advance(step), resumed.advance(step);
  CHECK(resumed.distance().value() == orbit.distance().value());
  orbit.settle(), resumed.settle();
  CHECK(resumed.record() == orbit.record());
  Json of_another = record;
  of_another["a"].push_back(of_another["a"][0]);
  CHECK_THROWS_AS(resumed.resume(of_another), std::invalid_argument);
}
