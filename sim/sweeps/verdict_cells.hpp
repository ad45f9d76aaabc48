#pragma once
// A claim over a grid: in every cell the verdict, the margin over its error and the constant needed, over seeds.
//
// Who judges is the caller's business: the sweep knows the claim by its name alone, so that records can be read and drawn
// where nobody judges.

#include "sim/sweeps/sweep.hpp"
#include "theory/model/verdict.hpp"

#include <array>
#include <functional>

namespace benign::sim {

inline constexpr theory::Verdict all_verdicts[] = {theory::Verdict::proved, theory::Verdict::holds,
                                                   theory::Verdict::violated, theory::Verdict::undecided,
                                                   theory::Verdict::vacuous};

/// What a claim came to in one run, or in one study over many. A number that is not finite is missing.
struct Judged {
  std::optional<theory::Verdict> verdict;  ///< nothing in an unfinished sweep, where it is not known yet
  std::optional<double> margin, error;
  double scale = 1;                ///< the size of the bound that the margin is a distance from
  std::optional<double> constant;  ///< the C at which the claim begins to hold
  std::string precision;           ///< in which it was decided
  long seeds = 1;                  ///< and of a study from how many seeds
  std::vector<std::string> unmet;  ///< hypotheses, where it is vacuous
};

struct VerdictCell {
  long column, row;
  /// Violated in one run is violated; else undecided in one is undecided; vacuous where all runs are.
  std::optional<theory::Verdict> verdict;
  std::array<long, std::size(all_verdicts)> runs{};  ///< how many came to each verdict
  long worst = 0;                                    ///< the run with the smallest margin of those with that verdict
  Judged found;                                      ///< what that one came to
};

/// What is asked of every cell.
struct AskedClaim {
  std::string check;   ///< its id
  Json terms;          ///< all else that decides the verdicts: constants and the like; description() holds them
  bool study = false;  ///< one judgement looks at all seeds
  std::function<Judged(const RunConfig& config)> judge = {};  ///< the runs' configurations are the grid's
};

/// One unit is one run, or of a study one cell.
class VerdictSweep final : public Sweep {
 public:
  using Found = Judged;
  using Line = VerdictCell;
  struct Conclusion {};  ///< cells say nothing together

  VerdictSweep(Grid grid, long seeds, AskedClaim claim)
      : grid_(std::move(grid)), seeds_(seeds), claim_(std::move(claim)) {}

  const Grid& grid() const { return grid_; }
  long seeds() const { return seeds_; }
  const AskedClaim& claim() const { return claim_; }
  long units() const override { return lines() * runs(); }
  RunConfig config(long unit) const override;
  long lines() const override { return grid_.columns() * grid_.rows(); }
  std::string records() const override { return "cells.jsonl"; }
  Json description() const override;

  /// The configuration that decided a cell.
  RunConfig decided_by(const VerdictCell& cell) const;

  Judged run(long unit, SharedDraws& shared) const;
  std::vector<VerdictCell> merge(std::span<const Judged> found) const;
  std::optional<Conclusion> conclusion(std::span<const Judged>) const { return std::nullopt; }

  Json found_json(const Judged& found) const;
  Judged read_found(const Json& json) const;
  Json line_json(const VerdictCell& cell) const;
  VerdictCell read_line(const Json& json) const;
  Json conclusion_json(const Conclusion&) const { return nullptr; }
  Conclusion read_conclusion(const Json&) const { return {}; }

 private:
  long runs() const { return claim_.study ? 1 : seeds_; }

  Grid grid_;
  long seeds_;
  AskedClaim claim_;
};

}  // namespace benign::sim
