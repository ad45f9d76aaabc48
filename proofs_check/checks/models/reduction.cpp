// The closed systems of models with a trained head against their training in d dimensions, in the configuration's precision
// (THEORY section 3.7).

#include "proofs_check/checks/models/single_head.hpp"

#include "proofs_check/framework/residual.hpp"
#include "sim/models/model.hpp"
#include "theory/laws/rates.hpp"

#include <algorithm>

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

/// `most` is the longest step (α/τ₀) max(1, n SNR²/4) by which 50 steps enlarge no roundings: the n samples' signals add up in
/// the curvature, at most a quarter of them in that of the logistic loss, where their noise does not.
Finding agree(const Laboratory& laboratory, double C, long extra, double most) {
  const long steps = std::min(most_steps, laboratory.config.parameters.steps);
  Hypothesis small{"d <= 5000, where W in d x d can be run", laboratory.config.parameters.d <= most_direct};
  if (!small.met) return {.hypotheses = {std::move(small)}, .margin = {std::nan(""), 0}};
  return laboratory.in_precision([&]<class Real>(std::type_identity<Real>) {
    const Vector<Real> reduced = seen<Real>(laboratory, sim::RouteKind::coefficients, steps + extra);
    const Vector<Real> direct = seen<Real>(laboratory, sim::RouteKind::direct, steps);
    Finding finding = residual_below(largest_entry(Vector<Real>(reduced - direct)) / largest_entry(direct),
                                     rounding_walk<Real>(steps, laboratory.config.parameters.d), C,
                                     format("relative difference of logits and values after %ld steps", steps));
    const auto& p = laboratory.config.parameters;
    const std::string limit = most == 1 ? "tau0" : format("%g tau0", most);
    finding.hypotheses = {{"alpha max(1, n SNR^2/4) <= " + limit + ", so that steps enlarge no roundings",
                           theory::scales<double>(p).step * std::max(1.0, theory::n_snr2(p) / 4) <= most}};
    return finding;
  });
}

bool register_model(int order, const char* id, const char* model, const char* tex, double most = 1) {
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
       .evaluate = [most](const Laboratory& laboratory, double C) { return agree(laboratory, C, 0, most); },
       .C = 16.0,
       .why_C = "a sum of d products rounds as a random walk, and products of products twice",
       .needs_tokens = true,
       .met = [most](Laboratory& laboratory) { set_strength(laboratory, 4, 60, 3, most / 2); },
       .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.lr = theory::Decimal("5"); },
       .fault = [most](const Laboratory& laboratory, double C) { return agree(laboratory, C, 1, most); }});
}

constexpr const char* beside =
    R"(\nu = \nu_0 + S^\top c,\quad \dot c = -\partial L/\partial(S\nu),\quad W, p \text{ as under a fixed head})";

const bool registered =
    register_model(960, "trained_head.route", "trained-head", beside) &&
    register_model(970, "trained_head_from_zero.route", "trained-head-from-zero", beside) &&
    register_model(
        990, "single_head.route", single_head_model,
        R"(v = S^\top c_v,\quad p = S^\top c_p,\quad \dot c_v = -\partial L/\partial (Sv),\quad \dot c_p = -\partial L/\partial (Sp))") &&
    register_model(
        1055, "keys_queries.route", sim::keys_queries_name,
        R"(W_Q = W_Q(0) + S^\top C_Q,\quad \dot C_Q = -A S W_K,\quad \dot C_K = -A^\top S W_Q,\quad A = \partial L/\partial (S W_Q W_K^\top S^\top))",
        0.04);

}  // namespace benign::proofs::reduction
