// Self-attention with trained keys, queries and values (J. Jiang, W. Huang, M. Zhang, T. Suzuki, L. Nie, "Unveil Benign
// Overfitting for Transformer in Vision", NeurIPS 2024, arXiv 2409.19345): pair_attention.hpp has the output,
// key_query_draw.hpp the data.
//
// Of W_V the output knows v = W_V w_O alone, whose gradient reaches it ‖w_O‖² times. Training adds to W_Q, W_K and v what
// is in the span of the tokens, W_Q = W_Q(0) + SᵀC_Q and so on, and with Ĉ = σ²d C, K̂ = SSᵀ/(σ²d) it closes (THEORY
// section 3.10):
//
//     P = [P_Q, P_K] = P(0) + K̂Ĉ,   Sv = Sv(0) + K̂ĉ,   dĈ/ds = −[ÂP_K, ÂᵀP_Q],   dĉ/ds = ‖w_O‖² ĥ,
//
// Â = n ∂L/∂z, ĥ = −n ∂L/∂(Sv), τ₀ = n/(σ²d). Neither d nor, where P(0) is drawn with fewer columns, d_h is in it.

#include "sim/linear/prepared.hpp"
#include "sim/models/head_gradient.hpp"
#include "sim/models/key_query_draw.hpp"
#include "sim/models/model.hpp"
#include "sim/models/pair_attention.hpp"
#include "theory/model/layout_text.hpp"

#include <mutex>

namespace benign::sim {
namespace {

/// What both routes share. State: coordinates of [W_Q, W_K], by rows of 2r numbers, then those of v.
template <class Real>
class KeysQueriesRoute : public Route<Real> {
 public:
  KeysQueriesRoute(const Instance& instance, const Frame<Real>& frame)
      : instance_(instance), frame_(frame), w_o_(instance.parameters.w_o.as<Real>()) {}

  void flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const override {
    const Pulls pulls = this->pulls(state, log_gain);
    derivative.resize(state.size());
    move(pulls.G, w_o_ * w_o_ * pulls.h, derivative);
  }

  Readout<Real> read(const Vector<Real>& state) const override {
    const RowMajorOf<Real> P = queries_keys(state);
    const Vector<Real> v = values(state), z = pair_logits<Real>(M(), P);
    const Index plus = signal(1), minus = signal(-1), r = P.cols() / 2;
    const auto own_logit = [&](Index row) { return P.row(row).head(r).dot(P.row(row).tail(r)); };
    Readout<Real> readout{mean_logits(frame_.samples, z), own_logit(plus), own_logit(minus), std::nullopt};
    readout.head = {v, v[plus], v[minus], value_norm2(state), std::nullopt};
    return readout;
  }

  /// ‖∇_{W_Q}L‖² + ‖∇_{W_K}L‖² + ‖∇_{W_V}L‖².
  Real gradient_norm2(const Vector<Real>& state) const override {
    const Pulls pulls = this->pulls(state, Real(0));
    return pulled_norm2(pulls.G, w_o_ * pulls.h);
  }

 protected:
  virtual RowMajorOf<Real> queries_keys(const Vector<Real>& state) const = 0;  ///< [SW_Q, SW_K]
  virtual Vector<Real> values(const Vector<Real>& state) const = 0;            ///< Sv
  virtual Real value_norm2(const Vector<Real>& state) const = 0;               ///< ‖v‖²
  /// d state/ds for −n ∂L/∂[SW_Q, SW_K] and −n ∂L/∂(Sv), the latter with any factor.
  virtual void move(const RowMajorOf<Real>& G, const Vector<Real>& h, Vector<Real>& derivative) const = 0;
  /// ‖SᵀG/n‖² + ‖Sᵀh/n‖².
  virtual Real pulled_norm2(const RowMajorOf<Real>& G, const Vector<Real>& h) const = 0;

  const Instance& instance_;
  const Frame<Real>& frame_;

