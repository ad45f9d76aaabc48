#pragma once
// A proof of claims by enclosure: attempts with more and more digits, until every claim is decided or is known not to be
// a matter of digits.

#include "proofs_check/certificates/decision.hpp"
#include "proofs_check/certificates/proof_folder.hpp"
#include "sim/runs/records.hpp"

#include <functional>

namespace benign::proofs {

struct Proof {
  sim::RunConfig config;
  long bits = 0;  ///< of the last attempt
  long digits = 0;
  std::string
      data_hash;  ///< empty for the limit, which draws nothing; of a family with the tokens of its lowest member
  std::vector<Decision> decisions;
  sim::Json moments;    ///< logits, attentions, loss at the steps of the claims, and `extra` ones
  std::string stopped;  ///< why the last attempt ended early, if it did
  /// Of a family (family.hpp): the parts of its box, in rising order, each with what was decided there.
  struct Piece {
    sim::RunConfig config;
    std::vector<Decision> decisions;
  };
  std::vector<Piece> pieces = {};
};

using ProofProgress = std::function<void(long bits, long done, long of)>;

/// Of a descent, or of a flow at its horizon, or of the limit flow's events. Starts with `first_bits` and takes more until
/// every claim is decided or limited by something else, or `most_bits` are not enough. `extra_steps`: of the descent,
/// enclosed as well; `shared`: inner products of proofs before; `folder`, if any: where it keeps what a descent by an orbit has come
/// to, and goes on from. The same on any number of threads, interrupted or not.
Proof prove(const sim::RunConfig& config, const std::vector<Claim>& claims, const std::vector<long>& extra_steps,
            long most_bits, const ProofProgress& progress, sim::SharedDraws& shared, ProofFolder* folder = nullptr);
inline Proof prove(const sim::RunConfig& config, const std::vector<Claim>& claims, const std::vector<long>& extra_steps,
                   long most_bits, const ProofProgress& progress) {
  sim::SharedDraws own;
  return prove(config, claims, extra_steps, most_bits, progress, own);
}

/// Whether a claim needs ‖q‖², which only then is enclosed.
sim::QNorm q_norm_for(const std::vector<Claim>& claims);

/// Seconds on one core, about: of the exact inner products, and of the descent by an orbit.
struct ProofSeconds {
  double products, descent;
};
ProofSeconds expected_proof_seconds(const sim::RunConfig& config);

long bits_of_digits(long digits);

/// Bits of the first attempt.
long first_bits(const sim::RunConfig& config);

/// What an attempt with so many bits keeps in memory.
double proof_bytes(const sim::RunConfig& config, long bits);

}  // namespace benign::proofs
