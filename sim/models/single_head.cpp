// Benign overfitting in single-head attention (R. Magen, S. Shang, Z. Xu, S. Frei, W. Hu, G. Vardi, arXiv 2410.07746).
//
// A sample of true label Y* has two tokens, x₁ = μ_{Y*} without noise and x₂ = ξ ~ N(0, σ²Π), Π the projection off both
// signals. f(X) = vᵀXᵀ softmax(Xp), and v and p are trained from zero; labels are flipped as in THEORY section 1.1.
// With p = Sᵀc_p and v = Sᵀc_v, ĉ = σ²d c and K̂ = SSᵀ/(σ²d) the training closes (THEORY section 3.7):
//
//     dĉ_v/ds = ĥ,   dĉ_p/ds = −ĝ,   Sv = K̂ĉ_v,   Sp = K̂ĉ_p,   ĥ_t = Yσ(−Yf)s_t,   ĝ = n ∂L/∂ℓ,   τ₀ = n/(σ²d).

#include "sim/frames/products.hpp"
#include "sim/linear/prepared.hpp"
#include "sim/models/head_gradient.hpp"
#include "sim/models/model.hpp"
#include "sim/models/two_token_test.hpp"
#include "theory/model/layout_text.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {
namespace {

/// State: ĉ_v (N), then ĉ_p (N).
template <class Real>
class SingleHeadInSpan final : public Route<Real> {
 public:
  explicit SingleHeadInSpan(const Frame<Real>& frame) : frame_(frame), K_(frame.K), N_(frame.tokens()) {}

  Vector<Real> start() const override { return Vector<Real>::Zero(2 * N_); }

  void flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const override {
    const Vector<Real> logits = K_.times(Vector<Real>(state.tail(N_))).head(N_);
    const auto samples = answered(frame_.samples, values(state));
    derivative.resize(2 * N_);
    derivative.head(N_) = head_pull(samples, logits, log_gain);
    derivative.tail(N_) = -theory::gradient(samples, logits, log_gain);
  }

  Readout<Real> read(const Vector<Real>& state) const override {
    const Vector<Real> c_v = state.head(N_), c_p = state.tail(N_), v = K_.times(c_v), p = K_.times(c_p);
    const Real unit = frame_.scales.token_norm2, with_p = c_v.dot(p.head(N_)) / unit;
    Readout<Real> readout{p.head(N_), p[N_], p[N_ + 1], c_p.dot(p.head(N_)) / unit};
    readout.head = {v.head(N_), v[N_], v[N_ + 1], c_v.dot(v.head(N_)) / unit, with_p};
    return readout;
  }

  Real gradient_norm2(const Vector<Real>& state) const override {
    Vector<Real> rate;
    flow(state, Real(0), rate);
    const Vector<Real> h = rate.head(N_), g = rate.tail(N_);
    const Real n(frame_.samples.n);
    return frame_.scales.token_norm2 * (h.dot(K_.times(h).head(N_)) + g.dot(K_.times(g).head(N_))) / (n * n);
  }

 private:
  Vector<Real> values(const Vector<Real>& state) const { return K_.times(Vector<Real>(state.head(N_))).head(N_); }

  const Frame<Real>& frame_;
  const PreparedSymmetric<Real> K_;
  const Index N_;
};

/// State: v (d), then p (d), in raw units.
template <class Real>
class SingleHeadDirect final : public Route<Real> {
 public:
  SingleHeadDirect(const Instance& instance, const Frame<Real>& outline)
      : outline_(outline),
        S_(instance.train.tokens.cast<Real>()),
        mu_(instance.parameters.mu.as<Real>()),
        d_(instance.train.d) {}

  Vector<Real> start() const override { return Vector<Real>::Zero(2 * d_); }

  void flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const override {
    const Vector<Real> logits = product(S_, Vector<Real>(state.tail(d_)));
    const auto samples = answered(outline_.samples, product(S_, Vector<Real>(state.head(d_))));
    const Real scale = outline_.scales.tau0 / Real(samples.n);
    derivative.resize(2 * d_);
    derivative.head(d_) = scale * pulled_back(head_pull(samples, logits, log_gain));
    derivative.tail(d_) = -scale * pulled_back(theory::gradient(samples, logits, log_gain));
  }

  Readout<Real> read(const Vector<Real>& state) const override {
    const Vector<Real> v = state.head(d_), p = state.tail(d_);
    Readout<Real> readout{product(S_, p), mu_ * p[0], mu_ * p[1], p.dot(p)};
    readout.head = {product(S_, v), mu_ * v[0], mu_ * v[1], v.dot(v), v.dot(p)};
    return readout;
  }

  Real gradient_norm2(const Vector<Real>& state) const override {
    Vector<Real> rate;
    flow(state, Real(0), rate);
    return rate.squaredNorm() / (outline_.scales.tau0 * outline_.scales.tau0);
  }

 private:
  Vector<Real> pulled_back(const Vector<Real>& g) const {
    Vector<Real> y(d_);
    transposed_times(S_.rows(), d_, S_.data(), g.data(), y.data());
    return y;
  }

