#pragma once
// A matrix that the terms of a flow's expansion are multiplied with again and again (flow_expansion.hpp).
//
// A narrow vector of enclosures goes in as middles with one radius for all of its entries, and comes out with one (ball.hpp). A
// wide one, of what may be over a whole step, keeps a radius for each entry, and needs no more than doubles. Either takes a few
// operations of one number for each entry of the matrix, where intervals take some fifty.

#include "sim/enclosures/ball.hpp"

#include <optional>
#include <variant>

namespace benign::sim {

class FlowMatrix {
 public:
  /// For products at the working precision; beyond 100 digits these are the intervals' own. `norm`: a bound of the operator
  /// norm, where one better than Frobenius' is known.
  explicit FlowMatrix(const Matrix<Enclosure>& A, std::optional<Upward> norm = {});
  /// Of inner products, a positive matrix.
  static FlowMatrix of_inner_products(const Matrix<Enclosure>& A);

  Vector<Enclosure> times(const Vector<Enclosure>& x) const;
  Vector<Enclosure> transposed_times(const Vector<Enclosure>& x) const;

 private:
  using Products = std::variant<BallMatrix<dd>, BallMatrix<mp50>, BallMatrix<mp100>, Matrix<Enclosure>>;

  template <class Multiply>
  Vector<Enclosure> wide_product(const Vector<Enclosure>& x, Index entries, Multiply multiply) const;
  template <class Multiply, class MultiplyBalls>
  Vector<Enclosure> product(const Vector<Enclosure>& x, Index entries, Multiply multiply,
                            MultiplyBalls multiply_balls) const;

  Products products_;
  Matrix<double> middle_, size_;  ///< the doubles next to the entries, and bounds of these
  Upward missed_;                 ///< what the doubles miss, over these bounds
};

}  // namespace benign::sim
