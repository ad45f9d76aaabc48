#pragma once
// Steps of descent in 50 or 100 digits whose matrix stays in digits (digit_matrix.hpp): the state has it only where it is
// asked for.

#include "sim/linear/prepared.hpp"
#include "sim/routes/route.hpp"

namespace benign::sim {

/// Where a state has its matrix, column-major.
struct MatrixPlace {
  Index offset, rows, cols;
};

/// `TheRoute` has matrix_place() and advance(state, matrix, step), which does not look at the matrix in the state.
template <class Real, class TheRoute>
class DigitSteps final : public Steps<Real> {
 public:
  DigitSteps(const TheRoute& route, Vector<Real> start)
      : route_(route),
        state_(std::move(start)),
        matrix_(route.matrix_place().rows, route.matrix_place().cols, state_.data() + route.matrix_place().offset) {}

  void advance(const Real& step) override {
    route_.advance(state_, matrix_, step);
    written_ = false;
  }
  Vector<Real>& state() override {
    if (!written_) matrix_.write(state_.data() + route_.matrix_place().offset);
    written_ = true;
    return state_;
  }

 private:
  const TheRoute& route_;
  Vector<Real> state_;
  DigitMatrix<Real> matrix_;
  bool written_ = true;
};

}  // namespace benign::sim
