#include "sim/frames/enclosed_frame.hpp"

#include "theory/model/layout.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
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

/// The first `rows` entries; zeros where there are none.
Vector<Enclosure> rounded_vector(const ExactMatrix& x, Index rows) {
  Vector<Enclosure> y = Vector<Enclosure>::Zero(rows);
  for (Index k = 0; k < std::min(rows, x.rows); ++k) y[k] = x.entry(k, 0);
  return y;
}

/// Of a head that is brought: v = Sν, or V of its columns, one to a class, with the cross-entropy for a loss (model.hpp).
theory::Samples<Enclosure> brought_samples(const Instance& instance, const ExactMatrix& values) {
  const Data& data = instance.train;
  const Index N = token_count(instance);
  theory::Samples<Enclosure> samples{data.n, data.T, {}, data.label, {}, {}};
  if (!instance.brought->many()) {
    samples.values = rounded_vector(values, N);
    return samples;
  }
  samples.class_values.resize(N, values.cols);
  for (Index c = 0; c < values.cols; ++c)
    for (Index k = 0; k < N; ++k) samples.class_values(k, c) = values.entry(k, c);
  samples.classes = data.label;
  samples.labels.assign(data.label.size(), 1);
  return samples;
}

/// The coordinates C of the model's tokens along e₁ and e₂, and v = ν·x = γ(C₁ − C₂)/‖μ‖.
struct AlongSignals {
  Matrix<Enclosure> C;
  Vector<Enclosure> values;
};

/// Of a drawn instance; ν = γ/‖μ‖ (e₁ − e₂).
AlongSignals along_signals_at_a_point(const Instance& instance) {
  const RowMajor& S = instance.train.tokens;
  const Enclosure scale = theory::head_scale<Enclosure>() / instance.parameters.mu.as<Enclosure>();
  AlongSignals along{Matrix<Enclosure>(S.rows(), probes), Vector<Enclosure>(S.rows())};
  for (Index k = 0; k < S.rows(); ++k) {
    for (Index a = 0; a < probes; ++a) along.C(k, a) = S(k, a);
    along.values[k] = scale * (along.C(k, 0) - along.C(k, 1));
  }
  return along;
}

/// Of all instances with the ‖μ‖ and ρ of `p`, C = ε + c‖μ‖ with the noise ε that they have in common, and v = γ(c₁ − c₂) +
/// γ(ε₁ − ε₂)/‖μ‖; ε with what the drawing of any member of the whole family rounds: ‖μ‖, ρ, their product and the sum, each once.
AlongSignals along_signals_of_members(const Instance& instance, theory::Parameters p) {
  const Enclosure mu = p.mu.as<Enclosure>(), any_mu = instance.parameters.mu.as<Enclosure>(),
                  gamma = theory::head_scale<Enclosure>();
  const auto layout = theory::layout<Enclosure>(p), any_layout = theory::layout<Enclosure>(instance.parameters);
  const auto kinds = theory::kinds_of_tokens(p.T);
  p.mu = theory::Decimal("0");
  const RowMajor noise = draw_train(p, instance.kind, instance.seed).tokens.leftCols(probes);
  AlongSignals along{Matrix<Enclosure>(noise.rows(), probes), Vector<Enclosure>(noise.rows())};
  for (Index k = 0; k < noise.rows(); ++k) {
    const auto &kind = layout[element(kinds, k % p.T)], &any_kind = any_layout[element(kinds, k % p.T)];
    const int label = element(instance.train.true_label, k / p.T);
    Enclosure mean[probes], rest[probes];
    for (Index a = 0; a < probes; ++a) {
      const int signal = a == own_signal(label) ? label : -label;
      mean[a] = kind.along(signal, label);
      const Enclosure epsilon(noise(k, a)), size = abs(epsilon) + abs(any_kind.along(signal, label) * any_mu);
      const double most = std::ldexp(upper(size), -50);
      rest[a] = epsilon + enclosure(-most, most);
      along.C(k, a) = rest[a] + mean[a] * mu;
    }
    along.values[k] = gamma * (mean[0] - mean[1]) + gamma * (rest[0] - rest[1]) / mu;
  }
  return along;
}

AlongSignals along_signals(const Instance& instance) {
  const theory::Parameters& p = instance.parameters;
  if (p.mu.is_range() || p.rho.is_range()) return along_signals_of_members(instance, p);
  return along_signals_at_a_point(instance);
}

