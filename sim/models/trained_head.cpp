// The paper's model with its head ν trained beside W and p, from the fixed head ν₀ = (μ₊ − μ₋)/(‖μ₊ − μ₋‖ ‖μ‖) or from
// zero. f depends on ν through the tokens' values Sν alone, so that ν = ν₀ + Sᵀc; with ĉ = κσ²d c (THEORY section 3.7)
//
//     dĉ/ds = ĥ,   v = Sν = v₀ + K̂ĉ/κ,   ĥ_t = Yσ(−Yf)s_t,
//
// and W and p move as under a fixed head, along the ĝ of the present values.

#include "sim/linear/prepared.hpp"
#include "sim/models/head_gradient.hpp"
#include "sim/models/model.hpp"

namespace benign::sim {
namespace {

/// ν as a state of its own.
template <class Real>
class Head {
 public:
  virtual ~Head() = default;
  virtual Vector<Real> start() const = 0;
  virtual Vector<Real> values(const Vector<Real>& head) const = 0;  ///< Sν
  /// τ₀ν̇ for n ∂L/∂(Sν) = −h.
  virtual Vector<Real> rate(const Vector<Real>& h) const = 0;
  virtual Real gradient_norm2(const Vector<Real>& h) const = 0;  ///< ‖Sᵀh/n‖²
  virtual HeadReadout<Real> read(const Vector<Real>& head, const Readout<Real>& q, const Vector<Real>& state) const = 0;
};

/// ĉ, length N.
template <class Real>
class HeadInSpan final : public Head<Real> {
 public:
  HeadInSpan(const Frame<Real>& frame, const theory::Parameters& p, bool from_zero)
      : frame_(frame), K_(frame.K), N_(frame.tokens()), mu_(p.mu.as<Real>()), there_(from_zero ? 0 : 1) {
    v0_ = there_ * frame.samples.values;
  }
  Vector<Real> start() const override { return Vector<Real>::Zero(N_); }
  Vector<Real> values(const Vector<Real>& c) const override { return v0_ + moved(c).head(N_); }
  Vector<Real> rate(const Vector<Real>& h) const override { return h; }
  Real gradient_norm2(const Vector<Real>& h) const override {
    const Real n(frame_.samples.n);
    return frame_.scales.token_norm2 * h.dot(Vector<Real>(K_.times(h).head(N_))) / (n * n);
  }
  HeadReadout<Real> read(const Vector<Real>& c, const Readout<Real>& q, const Vector<Real>&) const override {
    const Real gamma = there_ * theory::head_scale<Real>(), unit = frame_.scales.kappa * frame_.scales.token_norm2;
    const Vector<Real> along = moved(c), in_tokens = along.head(N_);
    const Real norm2 = there_ / (mu_ * mu_) + (2 * c.dot(v0_) + c.dot(in_tokens)) / unit;
    const Real with_q = gamma * (q.mu_plus_q - q.mu_minus_q) / (mu_ * mu_) + c.dot(q.logits) / unit;
    return {v0_ + in_tokens, gamma + along[N_], along[N_ + 1] - gamma, norm2, with_q};
  }

 private:
  /// [S; μ₊; μ₋]Sᵀc.
  Vector<Real> moved(const Vector<Real>& c) const { return K_.times(c) / frame_.scales.kappa; }

  const Frame<Real>& frame_;
  const PreparedSymmetric<Real> K_;
  const Index N_;
  const Real mu_, there_;  ///< there_: 1 where ν begins at ν₀
  Vector<Real> v0_;
};

/// ν, length d.
template <class Real>
class HeadDirect final : public Head<Real> {
 public:
  HeadDirect(const Instance& instance, const Frame<Real>& outline, bool from_zero)
      : outline_(outline),
        S_(instance.train.tokens.cast<Real>()),
        mu_(instance.parameters.mu.as<Real>()),
        from_zero_(from_zero) {}
  Vector<Real> start() const override {
    Vector<Real> nu = Vector<Real>::Zero(S_.cols());
    if (!from_zero_) nu[0] = theory::head_scale<Real>() / mu_, nu[1] = -nu[0];
    return nu;
  }
  Vector<Real> values(const Vector<Real>& nu) const override { return product(S_, nu); }
  Vector<Real> rate(const Vector<Real>& h) const override { return outline_.scales.tau0 * pulled_back(h); }
  Real gradient_norm2(const Vector<Real>& h) const override { return pulled_back(h).squaredNorm(); }
  HeadReadout<Real> read(const Vector<Real>& nu, const Readout<Real>&, const Vector<Real>& state) const override {
    const Index d = S_.cols();
    Vector<Real> q(d);
    times(d, d, state.data(), state.data() + d * d, q.data());
    return {values(nu), mu_ * nu[0], mu_ * nu[1], nu.dot(nu), nu.dot(q)};
  }

 private:
  Vector<Real> pulled_back(const Vector<Real>& h) const {
    Vector<Real> y(S_.cols());
    transposed_times(S_.rows(), S_.cols(), S_.data(), h.data(), y.data());
    return y / Real(outline_.samples.n);
  }

  const Frame<Real>& outline_;
  const Matrix<Real> S_;  // (N, d)
  const Real mu_;
  const bool from_zero_;
};

/// State: that of W and p, then the head's.
template <class Real>
class WithTrainedHead final : public Route<Real> {
 public:
  WithTrainedHead(std::unique_ptr<Route<Real>> fixed, std::unique_ptr<Head<Real>> head, const Frame<Real>& frame)
      : fixed_(std::move(fixed)), head_(std::move(head)), frame_(frame), size_(head_->start().size()) {}

