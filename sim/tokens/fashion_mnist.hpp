#pragma once
// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017) from Debian's dataset-fashion-mnist as tokens.
//
// A 28×28 image, in [0, 1], is cut into nine patches of 12×12 at rows and columns 0, 8, 16. Each patch P ∈ R^144 is
// lifted by random Fourier features (Rahimi, Recht 2007),
//
//     x_k = √2 cos(w_k·P + b_k) − c_k,   w_k ~ N(0, I/ℓ²), ℓ = 4,   b_k uniform on [0, 2π),   k = 1 … 2000,
//
// drawn once and for all from seed 20240917; c is the mean over the first 500 training images of the chosen classes and
// all their patches. Nothing here depends on the run's seed.

#include "sim/data/brought.hpp"

namespace benign::sim {

/// "fashion-mnist", or "fashion-mnist:A,B" for two of its ten classes.
bool is_fashion_mnist(const std::string& name);

/// The first 4000 training and 2000 test images of the chosen classes; the head is left to be trained. Throws
/// BadTokens.
Brought fashion_mnist(const std::string& name);

}  // namespace benign::sim
