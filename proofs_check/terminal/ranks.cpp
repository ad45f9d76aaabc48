#include "proofs_check/terminal/ranks.hpp"

#include "proofs_check/terminal/commands.hpp"

#include <algorithm>
#include <vector>

namespace benign::proofs {
namespace {

using sim::Json;

/// What a rank tells rank 0: its options, or why it refuses them.
std::string telling(const char* key, const Json& what) {
  return Json{{key, what}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Throws UsageError where a rank refuses its options, or where they are not those of rank 0: in words of rank 0 alone
/// where all ranks say the same.
void compare_ranks(const std::vector<std::string>& told) {
  std::vector<Json> ranks;
  for (const auto& text : told) ranks.push_back(Json::parse(text));
  for (std::size_t k = 0; k < ranks.size(); ++k) {
    if (!ranks[k].contains("refused")) continue;
    const bool all = std::all_of(ranks.begin(), ranks.end(), [&](const Json& rank) { return rank == ranks[k]; });
    throw UsageError((all ? "" : "rank " + std::to_string(k) + ": ") + ranks[k]["refused"].get<std::string>());
  }
  for (std::size_t k = 1; k < ranks.size(); ++k) {
    const Json difference = Json::diff(ranks[0], ranks[k]);
    if (difference.empty()) continue;
    const std::string where = difference[0]["path"], what = where.substr(where.rfind('/', where.size() - 1) + 1);
    const auto of = [&](const Json& rank) {
      const auto at = Json::json_pointer(where);
      return rank.contains(at) ? rank[at].dump() : std::string("nothing");
    };
    throw UsageError("rank " + std::to_string(k) + " was given other options than rank 0: '" + what + "' is " +
                     of(ranks[k]) + " there and " + of(ranks[0]) + " here; give all ranks the same");
  }
}

}  // namespace

bool may_go_on(const sim::Cluster& cluster, const std::optional<UsageError>& refused) {
  std::vector<long> may_go{!refused};
  cluster.share(may_go);
  if (cluster.rank() == 0 && refused) throw *refused;
  return may_go[0] != 0;
}

bool all_agree(const sim::Cluster& cluster, const std::optional<UsageError>& refused, const Json& asked) {
  const auto told = cluster.gather(refused ? telling("refused", refused->what()) : telling("asked", asked));
  std::optional<UsageError> disagreement;
  if (cluster.rank() == 0) try {
      compare_ranks(told);
    } catch (const UsageError& error) {
      disagreement = error;
    }
  return may_go_on(cluster, disagreement);
}

int on_every_rank(const char* command, const std::function<int(const sim::Cluster&)>& run) {
  const sim::Cluster cluster;
  try {
    return run(cluster);
  } catch (const UsageError&) {
    throw;
  } catch (const std::exception& error) {
    if (cluster.size() == 1) throw;
    fail(unfinished, command, "rank " + std::to_string(cluster.rank()) + ": " + error.what());
    cluster.abort(unfinished);
  }
}

int refuse_on_every_rank(const char* command, const std::string& message) {
  const sim::Cluster cluster;
  std::string said = message;
  try {
    compare_ranks(cluster.gather(telling("refused", message)));
  } catch (const UsageError& error) {
    said = error.what();
  }
  std::vector<long> may_go{0};
  cluster.share(may_go);
  return cluster.rank() == 0 ? fail(bad_usage, command, said) : as_expected;
}

}  // namespace benign::proofs
