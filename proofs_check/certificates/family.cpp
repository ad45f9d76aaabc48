#include "proofs_check/certificates/family.hpp"

#include "proofs_check/text/format.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/data_hash.hpp"

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

/// Adds what is known of a claim on one more piece, of which it is proved as well.
void join(Decision& all, const Decision& piece) {
  all.lower = further(all.lower, piece.lower, true), all.upper = further(all.upper, piece.upper, false);
  if (all.count)
    all.count = {std::min(all.count->least, piece.count->least), std::max(all.count->most, piece.count->most)};
  all.width = std::max(all.width, piece.width);
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
  /// Some that come next, none wider than the last halves that one was cut into: it would most likely stay open.
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
  /// Of one that stays open.
  void cut(const Piece& piece) {
    halve(piece);
    needed_ = piece.halvings + 1;
  }
  /// Without the claim that asked for small pieces.
  void try_wide_ones_again() { needed_ = 0; }

 private:
  void halve(const Piece& piece) {
    auto [lower, upper] = halves(piece.config);
    open_.push_back({std::move(upper), piece.halvings + 1}), open_.push_back({std::move(lower), piece.halvings + 1});
  }

  static constexpr std::size_t at_once = 8;  // whatever the threads, so that the pieces are the same on any number

  std::vector<Piece> open_;
  int needed_ = 0;
};

/// The member at one end of all ranges.
sim::RunConfig member_at(const sim::RunConfig& family, bool low) {
  sim::RunConfig member = family;
  for (Decimal* range : ranges_of(member)) *range = low ? range->low() : range->high();
  return member;
}

/// Each claim by itself: one that a run refutes, or that stays open in a piece as small as they get, is settled, and the
/// others go on without it.
class Search {
 public:
  Search(const sim::RunConfig& family, const std::vector<Claim>& claims, long bits, sim::SharedDraws& shared,
         ProofFolder* folder)
      : claims_(claims), bits_(bits), shared_(shared), folder_(folder), pieces_(family), settled_(claims.size()) {
    whole_.config = family, whole_.moments = sim::Json::array();
    for (const Claim& claim : claims) whole_.decisions.emplace_back().claim = claim;
  }

  bool goes_on() const { return !pieces_.empty() && !unsettled().empty(); }
  double decided() const { return decided_; }

  /// A run that refutes a claim is most often at an end, and found there at the cost of one.
  void look_at(const sim::RunConfig& member) {
    const std::vector<std::size_t> of = unsettled();
    if (!of.empty()) settle_refuted(member, prove_each({{member, 0}}, of)[0], of);
  }

  void look_at_next_pieces() {
    const std::vector<std::size_t> of = unsettled();
    const std::vector<Piece> some = pieces_.take();
    const std::vector<Proof> proofs = prove_each(some, of);
    for (std::size_t k = 0; k < some.size(); ++k) {
      settle_refuted(some[k].config, proofs[k], of);
      bool stays_open = false;
      for (std::size_t j = 0; j < of.size(); ++j)
        stays_open |= !settled_[of[j]] && proofs[k].decisions[j].verdict == Verdict::undecided;
      if (stays_open && some[k].halvings < most_halvings) {
        for (std::size_t later = some.size(); --later > k;) pieces_.put_back(some[later]);
        pieces_.cut(some[k]);
        return;
      }
      add(some[k], proofs[k], of);
    }
  }

  Proof found() {
    const auto& c = whole_.config;
    whole_.data_hash = sim::data_hash(sim::draw_instance(c.parameters, c.data, c.seed), c);
    return std::move(whole_);
  }

 private:
  std::vector<std::size_t> unsettled() const {
    std::vector<std::size_t> all;
    for (std::size_t k = 0; k < claims_.size(); ++k)
      if (!settled_[k]) all.push_back(k);
    return all;
  }

  /// A first one alone draws what all have in common on all threads.
  std::vector<Proof> prove_each(const std::vector<Piece>& pieces, const std::vector<std::size_t>& of) {
    std::vector<Claim> claims;
    for (const std::size_t k : of) claims.push_back(claims_[k]);
    const auto silent = [](long, long, long) {};
    std::vector<Proof> proofs(pieces.size());
    std::vector<std::size_t> open;
    for (std::size_t k = 0; k < pieces.size(); ++k)
      if (!looked_up(pieces[k], claims, proofs[k])) open.push_back(k);
    if (open.size() == 1) {
      proofs[open[0]] = prove(pieces[open[0]].config, claims, {}, bits_, silent, shared_);
    } else {
      tbb::parallel_for(std::size_t{0}, open.size(), [&](std::size_t k) {
        sim::SharedDraws own = shared_;
        proofs[open[k]] = prove(pieces[open[k]].config, claims, {}, bits_, silent, own);
      });
    }
    for (const std::size_t k : open) note(pieces[k], claims, proofs[k]);
    whole_.bits = proofs[0].bits, whole_.digits = proofs[0].digits;
    return proofs;
  }

