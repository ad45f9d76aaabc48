#pragma once
// Checks that wait to be asked for: studies over many seeds, and what takes long at the setting's size.

#include "proofs_check/framework/check.hpp"

namespace benign::proofs {

/// What a command line says of them.
struct Wanted {
  bool all = false;         ///< by --studies, by name, or as those of a baseline
  bool studies = false;     ///< the studies, by their number of seeds
  bool no_studies = false;  ///< none of the studies, whatever else is said
};

/// Takes out of `checks` what is not wanted, and returns it.
std::vector<const Check*> leave_out(std::vector<const Check*>& checks, const Wanted& wanted,
                                    const Laboratory& laboratory);

/// What --studies would add, and for how long; empty where nothing was left out.
std::string offer(const std::vector<const Check*>& left_out, const Laboratory& laboratory);

/// Seconds on this machine, about.
double expected_wall_seconds(const std::vector<const Check*>& checks, const Laboratory& laboratory);

}  // namespace benign::proofs
