#include "sim/models/key_query_draw.hpp"

#include "sim/linear/linear.hpp"
#include "sim/models/pair_attention.hpp"
#include "sim/random/mean.hpp"
#include "sim/random/wishart.hpp"
#include "theory/numbers/element.hpp"

#include <cmath>
#include <utility>

namespace benign::sim {
namespace {

using theory::Parameters;

constexpr Index test_inputs = 1000;
constexpr std::uint64_t beyond_inputs = std::uint64_t{1} << 62;  // an address that none of them has

/// σ̃/σ for the second token of M, 1 for the others that are noise.
template <class Real>
Real loudness(Index token, Index M) {
  using std::sqrt;
  return token == 1 ? Real(5 * sqrt(Real(M))) : Real(1);
}

/// Tokens of sample `index` of a stream, of shape (M, d).
void draw_sample(const Parameters& p, std::uint64_t seed, Stream stream, Index index, int label,
                 Eigen::Ref<RowMajor> tokens) {
  const double mu = p.mu.as<double>(), sigma = p.sigma.as<double>();
  tokens.row(0).setZero();
  tokens(0, own_signal(label)) = mu;
  for (Index t = 1; t < p.T; ++t) {
    fill_normal(seed, stream, static_cast<std::uint64_t>(index * p.T + t), sigma * loudness<double>(t, p.T),
                {tokens.row(t).data(), static_cast<std::size_t>(p.d)});
    tokens.row(t).head(probes).setZero();
  }
}

int test_label(Index i) { return 2 * i < test_inputs ? 1 : -1; }

/// Calls f(first, tokens) for the tokens of some inputs at a time: rows first, first + 1, … of all.
template <class F>
void for_test_tokens(const Instance& instance, const F& f) {
  constexpr Index batch = 50;
  static_assert(test_inputs % batch == 0);
  const Parameters& p = instance.parameters;
  RowMajor tokens(batch * p.T, p.d);
  for (Index first = 0; first < test_inputs; first += batch) {
    for (Index i = 0; i < batch; ++i)
      draw_sample(p, instance.seed, Stream::test_noise, first + i, test_label(first + i),
                  tokens.middleRows(i * p.T, p.T));
    f(first * p.T, tokens);
  }
}

/// From what test inputs see: [xW_Q, xW_K], what their logits have besides (or nothing), and their values.
TestError error_of(Index M, const RowMajor& P, const Vector<double>& besides, Vector<double> values) {
  Vector<double> z = pair_logits<double>(M, P);
  if (besides.size() > 0) z += besides;
  theory::Samples<double> samples{test_inputs, M, std::move(values), {}};
  for (Index i = 0; i < test_inputs; ++i) samples.labels.push_back(test_label(i));
  const Vector<double> s = mean_attention(samples, z), f = theory::outputs(samples, s);
  std::vector<double> right, losses;
  TestError error;
  for (Index i = 0; i < test_inputs; ++i) {
    const double margin = test_label(i) * f[i];
    right.push_back(margin > 0), losses.push_back(theory::logistic_loss(margin));
    error.attention += s[i * M] / static_cast<double>(test_inputs);
  }
  error.sampled = true;
  std::tie(error.accuracy, error.accuracy_error) = mean_and_stderr(right);
  std::tie(error.loss, error.loss_error) = mean_and_stderr(losses);
  error.wrong = 1 - error.accuracy;
  return error;
}

/// What `gram` data are made of.
struct Factors {
  RowMajor L;        // (n(M − 1), n(M − 1)), noise of tokens of one size
  RowMajor Z;        // (2R, r), the rows of W_Q and then of W_K
  Vector<double> v;  // (R)
  Index rank() const { return v.size(); }
};

Factors draw_factors(const Parameters& p, std::uint64_t seed) {
  Factors factors;
  factors.L = wishart_factor(p.n * (p.T - 1), p.d - probes, seed, Stream::gram_noise);
  const Index rank = probes + factors.L.cols();
  factors.Z = wishart_factor(2 * rank, p.d_h, seed, Stream::gram_weights);
  factors.v.resize(rank);
  fill_normal(seed, Stream::initial_p, 0, 1, {factors.v.data(), static_cast<std::size_t>(rank)});
  return factors;
}

/// B: the signals' coordinates first.
template <class Real>
RowMajorOf<Real> rows_of_tokens(const Instance& instance, const Factors& factors) {
  const Parameters& p = instance.parameters;
  RowMajorOf<Real> B = RowMajorOf<Real>::Zero(p.tokens(), factors.rank());
  for (Index i = 0; i < p.n; ++i) {
    B(i * p.T, own_signal(element(instance.train.true_label, i))) = p.mu.as<Real>() / p.sigma.as<Real>();
    for (Index t = 1; t < p.T; ++t)
      B.row(i * p.T + t).tail(factors.L.cols()) =
          loudness<Real>(t, p.T) * factors.L.row(i * (p.T - 1) + t - 1).template cast<Real>();
  }
  return B;
}

/// A Z as [A Z_Q, A Z_K].
template <class Real>
RowMajorOf<Real> side_by_side(const RowMajorOf<Real>& A, const RowMajor& Z) {
  const Index rank = Z.rows() / 2, r = Z.cols();
  RowMajorOf<Real> both(A.rows(), 2 * r);
  for (Index side = 0; side < 2; ++side)
    both.middleCols(side * r, r) = product_transposed<Real, Real, Real>(
        A, RowMajorOf<Real>(Z.middleRows(side * rank, rank).transpose().template cast<Real>()));
  return both;
}

template <class Real>
Real deviation_of_v(const Parameters& p) {
  return p.sigma_v.as<Real>() * p.w_o.as<Real>();
}

}  // namespace

Instance draw_key_query_instance(const Parameters& p, DataKind kind, std::uint64_t seed) {
  Data train = draw_train(p, DataKind::gram, seed);
  if (kind != DataKind::gram) {
    train.tokens.resize(p.tokens(), p.d);
    for (Index i = 0; i < p.n; ++i)
      draw_sample(p, seed, Stream::train_noise, i, element(train.true_label, i), train.tokens.middleRows(i * p.T, p.T));
  }
  return {p, kind, seed, std::move(train), InitialWeights(p, seed), {}, nullptr};
}

RowMajor initial_queries_keys(const Instance& instance) {
  const Parameters& p = instance.parameters;
  RowMajor W(p.d, 2 * p.d_h);
  for (Index j = 0; j < p.d; ++j)
    fill_normal(instance.seed, Stream::initial_weights, static_cast<std::uint64_t>(j), theory::sigma_h<double>(p),
                {W.row(j).data(), static_cast<std::size_t>(2 * p.d_h)});
  return W;
}

Vector<double> initial_value_vector(const Instance& instance) {
  const Parameters& p = instance.parameters;
  Vector<double> v(p.d);
  fill_normal(instance.seed, Stream::initial_p, 0, deviation_of_v<double>(p),
              {v.data(), static_cast<std::size_t>(p.d)});
  return v;
}

template <class Real>
Frame<Real> key_query_outline(const Instance& instance) {
  const Data& data = instance.train;
  Frame<Real> frame;
  frame.scales = theory::scales<Real>(instance.parameters);
  frame.samples = {data.n, data.T, Vector<Real>::Zero(data.n * data.T), data.label};
  frame.noisy.assign(static_cast<std::size_t>(data.n), false);
  return frame;
}

template <class Real>
Frame<Real> key_query_frame(const Instance& instance) {
  const Parameters& p = instance.parameters;
  Frame<Real> frame = key_query_outline<Real>(instance);
  if (instance.kind == DataKind::gram) {
    const Factors factors = draw_factors(p, instance.seed);
    const RowMajorOf<Real> B = rows_of_tokens<Real>(instance, factors);
    const Real sigma = p.sigma.as<Real>();
    frame.K = product_transposed<Real, Real, Real>(B, B) / Real(p.d);
    frame.queries_keys = sigma * theory::sigma_h<Real>(p) * side_by_side<Real>(B, factors.Z);
    frame.h =
        product_transposed<Real, Real, Real>(B, RowMajorOf<Real>(factors.v.transpose().template cast<Real>())).col(0);
    frame.h *= sigma * deviation_of_v<Real>(p);
    const Real rest(
        p.d > factors.rank() ? chi(p.d - factors.rank(), instance.seed, Stream::gram_complement, beyond_inputs) : 0.0);
    frame.r0 = deviation_of_v<Real>(p) * deviation_of_v<Real>(p) * (Real(factors.v.squaredNorm()) + rest * rest);
    return frame;
  }
  const RowMajor& S = instance.train.tokens;
  const RowMajor W = initial_queries_keys(instance).transpose(), v = initial_value_vector(instance).transpose();
  frame.K = product_transposed<Real, double, double>(S, S) / frame.scales.token_norm2;
  frame.queries_keys = product_transposed<Real, double, double>(S, W);
  frame.h = product_transposed<Real, double, double>(S, v).col(0);
  frame.r0 = product_transposed<Real, double, double>(v, v)(0, 0);
  return frame;
}

KeyQueryTest::KeyQueryTest(const Instance& instance) : M_(instance.parameters.T) {
  instance.kind == DataKind::gram ? draw_by_law(instance) : draw(instance);
}

void KeyQueryTest::draw(const Instance& instance) {
  const Index rows = test_inputs * M_;
  const RowMajor W = initial_queries_keys(instance).transpose(), v = initial_value_vector(instance).transpose();
  const double unit = theory::scales<double>(instance.parameters).token_norm2;
  X_.resize(rows, instance.train.tokens.rows()), P_.resize(rows, W.rows()), v_.resize(rows);
  for_test_tokens(instance, [&](Index first, const RowMajor& tokens) {
    X_.middleRows(first, tokens.rows()) =
        product_transposed<double, double, double>(tokens, instance.train.tokens) / unit;
    P_.middleRows(first, tokens.rows()) = product_transposed<double, double, double>(tokens, W);
    v_.segment(first, tokens.rows()) = product_transposed<double, double, double>(tokens, v).col(0);
  });
}

void KeyQueryTest::draw_by_law(const Instance& instance) {
  const Parameters& p = instance.parameters;
  const Factors factors = draw_factors(p, instance.seed);
  const RowMajor B = rows_of_tokens<double>(instance, factors);
  const Index rows = test_inputs * M_, own = M_ - 1, seen = factors.L.cols(), r = factors.Z.cols();
  const double scale = p.sigma.as<double>() * theory::sigma_h<double>(p);
  const auto normals = [&](Stream stream, Index index, double* to, Index count) {
    fill_normal(instance.seed, stream, static_cast<std::uint64_t>(index), 1, {to, static_cast<std::size_t>(count)});
  };
  RowMajor A = RowMajor::Zero(rows, factors.rank()), new_rows(2 * own, r);
  P_ = RowMajor::Zero(rows, 2 * r), v_ = Vector<double>::Zero(rows);
  if (r < p.d_h) z_ = Vector<double>::Zero(rows * M_);
  Vector<double> new_v(own);
  for (Index i = 0; i < test_inputs; ++i) {
    const Index at = i * M_;
    A(at, own_signal(test_label(i))) = p.mu.as<double>() / p.sigma.as<double>();
    // Across the frame: rows of the tokens' noise, of W_Q and W_K along the frame's columns, and across these.
    RowMajor E = RowMajor::Zero(M_, own);
    E.bottomRows(own).leftCols(std::min<long>(own, p.d - probes - seen)) = wishart_factor(
        own, p.d - probes - seen, instance.seed, Stream::gram_complement, static_cast<std::uint64_t>(i * own));
    for (Index t = 1; t < M_; ++t) {
      const double loud = loudness<double>(t, M_);
      normals(Stream::test_noise, at + t, A.row(at + t).data() + probes, seen);
      A.row(at + t) *= loud, E.row(t) *= loud;
    }
    for (Index k = 0; k < 2 * own; ++k) normals(Stream::gram_signal, i * 2 * own + k, new_rows.row(k).data(), r);
    normals(Stream::initial_p, i + 1, new_v.data(), own);
    P_.middleRows(at, M_).leftCols(r) = scale * E * new_rows.topRows(own);
    P_.middleRows(at, M_).rightCols(r) = scale * E * new_rows.bottomRows(own);
    v_.segment(at, M_) = E * new_v;
    if (z_.size() == 0) continue;
    const RowMajor F = scale * wishart_factor(2 * own, p.d_h - r, instance.seed, Stream::initial_weights,
                                              static_cast<std::uint64_t>(i * 2 * own));
    Eigen::Map<RowMajor>(z_.data() + at * M_, M_, M_) = (E * F.topRows(own)) * (E * F.bottomRows(own)).transpose();
  }
  X_ = product_transposed<double, double, double>(A, B) / static_cast<double>(p.d);
  P_ += scale * side_by_side<double>(A, factors.Z);
  v_ = p.sigma.as<double>() * deviation_of_v<double>(p) * (v_ + A * factors.v);
}

TestError KeyQueryTest::operator()(const RowMajor& C, const Vector<double>& c) const {
  RowMajor P = P_;
  add_matrix_product<double>(X_.rows(), X_.cols(), C.cols(), X_.data(), X_.cols(), C.data(), C.cols(), 1, P.data(),
                             P.cols());
  const RowMajor row = c.transpose();
  return error_of(M_, P, z_, v_ + product_transposed<double, double, double>(X_, row).col(0));
}

TestError key_query_test(const Instance& instance, const RowMajor& W, const Vector<double>& v) {
  const Index rows = test_inputs * instance.parameters.T;
  const RowMajor columns = W.transpose(), head = v.transpose();
  RowMajor P(rows, W.cols());
  Vector<double> values(rows);
  for_test_tokens(instance, [&](Index first, const RowMajor& tokens) {
    P.middleRows(first, tokens.rows()) = product_transposed<double, double, double>(tokens, columns);
    values.segment(first, tokens.rows()) = product_transposed<double, double, double>(tokens, head).col(0);
  });
  return error_of(instance.parameters.T, P, {}, std::move(values));
}

#define BENIGN_INSTANTIATE(Real)                                 \
  template Frame<Real> key_query_outline<Real>(const Instance&); \
  template Frame<Real> key_query_frame<Real>(const Instance&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
