#include "sim/frames/enclosed_frame.hpp"

#include <tbb/parallel_for.h>

namespace benign::sim {
namespace {

Index token_count(const Instance& instance) { return instance.train.tokens.rows(); }

/// P, without the lengths ‖μ‖, which enter later.
RowMajor directions(const Instance& instance) {
  const RowMajor& S = instance.train.tokens;
  RowMajor P(S.rows() + probes, S.cols());
  P.topRows(S.rows()) = S;
  if (instance.brought) {
    P.bottomRows(probes) = instance.brought->signals;
  } else {
    P.topLeftCorner(S.rows(), probes).setZero();
    P.bottomRows(probes).setIdentity();
  }
  return P;
}

/// Sums of at most 2³¹ squares, each and each sum rounded once.
Eigen::VectorXd row_norms2_of(const InitialWeights& W0) {
  Eigen::VectorXd bounds(W0.identity() ? 0 : W0.d());
  tbb::parallel_for(Index{0}, bounds.size(),
                    [&](Index i) { bounds[i] = W0.block(i, 1, 0, W0.d()).squaredNorm() * (1 + 0x1p-20); });
  return bounds;
}

/// Of a symmetric matrix.
Matrix<Enclosure> rounded(const ExactMatrix& x, const Enclosure& unit) {
  Matrix<Enclosure> y(x.rows, x.cols);
  for (Index j = 0; j < x.cols; ++j)
    for (Index i = 0; i < x.rows; ++i) y(i, j) = i < j ? y(j, i) : Enclosure(x.entry(i, j) / unit);
  return y;
}

/// [1, C; 0, 1] X [1, C; 0, 1]ᵀ of a symmetric X.
void move_along(const Matrix<Enclosure>& C, Matrix<Enclosure>& X) {
  const Index N = C.rows();
  const Matrix<Enclosure> before = X.bottomRows(probes);
  for (Index j = 0; j < N; ++j)
    for (Index a = 0; a < probes; ++a) {
      for (Index b = 0; b < probes; ++b) X(N + a, j) += C(j, b) * before(a, N + b);
      X(j, N + a) = X(N + a, j);
    }
  for (Index j = 0; j < N; ++j)
    for (Index i = j; i < N; ++i) {
      for (Index a = 0; a < probes; ++a) X(i, j) += C(i, a) * X(N + a, j) + C(j, a) * before(a, i);
      X(j, i) = X(i, j);
    }
}
void move_along(const Matrix<Enclosure>& C, Vector<Enclosure>& x) {
  for (Index i = 0; i < C.rows(); ++i)
    for (Index a = 0; a < probes; ++a) x[i] += C(i, a) * x[C.rows() + a];
}

template <class Numbers>
auto middles(const Numbers& x) {
  return x.unaryExpr([](const Enclosure& one) { return representative(one); }).eval();
}

}  // namespace

ExactProducts::ExactProducts(const Instance& instance, QNorm q_norm) : row_norms2(row_norms2_of(instance.W0)) {
  if (!instance.train.padding.empty()) throw std::logic_error("proofs know no padding");
  const int bits = digit_bits(instance.train.d);
  const bool identity = instance.W0.identity(), with_q_norm = q_norm == QNorm::needed;
  const ExactMatrix P = exact(directions(instance), bits);
  K = exact_gram(P, P.rows);
  const ExactMatrix M = identity ? P : exact_product(P, instance.W0);
  H = identity ? K : exact_gram(M, M.rows);
  const ExactMatrix R = !with_q_norm || identity ? M : exact_product_transposed(M, instance.W0);
  if (with_q_norm) J = exact_gram(R, R.rows);
  if (instance.p0.size() > 0) {
    const ExactMatrix p0 = exact(RowMajor(instance.p0.transpose()), bits);
    const ExactMatrix w = identity ? p0 : exact_product_transposed(p0, instance.W0);
    r0 = exact_product_transposed(p0, p0);
    h = exact_product_transposed(P, w);
    omega = exact_product_transposed(w, w);
    if (with_q_norm) k = exact_product_transposed(R, w);
  }
  if (instance.brought) values = exact_product_transposed(P, exact(instance.brought->head.transpose(), bits));
}

ExactFrame::ExactFrame(const Instance& instance, std::shared_ptr<const ExactProducts> products)
    : instance_(instance), products_(std::move(products)) {}

std::vector<Index> ExactFrame::relevant() const {
  const Data& data = instance_.train;
  std::vector<Index> best(static_cast<std::size_t>(data.n), 0);
  if (!instance_.brought) return best;
  const WorkingPrecision enough(10'000);  // bits, more than any product of doubles has: values are exact
  for (Index i = 0; i < data.n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto answer = [&](Index t) {
      return Enclosure(data.true_label[at] * products_->values.entry(i * data.T + t, 0));
    };
    for (Index t = 1; t < data.T; ++t)
      if (certainly_less(answer(best[at]), answer(t))) best[at] = t;
  }
  return best;
}

Frame<Enclosure> ExactFrame::frame() const {
  const ExactProducts& of = *products_;
  const Data& data = instance_.train;
  const Index N = token_count(instance_);
  const Enclosure mu = instance_.parameters.mu.as<Enclosure>();
  Frame<Enclosure> frame;
  frame.model = !instance_.brought;
  if (instance_.brought) frame.relevant = relevant();
  frame.scales = theory::scales<Enclosure>(instance_.parameters);
  const Enclosure unit_K = frame.scales.token_norm2, unit_H = frame.scales.kappa * unit_K;
  Matrix<Enclosure> C(frame.model ? N : 0, probes);
  for (Index k = 0; k < C.rows(); ++k)
    for (Index a = 0; a < probes; ++a) C(k, a) = data.tokens(k, a);

  frame.samples = {data.n, data.T, Vector<Enclosure>(N), data.label, {}, {}};
  const Enclosure scale = theory::head_scale<Enclosure>() / mu;  // ν = scale · (e₁ − e₂)
  for (Index k = 0; k < N; ++k)
    frame.samples.values[k] = frame.model ? Enclosure(scale * (C(k, 0) - C(k, 1))) : of.values.entry(k, 0);
  for (Index i = 0; i < data.n; ++i) frame.noisy.push_back(data.noisy(i));

  const auto matrix = [&](const ExactMatrix& exact, const Enclosure& unit) {
    Matrix<Enclosure> X = rounded(exact, unit);
    if (frame.model) move_along(C, X);
    return X;
  };
  const auto vector = [&](const ExactMatrix& exact, const Enclosure& unit) {
    Vector<Enclosure> x = Vector<Enclosure>::Zero(N + probes);
    for (Index k = 0; k < exact.rows; ++k) x[k] = exact.entry(k, 0) / unit;
    if (frame.model) move_along(C, x);
    return x;
  };
  frame.K = matrix(of.K, unit_K).leftCols(N);
  frame.H = instance_.W0.identity() ? frame.K : Matrix<Enclosure>(matrix(of.H, unit_H).leftCols(N));
  frame.h = vector(of.h, Enclosure(1));
  const bool with_p0 = instance_.p0.size() > 0;
  frame.r0 = with_p0 ? of.r0.entry(0, 0) : Enclosure(0), frame.omega = with_p0 ? of.omega.entry(0, 0) : Enclosure(0);
  if (frame.model)
    for (Index probe = N; probe < N + probes; ++probe) {
      for (Index k = 0; k < N; ++k) frame.K(probe, k) *= mu, frame.H(probe, k) *= mu;
      frame.h[probe] *= mu;
    }
  if (of.J.rows > 0) {
    frame.J = matrix(of.J, unit_H * unit_H).topLeftCorner(N, N);
    frame.k = vector(of.k, unit_H).head(N);
  }
  return frame;
}

Frame<double> in_double(const Frame<Enclosure>& frame) {
  const theory::Samples<Enclosure>& samples = frame.samples;
  const theory::Scales<Enclosure>& scales = frame.scales;
  Frame<double> all;
  all.samples = {samples.n, samples.T, middles(samples.values), samples.labels, {}, {}};
  all.noisy = frame.noisy, all.relevant = frame.relevant, all.model = frame.model;
  all.scales = {representative(scales.kappa), representative(scales.token_norm2), representative(scales.tau0),
                representative(scales.epsilon), representative(scales.step)};
  all.K = middles(frame.K), all.H = middles(frame.H), all.J = middles(frame.J);
  all.h = middles(frame.h), all.k = middles(frame.k);
  all.r0 = representative(frame.r0), all.omega = representative(frame.omega);
  return all;
}

}  // namespace benign::sim
