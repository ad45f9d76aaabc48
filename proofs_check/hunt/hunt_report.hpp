#pragma once
// What a hunt has found, for a person and for a program.

#include "proofs_check/hunt/hunt.hpp"
#include "sim/runs/records.hpp"

#include <optional>

namespace benign::proofs {

/// All that a hunt came to. Nothing but the counts where no point speaks.
struct HuntResult {
  const Seen* worst = nullptr;
  std::optional<Judgement> judgement = {};  ///< of the worst point
  std::optional<Judgement> again = {};      ///< the same with more digits, where the first is no proof
  std::vector<Along> along = {};
  double wall_s = 0;
};

/// All that decides which points are looked at, and what is found there.
sim::Json description_json(const Hunt& hunt, long budget);

/// A point, as a line of points.jsonl, and back; throws sim::Json::exception for what is none.
sim::Json seen_json(const Hunt& hunt, const Seen& seen);
Seen read_seen(const Hunt& hunt, const sim::Json& json);

/// {check, …, worst: {margin, error, constant, verdict, config, command}, along: {NAME: [{value, constant, verdict}]},
/// evaluated, vacuous, wall_s}.
sim::Json hunt_json(const Hunt& hunt, long budget, const HuntResult& result);
std::string hunt_text(const Hunt& hunt, long budget, const HuntResult& result);

}  // namespace benign::proofs
