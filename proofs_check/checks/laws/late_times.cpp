// The times of late generalisation and late memorisation: the limit system's against their laws, and the finite
// system's against the limit system's.

#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/text/format.hpp"
#include "sim/runs/parameter_table.hpp"
#include "theory/laws/delay.hpp"
#include "theory/laws/late_time.hpp"
#include "theory/laws/memorisation.hpp"
#include "theory/numbers/elementary.hpp"

#include <cmath>

namespace benign::proofs::late_times {

/// A flow's events, and by how much the tolerance moves an event, at the most.
struct Times {
  sim::Events<double> events;
  double error = 0;
};

/// Equal infinities are events from the start: not apart.
double apart(const std::optional<double>& x, const std::optional<double>& y) {
  return x == y ? 0 : x && y ? std::abs(*x - *y) : x || y ? HUGE_VAL : 0;
}

/// An event's error is taken from a tolerance 32 times as loose, as sim/runs/escalation.hpp does.
Times times(const sim::RunConfig& config) {
  const sim::Run<double> run(config, sim::QNorm::not_needed);
  const auto at = [&](double tolerance) { return sim::simulate<double>(run, 0, {}, {}, tolerance).events; };
  const double tolerance = sim::default_tolerance<double>();
  const auto tight = at(tolerance), loose = at(32 * tolerance);
  return {tight, 1e-10 + std::max({apart(tight.fit, loose.fit), apart(tight.gap, loose.gap),
                                   apart(tight.memorised, loose.memorised)})};
}

sim::RunConfig flow_until(sim::RunConfig config, double log_s) {
  config.precision = Precision::binary64;
  config.test_sample.reset();
  config.flow = true;
  config.log_s_max = sim::decimal_of(log_s);
  config.parameters.steps = 1;
  return config;
}

/// The limit system with the laboratory's n, T, ρ and η at n SNR² near x; d and ‖μ‖ are what gives it.
sim::RunConfig limit_at(const Laboratory& laboratory, double x, double log_s) {
  sim::RunConfig config = flow_until(laboratory.config, log_s);
  config.route = sim::RouteKind::limit;
  config.data = sim::DataKind::gram;
  config.train = sim::Train::W_and_p;
  auto& p = config.parameters;
  p.sigma = theory::Decimal("1"), p.sigma_p = theory::Decimal("0"), p.mu = theory::Decimal("1e6");
  p.d = std::lround(static_cast<double>(p.n) * 1e12 / x);
  return config;
}

/// A local slope against its law, within `width` of it.
struct Slope {
  double measured, law, error;
};
void compare(Finding& finding, const Slope& slope, double C, double part) {
  const double width = part * std::abs(slope.law), off = std::abs(slope.measured - slope.law);
  finding.margin = {C * width - off, slope.error};
  finding.scale = C * width;
  finding.constant = off / width;
  finding.observed += format("slope %.6g, law %.6g: ratio %.5g", slope.measured, slope.law, slope.measured / slope.law);
}

constexpr double early = 0.1, late = 0.05;  // n SNR² of the delay law's local slope

/// Where ρ = 0 the T − 1 losing tokens of a sample tie, and for a flipped sample the tie is unstable: what rounding
/// puts between them grows like s^{1/T} (THEORY section 5.6). At log s = 25 T it has grown to 7e-6.
bool still_tied(const theory::Parameters& p, double log_s) {
  return p.rho.exact() != 0 || theory::noise_count(p) == 0 || log_s <= 25 * static_cast<double>(p.T);
}

/// The planted fault forgets log T's token: log(T − 1).
Finding delay(const Laboratory& laboratory, double C, bool fault) {
  const auto& p = laboratory.config.parameters;
  Finding finding;
  finding.margin.error = HUGE_VAL;
  const double slope = theory::delay_slope(p);
  finding.hypotheses = {
      {"clean samples outweigh flipped ones in the limit: c* > 0 in either class", std::isfinite(slope)},
      {"c* is not nearly zero: log T/c* <= 50", slope <= 50}};
  finding.hypotheses.push_back(
      {"tied tokens stay tied within rounding: rho > 0, or log s <= 25 T", still_tied(p, slope / late)});
  if (!finding.hypotheses_met()) return finding;
  const auto gap = [&](double x) { return times(limit_at(laboratory, x, 1.2 * slope / x + 30)); };
  const Times first = gap(early), second = gap(late);
  finding.hypotheses.push_back({"the test gap opens", first.events.gap && second.events.gap});
  if (!finding.hypotheses_met()) return finding;
  const double T = static_cast<double>(p.T), law = fault ? slope * elementary::log(T - 1) / elementary::log(T) : slope;
  finding.observed =
      format("c* = %.4g, log T/c* = %.5g; log s_gap %.6g, %.6g at n SNR^2 = %g, %g, so O(1) = %.3g, %.3g; ",
             elementary::log(T) / slope, slope, *first.events.gap, *second.events.gap, early, late,
             *first.events.gap - slope / early, *second.events.gap - slope / late);
  const double step = 1 / late - 1 / early;
  compare(finding, {(*second.events.gap - *first.events.gap) / step, law, (first.error + second.error) / step}, C,
          0.01);
  return finding;
}

/// The planted fault has the competitors' prefactor grow with n SNR²: log s = k x + ½ log x.
Finding memorisation(const Laboratory& laboratory, double C, double prefactor) {
  const auto& p = laboratory.config.parameters;
  Finding finding;
  finding.margin.error = HUGE_VAL;
  const double k = theory::memorisation_slope(p);
  finding.hypotheses = {{"some labels are flipped, as many in one class as in the other",
                         theory::noise_count(p) > 0 && theory::noise_count(p) % 2 == 0},
                        {"clean samples outweigh flipped ones: k > 0", k > 0}};
  const double rho = p.rho.as<double>(), far = rho > 0 ? std::max(100.0, 12 * (1 - rho) / rho) : 100;
  finding.hypotheses.push_back(
      {"tied tokens stay tied within rounding: rho > 0, or log s <= 25 T", still_tied(p, 2 * far)});
  finding.hypotheses.push_back(
      {"the weak tokens stand out within reach: rho = 0, or rho >= 0.04", rho == 0 || rho >= 0.04});
  if (!finding.hypotheses_met()) return finding;
  // At the largest X, (1−ρ)X = k x: the weak tokens stand out of all others, ρX ≥ 12.
  const double x1 = far / k, x2 = 2 * far / k;
  const auto at = [&](double x) { return times(limit_at(laboratory, x, 1.3 * k * x + 20)); };
  const Times first = at(x1), second = at(x2);
  finding.hypotheses.push_back({"flipped labels are memorised", first.events.memorised && second.events.memorised});
  if (!finding.hypotheses_met()) return finding;
  finding.observed = format("log s_mem %.6g, %.6g at n SNR^2 = %.4g, %.4g; ", *first.events.memorised,
                            *second.events.memorised, x1, x2);
  // The mean of k − 1/(2x) over [x₁, x₂].
  const double law = k + prefactor * elementary::log(x2 / x1) / (x2 - x1);
  compare(
      finding,
      {(*second.events.memorised - *first.events.memorised) / (x2 - x1), law, (first.error + second.error) / (x2 - x1)},
      C, 0.002);
  return finding;
}

constexpr double horizon = 60;  // log s

/// A planted fault compares with the limit at another n SNR².
Finding finite_against_limit(const Laboratory& laboratory, double C, double fault) {
  const auto& p = laboratory.config.parameters;
  Finding finding;
  finding.margin.error = HUGE_VAL;
  finding.hypotheses = {
      zero_start(laboratory),
      both_trained(laboratory),
      {"flipped samples are counted exactly (no --data peer)", laboratory.config.data != sim::DataKind::peer},
      below_turning_point(laboratory),
      clean_outweigh(laboratory),
      weak_tokens(laboratory),
      roomy(laboratory),
      loud_signals(laboratory)};
  if (!finding.hypotheses_met()) return finding;
  const Times limit = times(limit_at(laboratory, fault * theory::n_snr2(p), horizon));
  sim::RunConfig config = flow_until(laboratory.config, horizon);
  config.route = sim::RouteKind::statistics;
  const Times finite = times(config);
  finding.hypotheses.push_back({format("labels are fitted and the test gap opens by log s = %g", horizon),
                                limit.events.fit && limit.events.gap && finite.events.fit && finite.events.gap});
  if (!finding.hypotheses_met()) return finding;
  const double n = static_cast<double>(p.n), T = static_cast<double>(p.T);
  // A label is fitted by the weak tokens' answers ±ργ, whose noise is γσ/‖μ‖.
  const double products = std::sqrt(n * T / static_cast<double>(p.d)),
               answers = p.sigma.as<double>() / p.mu.as<double>();
  const double of_size = products + answers;
  double least = HUGE_VAL, constant = 0;
  for (const auto event : {&sim::Events<double>::fit, &sim::Events<double>::gap}) {
    const double at = *(limit.events.*event), moved = *(finite.events.*event) - at;
    const double of_W = elementary::log(theory::joint_speed(theory::training_of_W(p, at, n * (T - 1) / T)));
    const bool fit = event == &sim::Events<double>::fit;
    const double width = (products + (fit ? answers / p.rho.as<double>() : answers)) * (1 + at) + of_W;
    least = std::min(least, C - std::abs(moved) / width);
    constant = std::max(constant, std::abs(moved) / width);
    finding.observed += format("%s%s %.5g, limit %.5g, corrections %.3g", finding.observed.empty() ? "" : "; ",
                               fit ? "fitted at log s =" : "test gap", at + moved, at, width);
  }
  finding.margin = {least, (finite.error + limit.error) / of_size};
  finding.constant = constant;
  finding.scale = C;
  return finding;
}

void small(Laboratory& laboratory) {
  laboratory.config = {};
  auto& p = laboratory.config.parameters;
  p.n = 10, p.T = 4;
}

void near_the_limit(Laboratory& laboratory) {
  small(laboratory);
  auto& p = laboratory.config.parameters;
  p.d = 100'000'000, p.mu = theory::Decimal("2000");
  laboratory.config.data = sim::DataKind::gram;
}

const bool registered =
    register_check(
        {.order = 96,
         .id = "law.delay",
         .statement =
             "d -> infinity: log s_gap grows by log T/c* per 1/(n SNR^2), within C %, from n SNR^2 = 0.1 to 0.05; "
             "the O(1) of log s_gap = log T/(c* n SNR^2) + O(1) is printed, and no claim",
         .source = "[D] theory/laws/delay.hpp",
         .derivation = "5.13",
         .uses = {"law.limit_direction", "law.limit_strength"},
         .tex =
             R"(\frac{d \log s_{\text{gap}}}{d\,(1/n\,\mathrm{SNR}^2)} = \frac{\log T}{c^*} \left( 1 \pm \frac C{100} \right) \\ \text{as } d \to \infty, \text{ from } n\,\mathrm{SNR}^2 = 0.1 \text{ to } 0.05)",
         .error_kind = theory::ErrorKind::estimated,
         .evaluate = [](const Laboratory& laboratory, double C) { return delay(laboratory, C, false); },
         .C = 1,
         .why_C = "observation: the next term of the slope is at most 0.61 % in random settings",
         .met = small,
         .unmet =
             [](Laboratory& laboratory) {  // every sample of class +1 is flipped
               laboratory.config.parameters.n = 2;
               laboratory.config.parameters.eta = theory::Decimal("0.5");
             },
         .fault = [](const Laboratory& laboratory, double C) { return delay(laboratory, C, true); }}) &&
    register_check(
        {.order = 97,
         .id = "law.memorisation",
         .statement = "d -> infinity: log s_mem grows by k - 1/(2x) per x = n SNR^2, within C/5 %, where k x >= 100, "
                      "rho X >= 12",
         .source = "[D] theory/laws/memorisation.hpp",
         .derivation = "5.14",
         .uses = {"law.first_direction"},
         .tex =
             R"(\frac{d \log s_{\text{mem}}}{dx} = \Bigl(k - \frac1{2x}\Bigr)\left( 1 \pm \frac C{500} \right), \quad x = n\,\mathrm{SNR}^2, \\ \text{as } d \to \infty,\ kx \ge 100,\ \rho X \ge 12)",
         .error_kind = theory::ErrorKind::estimated,
         .evaluate = [](const Laboratory& laboratory, double C) { return memorisation(laboratory, C, -0.5); },
         .C = 1,
         .why_C = "observation: the next terms, O(1/x^2) and e^(-rho X), are below 0.05 % in random settings",
         .met = small,
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.eta = theory::Decimal("0"); },
         .fault = [](const Laboratory& laboratory, double C) { return memorisation(laboratory, C, 0.5); }}) &&
    register_check(
        {.order = 98,
         .id = "law.limit_system",
         .statement =
             "log s_fit, log s_gap are those of d = infinity up to C [(sqrt(nT/d) + s)(1 + log s) + log F], s = "
             "sigma/(rho |mu|), sigma/|mu|",
         .source = "[D] sim/routes/limit.hpp, theory/laws/late_time.hpp",
         .derivation = "5.5",
         .uses = {"event.norms", "event.noise_products", "event.signal_products", "event.initial_weights"},
         .tex =
             R"(\left| \log s - \log s_{d=\infty} \right| \le C \left[ \Bigl( \sqrt{\tfrac{nT}d} + \varsigma \Bigr)(1 + \log s) + \log F \right], \\ \varsigma = \tfrac\sigma{\rho\|\mu\|} \text{ (fit)},\ \tfrac\sigma{\|\mu\|} \text{ (gap)})",
         .error_kind = theory::ErrorKind::estimated,
         .evaluate = [](const Laboratory& laboratory, double C) { return finite_against_limit(laboratory, C, 1); },
         .C = 2,
         .why_C = "products, answers and W's training each enter to first order; observation: at most 1.4",
         .met = near_the_limit,
         .unmet = [](Laboratory& laboratory) { laboratory.config.parameters.d = 20; },
         .fault = [](const Laboratory& laboratory, double C) { return finite_against_limit(laboratory, C, 1.05); }});

}  // namespace benign::proofs::late_times
