#include "proofs_check/certificates/family.hpp"

#include "proofs_check/text/format.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace benign::proofs {
namespace {

using theory::Decimal;
using theory::Verdict;

constexpr int most_halvings = 10;  // of a piece

using Ranges = std::vector<Decimal*>;
Ranges ranges_of(sim::RunConfig& config) {
  Ranges ranges;
  for (Decimal* one : {&config.parameters.mu, &config.parameters.rho, &config.parameters.lr})
    if (one->is_range()) ranges.push_back(one);
  return ranges;
}

/// How wide a range is: of ‖μ‖ and α relative to it, of ρ, which stands beside the 1 of the relevant token, as it is.
double width_of(const sim::RunConfig& config, const Decimal& range) {
  const double low = range.low().as<double>(), high = range.high().as<double>();
  return &range == &config.parameters.rho ? high - low : high / low - 1;
}

/// The two halves of a piece, cut where it is widest.
std::pair<sim::RunConfig, sim::RunConfig> halves(const sim::RunConfig& piece) {
  std::pair<sim::RunConfig, sim::RunConfig> two{piece, piece};
  const Ranges lower = ranges_of(two.first), upper = ranges_of(two.second);
  std::size_t widest = 0;
  for (std::size_t k = 1; k < lower.size(); ++k)
    if (width_of(two.first, *lower[k]) > width_of(two.first, *lower[widest])) widest = k;
  const Decimal low = lower[widest]->low(), high = lower[widest]->high(), middle = lower[widest]->middle();
  *lower[widest] = Decimal::between(low, middle), *upper[widest] = Decimal::between(middle, high);
  return two;
}

/// The end that is further out of two decimals; none where one of them is infinite.
std::optional<std::string> further(const std::optional<std::string>& x, const std::optional<std::string>& y, bool low) {
  if (!x || !y) return std::nullopt;
  return (exact_decimal(*x) < exact_decimal(*y)) == low ? x : y;
}

/// Adds what is known of a claim on one more piece.
void join(Decision& all, const Decision& piece) {
  all.lower = further(all.lower, piece.lower, true), all.upper = further(all.upper, piece.upper, false);
  if (all.count)
    all.count = {std::min(all.count->least, piece.count->least), std::max(all.count->most, piece.count->most)};
  all.width = std::max(all.width, piece.width);
  if (piece.verdict == Verdict::violated || all.verdict == Verdict::proved)
    all.verdict = piece.verdict, all.limit = piece.limit;
}

/// A piece that is still to be looked at, and how often the box was halved for it.
struct Open {
  sim::RunConfig config;
  int halvings;
};

bool any(const std::vector<Decision>& decisions, Verdict verdict) {
  return std::any_of(decisions.begin(), decisions.end(), [&](const Decision& one) { return one.verdict == verdict; });
}

}  // namespace

bool is_family(const sim::RunConfig& config) {
  const auto& p = config.parameters;
  return p.mu.is_range() || p.rho.is_range() || p.lr.is_range();
}

void refuse_what_is_no_family(const sim::RunConfig& config) {
  if (!is_family(config)) return;
  const auto& p = config.parameters;
  const bool of_mu = p.mu.is_range(), of_rho = p.rho.is_range();
  const char* option = of_mu ? "--mu" : of_rho ? "--rho" : "--lr";
  const std::string& value = (of_mu ? p.mu : of_rho ? p.rho : p.lr).text();
  if (config.flow || config.route != sim::RouteKind::coefficients)
    throw UsageError(option, value, "one number: only descents by --route coefficients are proved for ranges");
  if (config.brought) throw UsageError(option, value, "one number: brought tokens are what they are");
}

Proof prove_family(const sim::RunConfig& config, const std::vector<Claim>& claims, long most_bits,
                   const ProofProgress& progress, sim::SharedDraws& shared) {
  const long bits = std::min(first_bits(config), most_bits);  // more would not narrow a box
  std::vector<Open> open{{config, 0}};
  Proof whole;
  double decided = 0;
  int needed = 0;  // halvings of the last piece that was decided: wider ones that follow would most likely stay open
  while (!open.empty()) {
    const Open piece = open.back();
    open.pop_back();
    progress(bits, std::lround(1000 * decided), 1000);
    const auto halve = [&] {
      auto [lower, upper] = halves(piece.config);
      open.push_back({std::move(upper), piece.halvings + 1}), open.push_back({std::move(lower), piece.halvings + 1});
    };
    if (piece.halvings < needed) {
      halve();
      continue;
    }
    Proof one = prove(
        piece.config, claims, {}, bits, [](long, long, long) {}, shared);
    const bool refuted = any(one.decisions, Verdict::violated), stays_open = any(one.decisions, Verdict::undecided);
    if (stays_open && !refuted && piece.halvings < most_halvings) {
      halve();
      continue;
    }
    needed = piece.halvings;
    for (Decision& decision : one.decisions)
      if (decision.verdict == Verdict::undecided)
        decision.limit =
            refuted ? std::string("another claim, with which the proof ended early")
                    : "a range too wide: it stays open in a piece of " + format("1/%d of it", 1 << most_halvings);
    if (whole.pieces.empty())
      whole = one, whole.config = config, whole.data_hash.clear(), whole.moments = sim::Json::array();
    else
      for (std::size_t k = 0; k < claims.size(); ++k) join(whole.decisions[k], one.decisions[k]);
    whole.pieces.push_back({piece.config, one.decisions});
    decided += std::ldexp(1.0, -piece.halvings);
    if (refuted || stays_open) break;
  }
  if (!open.empty())  // nothing is known beyond the pieces seen
    for (Decision& decision : whole.decisions) {
      if (decision.verdict == Verdict::proved)
        decision.verdict = Verdict::undecided, decision.limit = "another claim, with which the proof ended early";
      decision.lower.reset(), decision.upper.reset();
      if (decision.count) decision.count = Count{0, decision.claim.samples};
    }
  return whole;
}

}  // namespace benign::proofs
