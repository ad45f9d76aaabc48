// What the flow keeps, along the run and in its precision (THEORY section 3).
//
// Each residual is zero in exact arithmetic. What it may be here follows from the integrator's tolerance, and for the
// energy from a run a hundred times looser, whose distance bounds the error of the one that is judged. C times that
// bound (plus rounding) is the claim; the smallest C that would do is reported.

#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/framework/enlargement.hpp"
#include "proofs_check/framework/residual.hpp"
#include "proofs_check/framework/stability.hpp"
#include "sim/routes/coefficients.hpp"
#include "sim/routes/flow.hpp"
#include "sim/runs/method.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs::invariants {

constexpr double looser = 100;

/// ‖∇L‖² is spent per unit of τ, and τ itself must be a number.
template <class Real>
Hypothesis within_reach(const Real& u) {
  return {"log(1 + s) <= 600, so that tau is a double", representative(u) <= 600};
}

void endless(Laboratory& laboratory) {
  laboratory.config.flow = true;
  laboratory.config.log_s_max = theory::Decimal("601");
}

/// dL/dτ = −‖∇L‖², integrated: L(0) − L(τ) = ∫ ‖∇L‖² dτ. The planted fault is an integral that is off by `fault`.
Finding energy(const Laboratory& laboratory, double C, double fault) {
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    const auto run = laboratory.run<Real>(laboratory.config, sim::QNorm::not_needed);
    const Real u = sim::horizon<Real>(laboratory.config), tau0 = run.frame().scales.tau0;
    if (!within_reach(u).met) return Finding{.hypotheses = {within_reach(u)}, .margin = {0, HUGE_VAL}};
    const double tolerance = sim::default_tolerance<Real>();
    const auto loss_and_energy = [&](double at_tolerance) {
      const Vector<Real> x = sim::flow_with_energy(run.route(), tau0, u, at_tolerance);
      return std::pair{run.observe(Vector<Real>(x.head(x.size() - 1))).train_loss, Real(x[x.size() - 1])};
    };
    const auto [loss, spent] = loss_and_energy(tolerance);
    const auto [loose_loss, loose_spent] = loss_and_energy(looser * tolerance);
    const Real start = run.observe(run.route().start()).train_loss;
    const double residual = std::abs(representative<Real>(start - loss - spent * Real(1 + fault)));
    const double bound = std::abs(representative<Real>(loss - loose_loss)) +
                         std::abs(representative<Real>(spent - loose_spent)) + tolerance;
    Finding finding = residual_below(residual, bound, C, "|L(0) - L - integral|");
    finding.hypotheses = {within_reach(u)};
    return finding;
  });
}

/// WᵀW − ppᵀ is constant. The planted fault is one coefficient of p that is off by `fault`, relatively.
Finding balance(const Laboratory& laboratory, double C, double fault) {
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    sim::RunConfig config = laboratory.config;
    config.route = sim::RouteKind::coefficients;
    const Real u = sim::horizon<Real>(config);
    std::vector<Hypothesis> hypotheses = {within_reach(u), both_trained(laboratory)};
    if (config.brought)  // C is an observation of settings that are not larger
      hypotheses.push_back({"n T <= " + std::to_string(most_given_tokens) + ", as far as C was observed",
                            config.parameters.tokens() <= most_given_tokens});
    if (std::any_of(hypotheses.begin(), hypotheses.end(), [](const Hypothesis& one) { return !one.met; }))
      return Finding{.hypotheses = hypotheses, .margin = {0, HUGE_VAL}};
    const auto run = laboratory.run<Real>(config, sim::QNorm::not_needed);
    const double tolerance = sim::default_tolerance<Real>();
    Vector<Real> state = sim::flow_to(run.route(), u, tolerance);
    // The residual is quadratic in the state and relative to the coefficients of p: relative errors count twice. A step
    // adds no more than the tolerance, absolute in these units. (The error of the state itself is a thousand times as
    // large: most of it is one of time, which balance does not see.)
    const Index N = run.frame().tokens(), a = sim::Coefficients<Real>::place_of_a(N);
    const double size = std::min(1.0, largest_entry<Real>(state.segment(a, N)));
    const double rounding = static_cast<double>(run.frame().tokens()) * unit_roundoff<Real>();
    state[a] *= Real(1 + fault);
    Finding finding = residual_below(representative(*run.route().imbalance(state)), 2 * tolerance / size + rounding, C,
                                     "relative change of W'W - pp'");
    finding.hypotheses = hypotheses;
    return finding;
  });
}

/// Σ_t g_{i,t} = 0 for every sample, at eleven moments of the descent: T numbers and their sum round T + 8 times. The
/// planted fault is a first entry that is off by `fault`, relatively.
Finding zero_sum(const Laboratory& laboratory, double C, double fault) {
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    const auto run = laboratory.run<Real>(laboratory.config, sim::QNorm::not_needed);
    const auto& samples = run.frame().samples;
    const long steps = laboratory.config.parameters.steps, every = std::max(1L, steps / 10);
    auto descent = sim::descent(run);
    double worst = 0;
    long seen = 0, underflown = 0;
    train(descent, steps, [&](long k) {
      if (k % every != 0) return;
      const Vector<Real> g = theory::gradient(samples, run.route().read(descent.state()).logits);
      for (Index i = 0; i < samples.n; ++i) {
        const auto of_sample = g.segment(i * samples.T, samples.T);
        const Real size = of_sample.template lpNorm<1>();
        ++seen;
        if (!(representative(size) > 1e-290)) {  // saturated to the smallest numbers of double
          ++underflown;
          continue;
        }
        note_worst(worst, std::abs(representative<Real>((of_sample.sum() + Real(fault) * of_sample[0]) / size)));
      }
    });
    const double bound = static_cast<double>(samples.T + 8) * unit_roundoff<Real>();
    Finding finding = residual_below(worst, bound, C, "largest relative sum");
    finding.hypotheses = {{"gradients have not underflowed: at most half of those looked at", 2 * underflown <= seen}};
    return finding;
  });
}

