// Two ways to one number: the routes, the precisions, and the two kinds of test error.

#include "proofs_check/framework/enlargement.hpp"
#include "proofs_check/framework/residual.hpp"
#include "theory/numbers/confidence.hpp"
#include "proofs_check/framework/stability.hpp"
#include "proofs_check/framework/student.hpp"
#include "sim/runs/records.hpp"
#include "sim/runs/method.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace benign::proofs::agreement {

using sim::RouteKind;

constexpr long most_steps = 200;    // of a comparison
constexpr long most_direct = 5000;  // dimension up to which the d×d route is run

long compared_steps(const Laboratory& laboratory) {
  const auto& config = laboratory.config;
  const bool many = config.brought && config.parameters.tokens() > most_given_tokens;
  return std::min(many ? most_steps / 10 : most_steps, config.parameters.steps);
}

/// Logits after the compared steps, and `extra` more.
template <class Real>
Vector<Real> logits(const Laboratory& laboratory, RouteKind route, long extra = 0) {
  sim::RunConfig config = laboratory.config;
  config.route = route;
  const auto run = laboratory.run<Real>(config, sim::QNorm::not_needed);
  return run.route().read(sim::descend_to(run, compared_steps(laboratory) + extra)).logits;
}

/// The claim that two vectors of logits agree to C √(steps · N) units of roundoff, times what the descent enlarges a
/// change by.
template <class Real, class Other>
Finding agree(const Laboratory& laboratory, double C, const Vector<Real>& a, const Vector<Other>& b) {
  const double bound = enlargement(laboratory, compared_steps(laboratory)) *
                       rounding_walk<Real>(compared_steps(laboratory), laboratory.config.parameters.tokens());
  const Vector<Other> difference = a.template cast<Other>() - b;
  const double residual = largest_entry(difference) / largest_entry(b);
  return residual_below(residual, bound, C,
                        format("relative difference of logits after %ld steps", compared_steps(laboratory)));
}

/// A finding without a number: the comparison cannot be made.
Finding not_run(Hypothesis unmet) {
  Finding finding;
  finding.hypotheses = {std::move(unmet)};
  finding.margin.error = HUGE_VAL;
  return finding;
}

/// The planted fault of these comparisons is a step too many on one side.
Finding direct_agrees(const Laboratory& laboratory, double C, long extra) {
  Hypothesis small_enough{"d <= 5000, where W in d x d can be run", laboratory.config.parameters.d <= most_direct};
  if (!small_enough.met) return not_run(std::move(small_enough));
  // In double: the oracle in multiprecision takes d² products a step.
  Finding finding = agree(laboratory, C, logits<double>(laboratory, RouteKind::coefficients, extra),
                          logits<double>(laboratory, RouteKind::direct));
  finding.hypotheses = {small_enough, stable_start(laboratory),
                        hardly_enlarged(laboratory, compared_steps(laboratory))};
  return finding;
}

Finding statistics_agree(const Laboratory& laboratory, double C, long extra) {
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    Finding finding = agree(laboratory, C, logits<Real>(laboratory, RouteKind::coefficients, extra),
                            logits<Real>(laboratory, RouteKind::statistics));
    finding.hypotheses = {stable_start(laboratory), hardly_enlarged(laboratory, compared_steps(laboratory))};
    return finding;
  });
}

/// Double against 106 bits, and every higher precision against the next.
Finding precisions_agree(const Laboratory& laboratory, double C, long extra) {
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    using Higher =
        std::conditional_t<std::is_same_v<Real, double>, dd, std::conditional_t<std::is_same_v<Real, dd>, mp50, mp100>>;
    Hypothesis higher{"there is a higher precision to compare with", !std::is_same_v<Real, mp100>};
    if (!higher.met) return not_run(std::move(higher));
    Finding finding = agree(laboratory, C, logits<Real>(laboratory, RouteKind::coefficients, extra),
                            logits<Higher>(laboratory, RouteKind::coefficients));
    finding.hypotheses = {higher, stable_start(laboratory), hardly_enlarged(laboratory, compared_steps(laboratory))};
    return finding;
  });
}

struct TwoTests {
  sim::TestError population, sample;
  sim::TestError negated;  ///< a population that sees −q: the planted fault
  long size = 1000;
  Hypothesis disjoint;
};

/// The two test errors of the configuration's descent, with `enlarged` times as many drawn inputs.
const TwoTests& two_tests(const Laboratory& laboratory, long enlarged = 1) {
  sim::RunConfig config = laboratory.config;
  config.precision = Precision::binary64;
  config.route = RouteKind::coefficients;
  config.flow = false;
  return laboratory.once<TwoTests>(format("two tests %ld ", enlarged) + sim::config_hash(config), [&] {
    TwoTests tests;
    tests.size = enlarged * config.test_sample.value_or(tests.size);
    config.test_sample.reset();
    const auto run = laboratory.run<double>(config);
    const Vector<double> state = sim::descend_to(run, config.parameters.steps);
    const auto q = run.route().read(state);
    const sim::PopulationTest population(config.parameters);
    tests.population = population({q.mu_plus_q, q.mu_minus_q, q.q_norm2.value()});
    tests.negated = population({-q.mu_plus_q, -q.mu_minus_q, q.q_norm2.value()});
    tests.sample = sim::sample_test(run.instance(), *run.route().q(state), tests.size);
    tests.disjoint = {"test inputs share no noise with the training set (--data dense)",
                      config.data == sim::DataKind::dense};
    return tests;
  });
}

