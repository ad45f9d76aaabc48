// The order of Radau's methods: s stages have order 2s − 1.

#include "tests/support/compare.hpp"
#include "sim/integrators/radau.hpp"

#include <cmath>

using namespace benign;
using namespace benign::sim;

namespace {

/// y(1) of y′ = y cos u, y(0) = 1, which is e^{sin 1}, by `steps` steps of s stages, whose equations are iterated to the
/// end. (y′ = −y² would not do: there three stages and more gain three orders.)
mp50 end_of_growth(int stages, int steps) {
  const Radau<mp50> method = radau<mp50>(stages);
  const mp50 h = mp50(1) / steps;
  mp50 y(1);
  for (int step = 0; step < steps; ++step) {
    Vector<mp50> at = Vector<mp50>::Constant(stages, y), factors(stages);
    for (Index j = 0; j < stages; ++j) factors[j] = cos(mp50(h * (step + method.nodes[j])));
    for (int iteration = 0; iteration < 80; ++iteration)
      at = Vector<mp50>::Constant(stages, y) + h * (method.integrals * Vector<mp50>(factors.cwiseProduct(at)));
    y = at[stages - 1];  // the last node is the step's end
  }
  return y;
}

}  // namespace

TEST_CASE("half the step leaves 2^{1−2s} of the error of s stages", "[stiff][radau]") {
  for (const int stages : {2, 3, 4, 5}) {
    const mp50 exact = exp(sin(mp50(1)));
    const mp50 coarse = abs(end_of_growth(stages, 16) - exact), fine = abs(end_of_growth(stages, 32) - exact);
    REQUIRE(fine > 0);
    const double order = std::log2(static_cast<double>(mp50(coarse / fine)));
    INFO("stages " << stages << ", order " << order);
    CHECK(std::abs(order - (2 * stages - 1)) < 0.15);
  }
}

// The order's conditions: Σ b_j c_j^{k−1} = 1/k up to k = 2s − 1 and no further, where b is the last row of A.
TEST_CASE("the weights of s stages integrate polynomials of degree 2s − 2, and no more", "[stiff][radau]") {
  for (const int stages : {1, 2, 3, 6, 10}) {
    const Radau<mp50> method = radau<mp50>(stages);
    const auto integral = [&](int k) {  // of x^{k−1}
      mp50 sum(0);
      for (Index j = 0; j < stages; ++j) sum += method.integrals(stages - 1, j) * pow(method.nodes[j], k - 1);
      return sum;
    };
    for (int k = 1; k < 2 * stages; ++k) CHECK(abs(integral(k) - mp50(1) / k) < mp50("1e-45"));
    CHECK(abs(integral(2 * stages) - mp50(1) / (2 * stages)) > mp50("1e-15"));
  }
}
