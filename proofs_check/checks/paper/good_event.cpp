// The good event on drawn data, bound by bound, and its probability over a thousand draws (theory/laws/good_event.hpp).
//
// The margin is 1·C − observed/bound at the worst item of a family; the smallest C is how conservative the bound is.

#include "proofs_check/text/format.hpp"
#include "proofs_check/framework/residual.hpp"
#include "proofs_check/framework/student.hpp"
#include "sim/runs/records.hpp"
#include "sim/runs/simulate.hpp"
#include "theory/numbers/confidence.hpp"
#include "theory/laws/good_event.hpp"
#include "theory/laws/regime.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace benign::proofs::good_event {

using theory::Parameters;

enum Family : std::size_t { norms, noise_products, signal_products, initial_weights };
constexpr std::array names{"norms", "noise products", "signal products", "initial weights"};
using Ratios = std::array<double, theory::good_event_families>;  // the worst observed/bound of each family

/// μ₊- and μ₋-coefficients of the signal in token t of a sample of true label Y*.
std::array<double, 2> signal_part(const Parameters& p, Index t, int true_label) {
  const double rho = p.rho.as<double>();
  std::array<double, 2> part{0, 0};
  const std::size_t own = true_label > 0 ? 0 : 1;
  if (t == 0) part[own] = 1;
  if (t == 1) part[own] = rho;
  if (t == 2) part[1 - own] = rho;
  return part;
}

/// From the inner products of tokens and signals alone: the noise is a token less its signal.
Ratios ratios(const Parameters& p, double delta, const sim::Frame<double>& frame) {
  const double each = delta / theory::good_event_families;
  const Index N = frame.tokens();
  const double unit = frame.scales.token_norm2, mu = p.mu.as<double>(), sigma = p.sigma.as<double>();
  std::vector<std::array<double, 2>> signal;
  for (Index k = 0; k < N; ++k) {
    const auto i = static_cast<std::size_t>(k / p.T);
    signal.push_back(signal_part(p, k % p.T, frame.noisy[i] ? -frame.samples.labels[i] : frame.samples.labels[i]));
  }
  const auto at = [&](Index k) -> const auto& { return element(signal, k); };
  // ⟨ε_k, μ±⟩ and ⟨ε_k, ε_l⟩, in units of σ²d.
  const auto with_signal = [&](Index k, std::size_t s) {
    return frame.K(N + static_cast<Index>(s), k) - at(k)[s] * mu * mu / unit;
  };
  const auto product = [&](Index k, Index l) {
    double value = frame.K(k, l);
    for (const std::size_t s : {0, 1})
      value -= at(l)[s] * with_signal(k, s) + at(k)[s] * with_signal(l, s) + at(k)[s] * at(l)[s] * mu * mu / unit;
    return value;
  };
  Ratios worst{};
  std::vector<double> length;  // ‖ε_k‖ / (σ√d)
  for (Index k = 0; k < N; ++k) {
    const double norm2 = product(k, k);
    length.push_back(std::sqrt(norm2));
    note_worst(worst[norms], std::abs(norm2 - 1) / theory::norm_bound(p, each));
    for (const std::size_t s : {0, 1})
      note_worst(worst[signal_products],
                 std::abs(with_signal(k, s)) * unit / (sigma * mu * theory::signal_product_bound(p, each)));
  }
  // |⟨ε, ε'⟩| ≤ σ‖ε'‖ · bound may be read with either factor as ε'; the longer one is the weaker claim, and proven.
  const double pair_bound = theory::noise_product_bound(p, each) / std::sqrt(static_cast<double>(p.d));
  for (Index k = 0; k < N; ++k)
    for (Index l = 0; l < k; ++l)
      note_worst(worst[noise_products],
                 std::abs(product(k, l)) / (std::max(element(length, k), element(length, l)) * pair_bound));
  if (p.init != theory::Init::identity) {
    const double bound = theory::initial_weights_bound(p, each);
    const auto norm2 = [&](Index row) { return row < N ? frame.K(row, row) : mu * mu / unit; };
    for (Index k = 0; k < N; ++k)
      for (Index row = k; row < N + sim::probes; ++row)
        note_worst(worst[initial_weights],
                   std::abs(frame.H(row, k) - frame.K(row, k)) / (std::sqrt(norm2(row) * norm2(k)) * bound));
  }
  return worst;
}

