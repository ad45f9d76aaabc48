#pragma once
// The claims about a range, on the pieces into which a certificate cuts it: on all of them together first, and where that leaves
// a claim open on either half of them, and so on, down to single pieces, which are halved some times more.

#include "proofs_check/checker/arithmetic/interval.hpp"
#include "proofs_check/checker/certificate.hpp"
#include "proofs_check/checker/check.hpp"
#include "sim/data/instance.hpp"

namespace benign::checker {

/// What is known of one claim: `proved` of a range on all pieces, `violated` on the part of it that is stated.
struct OnPieces {
  Found found = Found::undecided;
  std::optional<Interval> value;  ///< its number, of all of the pieces that were followed
  std::string remark;
};

/// Claims that are not `open` are left out; of single members nothing is said. `instance` is any member, `budget` a number of
/// products of intervals. At the working precision.
std::vector<OnPieces> on_pieces(const Certificate& certificate, sim::Instance instance, const std::vector<bool>& open,
                                double budget);

}  // namespace benign::checker