 private:
  struct Pulls {
    RowMajorOf<Real> G;
    Vector<Real> h;
  };
  Pulls pulls(const Vector<Real>& state, const Real& log_gain) const {
    const RowMajorOf<Real> P = queries_keys(state);
    const auto samples = answered(frame_.samples, values(state));
    auto [A, h] = pair_pulls(samples, pair_logits<Real>(M(), P), log_gain);
    return {pulled_pairs<Real>(M(), A, P), std::move(h)};
  }
  Index M() const { return frame_.samples.T; }
  /// The row of S that is the signal of a class.
  Index signal(int label) const {
    Index i = 0;
    while (frame_.samples.labels[static_cast<std::size_t>(i)] != label) ++i;
    return i * M();
  }
  const Real w_o_;
};

/// State: Ĉ (N rows), then ĉ (N).
template <class Real>
class KeysQueriesInSpan final : public KeysQueriesRoute<Real> {
 public:
  KeysQueriesInSpan(const Instance& instance, const Frame<Real>& frame)
      : KeysQueriesRoute<Real>(instance, frame),
        K_(frame.K),
        N_(frame.tokens()),
        columns_(frame.queries_keys.cols()),
        unit_(frame.scales.token_norm2) {}

  Vector<Real> start() const override { return Vector<Real>::Zero(N_ * (columns_ + 1)); }

  std::optional<TestError> test(const Vector<Real>& state) const override {
    std::call_once(test_is_drawn_, [&] { test_ = std::make_unique<const KeyQueryTest>(this->instance_); });
    const Vector<double> rounded = state.unaryExpr([](const Real& x) { return representative(x); });
    return (*test_)(Eigen::Map<const RowMajor>(rounded.data(), N_, columns_), rounded.tail(N_));
  }

 private:
  RowMajorOf<Real> queries_keys(const Vector<Real>& state) const override {
    RowMajorOf<Real> P = this->frame_.queries_keys;
    add_times(state.data(), P);
    return P;
  }
  Vector<Real> values(const Vector<Real>& state) const override {
    return this->frame_.h + K_.times(Vector<Real>(state.tail(N_)));
  }
  Real value_norm2(const Vector<Real>& state) const override {
    const Vector<Real> c = state.tail(N_);
    return this->frame_.r0 + c.dot(Vector<Real>(this->frame_.h + values(state))) / unit_;
  }
  void move(const RowMajorOf<Real>& G, const Vector<Real>& h, Vector<Real>& derivative) const override {
    derivative.head(G.size()) = Eigen::Map<const Vector<Real>>(G.data(), G.size());
    derivative.tail(N_) = h;
  }
  Real pulled_norm2(const RowMajorOf<Real>& G, const Vector<Real>& h) const override {
    RowMajorOf<Real> KG = RowMajorOf<Real>::Zero(N_, columns_);
    add_times(G.data(), KG);
    const Real n(this->frame_.samples.n);
    return unit_ * (G.cwiseProduct(KG).sum() + h.dot(K_.times(h))) / (n * n);
  }

  /// P += K̂C, for C of P's shape.
  void add_times(const Real* C, RowMajorOf<Real>& P) const {
    if constexpr (std::is_same_v<Real, double>) {
      add_matrix_product<Real>(N_, N_, columns_, this->frame_.K.data(), N_, C, columns_, 1, P.data(), columns_);
    } else {
      const Eigen::Map<const RowMajorOf<Real>> coefficients(C, N_, columns_);
      for (Index j = 0; j < columns_; ++j) P.col(j) += K_.times(Vector<Real>(coefficients.col(j)));
    }
  }

  const PreparedSymmetric<Real> K_;
  const Index N_, columns_;
  const Real unit_;
  mutable std::once_flag test_is_drawn_;
  mutable std::unique_ptr<const KeyQueryTest> test_;
};

/// State: [W_Q, W_K] (d rows), then v (d), in raw units.
template <class Real>
class KeysQueriesDirect final : public KeysQueriesRoute<Real> {
 public:
  KeysQueriesDirect(const Instance& instance, const Frame<Real>& outline)
      : KeysQueriesRoute<Real>(instance, outline),
        S_(instance.train.tokens.cast<Real>()),
        transposed_(S_.transpose()),
        columns_(2 * instance.parameters.d_h) {}

