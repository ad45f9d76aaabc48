#pragma once
// W₀ as a function of its position: never stored, drawn again wherever a block of it is needed.
//
// Drawing an entry costs about as much as reading it from memory, and a block in the cache needs no d² doubles.

#include "sim/data/data.hpp"

namespace benign::sim {

class InitialWeights {
 public:
  InitialWeights(const theory::Parameters& parameters, std::uint64_t seed);

  Index d() const { return d_; }
  bool identity() const { return init_ == theory::Init::identity; }

  /// Rows row, …, row + rows − 1 and the columns likewise; `column` must be a multiple of 4. Entry by entry rounded
  /// once in double: uniform on ±√3 σ_w (±1/√d by default) or Gaussian of deviation σ_w. Not for the identity.
  RowMajor block(Index row, Index rows, Index column, Index columns) const;
  /// The same in memory that is there already, where fresh pages would cost as much as the numbers.
  void block(Index row, Index rows, Index column, Index columns, RowMajor& entries) const;

  /// W₀ x and W₀ᵀ x in double, for x of length d.
  Eigen::VectorXd times(const Eigen::VectorXd& x) const;
  Eigen::VectorXd transposed_times(const Eigen::VectorXd& x) const;

 private:
  theory::Init init_;
  Index d_;
  std::uint64_t seed_;
  double scale_;
};

}  // namespace benign::sim