int another_label(const sim::RunConfig& config, int label) {
  return config.brought && config.brought->many() ? (label + 1) % config.brought->classes : -label;
}

/// Permuting tokens and samples permutes the solution; the order of every sum changes, so rounding is what may differ.
/// The planted fault flips one label.
Finding permutation(const Laboratory& laboratory, double C, double fault) {
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    const sim::RunConfig& config = laboratory.config;
    const auto& p = config.parameters;
    const sim::Instance original = sim::draw_instance(p, config.data, config.seed, config.brought);
    sim::Instance permuted = original;
    std::vector<Index> from(
        static_cast<std::size_t>(p.tokens()));  // row k of the permuted is row from[k] of the original
    for (Index i = 0; i < p.n; ++i) {
      const Index source = (i * 7 + 3) % p.n;  // a permutation unless 7 divides n
      const Index sample = p.n % 7 == 0 ? p.n - 1 - i : source;
      if (fault == 0 || i > 0)
        element(permuted.train.label, i) = element(original.train.label, sample);
      else
        permuted.train.label[0] = another_label(config, element(original.train.label, sample));
      element(permuted.train.true_label, i) = element(original.train.true_label, sample);
      for (Index t = 0; t < p.T; ++t) {
        const Index row = i * p.T + t, source_row = sample * p.T + (p.T - 1 - t);
        element(from, row) = source_row;
        permuted.train.tokens.row(row) = original.train.tokens.row(source_row);
        if (auto& padding = permuted.train.padding; !padding.empty())
          element(padding, row) = element(original.train.padding, source_row);
      }
    }
    const long steps = std::min(config.brought && p.tokens() > most_given_tokens ? 20L : 200L, p.steps);
    const auto logits = [&](const sim::Instance& instance) {
      const auto frame = sim::make_frame<Real>(instance, sim::QNorm::not_needed);
      const auto route = sim::make_route<Real>(sim::RouteKind::coefficients, instance, &frame, config.train);
      return route->read(sim::descend_to(*route, frame.scales.step, steps)).logits;
    };
    const Vector<Real> a = logits(original), b = logits(permuted);
    double gap = 0;
    for (Index k = 0; k < a.size(); ++k) note_worst(gap, std::abs(representative<Real>(b[k] - a[element(from, k)])));
    const double residual = gap / largest_entry(a);
    const double bound = enlargement(laboratory, steps) * rounding_walk<Real>(steps, p.tokens());
    Finding finding = residual_below(residual, bound, C, "relative difference of logits");
    finding.hypotheses = {stable_start(laboratory), hardly_enlarged(laboratory, steps)};
    return finding;
  });
}

using Invariant = Finding (*)(const Laboratory&, double C, double fault);

Check invariant(int order, std::string id, std::string statement, Invariant claim, double fault,
                void (*unmet)(Laboratory&), double C, std::string why_C, bool needs_tokens = false) {
  return {.order = order,
          .id = std::move(id),
          .statement = std::move(statement),
          .source = "[D] section 3",
          .error_kind = theory::ErrorKind::estimated,
          .remedy = Remedy::precision,
          .evaluate = [claim](const Laboratory& laboratory, double C) { return claim(laboratory, C, 0); },
          .C = C,
          .why_C = std::move(why_C),
          .needs_signals = false,
          .needs_tokens = needs_tokens,
          .unmet = unmet,
          .fault = [claim, fault](const Laboratory& laboratory, double C) { return claim(laboratory, C, fault); }};
}

/// The permuted tokens meet W₀ anew.
Check permuted(Check check) {
  check.expenses = [](const Laboratory& laboratory) { return std::vector<Expense>{{laboratory.config, false}}; };
  return check;
}

const bool registered =
    register_check(
        argued(invariant(300, "invariant.zero_sum",
                         "the gradient of every sample sums to zero over its tokens (C: of the rounding bound)",
                         zero_sum, 1e-9, too_long_a_step, 1, "the bound as it is derived"),
               "3.4", {}, R"(\sum_t g_{i,t} = 0 \quad\text{for every sample } i)")) &&
    register_check(argued(
        permuted(invariant(310, "invariant.permutation",
                           "permuting tokens and samples permutes the solution (C: of the rounding bound)", permutation,
                           1, too_long_a_step, 5,
                           "observation: the walk of roundings is C of its standard size in random settings", true)),
        "3.4", {},
        R"(\ell(\pi X) = \pi\, \ell(X) \quad\text{for a permutation } \pi \text{ of tokens and samples})")) &&
    register_check(
        argued(invariant(320, "invariant.energy", "flow: dL/dtau = -|grad L|^2 (C: of the integration error)", energy,
                         1e-4, endless, 1, "the distance of a run at a hundred times the tolerance bounds the error"),
               "3.4", {}, R"(\frac{dL}{d\tau} = -\|\nabla L\|^2)")) &&
    register_check(
        argued(invariant(330, "invariant.balance", "flow: W'W - pp' is constant (C: of a step's tolerance)", balance,
                         1e-7, endless, 10, "observation: at most 4 steps' tolerances add up in random settings"),
               "3.4", {"route.direct"}, R"(\frac d{d\tau} \bigl( W^\top W - p p^\top \bigr) = 0)"));

}  // namespace benign::proofs::invariants
