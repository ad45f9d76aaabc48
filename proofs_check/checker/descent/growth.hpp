#pragma once
// How much a step of a descent can enlarge a distance: bounds of the Hessian of L in W and p, in double.
//
// With J = ∂ℓ/∂(W, p), JJᵀ = Θ = SWWᵀSᵀ + ‖p‖²K (each term where p, or W, is trained), and D = ∂²L/∂ℓ², block by block
// for the samples, the Hessian is JᵀDJ + B, ‖B‖ = ‖Sᵀg‖ where both are trained and B = 0 else. If CCᵀ ≥ Θ, then
//
//     λI + CᵀDC ≥ 0  ⟹  λI + JᵀDJ ≥ 0,    and the same with −D.
//
// That a matrix is positive definite is shown by a Cholesky factor that is completed; what rounding makes of it is
// bounded (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., Theorem 10.3). THEORY section 6.2.

#include "proofs_check/checker/arithmetic/size.hpp"
#include "proofs_check/checker/descent/inner_products.hpp"
#include "sim/routes/train.hpp"

#include <vector>

namespace benign::checker {

/// An upper triangle row by row, in rows of a multiple of four numbers.
struct Triangle {
  explicit Triangle(std::size_t the_size) : size(the_size), width((the_size + 3) / 4 * 4), x(size * width, 0.0) {}
  double* row(std::size_t i) { return x.data() + i * width; }
  const double* row(std::size_t i) const { return x.data() + i * width; }

  /// A = RᵀR of the upper triangle, with ‖R‖² (Frobenius) from above: (R − …)ᵀ… is within (size + 3) 2^−53 of it times
  /// that. False if a pivot is not positive.
  bool factorise(double* length2);

  std::size_t size, width;
  std::vector<double> x;
};

/// D_i = bbᵀ + diag(g) − gsᵀ − sgᵀ of every sample, b² = e^{Yf} n g²; the numbers are within `slack` in length, of each
/// sample.
struct Curvature {
  std::size_t T = 0;
  std::vector<double> b, g, s;
  std::vector<double> b_slack, g_slack, s_slack;
};

struct HessianBounds {
  double below, above;  ///< below I + JᵀDJ ≥ 0 and above I − JᵀDJ ≥ 0
  double J;             ///< ‖J‖ is at most that
};

class Growth {
 public:
  /// Of the first `tokens` rows. `inverse_step`, about 1/α: `below` is not worth knowing where it is far less, nor `above` below
  /// twice that.
  Growth(const InnerProducts& products, std::size_t tokens, sim::Train train, double inverse_step);

  /// At the present point, ‖p‖² within `slack` of r.
  HessianBounds bounds(const Curvature& D, double r, double slack);

  /// Bounds of ‖S‖, by a Cholesky factor, and of ‖J‖ and ‖SW‖ at the present point, by Frobenius norms of Θ and SWWᵀSᵀ.
  double S_norm() const;
  double J_norm(double r, double slack) const;
  double SW_norm() const;

  /// SWWᵀSᵀ after the step W⁺ = W − Sᵀγpᵀ: v = SSᵀγ, ℓ = SWp, with what they may be away, in length. Then W is moved by
  /// `jump` at most.
  struct Moved {
    const std::vector<double>& v;
    const std::vector<double>& l;
    double v_slack, l_slack, r, r_slack, jump;
  };
  void advance(const Moved& by);

 private:
  bool cover(double r, double slack);
  double product(const Curvature& D);
  double shifted(double sign, double shift);
  struct Search {
    double shift = 0, less = 1.01;  ///< the last one, and by how much less the next is tried
  };
  double search(double sign, double least, Search& last);

  std::size_t N_;
  bool W_, p_;
  double inverse_step_;
  std::vector<double> K_, H_;
  double K_length_, K_trace_, H_slack_ = 0;
  Search below_, above_;
  Triangle C_, DC_, form_, work_;
  double C_length2_ = 0;
};

}  // namespace benign::checker
