#include "sim/routes/methods.hpp"

#include "sim/random/random.hpp"
#include "sim/routes/momentum_statistics.hpp"
#include "theory/numbers/element.hpp"
#include "theory/numbers/enclosure.hpp"

#include <array>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace benign::sim {
namespace {

/// A method over a state that it moves itself, counting its time.
template <class Real>
class OwnSteps : public Method<Real> {
 public:
  Vector<Real>& state() override { return state_; }
  Time<Real> time() const override {
    using elementary::log;
    const Real s = elapsed();
    return {s, log(s)};
  }

 protected:
  OwnSteps(const MethodOver<Real>& over, const MethodChoice& choice)
      : over_(over), state_(over.route.start()), lengths_(over.step, choice.schedule) {}

  /// −τ₀g at `state`, the rate of the flow.
  const Vector<Real>& rate(const Vector<Real>& state) {
    over_.route.flow(state, Real(0), rate_);
    return rate_;
  }

  virtual Real elapsed() const { return lengths_.sum(); }

  const MethodOver<Real> over_;
  Vector<Real> state_;
  StepLengths<Real> lengths_;

 private:
  Vector<Real> rate_;
};

/// Whatever coordinates a state has in W and p, as long as they are affine: the same formula moves them.
template <class Real>
class MomentumSteps final : public OwnSteps<Real> {
 public:
  MomentumSteps(const MethodOver<Real>& over, const MethodChoice& choice)
      : OwnSteps<Real>(over, choice),
        beta_(choice.number.as<Real>()),
        nesterov_(choice.kind == MethodKind::nesterov),
        times_(over.step * speed_of<Real>(choice), choice.schedule),
        change_(Vector<Real>::Zero(this->state_.size())) {}

  void advance(long k) override {
    const Real step = this->lengths_.take(k);
    times_.take(k);
    change_ *= beta_;
    if (nesterov_) {
      const Vector<Real> ahead = this->state_ + change_;
      change_ += step * this->rate(ahead);
    } else {
      change_ += step * this->rate(this->state_);
    }
    this->state_ += change_;
  }

 private:
  Real elapsed() const override { return times_.sum(); }

  const Real beta_;
  const bool nesterov_;
  StepLengths<Real> times_;  // of the steps, with the speed that they have gathered
  Vector<Real> change_;      // Δ
};

template <class Real>
class NormalisedSteps final : public Method<Real> {
 public:
  NormalisedSteps(const MethodOver<Real>& over, const MethodChoice& choice)
      : over_(over), lengths_(over.step, choice.schedule), descent_(over.route.descent(over.route.start())) {}

  void advance(long k) override {
    using std::sqrt;
    const Real length = lengths_.take(k) / sqrt(over_.route.gradient_norm2(descent_->state()));
    descent_->advance(length);
    s_ += length;
  }
  Vector<Real>& state() override { return descent_->state(); }
  Time<Real> time() const override {
    using elementary::log;
    return {s_, log(s_)};
  }

 private:
  const MethodOver<Real> over_;
  StepLengths<Real> lengths_;
  const std::unique_ptr<Steps<Real>> descent_;
  Real s_{0};
};

/// Over W and p themselves, whose signs no inner product knows.
template <class Real>
class SignSteps final : public OwnSteps<Real> {
 public:
  SignSteps(const MethodOver<Real>& over, const MethodChoice& choice) : OwnSteps<Real>(over, choice) {}

  void advance(long k) override {
    const Real alpha = this->lengths_.take(k) * this->over_.frame.scales.tau0;
    const Vector<Real>& rate = this->rate(this->state_);
    for (Index j = 0; j < rate.size(); ++j) {
      const Sign sign = sign_of(rate[j]);
      if (sign == Sign::positive) this->state_[j] += alpha;
      if (sign == Sign::negative) this->state_[j] -= alpha;
    }
  }
};

template <class Real>
class StochasticSteps final : public OwnSteps<Real> {
 public:
  StochasticSteps(const MethodOver<Real>& over, const MethodChoice& choice)
      : OwnSteps<Real>(over, choice), batch_(static_cast<Index>(choice.number.as<double>())) {}

  void advance(long k) override {
    const auto& over = this->over_;
    const auto& samples = over.frame.samples;
    const Real step = this->lengths_.take(k);
    const Vector<Real> all = theory::gradient<Real>(samples, over.route.token_logits(this->state_), Real(0));
    Vector<Real> g = Vector<Real>::Zero(all.size());
    for (const Index i : batch_of(over.seed, k, batch_, samples.n))
      g.segment(i * samples.T, samples.T) = all.segment(i * samples.T, samples.T);
    if (batch_ < samples.n) g *= Real(samples.n) / Real(batch_);
    over.route.advance_along(this->state_, g, step, step);
  }

