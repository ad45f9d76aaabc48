// The closed systems of models with a trained head against their training in d dimensions, in the configuration's precision
// (THEORY section 3.7).

#include "proofs_check/checks/models/single_head.hpp"

#include "proofs_check/framework/residual.hpp"

namespace benign::proofs::reduction {

constexpr long most_steps = 50;
constexpr long most_direct = 5000;

/// Logits and values of all tokens.
template <class Real>
Vector<Real> seen(const Laboratory& laboratory, sim::RouteKind route, long steps) {
  sim::RunConfig config = laboratory.config;
  config.route = route, config.flow = false;
  const auto run = laboratory.run<Real>(config);
  const auto readout = run.route().read(sim::descend_to(run, steps));
  Vector<Real> all(2 * readout.logits.size());
  all << readout.logits, readout.head->values;
  return all;
}

Finding agree(const Laboratory& laboratory, double C, long extra) {
  const long steps = std::min(most_steps, laboratory.config.parameters.steps);
  Hypothesis small{"d <= 5000, where W in d x d can be run", laboratory.config.parameters.d <= most_direct};
  if (!small.met) return {.hypotheses = {std::move(small)}, .margin = {std::nan(""), 0}};
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    const Vector<Real> reduced = seen<Real>(laboratory, sim::RouteKind::coefficients, steps + extra);
    const Vector<Real> direct = seen<Real>(laboratory, sim::RouteKind::direct, steps);
    Finding finding = residual_below(largest_entry(Vector<Real>(reduced - direct)) / largest_entry(direct),
                                     rounding_walk<Real>(steps, laboratory.config.parameters.d), C,
                                     format("relative difference of logits and values after %ld steps", steps));
    finding.hypotheses = {{"alpha <= tau0, so that steps enlarge no roundings",
                           theory::scales<double>(laboratory.config.parameters).step <= 1}};
    return finding;
  });
}

bool register_model(int order, const char* id, const char* model, const char* tex) {
  return register_check(
      {.order = order,
       .id = id,
       .model = model,
       .statement = "the closed system is the training in d dimensions, head and all (C: of the rounding bound)",
       .source = "[D] section 3",
       .derivation = "3.7",
       .tex = tex,
       .error_kind = theory::ErrorKind::estimated,
       .remedy = Remedy::precision,
       .evaluate = [](const Laboratory& laboratory, double C) { return agree(laboratory, C, 0); },
       .C = 16.0,
       .why_C = "a sum of d products rounds as a random walk, and products of products twice",
       .needs_tokens = true,
       .met = [](Laboratory& laboratory) { set_strength(laboratory, 4, 60, 3, 0.5); },
       .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.lr = theory::Decimal("5"); },
       .fault = [](const Laboratory& laboratory, double C) { return agree(laboratory, C, 1); }});
}

constexpr const char* beside =
    R"(\nu = \nu_0 + S^\top c,\quad \dot c = -\partial L/\partial(S\nu),\quad W, p \text{ as under a fixed head})";

const bool registered =
    register_model(960, "trained_head.route", "trained-head", beside) &&
    register_model(970, "trained_head_from_zero.route", "trained-head-from-zero", beside) &&
    register_model(
        990, "single_head.route", single_head_model,
        R"(v = S^\top c_v,\quad p = S^\top c_p,\quad \dot c_v = -\partial L/\partial (Sv),\quad \dot c_p = -\partial L/\partial (Sp))");

}  // namespace benign::proofs::reduction
