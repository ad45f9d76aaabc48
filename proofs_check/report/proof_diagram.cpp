#include "proofs_check/report/proof_diagram.hpp"

#include "proofs_check/certificates/in_double.hpp"
#include "proofs_check/certificates/proof.hpp"
#include "proofs_check/certificates/provable.hpp"
#include "proofs_check/certificates/regime.hpp"
#include "proofs_check/report/letter_map.hpp"
#include "proofs_check/report/report.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace benign::proofs {
namespace {

using sim::ProofCell;
using sim::ProvedClaim;
using sim::ProvedRun;
using theory::Verdict;

constexpr char regime_letters[] = {'B', 'H', 'N', '-', '?'};

/// Whether a value in double meets the claim; nothing where its error reaches to the bound. An accuracy is compared as the
/// number of samples that it is a share of.
std::optional<bool> holds(const Claim& claim, const InDouble& computed) {
  if (!std::isfinite(computed.value)) return std::nullopt;
  using boost::multiprecision::cpp_rational;
  if (claim.counts())
    return meets(claim, cpp_rational(std::lround(computed.value * static_cast<double>(claim.samples)), claim.samples));
  if (!(std::abs(computed.value - claim.bound.as<double>()) > computed.error)) return std::nullopt;
  return meets(claim, cpp_rational(computed.value));
}

ProvedClaim proved_claim(const Decision& decision, const std::optional<InDouble>& computed) {
  const auto [lower, upper] = printed_ends(decision);
  ProvedClaim found{decision.verdict, lower, upper, decision.limit, {}, {}};
  if (computed) found.computed = sim::known(computed->value), found.holds = holds(decision.claim, *computed);
  return found;
}

ProvedRun proved_run(const std::vector<std::string>& texts, long most_digits, const sim::RunConfig& config,
                     sim::SharedDraws& shared) {
  std::vector<Claim> claims;
  for (const std::string& text : texts) claims.push_back(parse_claim("--prove", text, config));
  const Proof proof = prove(
      config, claims, {}, bits_of_digits(most_digits), [](long, long, long) {}, shared);
  const auto computed = values_in_double(config, claims, shared);
  ProvedRun run{{}, {}, {}, proof.digits};
  std::vector<Verdict> proved, seen;
  for (std::size_t k = 0; k < claims.size(); ++k) {
    run.claims.push_back(proved_claim(proof.decisions[k], computed[k]));
    proved.push_back(proof.decisions[k].verdict);
    const auto& holds = run.claims.back().holds;
    seen.push_back(!holds ? Verdict::undecided : *holds ? Verdict::proved : Verdict::violated);
  }
  run.regime = regime_of(claims, proved), run.computed_regime = regime_of(claims, seen);
  return run;
}

/// The place of the regime that most runs came to, of the earlier of equal ones; nothing where no claim tells one.
std::optional<std::size_t> commonest(const std::array<long, std::size(sim::regime_names)>& counts) {
  const auto most = std::max_element(counts.begin(), counts.end());
  return *most > 0 ? std::optional(static_cast<std::size_t>(most - counts.begin())) : std::nullopt;
}

char letter_of(const ProofCell& cell, std::optional<std::size_t> claim) {
  if (!claim) {
    const auto regime = commonest(cell.regimes);
    return regime ? regime_letters[*regime] : ' ';
  }
  const auto& verdict = cell.claims[*claim].worst.verdict;
  return !verdict ? ' ' : *verdict == Verdict::proved ? 'P' : *verdict == Verdict::violated ? 'V' : '?';
}

std::string maps(const sim::ProofSweep& sweep, const std::vector<ProofCell>& cells, bool tells_regimes) {
  const auto map = [&](const std::string& meaning, std::optional<std::size_t> claim) {
    return letter_map(meaning, sweep.grid(), [&](long k) { return letter_of(element(cells, k), claim); });
  };
  const bool one_seed = sweep.seeds() == 1;
  if (tells_regimes)
    return map("Each cell (B benign, H harmful, N not overfitting, - neither, ? undecided" +
                   std::string(one_seed ? "" : "; of most runs") + ")",
               {});
  std::string text;
  for (std::size_t k = 0; k < sweep.asked().claims.size(); ++k)
    text += map(sweep.asked().claims[k] + " in each cell (P proved, V violated, ? undecided" +
                    (one_seed ? "" : "; the worst run") + ")",
                k);
  return text;
}

std::string counts_of_claims(const sim::ProofSweep& sweep, const std::vector<ProofCell>& cells) {
  std::string text = format("%-40s%10s%10s%10s\n", "runs", "proved", "violated", "undecided");
  for (std::size_t k = 0; k < sweep.asked().claims.size(); ++k) {
    text += format("  %-38s", sweep.asked().claims[k].c_str());
    for (std::size_t v = 0; v < std::size(sim::proof_verdicts); ++v) {
      long runs = 0;
      for (const ProofCell& cell : cells) runs += cell.claims[k].runs[v];
      text += format("%10ld", runs);
    }
    text += "\n";
  }
  return text;
}

std::string counts_of_regimes(const std::vector<ProofCell>& cells) {
  std::string text;
  for (const bool computed : {false, true}) {
    text += computed ? "In double:      " : "Proved regimes: ";
    for (std::size_t k = 0; k < std::size(sim::regime_names); ++k) {
      long runs = 0;
      for (const ProofCell& cell : cells) runs += (computed ? cell.computed_regimes : cell.regimes)[k];
      std::string name = sim::regime_names[k];
      std::replace(name.begin(), name.end(), '_', ' ');
      text += format(" %s %ld,", name.c_str(), runs);
    }
    text.back() = '\n';
  }
  return text;
}

/// What limits the undecided claims.
std::string limits(const std::vector<ProofCell>& cells) {
  std::map<std::string, long> reasons;
  for (const ProofCell& cell : cells)
    for (const auto& claim : cell.claims)
      if (claim.worst.verdict == Verdict::undecided) ++reasons[claim.worst.limit];
  std::string text;
  for (const auto& [reason, count] : reasons) text += format("  undecided in %ld cells: %s\n", count, reason.c_str());
  return text;
}

std::string command_of(const sim::ProofSweep& sweep, const ProofCell& cell) {
  std::string text = "benign prove" + arguments(sweep.grid().config(cell.column, cell.row));
  for (const std::string& claim : sweep.asked().claims) text += " --claim '" + claim + "'";
  return text;
}

}  // namespace

