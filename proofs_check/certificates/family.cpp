#include "proofs_check/certificates/family.hpp"

#include "proofs_check/text/format.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>
#include <vector>

namespace benign::proofs {
namespace {

using theory::Decimal;
using theory::Verdict;

constexpr int most_halvings = 12;  // of a piece

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

/// A piece of the box, and how often that was halved for it.
struct Piece {
  sim::RunConfig config;
  int halvings;
};

/// What of a box is still to be looked at, from its lower end on.
class Pieces {
 public:
  explicit Pieces(const sim::RunConfig& box) : open_{{box, 0}} {}

  bool empty() const { return open_.empty(); }
  /// Some that come next, none wider than the last one that was decided: it would most likely stay open.
  std::vector<Piece> take() {
    std::vector<Piece> next;
    while (!open_.empty() && next.size() < at_once) {
      const Piece piece = open_.back();
      open_.pop_back();
      if (piece.halvings < needed_)
        halve(piece);
      else
        next.push_back(piece);
    }
    return next;
  }
  void put_back(const Piece& piece) { open_.push_back(piece); }
  void halve(const Piece& piece) {
    auto [lower, upper] = halves(piece.config);
    open_.push_back({std::move(upper), piece.halvings + 1}), open_.push_back({std::move(lower), piece.halvings + 1});
  }
  void decided(const Piece& piece) { needed_ = piece.halvings; }

 private:
  static constexpr std::size_t at_once = 8;  // whatever the threads, so that the pieces are the same on any number

  std::vector<Piece> open_;
  int needed_ = 0;
};

/// Their proofs. A first one alone draws what all have in common on all threads.
std::vector<Proof> prove_each(const std::vector<Piece>& pieces, const std::vector<Claim>& claims, long bits,
                              sim::SharedDraws& shared) {
  const auto silent = [](long, long, long) {};
  std::vector<Proof> proofs(pieces.size());
  if (pieces.size() == 1) {
    proofs[0] = prove(pieces[0].config, claims, {}, bits, silent, shared);
    return proofs;
  }
  tbb::parallel_for(std::size_t{0}, pieces.size(), [&](std::size_t k) {
    sim::SharedDraws own = shared;
    proofs[k] = prove(pieces[k].config, claims, {}, bits, silent, own);
  });
  return proofs;
}

bool any(const std::vector<Decision>& decisions, Verdict verdict) {
  return std::any_of(decisions.begin(), decisions.end(), [&](const Decision& one) { return one.verdict == verdict; });
}

/// Adds a piece that is decided, or as small as pieces get.
void add(const Piece& piece, Proof proof, bool refuted, Proof& whole) {
  for (Decision& decision : proof.decisions)
    if (decision.verdict == Verdict::undecided)
      decision.limit =
          refuted ? std::string("another claim, with which the proof ended early")
                  : "a range too wide: it stays open in a piece of " + format("1/%d of it", 1 << most_halvings);
  const std::vector<Decision> of_piece = proof.decisions;
  if (whole.pieces.empty())
    whole = std::move(proof);
  else
    for (std::size_t k = 0; k < of_piece.size(); ++k) join(whole.decisions[k], of_piece[k]);
  whole.pieces.push_back({piece.config, of_piece});
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
  Pieces pieces(config);
  Proof whole;
  double decided = 0;
  bool ended = false;
  while (!pieces.empty() && !ended) {
    progress(bits, std::lround(1000 * decided), 1000);
    const std::vector<Piece> some = pieces.take();
    std::vector<Proof> proofs = prove_each(some, claims, bits, shared);
    for (std::size_t k = 0; k < some.size() && !ended; ++k) {
      const Piece& piece = some[k];
      Proof& one = proofs[k];
      const bool refuted = any(one.decisions, Verdict::violated), stays_open = any(one.decisions, Verdict::undecided);
      if (stays_open && !refuted && piece.halvings < most_halvings) {
        for (std::size_t later = some.size(); --later > k;) pieces.put_back(some[later]);
        pieces.halve(piece);
        break;
      }
      pieces.decided(piece);
      add(piece, std::move(one), refuted, whole);
      decided += std::ldexp(1.0, -piece.halvings);
      ended = (refuted || stays_open) && decided < 1;
    }
  }
  whole.config = config, whole.data_hash.clear(), whole.moments = sim::Json::array();
  if (ended)  // nothing is known beyond the pieces seen
    for (Decision& decision : whole.decisions) {
      if (decision.verdict == Verdict::proved)
        decision.verdict = Verdict::undecided, decision.limit = "another claim, with which the proof ended early";
      decision.lower.reset(), decision.upper.reset();
      if (decision.count) decision.count = Count{0, decision.claim.samples};
    }
  return whole;
}

}  // namespace benign::proofs
