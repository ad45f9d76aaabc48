#pragma once
// A proof and its certificate: one JSON text with the configuration, the data's hash, the digits, every claim with its
// enclosure, and what is enclosed at the steps of the claims. It has no times in it and is the same on any number of
// threads.

#include "proofs_check/claims.hpp"
#include "sim/records.hpp"

#include <functional>

namespace benign::proofs {

struct Decision {
  Claim claim;
  theory::Verdict verdict = theory::Verdict::undecided;
  std::string lower = "-inf", upper = "inf";  ///< decimals, rounded outward
};

struct Proof {
  long bits = 0;  ///< of the last attempt
  long digits = 0;
  std::string data_hash;
  std::vector<Decision> decisions;
  sim::Json moments;  ///< logits, attentions, loss at the steps of the claims, and `extra` ones
};

using ProofProgress = std::function<void(long bits, long done, long of)>;

/// Of a descent, or of a flow at τ_max, or of the limit flow's events. Starts with 64 bits, with 128 for a flow, and
/// takes more until every claim is decided, or `most_bits` are not enough. `extra_steps`: of the descent, enclosed as
/// well.
Proof prove(const sim::RunConfig& config, const std::vector<Claim>& claims, const std::vector<long>& extra_steps,
            long most_bits, const ProofProgress& progress);

long bits_of_digits(long digits);

sim::Json certificate_json(const sim::RunConfig& config, const Proof& proof);

/// What there is to say against a certificate, after repeating its decisive step by other formulas and other code
/// (verify.cpp); empty if nothing. Throws UsageError where it is none.
std::vector<std::string> verify(const std::string& path);

}  // namespace benign::proofs
