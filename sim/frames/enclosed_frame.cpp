#include "sim/frames/enclosed_frame.hpp"

namespace benign::sim {
namespace {

/// Of a symmetric matrix with further rows below it.
Matrix<Enclosure> rounded(const ExactMatrix& x, const Enclosure& unit) {
  Matrix<Enclosure> y(x.rows, x.cols);
  for (Index j = 0; j < x.cols; ++j)
    for (Index i = 0; i < x.rows; ++i) y(i, j) = i < j ? y(j, i) : Enclosure(x.entry(i, j) / unit);
  return y;
}

/// S, and below it the directions of the probes, which the lengths ‖μ‖ that enter later are left out of.
RowMajor with_probes(const Instance& instance) {
  const RowMajor& S = instance.train.tokens;
  RowMajor rows(S.rows() + probes, S.cols());
  rows.topRows(S.rows()) = S;
  if (instance.brought)
    rows.bottomRows(probes) = instance.brought->signals;
  else
    rows.bottomRows(probes).setIdentity();
  return rows;
}

ExactMatrix top_rows(const ExactMatrix& x, Index rows) {
  ExactMatrix top = x;
  top.rows = rows;
  for (RowMajor& digit : top.digits) digit.conservativeResize(rows, x.cols);
  return top;
}

}  // namespace

ExactFrame::ExactFrame(const Instance& instance, QNorm q_norm)
    : instance_(instance), with_q_norm_(q_norm == QNorm::needed) {
  if (!instance.train.padding.empty()) throw std::logic_error("proofs know no padding");
  const int bits = digit_bits(instance.train.d);
  const bool identity = instance.W0.identity();
  const Index N = instance.train.tokens.rows();
  const ExactMatrix S = exact(with_probes(instance), bits), tokens = top_rows(S, N);
  K_ = exact_gram(S, N);
  const ExactMatrix M = identity ? S : exact_product(S, instance.W0);
  H_ = identity ? K_ : exact_gram(M, N);
  const ExactMatrix R =
      !with_q_norm_ || identity ? top_rows(M, N) : exact_product_transposed(top_rows(M, N), instance.W0);
  if (with_q_norm_) J_ = exact_gram(R, N);
  if (instance.p0.size() > 0) {
    const ExactMatrix p0 = exact(RowMajor(instance.p0.transpose()), bits);
    const ExactMatrix w = identity ? p0 : exact_product_transposed(p0, instance.W0);
    r0_ = exact_product_transposed(p0, p0);
    h_ = exact_product_transposed(S, w);
    omega_ = exact_product_transposed(w, w);
    if (with_q_norm_) k_ = exact_product_transposed(R, w);
  }
  if (instance.brought) values_ = exact_product_transposed(tokens, exact(instance.brought->head.transpose(), bits));
}

std::vector<Index> ExactFrame::relevant() const {
  const Data& data = instance_.train;
  std::vector<Index> best(static_cast<std::size_t>(data.n), 0);
  if (!instance_.brought) return best;
  const WorkingPrecision enough(10'000);  // bits, more than any product of doubles has: values are exact
  for (Index i = 0; i < data.n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto answer = [&](Index t) { return Enclosure(data.true_label[at] * values_.entry(i * data.T + t, 0)); };
    for (Index t = 1; t < data.T; ++t)
      if (certainly_less(answer(best[at]), answer(t))) best[at] = t;
  }
  return best;
}

Frame<Enclosure> ExactFrame::frame() const {
  const Data& data = instance_.train;
  const Index N = data.tokens.rows();
  const Enclosure mu = instance_.parameters.mu.as<Enclosure>();
  Frame<Enclosure> frame;
  frame.model = !instance_.brought;
  if (instance_.brought) frame.relevant = relevant();
  frame.scales = theory::scales<Enclosure>(instance_.parameters);
  const Enclosure unit_K = frame.scales.token_norm2, unit_H = frame.scales.kappa * unit_K;

  frame.samples = {data.n, data.T, Vector<Enclosure>(N), data.label, {}, {}};
  const Enclosure scale = theory::head_scale<Enclosure>() / mu;  // ν = scale · (e₁ − e₂)
  for (Index k = 0; k < N; ++k)
    frame.samples.values[k] = frame.model
                                  ? Enclosure(scale * (Enclosure(data.tokens(k, 0)) - Enclosure(data.tokens(k, 1))))
                                  : values_.entry(k, 0);
  for (Index i = 0; i < data.n; ++i) frame.noisy.push_back(data.noisy(i));

  frame.K = rounded(K_, unit_K);
  frame.H = instance_.W0.identity() ? frame.K : rounded(H_, unit_H);
  frame.r0 = Enclosure(0), frame.omega = Enclosure(0);
  frame.h = Vector<Enclosure>::Zero(N + probes);
  const bool with_p0 = instance_.p0.size() > 0;
  if (with_p0) {
    frame.r0 = r0_.entry(0, 0), frame.omega = omega_.entry(0, 0);
    for (Index k = 0; k < N + probes; ++k) frame.h[k] = h_.entry(k, 0);
  }
  if (frame.model)
    for (Index probe = N; probe < N + probes; ++probe) {
      for (Index k = 0; k < N; ++k) frame.K(probe, k) *= mu, frame.H(probe, k) *= mu;
      frame.h[probe] *= mu;
    }
  if (with_q_norm_) {
    frame.J = rounded(J_, unit_H * unit_H);
    frame.k = Vector<Enclosure>::Zero(N);
    if (with_p0)
      for (Index k = 0; k < N; ++k) frame.k[k] = k_.entry(k, 0) / unit_H;
  }
  return frame;
}

}  // namespace benign::sim
