#pragma once
// Self-attention with trained keys, queries and values (THEORY section 5.27): Condition 4.1 of Jiang et al., arXiv
// 2409.19345, with its slack, and what the values alone do at even attention [D]. With M = T tokens, one of them of length
// 5√M σ√d, and w = ‖w_O‖,
//
//     d(Yf)/ds = w² σ(−Yf) g,   g = Σ_m ā_m² K̂_mm = (n SNR²/2 + 26M − 2)/M²   at ā = 1/M,
//
// where the signal's token has n/2 samples to learn it from.

#include "theory/model/parameters.hpp"

namespace benign::theory {

inline constexpr double fitted_loss = 0.01;  ///< the ε that claims about this model speak of

/// The n SNR² from which on a training margin owes more to the signal than to its own noise at even attention: 52M − 4.
double even_border(const Parameters& parameters);

/// g at even attention.
double even_rate(const Parameters& parameters);

/// The s at which the training loss is ε where the margins grow from 0 by a rate g: (e^m + m − 1)/(w²g) with
/// e^m = 1/(e^ε − 1).
double fit_time(const Parameters& parameters, double g, double epsilon);

// A test input has no noise in common with the training set: of a training margin m it answers a share θ, with the loss
// log(1 + e^{−θm}). At even attention that is the signal's, x/(1 + x) with x = n SNR²/(52M − 4). Where training tokens
// attend to their signals alone it is a test input's attention on its own: all of the signal's query and 1/M of the
// others', which are new, together (2M − 1)/M².
double even_share(const Parameters& parameters);
double selected_share(const Parameters& parameters);
double loss_of_share(double share, double epsilon);

// The largest C for which each part of Condition 4.1 holds, its logarithms as 1.

double slack_width(const Parameters& parameters, double epsilon);      ///< d_h ≥ C max{SNR⁴, SNR⁻⁴} n² ε⁻²
double slack_dimension(const Parameters& parameters, double epsilon);  ///< d ≥ C ε⁻² n² d_h
double slack_start(const Parameters& parameters);  ///< σ_h² max{‖μ‖², σ²d} √d_h ≤ 1/C: logits are small at the start
double slack_step(const Parameters& parameters);  ///< α max{‖μ‖², σ²d} √d_h ≤ 1/C

}  // namespace benign::theory
