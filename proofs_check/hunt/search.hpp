#pragma once
// The smallest value of a function on the unit cube, by several searches that know nothing of each other.
//
// The first is DIRECT (NLopt's GN_DIRECT_L), which divides the cube and leaves no corner out; the others are controlled
// random searches (GN_CRS2_LM), each with a seed of its own. Each spends its last quarter on a local search (LN_SBPLX)
// from the best point that it has seen. What is asked depends on the seed and the budget alone: not on the threads, and
// not on how long a value takes.

#include "sim/sweeps/cluster.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace benign::proofs {

enum class Method { divide, random };

/// One of the searches, of `budget` values. `seed` moves the random one alone.
void search_once(Method method, std::size_t dimensions, long budget, std::uint64_t seed,
                 const std::function<double(const std::vector<double>& point)>& f);

/// All of them, each on the rank that takes it. Calls `f`, by several threads at once, `budget` times in all or a few more.
/// Throws what `f` throws.
void search(std::size_t dimensions, long budget, std::uint64_t seed, const sim::Cluster& cluster, int threads,
            const std::function<double(const std::vector<double>& point)>& f);

}  // namespace benign::proofs