  Vector<Real> start() const override {
    const RowMajor W = initial_queries_keys(this->instance_);
    Vector<Real> state(W.size() + W.rows());
    state << Eigen::Map<const Vector<double>>(W.data(), W.size()).template cast<Real>(),
        initial_value_vector(this->instance_).template cast<Real>();
    return state;
  }

  std::optional<TestError> test(const Vector<Real>& state) const override {
    const Vector<double> rounded = state.unaryExpr([](const Real& x) { return representative(x); });
    return key_query_test(this->instance_, Eigen::Map<const RowMajor>(rounded.data(), S_.cols(), columns_),
                          rounded.tail(S_.cols()));
  }

 private:
  RowMajorOf<Real> queries_keys(const Vector<Real>& state) const override {
    return times_rows(S_, state.data(), columns_);
  }
  Vector<Real> values(const Vector<Real>& state) const override {
    return times_rows(S_, state.data() + S_.cols() * columns_, 1);
  }
  Real value_norm2(const Vector<Real>& state) const override { return state.tail(S_.cols()).squaredNorm(); }
  void move(const RowMajorOf<Real>& G, const Vector<Real>& h, Vector<Real>& derivative) const override {
    const RowMajorOf<Real> of_W = times_rows(transposed_, G.data(), columns_);
    derivative << Eigen::Map<const Vector<Real>>(of_W.data(), of_W.size()), times_rows(transposed_, h.data(), 1);
    derivative *= this->frame_.scales.tau0 / Real(this->frame_.samples.n);
  }
  Real pulled_norm2(const RowMajorOf<Real>& G, const Vector<Real>& h) const override {
    const Real n(this->frame_.samples.n);
    return (times_rows(transposed_, G.data(), columns_).squaredNorm() +
            times_rows(transposed_, h.data(), 1).squaredNorm()) /
           (n * n);
  }

  /// A B, for B with A's columns as rows, of `columns` numbers each.
  static RowMajorOf<Real> times_rows(const RowMajorOf<Real>& A, const Real* B, Index columns) {
    RowMajorOf<Real> C = RowMajorOf<Real>::Zero(A.rows(), columns);
    add_matrix_product<Real>(A.rows(), A.cols(), columns, A.data(), A.cols(), B, columns, 1, C.data(), columns);
    return C;
  }

  const RowMajorOf<Real> S_, transposed_;  // (N, d) and (d, N)
  const Index columns_;
};

template <class Real>
class KeysQueries final : public ModelIn<Real> {
 public:
  Frame<Real> frame(const Training& training, QNorm, SharedDraws&) const override {
    return training.route == RouteKind::direct ? key_query_outline<Real>(training.instance)
                                               : key_query_frame<Real>(training.instance);
  }
  std::unique_ptr<Route<Real>> route(const Training& training, const Frame<Real>& frame) const override {
    if (training.route == RouteKind::direct) return std::make_unique<KeysQueriesDirect<Real>>(training.instance, frame);
    return std::make_unique<KeysQueriesInSpan<Real>>(training.instance, frame);
  }
  /// Test inputs see more of what is trained than a readout holds: the routes' own test has it.
  std::optional<TestError> test(const theory::Parameters&, RouteKind, const Readout<Real>&) const override {
    return std::nullopt;
  }
};

}  // namespace

Model keys_queries() {
  return model_of<KeysQueries>(
      {.name = keys_queries_name,
       .help = "self-attention: keys, queries and values trained, no label noise (Jiang et al., arXiv 2409.19345)",
       .settle =
           [](theory::Parameters& p) {
             p.rho = theory::Decimal("0"), p.eta = theory::Decimal("0"), p.init = theory::Init::identity;
             p.flips = theory::Flips::exact;
             p.sigma_w.reset(), p.sigma_p = theory::Decimal("0");
           },
       .draw = [](const theory::Parameters& p, DataKind kind, std::uint64_t seed,
                  const std::shared_ptr<const Brought>&) { return draw_key_query_instance(p, kind, seed); },
       .tokens = theory::layout_from_line(
           "signal: own=1, noise=0; loud: noise=5*sqrt(T), projected; noise: projected, count=rest")});
}

}  // namespace benign::sim
