#pragma once
// A certificate: the decided claims of a proof as a statement that a stranger can check, one JSON text of the format of
// checker/certificate.schema.json. It has no times in it and is the same on any number of threads; what the checker
// does not check does not stand in it, but for the program that made it.

#include "proofs_check/certificates/proof.hpp"

namespace benign::proofs {

sim::Json certificate_json(const Proof& proof);

/// What `prove --json` prints: the proof with what stayed undecided, its digits, and the moments that it enclosed.
sim::Json proof_json(const Proof& proof);

/// The same for a person: a line for each claim with what it rests on.
std::string proof_table(const Proof& proof, double wall_s);

}  // namespace benign::proofs