Ratios drawn_ratios(const Laboratory& laboratory, std::uint64_t seed) {
  sim::RunConfig config = laboratory.config;
  config.route = sim::RouteKind::coefficients;
  config.seed = seed;
  const auto seen = [&](const sim::Run<double>& run) {
    return ratios(config.parameters, laboratory.delta, run.frame());
  };
  if (seed == laboratory.config.seed) return seen(laboratory.run<double>(config, sim::QNorm::not_needed));
  return seen(sim::Run<double>(config, sim::QNorm::not_needed));
}

/// What each bound is against the quantity that it perturbs: a bound above 1 says nothing.
double bound_of(Family family, const Laboratory& laboratory) {
  const Parameters& p = laboratory.config.parameters;
  const double each = laboratory.delta / theory::good_event_families;
  switch (family) {
    case norms: return theory::norm_bound(p, each);
    case noise_products: return theory::noise_product_bound(p, each) / std::sqrt(static_cast<double>(p.d));
    case signal_products: return theory::signal_product_bound(p, each) * p.sigma.as<double>() / p.mu.as<double>();
    case initial_weights: break;
  }
  return theory::initial_weights_bound(p, each);
}

double items(Family family, const Laboratory& laboratory) {
  const double N = static_cast<double>(laboratory.config.parameters.tokens());
  switch (family) {
    case norms: return N;
    case noise_products: return N * (N - 1) / 2;
    case signal_products: return 2 * N;
    case initial_weights: break;
  }
  return N * (N + 1) / 2 + 2 * N;
}

Finding within_bound(Family family, const Laboratory& laboratory, double ratio, double C) {
  const double bound = bound_of(family, laboratory);
  Finding finding;
  finding.hypotheses = {{"the bound is below what it perturbs", bound < 1}};
  if (family == initial_weights)
    finding.hypotheses.push_back(
        {"W0 is drawn (no --init identity)", laboratory.config.parameters.init != theory::Init::identity});
  const double N = static_cast<double>(laboratory.config.parameters.tokens());
  // The noise is a token less its signal: what cancels is of the size of the signal.
  const double snr = theory::snr(laboratory.config.parameters);
  finding.margin = {C - ratio, N * unit_roundoff<double>() * (1 + snr * snr) * (1 + 1 / bound)};
  finding.scale = C;
  finding.constant = ratio;
  finding.observed = format("worst of %.0f is %.3g of the bound %.3g, at delta_j = %.3g", items(family, laboratory),
                            ratio, bound, laboratory.delta / theory::good_event_families);
  return finding;
}

Check bound_check(int order, std::string id, std::string statement, Family family) {
  const auto evaluate = [family](const Laboratory& laboratory, double C) {
    const std::string key = format("good event, delta %.17g, ", laboratory.delta) + sim::config_hash(laboratory.config);
    const Ratios& found =  // of all families, from one draw
        laboratory.once<Ratios>(key, [&] { return drawn_ratios(laboratory, laboratory.config.seed); });
    return within_bound(family, laboratory, found[family], C);
  };
  return {.order = order,
          .id = std::move(id),
          .statement = std::move(statement),
          .source = "[D] section 5",
          .error_kind = theory::ErrorKind::bounded,
          .evaluate = evaluate,
          .C = 1,
          .why_C = "the bound as it is derived",
          .any_method = true,
          .met = [](Laboratory& laboratory) { laboratory.config.parameters.d = 2000; },
          .unmet =
              [family](Laboratory& laboratory) {
                laboratory.config.parameters.d = 20;
                laboratory.config.parameters.mu = theory::Decimal("1");
                if (family == initial_weights) laboratory.config.parameters.init = theory::Init::identity;
              },
          // Noise of twice the length, two tokens with one noise, noise along a signal, W₀ of another scale.
          .fault =
              [family](const Laboratory& laboratory, double C) {
                const auto run = laboratory.run<double>(laboratory.config, sim::QNorm::not_needed);
                sim::Frame<double> frame = run.frame();
                const Index last = frame.tokens() - 1;
                switch (family) {
                  case norms: frame.K(last, last) *= 4; break;
                  case noise_products: frame.K(last, 0) = frame.K(0, last) = frame.K(0, 0); break;
                  case signal_products: frame.K(frame.tokens(), last) += 1; break;
                  case initial_weights: frame.H *= 1.5; break;
                }
                return within_bound(family, laboratory,
                                    ratios(laboratory.config.parameters, laboratory.delta, frame)[family], C);
              }};
}

