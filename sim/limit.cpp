#include "sim/limit.hpp"

#include <cmath>

namespace benign::sim {
namespace {

/// The kinds of tokens in a sample of true label Y*: x₁, x₂, x₃ and the T − 3 irrelevant ones, if there are so many.
template <class Real>
std::vector<LimitTokens<Real>> kinds_of_tokens(const theory::Parameters& p, int true_label) {
  const Real gamma = theory::head_scale<Real>(), rho = p.rho.as<Real>();
  const auto kind = [&](const Real& own, const Real& other, long count) {
    const bool plus = true_label > 0;
    return LimitTokens<Real>{plus ? own : other, plus ? other : own, true_label * gamma * Real(own - other), count};
  };
  std::vector<LimitTokens<Real>> kinds = {kind(1, 0, 1), kind(rho, 0, 1), kind(0, rho, 1)};
  if (p.T > 3) kinds.push_back(kind(0, 0, p.T - 3));
  return kinds;
}

template <class Real>
std::vector<LimitGroup<Real>> groups_of(const Instance& instance) {
  std::vector<LimitGroup<Real>> groups;
  for (const int true_label : {+1, -1})
    for (const int label : {true_label, -true_label}) {
      LimitGroup<Real> group{label, kinds_of_tokens<Real>(instance.parameters, true_label), {}};
      for (Index i = 0; i < instance.train.n; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (instance.train.true_label[at] == true_label && instance.train.label[at] == label)
          group.samples.push_back(i);
      }
      if (!group.samples.empty()) groups.push_back(std::move(group));
    }
  return groups;
}

template <class Real>
Real snr2_of(const theory::Parameters& p) {
  const Real mu = p.mu.as<Real>();
  return mu * mu / theory::scales<Real>(p).token_norm2;
}

}  // namespace

template <class Real>
LimitSystem<Real>::LimitSystem(std::vector<LimitGroup<Real>> groups, Real snr2, Real tau0)
    : groups_(std::move(groups)), tau0_(std::move(tau0)) {
  using std::log;
  const auto G = static_cast<Index>(groups_.size()), K = static_cast<Index>(groups_.front().tokens.size());
  kinds_ = {G, K, Vector<Real>(G * K), {}};
  multiplicity_.resize(G * K), log_multiplicity_.resize(G * K);
  coordinates_.resize(G * K, probes), pull_.resize(probes, G * K);
  Index at = 0;
  for (const auto& group : groups_) {
    kinds_.labels.push_back(group.label);
    for (const auto& tokens : group.tokens) {
      const Real pull = snr2 * Real(group.samples.size()) * Real(tokens.count);
      kinds_.values[at] = tokens.value;
      multiplicity_[at] = Real(tokens.count), log_multiplicity_[at] = log(Real(tokens.count));
      coordinates_.row(at) << tokens.plus, tokens.minus;
      pull_.col(at) << pull * tokens.plus, pull * tokens.minus;
      ++at;
    }
  }
}

template <class Real>
LimitSystem<Real>::LimitSystem(const Instance& instance)
    : LimitSystem(groups_of<Real>(instance), snr2_of<Real>(instance.parameters),
                  theory::scales<Real>(instance.parameters).tau0) {}

template <class Real>
Vector<Real> LimitSystem<Real>::start() const {
  return Vector<Real>::Zero(multiplicity_.size());
}

template <class Real>
Vector<Real> LimitSystem<Real>::joint_logits(const Vector<Real>& a) const {
  return a + coordinates_ * signals(a) + log_multiplicity_;
}

template <class Real>
Vector<Real> LimitSystem<Real>::gradient(const Vector<Real>& a, const Real& log_gain) const {
  return theory::gradient<Real>(kinds_, joint_logits(a), log_gain);
}

template <class Real>
void LimitSystem<Real>::descend(Vector<Real>& state, const Real& step) const {
  state -= step * gradient(state, Real(0)).cwiseQuotient(multiplicity_);
}

template <class Real>
void LimitSystem<Real>::flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const {
  derivative = -gradient(state, log_gain).cwiseQuotient(multiplicity_);
}

/// P = (X₊, X₋): E = −m⁻¹ D c with D = ∂ĝ/∂ℓ, and L = `pull_`.
template <class Real>
typename StiffEquation<Real>::Stage LimitSystem<Real>::stage(const Point& x, const Real& u, const Matrix<Real>&) const {
  const Vector<Real> logits = joint_logits(x.core);
  Stage stage;
  stage.rate.core = -theory::gradient<Real>(kinds_, logits, u).cwiseQuotient(multiplicity_);
  stage.drive.resize(x.core.size(), probes);
  for (Index p = 0; p < probes; ++p)
    stage.drive.col(p) =
        theory::gradient_derivative<Real>(kinds_, logits, coordinates_.col(p), u).cwiseQuotient(multiplicity_);
  stage.coupling = pull_ * stage.drive;
  return stage;
}

template <class Real>
Vector<Real> LimitSystem<Real>::response(const Point&, const Stage&, const Point& direction) const {
  return signals(direction.core);
}

template <class Real>
typename StiffEquation<Real>::Rate LimitSystem<Real>::answer(const Point&, const Stage& stage,
                                                             const Vector<Real>& shift) const {
  Rate rate;
  rate.core = -(stage.drive * shift);
  return rate;
}

template <class Real>
Readout<Real> LimitSystem<Real>::read(const Vector<Real>& state) const {
  const Vector<Real> X = signals(state), kinds = state + coordinates_ * X;
  Index n = 0, T = 0;
  for (const auto& group : groups_) n += static_cast<Index>(group.samples.size());
  for (const auto& tokens : groups_.front().tokens) T += tokens.count;
  Readout<Real> readout{Vector<Real>(n * T), X[0], X[1], std::nullopt};
  Index kind = 0;
  for (const auto& group : groups_) {
    Vector<Real> sample(T);
    Index t = 0;
    for (const auto& tokens : group.tokens) {
      sample.segment(t, tokens.count).setConstant(kinds[kind++]);
      t += tokens.count;
    }
    for (const Index i : group.samples) readout.logits.segment(i * T, T) = sample;
  }
  return readout;
}

/// −dL/dτ = ĝᵀK̂ĝ/(nτ₀), K̂ = I + SNR² Σ± c± c±ᵀ over all tokens.
template <class Real>
Real LimitSystem<Real>::gradient_norm2(const Vector<Real>& state) const {
  const Vector<Real> g = gradient(state, Real(0)), per_token = g.cwiseQuotient(multiplicity_);
  Real own(0), n(0);
  const Index K = kinds_.T;
  for (Index k = 0; k < g.size(); ++k)
    own += Real(groups_[static_cast<std::size_t>(k / K)].samples.size()) * g[k] * per_token[k];
  Vector<Real> weighted(g.size());  // N ĝ
  for (Index k = 0; k < g.size(); ++k)
    weighted[k] = Real(groups_[static_cast<std::size_t>(k / K)].samples.size()) * g[k];
  for (const auto& group : groups_) n += Real(group.samples.size());
  const Vector<Real> along = coordinates_.transpose() * weighted;
  return (own + along.dot(signals(per_token))) / (n * tau0_);
}

template <class Real>
theory::Samples<Real> noiseless_samples(const Instance& instance) {
  const auto& p = instance.parameters;
  theory::Samples<Real> samples{instance.train.n, p.T, Vector<Real>(p.tokens()), instance.train.label};
  for (Index i = 0; i < samples.n; ++i) {
    Index t = i * p.T;
    for (const auto& tokens : kinds_of_tokens<Real>(p, instance.train.true_label[static_cast<std::size_t>(i)])) {
      samples.values.segment(t, tokens.count).setConstant(tokens.value);
      t += tokens.count;
    }
  }
  return samples;
}

TestError noiseless_test(const theory::Parameters& p, double mu_plus_q, double mu_minus_q) {
  TestError mean;
  for (const int label : {+1, -1}) {
    const auto kinds = kinds_of_tokens<double>(p, label);
    theory::Samples<double> input{1, static_cast<Index>(kinds.size()), Vector<double>(kinds.size()), {label}};
    Vector<double> logits(input.T);
    for (Index k = 0; k < input.T; ++k) {
      const auto& tokens = kinds[static_cast<std::size_t>(k)];
      input.values[k] = tokens.value;
      logits[k] = tokens.plus * mu_plus_q + tokens.minus * mu_minus_q + std::log(static_cast<double>(tokens.count));
    }
    const Vector<double> s = theory::attention(input, logits), f = theory::outputs(input, s);
    mean.accuracy += label * f[0] > 0 ? 0.5 : f[0] == 0 ? 0.25 : 0;
    mean.loss += theory::loss(input, f) / 2;
    mean.attention += s[0] / 2;
  }
  return mean;
}

#define BENIGN_INSTANTIATE(Real)    \
  template class LimitSystem<Real>; \
  template theory::Samples<Real> noiseless_samples<Real>(const Instance&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
