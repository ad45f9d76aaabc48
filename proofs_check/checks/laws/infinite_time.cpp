// The limit direction's strength along the signals and the test error at infinite time, as means over draws, against
// the laws at d = ∞ with their corrections (theory/laws/limit_direction.hpp, theory/laws/error_law.hpp).

#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/framework/student.hpp"
#include "sim/late/infinite_time.hpp"
#include "sim/runs/records.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>

namespace benign::proofs::infinite_time {

struct Draw {
  double c = 0, error = 0;     ///< the mean of c*±, and the test error
  double distance = HUGE_VAL;  ///< of q* from the solution
  long inactive = 0;
};

Draw draw(sim::RunConfig config, std::uint64_t seed) {
  config.seed = seed;
  const auto found = sim::infinite_time(config);
  if (!found) return {};
  const auto& solution = found->limit.solution;
  return {(found->c_plus + found->c_minus) / 2, found->error, solution.residuals.distance,
          (solution.multipliers.array() == 0).count()};
}

std::vector<Draw> draws(const Laboratory& laboratory) {
  const std::string key = "infinite time " + sim::config_hash(laboratory.config);
  std::vector<Draw> found(static_cast<std::size_t>(laboratory.seeds));
  tbb::parallel_for(0L, laboratory.seeds, [&](long k) {
    const std::uint64_t seed = laboratory.config.seed + static_cast<std::uint64_t>(k);
    element(found, k) = laboratory.once<Draw>(key + format(" %ld", k), [&] { return draw(laboratory.config, seed); });
  });
  return found;
}

std::vector<Hypothesis> hypotheses(const Laboratory& laboratory) {
  const auto& p = laboratory.config.parameters;
  const double x = theory::n_snr2(p), rho = p.rho.as<double>();
  return {{"draws of the data model (no --data peer)", laboratory.config.data != sim::DataKind::peer},
          {"10 n (T-1) <= d", 10 * p.n * (p.T - 1) <= p.d},
          loud_signals(laboratory),
          {"no multiplier is negative at d = infinity",
           theory::limit_direction_law(p.n, p.T, rho, x, theory::groups_by_value(p)).least_multiplier > 0}};
}

bool all_solved(const std::vector<Draw>& draws) {
  return std::all_of(draws.begin(), draws.end(), [](const Draw& draw) { return draw.distance <= 1e-6; });
}

Mean mean_over(const std::vector<Draw>& draws, double Draw::*part) {
  std::vector<double> values;
  for (const Draw& draw : draws) values.push_back(draw.*part);
  return mean_of(values);
}

/// Whether the mean of `part` lies within `width` of the law.
Finding agreement(const Laboratory& laboratory, double Draw::*part, double law, double width, double unit,
                  const std::string& told) {
  Finding finding;
  finding.hypotheses = hypotheses(laboratory);
  finding.margin.error = HUGE_VAL;
  if (!finding.hypotheses_met()) return finding;
  const auto found = draws(laboratory);
  finding.hypotheses.push_back({"every draw's q* is known to 1e-6 by its KKT conditions", all_solved(found)});
  long inactive = 0;
  double distance = 0;
  for (const Draw& draw : found) inactive += draw.inactive, distance = std::max(distance, draw.distance);
  const auto& p = laboratory.config.parameters;
  const double per_draw = static_cast<double>(inactive) / static_cast<double>(found.size());
  finding.hypotheses.push_back({format("at most a tenth of the constraints is inactive (mean %.3g)", per_draw),
                                10 * per_draw <= static_cast<double>(p.n * (p.T - 1))});
  const Mean mean = mean_over(found, part);
  const double off = std::abs(mean.value - law);
  finding.margin = {width - off, mean.half_width};
  finding.scale = width;
  finding.constant = off / unit;
  finding.observed = format("mean %.5g +- %.2g, law %.5g%s; inactive constraints %.3g, q* to %.1e", mean.value,
                            mean.half_width, law, told.c_str(), per_draw, distance);
  return finding;
}

/// The planted fault has noisy samples select their relevant token.
Finding strength(const Laboratory& laboratory, double C, bool fault) {
  const auto& p = laboratory.config.parameters;
  const auto groups = fault ? theory::groups_selecting(p, theory::relevant) : theory::groups_by_value(p);
  const double law = theory::limit_direction_law(p.n, p.T, p.rho.as<double>(), theory::n_snr2(p), groups).c.mean();
  const double unit = 0.02 * std::abs(law);
  return agreement(laboratory, &Draw::c, law, C * unit, unit, "");
}

/// The planted fault takes q to have the same length outside the span of the tokens, as at the start of a random W₀.
Finding error(const Laboratory& laboratory, double C, bool fault) {
  const auto& p = laboratory.config.parameters;
  auto q = theory::expected_limit_direction(p, theory::groups_by_value(p));
  if (fault) q.q_norm2 *= 2;
  const double law = theory::hard_selection_error(p, q);
  if (!(law > 0.01)) {
    Finding nothing_to_see;
    nothing_to_see.hypotheses = {{format("the law's error, %.3g, is above 0.01", law), false}};
    nothing_to_see.margin.error = HUGE_VAL;
    return nothing_to_see;
  }
  return agreement(laboratory, &Draw::error, law, C * 0.003, 0.003,
                   format(" (%.5g as d and |mu| -> infinity, z = %.4g)",
                          theory::error_law(theory::error_law_m(p), p.rho.as<double>(), p.T), theory::error_law_z(p)));
}

/// z = 30 at n SNR² = 0.011.
void small_draws(Laboratory& laboratory) {
  laboratory.config = {};
  auto& p = laboratory.config.parameters;
  p.n = 4, p.T = 3, p.d = 1'000'000;
  p.mu = theory::Decimal("52.3");
  p.init = theory::Init::identity;
  laboratory.config.data = sim::DataKind::gram;
  laboratory.seeds = 100;
}

void few_dimensions(Laboratory& laboratory) { laboratory.config.parameters.d = 60; }

const bool registered =
    register_check(
        {.order = 94,
         .id = "law.limit_strength",
         .statement = "c* = mu+-.q*/(n SNR^2) of mean draws is that of d = infinity, within 2 C %",
         .source = "[D] theory/laws/limit_direction.hpp",
         .derivation = "5.17",
         .uses = {"law.selection"},
         .tex =
             R"(\left| \overline{c^*} - c^*_{d=\infty} \right| \le \frac{2C}{100}\, c^*_{d=\infty}, \\ c^* = \frac{\mu_\pm \cdot q^*}{n\,\mathrm{SNR}^2})",
         .error_kind = theory::ErrorKind::statistical,
         .remedy = Remedy::seeds,
         .expenses =
             [](const Laboratory& laboratory) {
               return std::vector<Expense>{{laboratory.config, false}};
             },
         .evaluate = [](const Laboratory& laboratory, double C) { return strength(laboratory, C, false); },
         .C = 1,
         .why_C = "observation: the law's next order at n(T-1)/d <= 1/10",
         .met = small_draws,
         .unmet = few_dimensions,
         .fault = [](const Laboratory& laboratory, double C) { return strength(laboratory, C, true); }}) &&
    register_check(
        {.order = 95,
         .id = "law.infinite_time_error",
         .statement = "the mean test error of hard selection along q* is the law's, within 0.003 C",
         .source = "[D] theory/laws/error_law.hpp",
         .derivation = "5.20",
         .uses = {"law.limit_direction", "law.limit_strength"},
         .tex =
             R"(\left| \overline{P(\text{error})} - P_{\text{law}} \right| \le 0.003\, C, \qquad z = n d\, \mathrm{SNR}^4)",
         .error_kind = theory::ErrorKind::statistical,
         .remedy = Remedy::seeds,
         .expenses =
             [](const Laboratory& laboratory) {
               return std::vector<Expense>{{laboratory.config, false}};
             },
         .evaluate = [](const Laboratory& laboratory, double C) { return error(laboratory, C, false); },
         .C = 1,
         .why_C = "observation: the law's next order at n(T-1)/d <= 1/10",
         .met = small_draws,
         .unmet = few_dimensions,
         .fault = [](const Laboratory& laboratory, double C) { return error(laboratory, C, true); }});

}  // namespace benign::proofs::infinite_time