/// P(good event) ≥ 1 − δ, over as many draws as the laboratory has seeds. The planted fault inflates what is observed.
Finding probability(const Laboratory& laboratory, double C, double inflated) {
  const long draws = laboratory.seeds;
  std::vector<Ratios> found(static_cast<std::size_t>(draws));
  for_each_in_parallel(laboratory.watch, "draws", draws, [&](long k) {
    element(found, k) = drawn_ratios(laboratory, laboratory.config.seed + static_cast<std::uint64_t>(k));
  });
  long failed = 0;
  Ratios worst{};
  double smallest_C = 0;
  for (const Ratios& one : found) {
    double largest = 0;
    for (std::size_t family = 0; family < one.size(); ++family) {
      note_worst(worst[family], inflated * one[family]);
      note_worst(largest, inflated * one[family]);
    }
    failed += !(largest <= C);
    note_worst(smallest_C, largest);
  }
  const auto [low, high] = theory::clopper_pearson(failed, draws, 0.002);
  Finding finding;
  finding.hypotheses = {{"every bound is below what it perturbs", true},
                        {"delta >= 1/2000: less would take too many draws", laboratory.delta >= 5e-4}};
  for (const Family family : {norms, noise_products, signal_products, initial_weights})
    if (!(bound_of(family, laboratory) < 1)) finding.hypotheses.front().met = false;
  finding.margin = {laboratory.delta - (low + high) / 2, (high - low) / 2};
  finding.scale = laboratory.delta;
  finding.constant = smallest_C;
  finding.observed = format("failed in %ld of %ld draws: P(failure) in [%.4g, %.4g]; worst", failed, draws, low, high);
  for (std::size_t family = 0; family < worst.size(); ++family)
    finding.observed += format("%s %s %.3g", family > 0 ? "," : "", names[family], worst[family]);
  return finding;
}

void small_dimension(Laboratory& laboratory) { laboratory.config.parameters.d = 20; }

const bool registered =
    register_check(argued(
        bound_check(20, "event.norms", "| |e|^2/(s^2 d) - 1 | <= C (2 sqrt(x/d) + 2x/d), x = log(2N/delta_j)", norms),
        "5.21", {},
        R"(\left| \frac{\|\varepsilon\|^2}{\sigma^2 d} - 1 \right| \le C\left( 2\sqrt{\frac xd} + \frac{2x}d \right), \\ x = \log\frac{2N}{\delta_j}, \quad N = nT)")) &&
    register_check(argued(
        bound_check(21, "event.noise_products", "|<e, e'>| <= C s |e'| sqrt(2 log(N(N-1)/2/delta_j)) for all pairs",
                    noise_products),
        "5.21", {},
        R"(|\langle \varepsilon, \varepsilon' \rangle| \le C\, \sigma \|\varepsilon'\| \sqrt{2 \log \frac{N(N-1)/2}{\delta_j}} \quad\text{for all pairs})")) &&
    register_check(argued(
        bound_check(22, "event.signal_products", "|<e, mu>| <= C s |mu| sqrt(2 log(2N/delta_j))", signal_products),
        "5.21", {},
        R"(|\langle \varepsilon, \mu_\pm \rangle| \le C\, \sigma \|\mu\| \sqrt{2 \log \frac{2N}{\delta_j}})")) &&
    register_check(argued(
        bound_check(23, "event.initial_weights",
                    "H0 = kappa K at the start, up to C b(log(4M/delta_j)) in units of kappa |x| |y|", initial_weights),
        "5.21", {},
        R"(|H_0(x, y) - \kappa \langle x, y \rangle| \le C\, \kappa \|x\| \|y\|\, b\!\left( \log\frac{4M}{\delta_j} \right))")) &&
    register_check({.order = 30,
                    .id = "probability.good_event",
                    .statement = "all bounds of the good event hold with probability at least 1 - delta",
                    .source = "[D] section 5",
                    .derivation = "5.21",
                    .uses = {"event.norms", "event.noise_products", "event.signal_products", "event.initial_weights"},
                    .tex = R"(P(\text{all bounds of the good event hold}) \ge 1 - \delta)",
                    .error_kind = theory::ErrorKind::statistical,
                    .remedy = Remedy::seeds,
                    .least_seeds = 1000,
                    .expenses =
                        [](const Laboratory& laboratory) {
                          return std::vector<Expense>{{laboratory.config, false}};
                        },
                    .evaluate = [](const Laboratory& laboratory, double C) { return probability(laboratory, C, 1); },
                    .C = 1,
                    .why_C = "the bounds as they are derived",
                    .any_method = true,
                    .met =
                        [](Laboratory& laboratory) {
                          laboratory.config.parameters.d = 300;
                          laboratory.seeds = 1000;
                        },
                    .unmet = small_dimension,
                    .fault = [](const Laboratory& laboratory, double C) { return probability(laboratory, C, 2); }});

}  // namespace benign::proofs::good_event