  static std::string name_of(const Piece& piece, const std::vector<Claim>& claims) {
    const auto& p = piece.config.parameters;
    std::string name = "mu " + p.mu.text() + ", rho " + p.rho.text() + ", lr " + p.lr.text();
    for (const Claim& claim : claims) name += "; " + claim.text;
    return name;
  }
  /// What an interrupted proof knows of a piece.
  bool looked_up(const Piece& piece, const std::vector<Claim>& claims, Proof& proof) const {
    const sim::Json found = folder_ ? folder_->piece(name_of(piece, claims)) : sim::Json();
    if (found.is_null()) return false;
    proof.bits = found.at("bits"), proof.digits = found.at("digits");
    proof.decisions = decisions_of(found.at("decisions"), claims);
    return true;
  }
  void note(const Piece& piece, const std::vector<Claim>& claims, const Proof& proof) {
    if (!folder_) return;
    folder_->add_piece(name_of(piece, claims),
                       {{"bits", proof.bits}, {"digits", proof.digits}, {"decisions", records_of(proof.decisions)}});
  }

  void settle_refuted(const sim::RunConfig& there, const Proof& proof, const std::vector<std::size_t>& of) {
    Proof::Piece refuting{there, {}};
    for (std::size_t j = 0; j < of.size(); ++j)
      if (!settled_[of[j]] && proof.decisions[j].verdict == Verdict::violated) {
        settled_[of[j]] = true;
        refuting.decisions.push_back(whole_.decisions[of[j]] = proof.decisions[j]);
      }
    if (!refuting.decisions.empty()) whole_.pieces.push_back(std::move(refuting));
  }

  /// Adds a piece of which every claim is decided, or that is as small as pieces get.
  void add(const Piece& piece, const Proof& proof, const std::vector<std::size_t>& of) {
    Proof::Piece added{piece.config, {}};
    for (std::size_t j = 0; j < of.size(); ++j) {
      if (settled_[of[j]]) continue;
      Decision& all = whole_.decisions[of[j]];
      const Decision& here = proof.decisions[j];
      if (here.verdict == Verdict::undecided) {
        settled_[of[j]] = true;
        all = Decision();
        all.claim = here.claim;
        all.limit = format("it stays open for %s, 1/%d of the range: narrow the range, or leave the claim more room",
                           text_of_ranges(piece.config).c_str(), 1 << most_halvings);
        if (here.count) all.count = Count{0, here.claim.samples};
        pieces_.try_wide_ones_again();
        continue;
      }
      if (decided_ == 0)
        all = here;
      else
        join(all, here);
      added.decisions.push_back(here);
    }
    decided_ += std::ldexp(1.0, -piece.halvings);
    whole_.pieces.push_back(std::move(added));
  }

  const std::vector<Claim>& claims_;
  const long bits_;
  sim::SharedDraws& shared_;
  ProofFolder* const folder_;
  Pieces pieces_;
  std::vector<bool> settled_;
  Proof whole_;
  double decided_ = 0;
};

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
  if (config.flow || config.route != sim::RouteKind::coefficients || !config.method.plain())
    throw UsageError(option, value, "one number: only plain descents by --route coefficients are proved for ranges");
  if (config.brought) throw UsageError(option, value, "one number: brought tokens are what they are");
  if (config.data == sim::DataKind::gram)
    throw UsageError(option, value,
                     "one number: the runs of a range have tokens in common, which --data gram does not draw");
}

std::string text_of_ranges(const sim::RunConfig& config) {
  const auto& p = config.parameters;
  std::string text;
  for (const auto& [name, number] : {std::pair{"|mu|", &p.mu}, {"rho", &p.rho}, {"lr", &p.lr}})
    if (number->is_range()) text += std::string(text.empty() ? "" : ", ") + name + " in " + number->text();
  return text;
}

Proof prove_family(const sim::RunConfig& config, const std::vector<Claim>& claims, long most_bits,
                   const ProofProgress& progress, sim::SharedDraws& shared, ProofFolder* folder) {
  const long bits = std::min(first_bits(config), most_bits);  // more would not narrow a box
  Search search(config, claims, bits, shared, folder);
  for (const bool low : {true, false}) search.look_at(member_at(config, low));
  while (search.goes_on()) {
    progress(bits, std::lround(1000 * search.decided()), 1000);
    search.look_at_next_pieces();
  }
  return search.found();
}

}  // namespace benign::proofs
