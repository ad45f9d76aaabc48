// How the finite system tends to its limit: one correction at a time, with its order.

#include "tests/support/compare.hpp"
#include "tests/support/ideal_frame.hpp"
#include "sim/routes/flow.hpp"
#include "sim/routes/limit.hpp"
#include "sim/runs/simulate.hpp"
#include "theory/laws/regime.hpp"

using namespace benign;
using namespace benign::sim;
using benign::tests::relative_difference;
using theory::Decimal;

namespace {

constexpr double u = 6;  // between fitting and generalisation

/// n SNR² = 0.5 at any d, which makes ‖μ‖/σ = √(d/(2n)).
RunConfig config_at(long d, std::uint64_t seed) {
  RunConfig config;
  config.data = DataKind::gram;
  config.seed = seed;
  auto& p = config.parameters;
  p.n = 10, p.T = 4, p.d = d;
  p.init = theory::Init::identity;
  p.mu = *Decimal::parse(tests::digits(std::sqrt(static_cast<double>(d) / 20)));
  return config;
}

Vector<double> logits(const Instance& instance, const Frame<double>& frame, Train train = Train::p) {
  const auto route = make_route<double>(RouteKind::coefficients, instance, &frame, train);
  return route->read(flow_to(*route, u, 1e-11)).logits;
}

/// A draw, the same draw without noise overlaps or noise in its values, and the limit's logits.
struct Finite {
  Run<double> run;
  Frame<double> ideal;
  Vector<double> limit;

  explicit Finite(const RunConfig& config)
      : run(config, QNorm::not_needed),
        ideal(tests::ideal_frame<double>(noiseless_samples<double>(run.instance()),
                                         tests::coordinates<double>(run.instance()), 0.05,
                                         config.parameters.mu.as<double>())) {
    const LimitSystem<double> system(run.instance());
    limit = system.read(flow_to<double>(system, u, 1e-11)).logits;
  }
  double distance(const Frame<double>& frame, Train train = Train::p) const {
    return relative_difference(logits(run.instance(), frame, train), limit);
  }
};

/// The root mean square over draws of the distance from the limit of the frame that `make` builds from a draw.
template <class Make>
double rms_distance(long d, const Make& make) {
  constexpr int draws = 6;
  double sum = 0;
  for (int seed = 1; seed <= draws; ++seed) {
    const Finite draw(config_at(d, static_cast<std::uint64_t>(seed)));
    const double distance = draw.distance(make(draw));
    sum += distance * distance;
  }
  return std::sqrt(sum / draws);
}

template <class Make>
void check_order(const char* what, double expected, const Make& make) {
  double last = 0;
  for (const long d : {1'000'000L, 100'000'000L, 10'000'000'000L}) {
    const double distance = rms_distance(d, make), order = std::log(distance / last) / std::log(100.0);
    INFO(what << " at d = " << d << ": " << distance << ", order " << order);
    if (last > 0) CHECK(order == Approx(expected).margin(0.03));
    last = distance;
  }
  CHECK(last < 1e-3);
}

}  // namespace

TEST_CASE("noise overlaps leave the limit like d^(-1/2)", "[limit]") {
  check_order("K and H of a draw", -0.5, [](const Finite& draw) {
    Frame<double> frame = draw.run.frame();
    frame.samples = draw.ideal.samples;
    return frame;
  });
}

TEST_CASE("noise in the values leaves the limit like sigma/|mu|", "[limit]") {
  // |mu|/sigma grows like √d here.
  check_order("values of a draw", -0.5, [](const Finite& draw) {
    Frame<double> frame = draw.ideal;
    frame.samples = draw.run.frame().samples;
    return frame;
  });
}

TEST_CASE("the finite system tends to the limit", "[limit]") {
  check_order("a draw", -0.5, [](const Finite& draw) { return draw.run.frame(); });
}

TEST_CASE("training W beside p leaves the limit like epsilon", "[limit]") {
  const Finite draw(config_at(1'000'000, 1));
  CHECK(draw.distance(draw.ideal) < 1e-9);
  double last = 0;
  for (const double epsilon : {1e-3, 1e-4, 1e-5, 1e-6}) {
    Frame<double> frame = draw.ideal;
    auto& [kappa, token_norm2, tau0, epsilon_of_frame, step] = frame.scales;
    kappa = 1 / std::sqrt(epsilon * token_norm2), epsilon_of_frame = epsilon;
    tau0 = static_cast<double>(frame.samples.n) / (kappa * token_norm2);
    const double distance = draw.distance(frame, Train::W_and_p);
    INFO("epsilon " << epsilon << ": " << distance);
    if (last > 0) CHECK(std::abs(last / distance / 10 - 1) < 2500 * epsilon);
    last = distance;
  }
}
