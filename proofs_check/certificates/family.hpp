#pragma once
// A proof about all runs of a family: those with ‖μ‖, ρ and α between two decimals each and the same noise, labels, W₀ and
// p₀. THEORY section 6.1.
//
// A descent is enclosed for a whole box of the three at once; where that leaves a claim open, the box is halved.

#include "proofs_check/certificates/proof.hpp"

namespace benign::proofs {

/// Whether a parameter of the configuration is a range.
bool is_family(const sim::RunConfig& config);

/// Throws UsageError where a family has no proof: only descents by coefficients on the model's tokens have.
void refuse_what_is_no_family(const sim::RunConfig& config);

/// "|mu| in 2.9:3.1, rho in …", of a configuration's ranges.
std::string text_of_ranges(const sim::RunConfig& config);

/// A claim is proved where it is proved on each piece, and its interval or count is that of all pieces together; it is
/// violated where one run refutes it, and has that run's (or that piece's) interval; and it is undecided, with no interval,
/// where it stays open in a piece of 1/4096 of the box. `pieces` has the parts of the box, and the members that refute a
/// claim. `progress` is told, in thousandths, how much of the box is decided; `folder`, if any, keeps every piece that was looked at.
Proof prove_family(const sim::RunConfig& config, const std::vector<Claim>& claims, long most_bits,
                   const ProofProgress& progress, sim::SharedDraws& shared, ProofFolder* folder = nullptr);

}  // namespace benign::proofs
