#pragma once
// Claims about a training run that enclosures can prove or refute: QUANTITY < VALUE, at a step of the descent.

#include "sim/enclosures/enclosed_run.hpp"
#include "theory/model/verdict.hpp"

#include <string>
#include <vector>

namespace benign::proofs {

struct Claim {
  std::string text;             ///< as it was given
  std::string quantity;         ///< a name of `quantities`
  std::vector<Index> position;  ///< of logit[i,t], attention[i,t] and margin[i], from 0
  bool below = true;            ///< < or ≤; else > or ≥
  bool strict = true;
  theory::Decimal bound{"0"};
  long step = 0;
  long samples = 0;  ///< n, of which an accuracy is a share

  bool counts() const { return quantity == "train_accuracy"; }
};

/// NAME<VALUE or NAME[i,t]>=VALUE@STEP; the last step unless given. Throws UsageError naming `where`, also where the
/// quantity has no meaning: it is asked of flipped samples and no label is flipped, or of the time of an event that is
/// true from the start.
Claim parse_claim(const std::string& where, const std::string& text, const sim::RunConfig& config);

/// The names that a claim may begin with, each with what it is.
struct Quantity {
  const char* name;
  int positions;
  const char* meaning;
};
const std::vector<Quantity>& quantities();

/// The number of samples that are predicted right is between these.
struct Count {
  long least = 0, most = 0;
};
Count right_samples(const sim::EnclosedMoment& moment, const sim::Data& data);

/// The quantity's enclosure at a moment; of no accuracy, which is a Count.
Enclosure value_of(const Claim& claim, const sim::EnclosedMoment& moment, const sim::ExactInstance& exact);

}  // namespace benign::proofs
