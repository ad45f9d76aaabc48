#pragma once
// A path of pieces of the limit flow d → ∞, with the differences of its logits over each piece between bounds: what a
// finite flow is held against (THEORY section 6.3). Each step starts at exact numbers, next to where the one before
// ended; how far they are from there is the step's jump, and no box grows along the path.

#include "sim/enclosures/limit_series.hpp"
#include "sim/integrators/exact_clock.hpp"

namespace benign::sim {

class LimitPath {
 public:
  static constexpr std::size_t kinds = LimitSeries::kinds, groups = LimitSeries::groups;
  using Pairs = std::array<std::array<Enclosure, kinds>, kinds>;

  /// What holds at every time of a step.
  struct Step {
    double from = 0, to = 0;
    Enclosure u;
    std::array<Pairs, groups> gap;      ///< [g][k][l]: ℓ_k − ℓ_l
    std::array<Pairs, groups> shifted;  ///< ℓ_k − ℓ_l − u
    Enclosure X;                        ///< μ±·q
    Enclosure jump, jump_X;             ///< behind the step: of all N logits in Euclidean norm, and of X
  };

  LimitPath(const theory::Parameters& parameters, const Enclosure& snr2);

  double time() const { return clock_.time(); }
  /// The next step, of length at most h.
  Step advance(double h);

 private:
  void jump(Step& step, const LimitSeries::Box& end);

  LimitSeries flow_;
  long tokens_;
  Enclosure most_of_signal_;  // |X| for accumulators of size at most 1
  std::array<Enclosure, kinds> signal_;
  std::array<long, kinds> multiplicity_;
  LimitSeries::Box a_;
  ExactClock clock_;
};

}  // namespace benign::sim
