// How often, and by how much, the truth lies outside of what is stated: each estimate of an error over random
// configurations, large steps and stiff ones among them, against runs of 50 or 100 digits. A few by default; the
// thousand of each kind, whose counts are in THEORY section 7.5, with the tag [long].

#include "tests/support/dense_hessian.hpp"
#include "tests/support/random_input.hpp"
#include "sim/late/limit_direction.hpp"
#include "sim/runs/method.hpp"
#include "sim/runs/sharpness.hpp"
#include "sim/runs/trajectory.hpp"
#include "theory/laws/rates.hpp"

#include <catch2/catch.hpp>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace benign;
using namespace benign::sim;
using theory::Decimal;

namespace {

Decimal decimal(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", x);
  return Decimal(text);
}

RunConfig random_instance(tests::RandomInput& draw) {
  RunConfig config;
  auto& p = config.parameters;
  p.n = 2 * draw.whole(1, 3), p.T = draw.whole(3, 5), p.d = draw.whole(8, 47);
  p.mu = decimal(draw.log_between(0.5, 60)), p.rho = decimal(draw.between(0, 0.4)),
  p.eta = decimal(draw.between(0, 0.5));
  p.init = draw.one_in(3) ? theory::Init::identity : draw.one_in(2) ? theory::Init::gaussian : theory::Init::uniform;
  if (p.init != theory::Init::identity && draw.one_in(2)) p.sigma_w = decimal(draw.log_between(0.02, 2));
  if (draw.one_in(3)) p.sigma_p = decimal(draw.between(0, 1));
  config.train = draw.one_in(4) ? Train::p : draw.one_in(6) ? Train::W : Train::W_and_p;
  config.seed = static_cast<std::uint64_t>(draw.whole(0, 999'999));
  return config;
}

/// Steps from far below to far beyond the limit of stability.
RunConfig random_descent(std::uint64_t seed) {
  tests::RandomInput draw(seed);
  RunConfig config = random_instance(draw);
  auto& p = config.parameters;
  p.steps = draw.whole(20, 219);
  const double strength = draw.one_in(4) ? 1 + theory::n_snr2(p) : 1;
  p.lr = decimal(theory::scales<double>(p).tau0 * draw.log_between(0.003, 3) / strength);
  return config;
}

RunConfig random_flow(std::uint64_t seed) {
  tests::RandomInput draw(seed);
  RunConfig config = random_instance(draw);
  config.flow = true;
  config.parameters.steps = draw.whole(10, 29);
  if (draw.one_in(2))
    config.log_s_max = decimal(draw.between(-1, draw.one_in(3) ? 40 : 8));
  else
    config.tau_max = decimal(draw.log_between(0.4, 50));
  return config;
}

template <class Real>
Vector<double> rounded(const Vector<Real>& x) {
  return x.unaryExpr([](const Real& y) { return representative(y); });
}

/// True errors over stated ones.
class Calibration {
 public:
  void look(double error, double stated, const std::string& where) {
    ratios_.push_back(error == 0 ? 0 : error / stated);
    if (ratios_.back() <= 1) return;
    UNSCOPED_INFO(where << ": error " << error << ", stated " << stated);
    ++outside_;
  }
  void miss(const std::string& where) {
    UNSCOPED_INFO(where);
    ++outside_;
  }
  /// None of the truths may lie outside.
  void judge(const char* what) {
    REQUIRE_FALSE(ratios_.empty());
    std::sort(ratios_.begin(), ratios_.end());
    const auto quantile = [&](double share) {
      return ratios_[static_cast<std::size_t>(share * static_cast<double>(ratios_.size() - 1))];
    };
    if (ratios_.size() >= 100)
      std::printf("%s: %zu, outside %ld; error over stated: median %.2g, 90%% %.2g, 99%% %.2g, largest %.2g\n", what,
                  ratios_.size(), outside_, quantile(0.5), quantile(0.9), quantile(0.99), ratios_.back()),
          std::fflush(stdout);
    CHECK(outside_ == 0);
  }

 private:
  std::vector<double> ratios_;
  long outside_ = 0;
};

std::string name(const char* kind, int k) { return std::string(kind) + " " + std::to_string(k); }

void calibrate_descents(int count) {
  Calibration logits;
  for (int k = 0; k < count; ++k) {
    const RunConfig config = random_descent(1000 + static_cast<std::uint64_t>(k));
    const Trajectory trajectory = record_trajectory(config);
    const Run<mp100> run(config, QNorm::not_needed);
    auto exact = descent(run);
    auto moment = trajectory.moments.begin();
    double worst = 0, error = 0, stated = 1;
    train(exact, config.parameters.steps, [&](long step) {
      if (step != moment->part) return;
      const Vector<double> truth = rounded(run.route().read(exact.state()).logits);
      const double off = (moment->readout.logits - truth).lpNorm<Eigen::Infinity>();
      if (off != 0 && !(off / moment->logit_error <= worst))
        worst = off / moment->logit_error, error = off, stated = moment->logit_error;
      ++moment;
    });
    REQUIRE(moment == trajectory.moments.end());
    logits.look(error, stated, name("descent", k));
  }
  logits.judge("logits of descents, worst moment of each");
}

void calibrate_flows(int first, int count) {
  Calibration logits, events;
  for (int k = first; k < first + count; ++k) {
    const RunConfig config = random_flow(5000 + static_cast<std::uint64_t>(k));
    const Trajectory trajectory = record_trajectory(config);
    std::vector<Vector<double>> truth;
    const Run<mp50> run(config);
    const auto exact = simulate<mp50>(
        run, 1, [&](const auto& moment) { truth.push_back(rounded(moment.readout.logits)); }, {}, 1e-20);
    REQUIRE(truth.size() == trajectory.moments.size());
    double worst = 0, error = 0, stated = 1;
    for (std::size_t m = 0; m < truth.size(); ++m) {
      const double off = (trajectory.moments[m].readout.logits - truth[m]).lpNorm<Eigen::Infinity>();
      if (off == 0 || off / trajectory.moments[m].logit_error <= worst) continue;
      worst = off / trajectory.moments[m].logit_error, error = off, stated = trajectory.moments[m].logit_error;
    }
    logits.look(error, stated, name("flow", k));
    const auto event = [&](const auto& at, const auto& of_truth, const auto& with_error) {
      if (at && of_truth) {
        const double time = representative(*of_truth);  // −∞ from the start
        events.look(*at == time ? 0 : std::abs(*at - time), *with_error, name("event of flow", k));
      } else if ((at || of_truth) && !(with_error && std::isinf(*with_error)))
        events.miss(name("one has no event: flow", k));
    };
    const auto &seen = trajectory.events, &errors = trajectory.event_errors;
    event(seen.fit, exact.events.fit, errors.fit), event(seen.gap, exact.events.gap, errors.gap);
    event(seen.memorised, exact.events.memorised, errors.memorised);
    event(seen.half_loss, exact.events.half_loss, errors.half_loss);
  }
  logits.judge("logits of flows, worst moment of each");
  events.judge("event times of flows");
}

/// The largest curvature at a step of a random descent, and the largest over its steps.
void calibrate_curvatures(int count) {
  Calibration at_a_step, along;
  for (int k = 0; k < count; ++k) {
    RunConfig config = random_descent(9000 + static_cast<std::uint64_t>(k));
    config.parameters.d = 3 + config.parameters.d % 5;
    config.parameters.steps = 10 + config.parameters.steps % 11;
    tests::TwoRuns runs(config);
    const Sharpness found = sharpness(runs.reduced(), 2 / runs.step());
    double largest = 0;
    train(runs, config.parameters.steps, [&](long) { largest = std::max(largest, runs.top()); });
    const auto look = [&](Calibration& calibration, const Curvature& range, double top, const char* kind) {
      const double differences = 1e-6 * std::max(top, 1e-3);  // what the oracle leaves out
      calibration.look(std::max(0.0, std::abs(top - (range.lower + range.upper) / 2) - differences),
                       (range.upper - range.lower) / 2, name(kind, k));
    };
    look(at_a_step, runs.hessian().largest(1e-3, 0, 0), runs.top(), "curvature");
    look(along, found.largest, largest, "sharpness");
  }
  at_a_step.judge("curvature at the end of a descent");
  along.judge("largest curvature of a descent");
}

/// ‖q − q*‖/‖q‖ from the KKT conditions, against the programme's solution in 100 digits.
void calibrate_limit_directions(int count) {
  Calibration distances, eigenvalues;
  for (int k = 0; k < count; ++k) {
    tests::RandomInput draw(13'000 + static_cast<std::uint64_t>(k));
    RunConfig config = random_instance(draw);
    config.parameters.d += config.parameters.tokens();
    const Run<double> run(config, QNorm::not_needed);
    const auto& frame = run.frame();
    const Selected selected = best_by_value(frame.samples);
    const auto how = draw.one_in(2) ? ActiveSet::by_solver : ActiveSet::all_first;
    // The programme's matrix, as limit_direction forms it: the gaps of the unit multipliers.
    const Index T = frame.samples.T, N = frame.tokens();
    Matrix<double> D = Matrix<double>::Zero(N, N - frame.samples.n);
    Index column = 0;
    for (Index i = 0; i < frame.samples.n; ++i)
      for (Index t = 0; t < T; ++t) {
        const Index chosen = selected[static_cast<std::size_t>(i)];
        if (t == chosen) continue;
        D(i * T + chosen, column) = 1, D(i * T + t, column++) = -1;
      }
    const Matrix<double> rough = D.transpose() * frame.K.topRows(N) * D, Q = (rough + rough.transpose()) / 2;
    const auto found = hard_margin(Q, how);
    if (!found) continue;
    const Matrix<mp100> exact = Q.cast<mp100>();
    std::vector<Index> active;
    for (Index c = 0; c < Q.rows(); ++c)
      if (found->multipliers[c] > 1e-7 * found->multipliers.maxCoeff()) active.push_back(c);
    Vector<mp100> solution = Vector<mp100>::Zero(Q.rows());
    const Matrix<mp100> Q_active = exact(active, active);
    const Vector<mp100> ones = Vector<mp100>::Ones(Q_active.rows());
    const Vector<mp100> on_active = Q_active.llt().solve(ones);
    for (std::size_t c = 0; c < active.size(); ++c) solution[active[c]] = on_active[static_cast<Index>(c)];
    const Vector<mp100> gaps = exact * solution;
    bool optimal = true;  // by the KKT conditions in 100 digits
    for (Index c = 0; c < Q.rows(); ++c)
      optimal = optimal && representative(solution[c]) >= 0 && representative(gaps[c]) >= 1 - 1e-30;
    if (!optimal) continue;  // a constraint on the edge: the solution is another one
    const Vector<mp100> off = found->multipliers.cast<mp100>() - solution;
    const double distance = std::sqrt(representative(mp100(off.dot(exact * off)))), size = std::sqrt(found->norm2);
    distances.look(distance / size, found->residuals.distance, name("limit direction", k));
    const Matrix<double> of_active = Q(active, active);
    const double bound = least_eigenvalue(of_active);
    // Q − x has a factor in 100 digits: the least eigenvalue is above the bound.
    Matrix<mp100> shifted = Q_active;
    shifted.diagonal().array() -= mp100(bound);
    eigenvalues.look(bound > 0 && shifted.llt().info() != Eigen::Success ? 2 : 0, 1, name("least eigenvalue", k));
  }
  distances.judge("distances from q*");
  eigenvalues.judge("least eigenvalues from below");
}

}  // namespace

TEST_CASE("stated errors of a descent's logits cover the truth", "[calibration][mp50]") { calibrate_descents(8); }
TEST_CASE("stated errors of a flow's logits and event times cover the truth", "[calibration][mp50]") {
  calibrate_flows(14, 3);  // one of them with an event whose error is more than the tolerance allows
}
TEST_CASE("bounds of curvatures cover the truth", "[calibration]") { calibrate_curvatures(20); }
TEST_CASE("bounds of limit directions cover the truth", "[calibration]") { calibrate_limit_directions(20); }

TEST_CASE("calibration of descents", "[calibration][long]") { calibrate_descents(1000); }
TEST_CASE("calibration of flows", "[calibration][long]") {
  for (int first = 0; first < 1000; first += 100) calibrate_flows(first, 100);  // in parts, each of which reports
}
TEST_CASE("calibration of curvatures", "[calibration][long]") { calibrate_curvatures(1000); }
TEST_CASE("calibration of limit directions", "[calibration][long]") { calibrate_limit_directions(1000); }

TEST_CASE("an unstable descent states an error that has grown with it", "[calibration]") {
  // At α = 0.6 the logits differ from 32 digits' by 1e-8 after 40 steps: a count of roundings is 10⁴ times too small.
  RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 4, p.d = 30, p.mu = Decimal("30"), p.lr = Decimal("0.6"), p.steps = 40;
  config.seed = 1;
  const Trajectory trajectory = record_trajectory(config);
  const Run<dd> run(config, QNorm::not_needed);
  const Vector<dd> state = descend_to(run, p.steps);
  const auto& last = trajectory.moments.back();
  const double error = (last.readout.logits - rounded(run.route().read(state).logits)).lpNorm<Eigen::Infinity>();
  const double roundings = 40 * 16 * unit_roundoff<double>() * last.readout.logits.lpNorm<Eigen::Infinity>();
  INFO("error " << error << ", stated " << last.logit_error << ", roundings " << roundings);
  CHECK(error > 100 * roundings);
  CHECK(last.logit_error >= error);
  CHECK(last.logit_error < 1e3 * error);
}

TEST_CASE("the least eigenvalue is bounded from below where inverse iteration cannot see it", "[hard_margin]") {
  // Eigenvalues 1, 1 and 1/2, the last along (0, 1, −1), which the start (2, 1, 1) has no part of.
  Matrix<double> Q(3, 3);
  Q << 1, 0, 0, 0, 0.75, 0.25, 0, 0.25, 0.75;
  CHECK(least_eigenvalue(Q) <= 0.5);
  CHECK(least_eigenvalue(Q) > 0.2);
  CHECK(least_eigenvalue(Matrix<double>::Ones(2, 2)) == 0);
}
