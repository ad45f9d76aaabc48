// Two ways to one number: the routes, the precisions, and the two kinds of test error.

#include "proofs_check/residual.hpp"
#include "sim/simulate.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstdio>

namespace benign::proofs {
namespace {

using sim::RouteKind;

constexpr long most_steps = 200;    // of a comparison
constexpr long most_direct = 5000;  // dimension up to which the d×d route is run

long compared_steps(const Laboratory& laboratory) { return std::min(most_steps, laboratory.config.parameters.steps); }

/// Logits after the compared steps.
template <class Real>
Vector<Real> logits(const Laboratory& laboratory, RouteKind route) {
  sim::RunConfig config = laboratory.config;
  config.route = route;
  const sim::Run<Real> run(config, sim::QNorm::not_needed);
  Vector<Real> state = run.route().start();
  for (long k = 0; k < compared_steps(laboratory); ++k) run.route().descend(state, run.frame().scales.step);
  return run.route().read(state).logits;
}

/// The claim that two vectors of logits agree to C · steps · N units of roundoff, what N-term sums may lose at every
/// step.
template <class Real, class Other>
Finding agree(const Laboratory& laboratory, const std::string& id, const Vector<Real>& a, const Vector<Other>& b) {
  const double bound = static_cast<double>(compared_steps(laboratory)) *
                       static_cast<double>(laboratory.config.parameters.tokens()) * unit_roundoff<Real>();
  const Vector<Other> difference = a.template cast<Other>() - b;
  const double residual = largest_entry(difference) / largest_entry(b);
  return residual_below(residual, bound, laboratory.constant(id),
                        "relative difference of logits after " + std::to_string(compared_steps(laboratory)) + " steps");
}

Finding direct_agrees(const Laboratory& laboratory) {
  const long d = laboratory.config.parameters.d;
  if (d > most_direct) {
    Finding skipped;
    skipped.hypotheses = {{"d <= 5000, where W in d x d can be run", false}};
    skipped.margin.error = HUGE_VAL;
    return skipped;
  }
  // In double: the oracle in multiprecision takes d² products a step.
  Finding finding = agree(laboratory, "route.direct", logits<double>(laboratory, RouteKind::coefficients),
                          logits<double>(laboratory, RouteKind::direct));
  finding.hypotheses = {{"d <= 5000, where W in d x d can be run", true}};
  return finding;
}

Finding statistics_agree(const Laboratory& laboratory) {
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    return agree(laboratory, "route.statistics", logits<Real>(laboratory, RouteKind::coefficients),
                 logits<Real>(laboratory, RouteKind::statistics));
  });
}

/// Double against 113 bits, and every higher precision against the next.
Finding precisions_agree(const Laboratory& laboratory) {
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    using Higher = std::conditional_t<std::is_same_v<Real, double>, float128,
                                      std::conditional_t<std::is_same_v<Real, float128>, mp50, mp100>>;
    if constexpr (std::is_same_v<Real, mp100>) {
      Finding highest;
      highest.hypotheses = {{"there is a higher precision to compare with", false}};
      highest.margin.error = HUGE_VAL;
      return highest;
    } else {
      Finding finding = agree(laboratory, "precision.rounding", logits<Real>(laboratory, RouteKind::coefficients),
                              logits<Higher>(laboratory, RouteKind::coefficients));
      finding.hypotheses = {{"there is a higher precision to compare with", true}};
      return finding;
    }
  });
}

struct TwoTests {
  sim::TestError population, sample;
  long size = 1000;
  Hypothesis disjoint;
};

TwoTests two_tests(const Laboratory& laboratory) {
  TwoTests tests;
  tests.disjoint = {"test inputs share no noise with the training set (--data dense)",
                    laboratory.config.data == sim::DataKind::dense};
  sim::RunConfig config = laboratory.config;
  config.precision = Precision::binary64;
  config.route = RouteKind::coefficients;
  config.flow = false;
  tests.size = config.test_sample.value_or(tests.size);
  config.test_sample.reset();
  const sim::Run<double> run(config);
  Vector<double> state = run.route().start();
  for (long k = 0; k < config.parameters.steps; ++k) run.route().descend(state, run.frame().scales.step);
  tests.population = *run.test(state);
  tests.sample = sim::sample_test(run.instance(), *run.route().q(state), tests.size);
  return tests;
}

/// The population's accuracy lies in the sample's Clopper–Pearson interval at 99.9%.
Finding accuracies_agree(const Laboratory& laboratory) {
  const TwoTests tests = two_tests(laboratory);
  const auto size = static_cast<double>(tests.size);
  const double right = std::round(tests.sample.accuracy * size);
  using Binomial = boost::math::binomial_distribution<double>;
  const double low = right > 0 ? Binomial::find_lower_bound_on_p(size, right, 0.0005) : 0;
  const double high = right < size ? Binomial::find_upper_bound_on_p(size, right, 0.0005) : 1;
  const double p = tests.population.accuracy;
  Finding finding;
  finding.hypotheses = {tests.disjoint};
  // At an end of [0, 1] the interval is closed there and cannot exclude anything.
  finding.margin = {std::min(low > 0 ? p - low : 1, high < 1 ? high - p : 1), 3 * tests.population.accuracy_stderr};
  char text[160];
  std::snprintf(text, sizeof text, "population %.5f, %ld inputs %.5f in [%.5f, %.5f]", p, tests.size,
                tests.sample.accuracy, low, high);
  finding.observed = text;
  return finding;
}

/// The population's loss lies in Student's interval of the sample's at 99.9%.
Finding losses_agree(const Laboratory& laboratory) {
  const TwoTests tests = two_tests(laboratory);
  Finding finding;
  finding.hypotheses = {tests.disjoint};
  const double difference = std::abs(tests.population.loss - tests.sample.loss);
  const boost::math::students_t student(static_cast<double>(tests.size - 1));
  finding.margin = {boost::math::quantile(student, 0.9995) * tests.sample.loss_stderr - difference,
                    3 * tests.population.loss_stderr};
  char text[160];
  std::snprintf(text, sizeof text, "population %.5f +- %.1g, %ld inputs %.5f +- %.1g", tests.population.loss,
                tests.population.loss_stderr, tests.size, tests.sample.loss, tests.sample.loss_stderr);
  finding.observed = text;
  return finding;
}

const bool registered =
    register_check({500, "route.direct",
                    "the reduced dynamics is that of W and p in d dimensions (C: of the rounding bound)",
                    "[D] section 3", Remedy::none, direct_agrees}) &&
    register_check({510, "route.statistics",
                    "the closed system of logits, H and r gives the same logits (C: of the rounding bound)",
                    "[D] section 3", Remedy::precision, statistics_agree}) &&
    register_check({520, "precision.rounding",
                    "the next higher precision gives the same logits (C: of the rounding bound)", "[D] numerical",
                    Remedy::precision, precisions_agree}) &&
    register_check({530, "test.accuracy", "population test accuracy lies in the 99.9% interval of a drawn test set",
                    "[D] section 4", Remedy::none, accuracies_agree}) &&
    register_check({540, "test.loss", "population test loss lies in the 99.9% interval of a drawn test set",
                    "[D] section 4", Remedy::none, losses_agree});

}  // namespace
}  // namespace benign::proofs
