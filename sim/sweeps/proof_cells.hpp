#pragma once
// Claims over a grid, each proved, refuted or left undecided in every cell, and beside each the same claim in double.
//
// Who proves is the caller's business: the sweep knows the claims by their texts alone, so that records can be read and
// drawn where nobody proves.

#include "sim/sweeps/sweep.hpp"
#include "theory/model/verdict.hpp"

#include <array>
#include <functional>

namespace benign::sim {

/// What a proof can come to.
inline constexpr theory::Verdict proof_verdicts[] = {theory::Verdict::proved, theory::Verdict::violated,
                                                     theory::Verdict::undecided};

/// What came of one claim in one run, or as the worst of a cell's runs: of undecided, violated and proved ones the first.
struct ProvedClaim {
  std::optional<theory::Verdict> verdict;  ///< nothing in an unfinished sweep, where it is not known yet
  std::string lower, upper;                ///< ends of the enclosure, decimals rounded outward, -inf or inf
  std::string limit;                       ///< why more digits would not decide an undecided claim; empty else
  std::optional<double> computed;          ///< the quantity of the run in double
  std::optional<bool> holds;               ///< whether that meets the claim; nothing where its error leaves it open
};

/// One run, in the order of the sweep's claims.
struct ProvedRun {
  std::vector<ProvedClaim> claims;
  std::string regime, computed_regime;  ///< one of `regime_names`, where the claims tell it; else empty
  long digits = 0;                      ///< that the proof took
};

/// What claims about labels and the test error say together (regime.hpp of the prover has the rule).
inline constexpr const char* regime_names[] = {"benign", "harmful", "not_overfitting", "neither", "undecided"};

struct ProofCell {
  long column = 0, row = 0;
  struct OfClaim {
    std::array<long, std::size(proof_verdicts)> runs{};  ///< how many came to each verdict
    long contradicted = 0;  ///< and in how many the run in double says the opposite of a proof
    ProvedClaim worst;
  };
  std::vector<OfClaim> claims;
  std::array<long, std::size(regime_names)> regimes{},
      computed_regimes{};  ///< likewise; all 0 where no claim tells them
};

/// What is asked of every cell.
struct AskedProofs {
  std::vector<std::string> claims;
  long most_digits = 0;
  std::function<ProvedRun(const RunConfig& config, SharedDraws& shared)> prove = {};
};

/// One unit is one run. Those that share their inner products follow one another.
class ProofSweep final : public Sweep {
 public:
  using Found = ProvedRun;
  using Line = ProofCell;
  struct Conclusion {};  ///< cells say nothing together

  ProofSweep(Grid grid, long seeds, AskedProofs asked)
      : grid_(std::move(grid)), seeds_(seeds), asked_(std::move(asked)) {}

  const Grid& grid() const { return grid_; }
  long seeds() const { return seeds_; }
  const AskedProofs& asked() const { return asked_; }
  long units() const override { return lines() * seeds_; }
  RunConfig config(long unit) const override;
  long lines() const override { return grid_.columns() * grid_.rows(); }
  std::string records() const override { return "cells.jsonl"; }
  Json description() const override;

  ProvedRun run(long unit, SharedDraws& shared) const { return asked_.prove(config(unit), shared); }
  std::vector<ProofCell> merge(std::span<const ProvedRun> found) const;
  std::optional<Conclusion> conclusion(std::span<const ProvedRun>) const { return std::nullopt; }

  Json found_json(const ProvedRun& found) const;
  ProvedRun read_found(const Json& json) const;
  Json line_json(const ProofCell& cell) const;
  ProofCell read_line(const Json& json) const;
  Json conclusion_json(const Conclusion&) const { return nullptr; }
  Conclusion read_conclusion(const Json&) const { return {}; }

 private:
  bool down_columns() const;
  long unit(long column, long row, long seed) const;

  Grid grid_;
  long seeds_;
  AskedProofs asked_;
};

}  // namespace benign::sim
