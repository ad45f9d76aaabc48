#pragma once
// When flipped labels are memorised once the head is trained, too: THEORY section 5.26 [D]. From the fixed head and uniform
// attention a flipped sample begins at Yf = −γ/T and its head learns its tokens' noise: with w = σ(±γ/T) as in rates.hpp,
//
//     s = γκ / (w_n − (SNR²/T)(N_c w_c − N_n w_n)),
//
// to leading order in 1/T, the later one of the classes that have flipped samples. Beyond n SNR² = nTw_n/(N_cw_c − N_nw_n) flipped samples
// first turn to the signal's answer.

#include "theory/model/parameters.hpp"

namespace benign::theory {

/// s = τ/τ₀; infinite beyond the border.
double head_memorisation_time(const Parameters& parameters);

/// The n SNR² of the border, the lower one of the classes that have flipped samples; infinite where clean ones do not
/// outweigh them.
double head_border(const Parameters& parameters);

}  // namespace benign::theory