 private:
  const Index batch_;
};

/// With δ_W = 1 − αλ where W is trained, else 1, and δ_p likewise, W shrinks to γW̃ with W̃ = W₀ + …, γ⁺ = δ_Wγ, and
/// p̃ = γp. Of these a state is that of a plain descent, with q = Wp = W̃p̃, and
///
///     W̃⁺ = W̃ − (α/(δ_Wγ²)) y p̃ᵀ,   p̃⁺ = δ_Wδ_p (p̃ − (αγ²/δ_p) W̃ᵀy),   y = Sᵀĝ/n.
///
/// No state knows γ: what is read of it are q and its products.
template <class Real>
class DecaySteps final : public OwnSteps<Real> {
 public:
  DecaySteps(const MethodOver<Real>& over, const MethodChoice& choice)
      : OwnSteps<Real>(over, choice), lambda_(choice.number.as<Real>()) {}

  void advance(long k) override {
    const auto& over = this->over_;
    const Real step = this->lengths_.take(k), left = Real(1) - step * over.frame.scales.tau0 * lambda_;
    const Real left_of_W = over.train == Train::p ? Real(1) : left, left_of_p = over.train == Train::W ? Real(1) : left;
    const Vector<Real> g = theory::gradient<Real>(over.frame.samples, over.route.token_logits(this->state_), Real(0));
    const Real step_W = step / (left_of_W * gamma2_), step_p = step * gamma2_ / left_of_p;
    over.route.advance_along(this->state_, g, step_W, step_p);
    over.route.scale_p(this->state_, left_of_W * left_of_p);
    gamma2_ *= left_of_W * left_of_W;
  }

 private:
  const Real lambda_;
  Real gamma2_{1};  // γ²
};

/// W and p themselves shrink: nothing is reduced, and the other routes are judged by it.
template <class Real>
class DirectDecaySteps final : public OwnSteps<Real> {
 public:
  DirectDecaySteps(const MethodOver<Real>& over, const MethodChoice& choice)
      : OwnSteps<Real>(over, choice), lambda_(choice.number.as<Real>()), d_(over.d) {}

  void advance(long k) override {
    const Real step = this->lengths_.take(k), left = Real(1) - step * this->over_.frame.scales.tau0 * lambda_;
    const Vector<Real> change = step * this->rate(this->state_);
    if (this->over_.train != Train::p) this->state_.head(d_ * d_) *= left;
    if (this->over_.train != Train::W) this->state_.tail(d_) *= left;
    this->state_ += change;
  }

 private:
  const Real lambda_;
  const Index d_;
};

}  // namespace

std::vector<Index> batch_of(std::uint64_t seed, long k, Index batch, Index n) {
  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  std::array<std::uint64_t, 4> words{};
  for (std::size_t j = 0; j < static_cast<std::size_t>(batch); ++j) {  // Fisher and Yates, as far as it is asked for
    if (j % 4 == 0) words = random_words(seed, Stream::batches, static_cast<std::uint64_t>(k), j / 4);
    std::swap(order[j], order[j + below(words[j % 4], order.size() - j)]);
  }
  order.resize(static_cast<std::size_t>(batch));
  return order;
}

template <class Real>
std::unique_ptr<Method<Real>> make_steps(const MethodChoice& choice, const MethodOver<Real>& over) {
  switch (choice.kind) {
    case MethodKind::gd: break;
    case MethodKind::momentum:
    case MethodKind::nesterov:
      if (over.kind == RouteKind::statistics)
        return std::make_unique<MomentumStatistics<Real>>(over.route, over.frame, over.train, over.step, choice);
      return std::make_unique<MomentumSteps<Real>>(over, choice);
    case MethodKind::normalised: return std::make_unique<NormalisedSteps<Real>>(over, choice);
    case MethodKind::sign:
      if (over.kind != RouteKind::direct) throw std::logic_error("signs of coordinates that are not those of W and p");
      return std::make_unique<SignSteps<Real>>(over, choice);
    case MethodKind::sgd: return std::make_unique<StochasticSteps<Real>>(over, choice);
    case MethodKind::decay:
      if (over.kind == RouteKind::direct) return std::make_unique<DirectDecaySteps<Real>>(over, choice);
      return std::make_unique<DecaySteps<Real>>(over, choice);
  }
  return std::make_unique<Descent<Real>>(over.route, over.step, choice.schedule);
}

#define BENIGN_INSTANTIATE(Real) \
  template std::unique_ptr<Method<Real>> make_steps<Real>(const MethodChoice&, const MethodOver<Real>&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
BENIGN_INSTANTIATE(Enclosure)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