/// The population's accuracy lies in the sample's Clopper–Pearson interval at 99.9%.
Finding accuracies_agree(const TwoTests& tests) {
  const double right = std::round(tests.sample.accuracy * static_cast<double>(tests.size));
  const auto [low, high] = theory::clopper_pearson(static_cast<long>(right), tests.size, 0.001);
  const double p = tests.population.accuracy;
  Finding finding;
  finding.hypotheses = {tests.disjoint};
  // At an end of [0, 1] the interval is closed there and cannot exclude anything.
  finding.margin = {std::min(low > 0 ? p - low : 1, high < 1 ? high - p : 1), tests.population.accuracy_margin()};
  finding.observed =
      format("population %.5f, %ld inputs %.5f in [%.5f, %.5f]", p, tests.size, tests.sample.accuracy, low, high);
  return finding;
}

/// The population's loss lies in Student's interval of the sample's at 99.9%.
Finding losses_agree(const TwoTests& tests) {
  Finding finding;
  finding.hypotheses = {tests.disjoint};
  const double difference = std::abs(tests.population.loss - tests.sample.loss);
  const boost::math::students_t student(static_cast<double>(tests.size - 1));
  finding.margin = {boost::math::quantile(student, 0.9995) * tests.sample.loss_error - difference,
                    tests.population.loss_margin()};
  finding.observed = format("population %.5f +- %.1g, %ld inputs %.5f +- %.1g", tests.population.loss,
                            tests.population.loss_error, tests.size, tests.sample.loss, tests.sample.loss_error);
  return finding;
}

using TwoRoutes = Finding (*)(const Laboratory&, double C, long extra);

Check comparison(int order, std::string id, std::string statement, std::string source, Remedy remedy, TwoRoutes compare,
                 bool needs_tokens = false) {
  return {.order = order,
          .id = std::move(id),
          .statement = std::move(statement),
          .source = std::move(source),
          .error_kind = theory::ErrorKind::estimated,
          .remedy = remedy,
          .evaluate = [compare](const Laboratory& laboratory, double C) { return compare(laboratory, C, 0); },
          .C = 5,
          .why_C = "observation: the walk of roundings is C of its standard size in random settings",
          .needs_signals = false,
          .needs_tokens = needs_tokens,
          .unmet = too_long_a_step,
          .fault = [compare](const Laboratory& laboratory, double C) { return compare(laboratory, C, 1); }};
}

Check test_comparison(int order, std::string id, std::string statement, Finding (*claim)(const TwoTests&)) {
  return {.order = order,
          .id = std::move(id),
          .statement = std::move(statement),
          .source = "[D] section 4",
          .error_kind = theory::ErrorKind::statistical,
          // q itself, of length d, meets W0 twice.
          .expenses =
              [](const Laboratory& laboratory) {
                return std::vector<Expense>{{laboratory.config, false}};
              },
          // One sample of a thousand lies outside of its own interval: what one excludes, a larger one has to exclude.
          .evaluate =
              [claim](const Laboratory& laboratory, double) {
                const Finding first = claim(two_tests(laboratory));
                return first.margin.value < 0 && first.hypotheses_met() ? claim(two_tests(laboratory, 16)) : first;
              },
          .any_layout = true,
          .needs_tokens = true,
          .met = [](Laboratory& laboratory) { laboratory.config.parameters.steps = 200; },
          .unmet = [](Laboratory& laboratory) { laboratory.config.data = sim::DataKind::peer; },
          .fault =
              [claim](const Laboratory& laboratory, double) {
                TwoTests faulty = two_tests(laboratory);
                faulty.population = faulty.negated;
                return claim(faulty);
              }};
}

/// The inner products and some steps in the next higher precision.
Check in_higher_precision(Check check) {
  check.expenses = [](const Laboratory& laboratory) {
    sim::RunConfig config = laboratory.config;
    if (config.precision != Precision::digits100)
      config.precision = static_cast<Precision>(static_cast<int>(config.precision) + 1);
    config.flow = false;
    config.parameters.steps = compared_steps(laboratory);
    return std::vector<Expense>{{config}};
  };
  return check;
}

const bool registered =
    register_check(argued(
        comparison(900, "route.direct",
                   "the reduced dynamics is that of W and p in d dimensions (C: of the rounding bound)",
                   "[D] section 3", Remedy::none, direct_agrees, true),
        "3.1", {},
        R"(\ell = S W p \;\text{ with }\; W = W_0 + S^\top(\Phi M_0 + \varphi p_0^\top), \\ p = \beta p_0 + M_0^\top a)")) &&
    register_check(
        argued(comparison(910, "route.statistics",
                          "the closed system of logits, H and r gives the same logits (C: of the rounding bound)",
                          "[D] section 3", Remedy::precision, statistics_agree),
               "3.3", {},
               R"(\ell' = -Hg - ru, \quad r' = -2\ell^\top g, \\ H' = -(u\ell^\top + \ell u^\top), \quad u = Kg)")) &&
    register_check(argued(
        in_higher_precision(comparison(920, "precision.rounding",
                                       "the next higher precision gives the same logits (C: of the rounding bound)",
                                       "[D] numerical", Remedy::precision, precisions_agree)),
        "5.10", {},
        R"(\ell \text{ in one precision} = \ell \text{ in the next}, \quad\text{up to } C \sqrt{\text{steps} \cdot N} \text{ roundings})")) &&
    register_check(argued(
        test_comparison(930, "test.accuracy", "population test accuracy lies in the 99.9% interval of a drawn test set",
                        accuracies_agree),
        "4.3", {}, R"(P(Yf > 0) \in \text{the 99.9\% interval of a drawn test set})")) &&
    register_check(
        argued(test_comparison(940, "test.loss", "population test loss lies in the 99.9% interval of a drawn test set",
                               losses_agree),
               "4.4", {}, R"(\mathbb E \log(1 + e^{-Yf}) \in \text{the 99.9\% interval of a drawn test set})"));

}  // namespace benign::proofs::agreement