  Vector<Real> start() const override { return joined(fixed_->start(), head_->start()); }

  void descend(Vector<Real>& state, const Real& step) const override {
    auto [inner, head] = parts(state);
    move(inner, head, step);
    state = joined(inner, head);
  }
  std::unique_ptr<Steps<Real>> descent(Vector<Real> start) const override {
    return std::make_unique<StepsInParts>(*this, start);
  }
  void flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const override {
    const auto [inner, head] = parts(state);
    const Pulls pulls = this->pulls(inner, head, log_gain);
    Vector<Real> rate;
    fixed_->rate_along(inner, pulls.g, rate);
    derivative = joined(rate, head_->rate(pulls.h));
  }
  Readout<Real> read(const Vector<Real>& state) const override {
    const auto [inner, head] = parts(state);
    Readout<Real> readout = fixed_->read(inner);
    readout.head = head_->read(head, readout, inner);
    return readout;
  }
  Real gradient_norm2(const Vector<Real>& state) const override {
    const auto [inner, head] = parts(state);
    const Pulls pulls = this->pulls(inner, head, Real(0));
    return fixed_->gradient_norm2_along(inner, pulls.g) + head_->gradient_norm2(pulls.h);
  }
  /// WᵀW − ppᵀ is constant along this flow, too: its derivative is 0 whatever ĝ is.
  std::optional<Real> imbalance(const Vector<Real>& state) const override {
    return fixed_->imbalance(parts(state).first);
  }
  std::optional<Eigen::VectorXd> q(const Vector<Real>& state) const override { return fixed_->q(parts(state).first); }

 private:
  struct Pulls {
    Vector<Real> g, h;
  };
  Pulls pulls(const Vector<Real>& inner, const Vector<Real>& head, const Real& log_gain) const {
    const Vector<Real> logits = fixed_->token_logits(inner);
    const auto samples = answered(frame_.samples, head_->values(head));
    return {theory::gradient(samples, logits, log_gain), head_pull(samples, logits, log_gain)};
  }
  /// One step of descent of both, at once.
  void move(Vector<Real>& inner, Vector<Real>& head, const Real& step) const {
    const Pulls pulls = this->pulls(inner, head, Real(0));
    fixed_->advance_along(inner, pulls.g, step, step);
    head += step * head_->rate(pulls.h);
  }

  std::pair<Vector<Real>, Vector<Real>> parts(const Vector<Real>& state) const {
    return {state.head(state.size() - size_), state.tail(size_)};
  }
  static Vector<Real> joined(const Vector<Real>& inner, const Vector<Real>& head) {
    Vector<Real> state(inner.size() + head.size());
    state << inner, head;
    return state;
  }

  class StepsInParts final : public Steps<Real> {
   public:
    StepsInParts(const WithTrainedHead& route, const Vector<Real>& start) : route_(route) {
      std::tie(inner_, head_) = route.parts(start);
    }
    void advance(const Real& step) override { route_.move(inner_, head_, step); }
    Vector<Real>& state() override { return state_ = joined(inner_, head_); }

   private:
    const WithTrainedHead& route_;
    Vector<Real> inner_, head_, state_;
  };

  const std::unique_ptr<Route<Real>> fixed_;
  const std::unique_ptr<Head<Real>> head_;
  const Frame<Real>& frame_;
  const Index size_;
};

template <class Real, bool from_zero>
class TrainedHead : public ModelIn<Real> {
 public:
  Frame<Real> frame(const Training& training, QNorm q_norm, SharedDraws& shared) const override {
    return models().front().in<Real>().frame(training, q_norm, shared);
  }
  std::unique_ptr<Route<Real>> route(const Training& training, const Frame<Real>& frame) const override {
    std::unique_ptr<Head<Real>> head;
    if (training.route == RouteKind::direct)
      head = std::make_unique<HeadDirect<Real>>(training.instance, frame, from_zero);
    else
      head = std::make_unique<HeadInSpan<Real>>(frame, training.instance.parameters, from_zero);
    return std::make_unique<WithTrainedHead<Real>>(
        make_route<Real>(training.route, training.instance, &frame, training.train), std::move(head), frame);
  }
  std::optional<TestError> test(const theory::Parameters& p, RouteKind, const Readout<Real>& q) const override {
    if (!q.q_norm2) return std::nullopt;
    return PopulationTest(p)(scalars(q));
  }
  double test_loss(const theory::Parameters& p, RouteKind, const Readout<Real>& q) const override {
    return PopulationTest(p).loss(scalars(q));
  }

 private:
  static QScalars scalars(const Readout<Real>& q) {
    const auto& head = *q.head;
    return {representative(q.mu_plus_q), representative(q.mu_minus_q), representative(*q.q_norm2),
            HeadScalars{representative(head.mu_plus), representative(head.mu_minus), representative(head.norm2),
                        representative(*head.with_q)}};
  }
};

template <class Real>
class FromFixedHead final : public TrainedHead<Real, false> {};
template <class Real>
class FromNoHead final : public TrainedHead<Real, true> {};

}  // namespace

Model trained_head() {
  return model_of<FromFixedHead>({.name = "trained-head",
                                  .help = "the paper's with its head trained beside W and p, from the fixed one",
                                  .draw = draw_instance,
                                  .any_layout = true});
}

Model trained_head_from_zero() {
  return model_of<FromNoHead>({.name = "trained-head-from-zero",
                               .help = "the paper's with its head trained beside W and p, from zero",
                               .draw = draw_instance,
                               .any_layout = true});
}

}  // namespace benign::sim
