#pragma once
// Which of the paper's regimes claims about one run tell.

#include "proofs_check/certificates/claims.hpp"

namespace benign::proofs {

/// The claims that tell a regime at the last step, which the word `regime` stands for.
std::vector<std::string> regime_claims();

/// With L the labels of all samples right, N those of no flipped one, E a test error on the small side of the level of the
/// first claim about it:
///
///     benign   L and E          not_overfitting   N and E
///     harmful  L and not E      neither           not L, and not both N and E
///
/// undecided where the decided claims tell none of these, and empty where no claim is about L, N or E: L is
/// train_accuracy>=1 or least_margin>0, N margin_noisy_max<0 or <=0. Of claims at several steps those at the last count.
std::string regime_of(const std::vector<Claim>& claims, const std::vector<theory::Verdict>& verdicts);

}  // namespace benign::proofs