sim::ProofSweep proof_sweep(const std::vector<std::string>& claims, sim::Grid grid, long seeds, long most_digits) {
  for (long column = 0; column < grid.columns(); ++column)
    for (long row = 0; row < grid.rows(); ++row) {
      const sim::RunConfig config = grid.config(column, row);
      const std::string at = "at " + grid.place(column, row) + ": ";
      try {
        refuse_what_has_no_proof(config);
        for (const std::string& claim : claims) parse_claim("--prove", claim, config);
      } catch (const UsageError& error) {
        throw UsageError(at + error.what());
      }
    }
  const auto prove_one = [claims, most_digits](const sim::RunConfig& config, sim::SharedDraws& shared) {
    return proved_run(claims, most_digits, config, shared);
  };
  return {std::move(grid), seeds, sim::AskedProofs{claims, most_digits, prove_one}};
}

double seconds_of_proof(const sim::RunConfig& config) {
  constexpr double sharing = 8;  // units that follow one another on one thread (engine.cpp)
  const ProofSeconds one = expected_proof_seconds(config);
  return one.products / sharing + one.descent;
}

std::string proof_table(const sim::ProofSweep& sweep, const std::vector<ProofCell>& cells) {
  const sim::Grid& grid = sweep.grid();
  const bool tells_regimes = std::any_of(cells.begin(), cells.end(),
                                         [](const ProofCell& cell) { return commonest(cell.regimes).has_value(); });
  std::string text = format("%ld x %ld cells over %s and %s, %ld seed%s each\n", grid.columns(), grid.rows(),
                            grid.x.name.c_str(), grid.y.name.c_str(), sweep.seeds(), sweep.seeds() == 1 ? "" : "s");
  text += counts_of_claims(sweep, cells);
  if (tells_regimes) text += counts_of_regimes(cells);
  text += limits(cells) + maps(sweep, cells, tells_regimes);
  if (const long wrong = contradictions(cells); wrong > 0)
    text += format("! %ld times a proof contradicts the run in double: a fault, or a margin as small as its errors\n",
                   wrong);
  return cells.empty() ? text : text + "The first cell again: " + command_of(sweep, cells.front()) + "\n";
}

long contradictions(const std::vector<ProofCell>& cells) {
  long count = 0;
  for (const ProofCell& cell : cells)
    for (const auto& claim : cell.claims) count += claim.contradicted;
  return count;
}

int exit_status(const std::vector<ProofCell>& cells) {
  if (contradictions(cells) > 0) return unexpected;
  for (const ProofCell& cell : cells)
    for (const auto& claim : cell.claims)
      if (!claim.worst.verdict || claim.worst.verdict == Verdict::undecided) return not_decided;
  return as_expected;
}

}  // namespace benign::proofs
