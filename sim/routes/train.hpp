#pragma once
// What is trained. The other of W and p stays as it was drawn.

namespace benign::sim {

enum class Train { W_and_p, p, W };

/// θ_W and θ_p: 1 for what is trained, 0 for what stays. Every change of W and of p has its θ as a factor.
template <class Real>
struct Trained {
  explicit Trained(Train train) : both(train == Train::W_and_p), W(train != Train::p), p(train != Train::W) {}

  bool both;
  Real W, p;
};

}  // namespace benign::sim
