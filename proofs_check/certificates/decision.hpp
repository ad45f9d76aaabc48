#pragma once
// What an enclosure says of a claim, as a statement that a stranger can check: an interval of decimals, rounded outward,
// and the verdict that follows from these decimals in exact arithmetic.

#include "proofs_check/certificates/claims.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <cmath>
#include <optional>
#include <string>

namespace benign::proofs {

struct Decision {
  Claim claim;
  theory::Verdict verdict = theory::Verdict::undecided;
  std::optional<std::string> lower, upper;  ///< decimals; nothing is claimed of a missing end
  std::optional<Count> count;               ///< in their place, of an accuracy
  double width = HUGE_VAL;                  ///< of the enclosure
  std::string limit;                        ///< why more digits would not decide an undecided claim; empty if they may
};

/// Decides by the value's enclosure, printed with at most `digits` digits: with as many as its width leaves meaningful
/// and one unit of the last of them wider, or with all of them, whichever the verdict follows from.
void decide(Decision& decision, const Enclosure& value, int digits);

/// The ends as they are shown to people and in records: decimals, of a count those of the share; -inf and inf where
/// nothing is claimed.
std::pair<std::string, std::string> printed_ends(const Decision& decision);

/// Decides by a number of samples.
void decide(Decision& decision, const Count& count);

/// All but the claims, as text that reads back as the same, and back; in the claims' order.
sim::Json records_of(const std::vector<Decision>& decisions);
std::vector<Decision> decisions_of(const sim::Json& records, const std::vector<Claim>& claims);

/// Whether a value, of an accuracy the share, meets the claim.
bool meets(const Claim& claim, const boost::multiprecision::cpp_rational& value);

/// The number that a decimal such as -1.25e-03 is.
boost::multiprecision::cpp_rational exact_decimal(const std::string& text);

}  // namespace benign::proofs
