#pragma once
// The worst case of a check over a box of configurations and some seeds: the smallest margin, or the largest C that its
// claim needs. Where a hypothesis is unmet a claim says nothing, and such a point counts for nothing.

#include "proofs_check/framework/check.hpp"
#include "proofs_check/hunt/box.hpp"
#include "sim/sweeps/cluster.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

namespace benign::proofs {

/// What a check found at one point of a box, in the worst of the seeds.
struct Seen {
  std::vector<theory::Decimal> values;  ///< of the box's sides
  bool allowed = true;                  ///< a configuration that the program takes; else nothing below is known
  long speaking = 0;                    ///< seeds in which the check's hypotheses are met and its error is known
  std::uint64_t seed = 0;               ///< the worst of these
  theory::Margin margin = {};
  double scale = 1;
  std::optional<double> constant = {};
  theory::Verdict verdict = theory::Verdict::vacuous;
  std::vector<std::string> unmet = {};  ///< of the first seed, where no seed speaks
};

/// A check's C, or the margin in units of the claim's size, along one side of a box, all other parameters as in the worst
/// point.
struct Along {
  std::string name;
  std::vector<Seen> points;
  /// d log C/d log value by least squares over the points that have a C above 0, where there are three.
  std::optional<double> exponent;
};

class Hunt {
 public:
  /// `seeds` runs of each point, with seeds from that of the box on; of a study its own seeds, counted likewise. `terms`:
  /// δ and the constants that the user gave.
  Hunt(const Check& check, Box box, long seeds, const Laboratory& terms);

  /// What is seen at one point: looks there unless it is known. May be called by several threads at once.
  const Seen& at(const std::vector<theory::Decimal>& values) { return *visit(values).first; }

  /// Searches with so many points, or a few more, all ranks of the cluster together. `look` is told, by one thread at a
  /// time, of each point that this rank did not know before.
  void search(long budget, const sim::Cluster& cluster, int threads, const std::function<void(const Seen&)>& look);

  /// A point that an earlier hunt, or another rank, has looked at.
  const Seen& know(Seen seen);

  /// The worst point of all that speak; null where none does.
  const Seen* worst() const;

  /// Through a point, along each side.
  std::vector<Along> along(const Seen& through);

  /// The check's verdict at a point with more digits and, of a study, with more seeds, as long as it is undecided; begun in
  /// `precision`.
  Judgement judge(const Seen& seen, Precision precision) const;

  /// What reproduces it.
  Laboratory laboratory(const Seen& seen) const;

  const Check& check() const { return check_; }
  const Box& box() const { return box_; }
  long seeds() const { return seeds_; }
  const Laboratory& terms() const { return terms_; }
  /// The constant that the claim is tested with; 0 where it has none.
  double C() const;
  /// Whether a point's constant is the smallest with which the claim holds, and not, as of an assumption, the largest.
  bool is_least(const Seen& seen) const;
  const std::map<std::string, Seen>& seen() const { return seen_; }

  /// What makes one point worse than another: in [−1, 1], negative where the claim fails, and above 1 where it says
  /// nothing.
  double score(const Seen& seen) const;

 private:
  Seen look_at(const std::vector<theory::Decimal>& values) const;
  /// A point, and whether this call made it known.
  std::pair<const Seen*, bool> visit(const std::vector<theory::Decimal>& values);

  const Check& check_;
  const Box box_;
  const long seeds_;
  const Laboratory terms_;
  std::mutex mutex_;
  std::map<std::string, Seen> seen_;  ///< by the texts of the values: nodes stay where they are
};

}  // namespace benign::proofs
