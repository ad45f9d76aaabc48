#include "sim/frames/frame.hpp"

#include "sim/frames/products.hpp"

namespace benign::sim {
namespace {

/// v = Sν, or V of the head's columns.
template <class Real>
theory::Samples<Real> brought_samples(const Brought& brought, const Data& data) {
  const RowMajor columns = brought.head.transpose();
  const RowMajorOf<Real> V = product_transposed<Real, double, double>(data.tokens, columns);
  theory::Samples<Real> samples{data.n, data.T, {}, data.label, {}, {}, data.padding};
  if (!brought.many()) {
    samples.values = V.col(0);
    return samples;
  }
  samples.class_values = V;
  samples.classes = data.label;
  samples.labels.assign(data.label.size(), 1);
  return samples;
}

/// Scales, flipped samples and relevant tokens.
template <class Real>
void describe(const Instance& instance, Frame<Real>& frame) {
  const Data& data = instance.train;
  frame.scales = theory::scales<Real>(instance.parameters);
  for (Index i = 0; i < data.n; ++i) frame.noisy.push_back(data.noisy(i));
  if (!instance.brought) return;
  frame.model = false;
  frame.relevant = relevant_tokens(instance);
}

}  // namespace

std::vector<Index> relevant_tokens(const Instance& instance) {
  if (!instance.brought) return {};
  const Data& data = instance.train;
  return best_tokens(*instance.brought, data.tokens * instance.brought->head, data.T, data.true_label, data.padding);
}

template <class Real>
theory::Samples<Real> make_samples(const Instance& instance) {
  const Data& data = instance.train;
  if (instance.brought) return brought_samples<Real>(*instance.brought, data);
  const Real scale = theory::head_scale<Real>() / instance.parameters.mu.as<Real>();  // ν = scale · (e₁ − e₂)
  theory::Samples<Real> samples{data.n, data.T, Vector<Real>(data.tokens.rows()), data.label};
  for (Index k = 0; k < data.tokens.rows(); ++k)
    samples.values[k] = scale * (Real(data.tokens(k, 0)) - Real(data.tokens(k, 1)));
  return samples;
}

template <class Real>
Frame<Real> make_frame(const Instance& instance, QNorm q_norm) {
  const Data& data = instance.train;
  const RowMajor& S = data.tokens;
  const Index N = S.rows();
  const Real mu = instance.parameters.mu.as<Real>();
  const bool identity = instance.W0.identity();

  Frame<Real> frame;
  frame.samples = make_samples<Real>(instance);
  describe<Real>(instance, frame);
  const Real unit_K = frame.scales.token_norm2, unit_H = frame.scales.kappa * frame.scales.token_norm2;

  frame.K.resize(N + probes, N);
  frame.K.topRows(N) = product_transposed<Real, double, double>(S, S) / unit_K;
  const bool model = !instance.brought;
  const RowMajor signals = model ? RowMajor() : instance.brought->signals;
  if (model)
    for (Index probe = 0; probe < probes; ++probe)
      for (Index k = 0; k < N; ++k) frame.K(N + probe, k) = mu * Real(S(k, probe)) / unit_K;
  else
    frame.K.bottomRows(probes) = product_transposed<Real, double, double>(signals, S) / unit_K;

  RowMajorOf<Real> M = S.cast<Real>();  // M₀
  if (identity) {
    frame.H = frame.K;  // κ = 1
  } else {
    M = product<Real, double>(S, instance.W0);
    frame.H.resize(N + probes, N);
    frame.H.topRows(N) = product_transposed<Real, Real, Real>(M, M) / unit_H;
    if (model) {
      const RowMajor probe_rows = instance.W0.block(0, probes, 0, S.cols());
      frame.H.bottomRows(probes) = mu * product_transposed<Real, double, Real>(probe_rows, M) / unit_H;
    } else {
      const RowMajorOf<Real> probe_rows = product<Real, double>(signals, instance.W0);
      frame.H.bottomRows(probes) = product_transposed<Real, Real, Real>(probe_rows, M) / unit_H;
    }
  }

  RowMajorOf<Real> w = RowMajorOf<Real>::Zero(1, S.cols());  // (W₀p₀)ᵀ
  frame.r0 = Real(0);
  if (instance.p0.size() > 0) {
    const RowMajor p0 = instance.p0.transpose();
    w = identity ? RowMajorOf<Real>(p0.template cast<Real>()) : product_transposed<Real, double>(p0, instance.W0);
    frame.r0 = product_transposed<Real, double, double>(p0, p0)(0, 0);
  }
  frame.h.resize(N + probes);
  frame.h.head(N) = product_transposed<Real, double, Real>(S, w);
  if (model)
    for (Index probe = 0; probe < probes; ++probe) frame.h[N + probe] = mu * w(0, probe);
  else
    frame.h.tail(probes) = product_transposed<Real, double, Real>(signals, w);

  if (q_norm == QNorm::needed) {
    const RowMajorOf<Real> R = identity ? M : product_transposed<Real, Real>(M, instance.W0);  // S W₀W₀ᵀ
    frame.J = product_transposed<Real, Real, Real>(R, R) / (unit_H * unit_H);
    frame.k = product_transposed<Real, Real, Real>(R, w) / unit_H;
    frame.omega = product_transposed<Real, Real, Real>(w, w)(0, 0);
  }
  return frame;
}

template <class Real>
Frame<Real> make_outline(const Instance& instance) {
  Frame<Real> frame;
  frame.samples = make_samples<Real>(instance);
  describe<Real>(instance, frame);
  return frame;
}

#define BENIGN_INSTANTIATE(Real)                                      \
  template Frame<Real> make_outline<Real>(const Instance&);           \
  template theory::Samples<Real> make_samples<Real>(const Instance&); \
  template Frame<Real> make_frame<Real>(const Instance&, QNorm);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