/// The frame of runs with the given parameters, whose tokens lie along the signals like that, without the relevant tokens.
Frame<Enclosure> frame_along(const Instance& instance, const ExactProducts& of, const AlongSignals& along,
                             const theory::Parameters& parameters, QNorm q_norm) {
  const Data& data = instance.train;
  const Index N = token_count(instance);
  const Enclosure mu = parameters.mu.as<Enclosure>();
  Frame<Enclosure> frame;
  frame.model = !instance.brought;
  frame.scales = theory::scales<Enclosure>(parameters);
  const Enclosure unit_K = frame.scales.token_norm2, unit_H = frame.scales.kappa * unit_K;
  frame.samples = frame.model ? theory::Samples<Enclosure>{data.n, data.T, along.values, data.label, {}, {}}
                              : brought_samples(instance, of.values);
  for (Index i = 0; i < data.n; ++i) frame.noisy.push_back(data.noisy(i));

  const auto matrix = [&](const ExactMatrix& exact, const Enclosure& unit) {
    Matrix<Enclosure> X = rounded(exact, unit);
    if (frame.model) move_along(along.C, X);
    return X;
  };
  const auto vector = [&](const ExactMatrix& exact) {
    Vector<Enclosure> x = rounded_vector(exact, N + probes);
    if (frame.model) move_along(along.C, x);
    return x;
  };
  frame.K = matrix(of.K, unit_K).leftCols(N);
  frame.H = instance.W0.identity() ? frame.K : Matrix<Enclosure>(matrix(of.H, unit_H).leftCols(N));
  frame.h = vector(of.h);
  const bool with_p0 = instance.p0.size() > 0;
  frame.r0 = with_p0 ? of.r0.entry(0, 0) : Enclosure(0), frame.omega = with_p0 ? of.omega.entry(0, 0) : Enclosure(0);
  if (frame.model)
    for (Index probe = N; probe < N + probes; ++probe) {
      for (Index k = 0; k < N; ++k) frame.K(probe, k) *= mu, frame.H(probe, k) *= mu;
      frame.h[probe] *= mu;
    }
  if (of.J.rows > 0 && q_norm == QNorm::needed) {
    frame.J = matrix(of.J, unit_H * unit_H).topLeftCorner(N, N);
    frame.k = vector(of.k).head(N) / unit_H;
  }
  return frame;
}

/// Y v of a token; with C classes C times what its value of class y is above the mean one.
Enclosure answer_of_token(const Brought& brought, const ExactMatrix& values, Index token, int label) {
  if (!brought.many()) return label * values.entry(token, 0);
  Enclosure answer = values.cols * values.entry(token, label);
  for (Index c = 0; c < values.cols; ++c) answer -= values.entry(token, c);
  return answer;
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
ExactFrame::ExactFrame(const Instance& instance, std::shared_ptr<const GramFactors> factors, QNorm q_norm)
    : instance_(instance), factors_(std::move(factors)), q_norm_(q_norm) {}

double ExactFrame::weights_norm() const {
  if (factors_) return upper(sqrt(weights_norm2(instance_, *factors_)));
  if (instance_.W0.identity()) return 1;
  Enclosure squares(0);
  for (const double row : products_->row_norms2) squares += row;
  return upper(sqrt(squares));
}

std::vector<Index> ExactFrame::relevant() const {
  const Data& data = instance_.train;
  std::vector<Index> best(static_cast<std::size_t>(data.n), 0);
  if (!instance_.brought) return best;
  const WorkingPrecision enough(10'000);  // bits, more than any product of doubles has: values are exact
  for (Index i = 0; i < data.n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto answer = [&](Index t) {
      return answer_of_token(*instance_.brought, products_->values, i * data.T + t, data.true_label[at]);
    };
    for (Index t = 1; t < data.T; ++t)
      if (certainly_less(answer(best[at]), answer(t))) best[at] = t;
  }
  return best;
}

Frame<Enclosure> ExactFrame::frame() const {
  if (factors_) return make_gram_frame<Enclosure>(instance_, *factors_, q_norm_);
  const AlongSignals along = instance_.brought ? AlongSignals{} : along_signals(instance_);
  Frame<Enclosure> frame = frame_along(instance_, *products_, along, instance_.parameters, QNorm::needed);
  if (instance_.brought) frame.relevant = relevant();
  return frame;
}

Frame<Enclosure> ExactFrame::frame_of_members(const theory::Parameters& members) const {
  if (factors_) throw std::logic_error("a family of runs has tokens in common");
  const AlongSignals along = along_signals_of_members(instance_, members);
  return frame_along(instance_, *products_, along, members, QNorm::not_needed);
}

Frame<double> in_double(const Frame<Enclosure>& frame) {
  const theory::Samples<Enclosure>& samples = frame.samples;
  const theory::Scales<Enclosure>& scales = frame.scales;
  Frame<double> all;
  all.samples = {samples.n,      samples.T, middles(samples.values), samples.labels, middles(samples.class_values),
                 samples.classes};
  all.noisy = frame.noisy, all.relevant = frame.relevant, all.model = frame.model;
  all.scales = {representative(scales.kappa), representative(scales.token_norm2), representative(scales.tau0),
                representative(scales.epsilon), representative(scales.step)};
  all.K = middles(frame.K), all.H = middles(frame.H), all.J = middles(frame.J);
  all.h = middles(frame.h), all.k = middles(frame.k);
  all.r0 = representative(frame.r0), all.omega = representative(frame.omega);
  return all;
}

}  // namespace benign::sim
