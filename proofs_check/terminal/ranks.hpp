#pragma once
// A command on several ranks of mpirun: all are given the same, rank 0 alone speaks, and one that fails ends all.

#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/config_json.hpp"
#include "sim/sweeps/cluster.hpp"

#include <functional>
#include <optional>
#include <string>

namespace benign::proofs {

/// Whether this rank goes on, which is for rank 0 to say; there throws what it refuses.
bool may_go_on(const sim::Cluster& cluster, const std::optional<UsageError>& refused);

/// Whether all ranks were given the same. `refused`: why this one refuses its options; else `asked` is what they are.
/// On rank 0 throws UsageError where one refuses, or was given something else; the others are then to end as they like:
/// the job's status is that of rank 0.
bool all_agree(const sim::Cluster& cluster, const std::optional<UsageError>& refused, const sim::Json& asked);

/// What all ranks were given, as `read` reads it and `describe` tells it; nothing where they do not agree.
template <class Read, class Describe>
auto agreed(const sim::Cluster& cluster, const Read& read, const Describe& describe) {
  std::optional<decltype(read())> asked;
  std::optional<UsageError> refused;
  sim::Json given;
  try {
    asked = read();
    given = describe(*asked);
  } catch (const UsageError& error) {
    refused = error;
  }
  if (!all_agree(cluster, refused, given)) asked.reset();
  return asked;
}

/// Runs a command on every rank. One that fails says so as rank K, and ends all: the others may wait for it.
int on_every_rank(const char* command, const std::function<int(const sim::Cluster&)>& run);

/// The end of a command line that cannot be read, on this rank or on all.
int refuse_on_every_rank(const char* command, const std::string& message);

}  // namespace benign::proofs
