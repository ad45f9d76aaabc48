#include "sim/models/pair_attention.hpp"

#include "sim/linear/linear.hpp"
#include "theory/numbers/element.hpp"

namespace benign::sim {
namespace {

/// Every query as a sample of its own.
template <class Real>
theory::Samples<Real> queries_of(const theory::Samples<Real>& samples) {
  const Index M = samples.T;
  theory::Samples<Real> queries{samples.n * M, M, Vector<Real>(samples.n * M * M), {}};
  queries.labels.reserve(static_cast<std::size_t>(queries.n));
  for (Index i = 0; i < samples.n; ++i)
    for (Index l = 0; l < M; ++l) {
      queries.values.segment((i * M + l) * M, M) = samples.values.segment(i * M, M);
      queries.labels.push_back(element(samples.labels, i));
    }
  return queries;
}

/// The mean over the queries of each sample, of numbers for each query and token.
template <class Real>
Vector<Real> mean_over_queries(Index M, const Vector<Real>& x) {
  Vector<Real> mean = Vector<Real>::Zero(x.size() / M);
  for (Index query = 0; query < mean.size(); ++query) mean.segment(query / M * M, M) += x.segment(query * M, M);
  return mean / Real(M);
}

}  // namespace

template <class Real>
Vector<Real> pair_logits(Index M, const RowMajorOf<Real>& P) {
  const Index N = P.rows(), r = P.cols() / 2;
  Vector<Real> z = Vector<Real>::Zero(N * M);
  for (Index first = 0; first < N; first += M) {
    const Real* const queries = P.data() + first * 2 * r;
    add_matrix_product<Real>(M, r, M, queries, 2 * r, queries + r, 1, 2 * r, z.data() + first * M, M);
  }
  return z;
}

template <class Real>
Vector<Real> mean_attention(const theory::Samples<Real>& samples, const Vector<Real>& z) {
  return mean_over_queries(samples.T, theory::attention(queries_of(samples), z));
}

template <class Real>
Vector<Real> mean_logits(const theory::Samples<Real>& samples, const Vector<Real>& z) {
  using elementary::exp;
  using elementary::log;
  const Index M = samples.T;
  // log s_lm = z_lm − log Σ_t e^{z_lt}, and the log of a sum again, each from its largest term on.
  const auto log_sum = [](const auto& x) {
    Real largest = x[0], sum(0);
    for (Index k = 1; k < x.size(); ++k)
      if (representative<Real>(x[k] - largest) > 0) largest = x[k];
    for (Index k = 0; k < x.size(); ++k) sum += exp(Real(x[k] - largest));
    return Real(largest + log(sum));
  };
  Vector<Real> logits(samples.n * M), log_s(M * M), of_token(M);
  for (Index i = 0; i < samples.n; ++i) {
    for (Index l = 0; l < M; ++l) {
      const auto query = z.segment((i * M + l) * M, M);
      log_s.segment(l * M, M) = query.array() - log_sum(query);
    }
    for (Index m = 0; m < M; ++m) {
      for (Index l = 0; l < M; ++l) of_token[l] = log_s[l * M + m];
      logits[i * M + m] = log_sum(of_token);
    }
  }
  return logits;
}

template <class Real>
PairPulls<Real> pair_pulls(const theory::Samples<Real>& samples, const Vector<Real>& z, const Real& log_gain) {
  using elementary::exp;
  const Index M = samples.T;
  const auto queries = queries_of(samples);
  const Vector<Real> s = theory::attention(queries, z), f = theory::outputs(queries, s);
  PairPulls<Real> pulls{theory::gradient(queries, z, log_gain), mean_over_queries(M, s)};
  for (Index i = 0; i < samples.n; ++i) {
    const Real Y(element(samples.labels, i)), output = f.segment(i * M, M).sum() / Real(M);
    const Real log_weight = -theory::logistic_loss<Real>(-Y * output);  // log σ(−Yf)
    pulls.h.segment(i * M, M) *= Y * exp(Real(log_gain + log_weight));
    for (Index query = i * M; query < (i + 1) * M; ++query)  // the query's own weight gives way to the sample's
      pulls.A.segment(query * M, M) *= exp(Real(log_weight + theory::logistic_loss<Real>(-Y * f[query]))) / Real(M);
  }
  return pulls;
}

template <class Real>
RowMajorOf<Real> pulled_pairs(Index M, const Vector<Real>& A, const RowMajorOf<Real>& P) {
  const Index N = P.rows(), r = P.cols() / 2;
  RowMajorOf<Real> G = RowMajorOf<Real>::Zero(N, 2 * r);
  for (Index first = 0; first < N; first += M) {
    const RowMajorOf<Real> block = -Eigen::Map<const RowMajorOf<Real>>(A.data() + first * M, M, M);
    const RowMajorOf<Real> transposed = block.transpose();
    const Real* const queries = P.data() + first * 2 * r;
    Real* const to = G.data() + first * 2 * r;
    add_matrix_product<Real>(M, M, r, block.data(), M, queries + r, 2 * r, 1, to, 2 * r);
    add_matrix_product<Real>(M, M, r, transposed.data(), M, queries, 2 * r, 1, to + r, 2 * r);
  }
  return G;
}

#define BENIGN_INSTANTIATE(Real)                                                                             \
  template Vector<Real> pair_logits<Real>(Index, const RowMajorOf<Real>&);                                   \
  template Vector<Real> mean_attention<Real>(const theory::Samples<Real>&, const Vector<Real>&);             \
  template Vector<Real> mean_logits<Real>(const theory::Samples<Real>&, const Vector<Real>&);                \
  template PairPulls<Real> pair_pulls<Real>(const theory::Samples<Real>&, const Vector<Real>&, const Real&); \
  template RowMajorOf<Real> pulled_pairs<Real>(Index, const Vector<Real>&, const RowMajorOf<Real>&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