  const Frame<Real>& outline_;
  const Matrix<Real> S_;  // (N, d)
  const Real mu_;
  const Index d_;
};

/// Labels as the paper's data have them; of `gram` nothing else.
Instance draw(const theory::Parameters& p, DataKind kind, std::uint64_t seed, const std::shared_ptr<const Brought>&) {
  Data train = draw_train(p, DataKind::gram, seed);
  if (kind != DataKind::gram) {
    const double mu = p.mu.as<double>(), sigma = p.sigma.as<double>();
    train.tokens = RowMajor::Zero(2 * p.n, p.d);
    for (Index i = 0; i < p.n; ++i) {
      train.tokens(2 * i, own_signal(element(train.true_label, i))) = mu;
      auto noise = train.tokens.row(2 * i + 1);
      fill_normal(seed, Stream::train_noise, static_cast<std::uint64_t>(i), sigma,
                  {noise.data(), static_cast<std::size_t>(p.d)});
      noise.head(probes).setZero();
    }
  }
  return {p, kind, seed, std::move(train), InitialWeights(p, seed), {}, nullptr};
}

/// Tokens, then μ₊ and μ₋, in an orthonormal frame whose last two vectors are the signals' directions, in units of σ. Of
/// the factor's 2n rows every other one is a sample's noise.
template <class Real>
RowMajorOf<Real> rows_of_gram(const Instance& instance, const RowMajor& L) {
  const auto& p = instance.parameters;
  const Index N = L.rows(), across = L.cols();
  const Real mu = p.mu.as<Real>() / p.sigma.as<Real>();
  RowMajorOf<Real> B = RowMajorOf<Real>::Zero(N + probes, across + probes);
  for (Index i = 0; i < p.n; ++i) {
    B(2 * i, across + own_signal(element(instance.train.true_label, i))) = mu;
    B.row(2 * i + 1).head(across) = L.row(2 * i + 1).template cast<Real>();
  }
  for (Index probe = 0; probe < probes; ++probe) B(N + probe, across + probe) = mu;
  return B;
}

template <class Real>
class SingleHead final : public ModelIn<Real> {
 public:
  Frame<Real> frame(const Training& training, QNorm, SharedDraws& shared) const override {
    const Instance& instance = training.instance;
    const Data& data = instance.train;
    Frame<Real> frame;
    frame.scales = theory::scales<Real>(instance.parameters);
    frame.samples = {data.n, data.T, Vector<Real>::Zero(data.n * data.T), data.label};
    for (Index i = 0; i < data.n; ++i) frame.noisy.push_back(data.noisy(i));
    if (training.route == RouteKind::direct) return frame;
    if (instance.kind == DataKind::gram) {
      const auto factors = shared.gram_factors(instance.parameters, instance.seed);
      const RowMajorOf<Real> B = rows_of_gram<Real>(instance, factors->L), tokens = B.topRows(B.rows() - probes);
      frame.K = product_transposed<Real, Real, Real>(B, tokens) / Real(instance.parameters.d);
    } else {
      const Index N = data.tokens.rows();
      frame.K.resize(N + probes, N);
      frame.K.topRows(N) = product_transposed<Real, double, double>(data.tokens, data.tokens);
      frame.K.bottomRows(probes) =
          instance.parameters.mu.as<Real>() * data.tokens.leftCols(probes).transpose().template cast<Real>();
      frame.K /= frame.scales.token_norm2;
    }
    return frame;
  }

  std::unique_ptr<Route<Real>> route(const Training& training, const Frame<Real>& frame) const override {
    if (training.route == RouteKind::direct) return std::make_unique<SingleHeadDirect<Real>>(training.instance, frame);
    return std::make_unique<SingleHeadInSpan<Real>>(frame);
  }

  std::optional<TestError> test(const theory::Parameters& p, RouteKind, const Readout<Real>& readout) const override {
    const auto& head = *readout.head;
    const Real mu2 = p.mu.as<Real>() * p.mu.as<Real>(), sigma = p.sigma.as<Real>();
    const Real p_plus = readout.mu_plus_q, p_minus = readout.mu_minus_q, v_plus = head.mu_plus, v_minus = head.mu_minus;
    const auto across = [&](const Real& all, const Real& along) { return representative(Real(all - along / mu2)); };
    const double p2 = std::max(across(*readout.q_norm2, p_plus * p_plus + p_minus * p_minus), 0.0);
    const double v2 = std::max(across(head.norm2, v_plus * v_plus + v_minus * v_minus), 0.0);
    const double vp = across(*head.with_q, v_plus * p_plus + v_minus * p_minus), both = std::sqrt(p2) * std::sqrt(v2);
    const double noise = representative(sigma);
    return two_token_test({{representative(p_plus), representative(p_minus)},
                           {representative(v_plus), representative(v_minus)},
                           noise * std::sqrt(p2),
                           noise * std::sqrt(v2),
                           both > 0 ? std::clamp(vp / both, -1.0, 1.0) : 0});
  }
};

}  // namespace

Model single_head() {
  return model_of<SingleHead>(
      {.name = "single-head",
       .help = "a signal and a noise token; head v and p trained from zero (Magen et al., arXiv 2410.07746)",
       .settle =
           [](theory::Parameters& p) {
             p.T = 2, p.rho = theory::Decimal("0"), p.init = theory::Init::identity;
             p.sigma_w.reset(), p.sigma_p = theory::Decimal("0");
           },
       .draw = draw,
       .tokens = theory::layout_from_line("signal: own=1, noise=0; noise: projected")});
}

}  // namespace benign::sim
