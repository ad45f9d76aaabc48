#pragma once
// Small instances, drawn without vectors and with them.

#include "sim/frames/gram.hpp"
#include "sim/runs/run_config.hpp"

#include <Eigen/Eigenvalues>
#include <string>

namespace benign::tests {

using namespace sim;
using theory::Decimal;
using theory::Init;
using theory::Parameters;
using MatrixXd = Eigen::MatrixXd;
using VectorXd = Eigen::VectorXd;

struct Setting {
  Init init;
  const char* sigma_p;
  long d;
};

inline std::string text_of(const Setting& s) {
  return std::string(sim::text_of(init_choices, s.init)) + ", sigma_p " + s.sigma_p + ", d " + std::to_string(s.d);
}

/// N = 16 and a frame of rank 18. One sample of each class is flipped. Signals are about as long as the noise.
inline Parameters parameters_of(const Setting& s) {
  Parameters p;
  p.n = 4, p.T = 4, p.d = s.d, p.init = s.init;
  p.eta = Decimal("0.5"), p.rho = Decimal("0.3"), p.sigma = Decimal("0.7");
  p.mu = Decimal(s.d > 1'000'000 ? "1e6" : "3");
  p.sigma_p = Decimal(s.sigma_p);
  p.lr_unit = theory::LrUnit::tau0, p.lr = Decimal("0.5");
  return p;
}

struct Draw {
  Instance instance;
  Frame<double> frame;
};

inline Draw draw_gram(const Parameters& p, std::uint64_t seed) {
  Draw draw{draw_instance(p, DataKind::gram, seed), {}};
  draw.frame = make_gram_frame<double>(draw.instance, draw_gram_factors(p, seed));
  return draw;
}

inline Draw draw_dense(const Parameters& p, std::uint64_t seed) {
  Draw draw{draw_instance(p, DataKind::dense, seed), {}};
  draw.frame = make_frame<double>(draw.instance);
  return draw;
}

inline VectorXd eigenvalues(const MatrixXd& A) {
  return Eigen::SelfAdjointEigenSolver<MatrixXd>(A, Eigen::EigenvaluesOnly).eigenvalues();
}

inline MatrixXd tokens_of(const Matrix<double>& A) { return A.topRows(A.cols()); }

}  // namespace benign::tests
