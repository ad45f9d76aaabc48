#include "sim/frames/gram.hpp"

#include "sim/frames/products.hpp"
#include "sim/linear/enclosed_linear.hpp"
#include "sim/random/wishart.hpp"
#include "theory/model/layout.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>

namespace benign::sim {
namespace {

/// B: tokens, then μ₊ and μ₋; the last two columns are the coordinates along e₁ and e₂.
template <class Real>
RowMajorOf<Real> frame_rows(const Instance& instance, const GramFactors& factors) {
  const auto& p = instance.parameters;
  const Index N = factors.L.rows(), across = factors.L.cols();
  const Real mu = p.mu.as<Real>() / p.sigma.as<Real>();
  const auto layout = theory::layout<Real>(p);
  RowMajorOf<Real> B = RowMajorOf<Real>::Zero(N + probes, across + probes);
  B.topLeftCorner(N, across) = factors.L.cast<Real>();
  B.topRightCorner(N, probes) = factors.E.cast<Real>();
  for (Index i = 0; i < p.n; ++i) {
    const Index own = across + own_signal(element(instance.train.true_label, i));
    const Index other = across + other_signal(element(instance.train.true_label, i));
    Index row = i * p.T;
    for (const auto& kind : layout)
      for (long k = 0; k < kind.count; ++k, ++row) {
        B.row(row) *= kind.noise;
        if (kind.projected) B(row, own) = B(row, other) = Real(0);
        B(row, own) += kind.own * mu, B(row, other) += kind.other * mu;
      }
  }
  for (Index probe = 0; probe < probes; ++probe) B(N + probe, across + probe) = mu;
  return B;
}

/// A Bᵀ.
template <class Real>
RowMajorOf<Real> transposed_product(const RowMajorOf<Real>& A, const RowMajorOf<Real>& B) {
  return product_transposed<Real, Real, Real>(A, B);
}
template <>
RowMajorOf<Enclosure> transposed_product(const RowMajorOf<Enclosure>& A, const RowMajorOf<Enclosure>& B) {
  RowMajorOf<Enclosure> C(A.rows(), B.rows());
  for (Index i = 0; i < A.rows(); ++i)  // B's rows are the columns that are multiplied with
    sim::transposed_times(B.cols(), B.rows(), B.data(), A.row(i).data(), C.row(i).data());
  return C;
}

template <class Real>
RowMajorOf<Real> product_with(const RowMajorOf<Real>& A, const RowMajorOf<Real>& B) {
  return transposed_product<Real>(A, RowMajorOf<Real>(B.transpose()));
}
template <class Real>
Vector<Real> product_with(const RowMajorOf<Real>& A, const Vector<Real>& x) {
  return transposed_product<Real>(A, RowMajorOf<Real>(x.transpose()));
}

}  // namespace

GramFactors draw_gram_factors(const theory::Parameters& p, std::uint64_t seed) {
  GramFactors factors;
  const Index N = p.tokens();
  factors.L = wishart_factor(N, p.d - probes, seed, Stream::gram_noise);
  factors.E.resize(N, probes);
  for (Index k = 0; k < N; ++k)
    fill_normal(seed, Stream::gram_signal, static_cast<std::uint64_t>(k), 1, {factors.E.row(k).data(), probes});
  const Index rank = factors.L.cols() + probes;
  factors.R = wishart_factor(rank + 1, p.d, seed, Stream::gram_weights);
  factors.A = wishart_factor(factors.R.cols(), p.d - rank, seed, Stream::gram_complement);
  return factors;
}

Enclosure weights_norm2(const Instance& instance, const GramFactors& factors) {
  if (instance.W0.identity()) return Enclosure(1);
  const Enclosure sigma_w = theory::sigma_w<Enclosure>(instance.parameters);
  Enclosure squares(0);
  const auto add = [&](const double x) { squares += Enclosure(x) * Enclosure(x); };
  std::for_each(factors.R.data() + factors.R.cols(), factors.R.data() + factors.R.size(), add);
  std::for_each(factors.A.data(), factors.A.data() + factors.A.size(), add);
  return sigma_w * sigma_w * squares;
}

template <class Real>
Frame<Real> make_gram_frame(const Instance& instance, const GramFactors& factors, QNorm q_norm) {
  const auto& p = instance.parameters;
  const Index N = factors.L.rows(), rank = factors.L.cols() + probes;
  const Real d(p.d), sigma = p.sigma.as<Real>(), sigma_p = p.sigma_p.as<Real>();
  const RowMajorOf<Real> B = frame_rows<Real>(instance, factors), tokens = B.topRows(N);

  Frame<Real> frame;
  frame.scales = theory::scales<Real>(p);
  for (Index i = 0; i < instance.train.n; ++i) frame.noisy.push_back(instance.train.noisy(i));
  const Real head = theory::head_scale<Real>() * sigma / p.mu.as<Real>();  // ν = head (e₁ − e₂) in units of 1/σ
  frame.samples = {p.n, p.T, head * (tokens.col(rank - 2) - tokens.col(rank - 1)), instance.train.label};

  frame.K = transposed_product<Real>(B, tokens) / d;
  const Vector<Real> l = factors.R.col(0).tail(rank).template cast<Real>();
  const Real lambda(factors.R(0, 0)), A_00(factors.A.size() > 0 ? factors.A(0, 0) : 0.0);
  if (instance.W0.identity()) {
    frame.H = frame.K;
    frame.r0 = frame.omega = sigma_p * sigma_p * (l.squaredNorm() + A_00 * A_00);
    frame.h = sigma * sigma_p * product_with(B, l);
    if (q_norm == QNorm::needed) {
      frame.J = frame.K.topRows(N) / frame.scales.token_norm2;
      frame.k = frame.h.head(N) / frame.scales.token_norm2;
    }
    return frame;
  }
  const RowMajorOf<Real> M = factors.R.bottomRows(rank).template cast<Real>(), C = product_with<Real>(B, M);
  const RowMajorOf<Real> C_tokens = C.topRows(N);
  const Real sigma_w = theory::sigma_w<Real>(p);
  frame.H = transposed_product<Real>(C, C_tokens) / (d * d);
  frame.r0 = sigma_p * sigma_p * lambda * lambda;
  frame.h = sigma * sigma_w * sigma_p * lambda * C.col(0);
  if (q_norm == QNorm::needed) {
    const RowMajorOf<Real> A = factors.A.cast<Real>();
    const RowMajorOf<Real> inside = transposed_product<Real>(C_tokens, M);
    frame.J = transposed_product<Real>(inside, inside);
    Vector<Real> w = product_with<Real>(M.transpose(), l);
    if (A.size() > 0) {
      const RowMajorOf<Real> outside = product_with<Real>(C_tokens, A);
      frame.J += transposed_product<Real>(outside, outside);
      w += A_00 * A.col(0);
    }
    frame.J /= sigma * sigma * d * d * d * d;
    frame.k = (sigma_w * sigma_p * lambda / (sigma * d * d)) * product_with(C_tokens, w);
    const Real w_norm = sigma_w * sigma_p * lambda;
    frame.omega = w_norm * w_norm * (l.squaredNorm() + A_00 * A_00);
  }
  return frame;
}

#define BENIGN_INSTANTIATE(Real) template Frame<Real> make_gram_frame<Real>(const Instance&, const GramFactors&, QNorm);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
BENIGN_INSTANTIATE(Enclosure)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
