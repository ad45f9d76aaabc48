#include "sim/routes/limit.hpp"

#include "theory/model/layout.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {
namespace {

bool classes_alike(const Data& train) {
  long difference = 0;
  for (Index i = 0; i < train.n; ++i) difference += train.noisy(i) ? element(train.true_label, i) : 0;
  return difference == 0;
}

/// The groups of (true label, training label); where the classes are alike, class −1 stands with class +1, mirrored.
template <class Real>
std::vector<LimitGroup<Real>> groups_of(const Instance& instance) {
  const Data& train = instance.train;
  const bool alike = classes_alike(train);
  std::vector<LimitGroup<Real>> groups;
  for (const int true_label : {+1, -1})
    for (const int label : {true_label, -true_label}) {
      LimitGroup<Real> group{label, {}, {}};
      for (const auto& kind : theory::layout<Real>(instance.parameters)) {
        if (kind.count == 0) continue;
        std::vector<Real> signal = {kind.own, kind.other};
        if (alike) signal = {kind.own + kind.other};
        if (true_label < 0) std::reverse(signal.begin(), signal.end());
        group.tokens.push_back({std::move(signal), Real(true_label * kind.answer()), kind.count});
      }
      for (Index i = 0; i < train.n; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const int mirror = alike && train.true_label[at] < 0 ? -1 : 1;
        if (mirror * train.true_label[at] == true_label && mirror * train.label[at] == label)
          group.samples.push_back(i);
      }
      if (!group.samples.empty()) groups.push_back(std::move(group));
    }
  return groups;
}

template <class Real>
Real snr2_of(const Instance& instance) {
  const auto& p = instance.parameters;
  const Real mu = p.mu.as<Real>(), snr2 = mu * mu / theory::scales<Real>(p).token_norm2;
  return classes_alike(instance.train) ? Real(snr2 / 2) : snr2;
}

}  // namespace

template <class Real>
LimitSystem<Real>::LimitSystem(std::vector<LimitGroup<Real>> groups, const Real& snr2, const Real& tau0)
    : groups_(std::move(groups)), tau0_(tau0) {
  using elementary::log;
  const auto& first = groups_.front().tokens;
  const auto G = static_cast<Index>(groups_.size()), K = static_cast<Index>(first.size());
  const auto signals = static_cast<Index>(first.front().signal.size());
  kinds_ = {G, K, Vector<Real>(G * K), {}};
  multiplicity_.resize(G * K), log_multiplicity_.resize(G * K);
  coordinates_.resize(G * K, signals), pull_.resize(signals, G * K);
  Index at = 0;
  for (const auto& group : groups_) {
    kinds_.labels.push_back(group.label);
    for (const auto& tokens : group.tokens) {
      const Real count(tokens.count), pull = snr2 * Real(group.samples.size()) * count;
      kinds_.values[at] = tokens.value;
      multiplicity_[at] = count, log_multiplicity_[at] = log(count);
      for (Index k = 0; k < signals; ++k) {
        coordinates_(at, k) = element(tokens.signal, k);
        pull_(k, at) = pull * coordinates_(at, k);
      }
      ++at;
    }
  }
}

template <class Real>
LimitSystem<Real>::LimitSystem(const Instance& instance)
    : LimitSystem(groups_of<Real>(instance), snr2_of<Real>(instance), theory::scales<Real>(instance.parameters).tau0) {}

template <class Real>
Vector<Real> LimitSystem<Real>::start() const {
  return Vector<Real>::Zero(multiplicity_.size());
}

template <class Real>
Vector<Real> LimitSystem<Real>::joint_logits(const Vector<Real>& a) const {
  return a + product(coordinates_, signals(a)) + log_multiplicity_;
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

/// P = X: E = −m⁻¹ D c with D = ∂ĝ/∂ℓ, and L = `pull_`.
template <class Real>
typename StiffEquation<Real>::Stage LimitSystem<Real>::stage(const Point& x, const Real& u, const Matrix<Real>&) const {
  const Vector<Real> logits = joint_logits(x.core);
  Stage stage;
  stage.rate.core = -theory::gradient<Real>(kinds_, logits, u).cwiseQuotient(multiplicity_);
  stage.drive.resize(x.core.size(), coordinates_.cols());
  for (Index p = 0; p < coordinates_.cols(); ++p)
    stage.drive.col(p) =
        theory::gradient_derivative<Real>(kinds_, logits, coordinates_.col(p), u).cwiseQuotient(multiplicity_);
  stage.coupling = product(pull_, stage.drive);
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
  rate.core = -product(stage.drive, shift);
  return rate;
}

template <class Real>
Readout<Real> LimitSystem<Real>::read(const Vector<Real>& state) const {
  const Vector<Real> X = signals(state), kinds = state + product(coordinates_, X);
  Index n = 0, T = 0;
  for (const auto& group : groups_) n += static_cast<Index>(group.samples.size());
  for (const auto& tokens : groups_.front().tokens) T += tokens.count;
  Readout<Real> readout{Vector<Real>(n * T), X[0], X[X.size() - 1], std::nullopt};
  Index kind = 0;
  for (const auto& group : groups_) {
    Index t = 0;
    for (const auto& tokens : group.tokens) {
      for (const Index i : group.samples) readout.logits.segment(i * T + t, tokens.count).setConstant(kinds[kind]);
      t += tokens.count, ++kind;
    }
  }
  return readout;
}

/// −dL/dτ = ĝᵀK̂ĝ/(nτ₀) over all tokens, K̂ = I + SNR² Σ c cᵀ.
template <class Real>
Real LimitSystem<Real>::gradient_norm2(const Vector<Real>& state) const {
  Vector<Real> g = gradient(state, Real(0));
  const Vector<Real> per_token = g.cwiseQuotient(multiplicity_),
                     answer = per_token + product(coordinates_, signals(per_token));
  Real n(0);
  for (Index i = 0; i < kinds_.n; ++i) {
    const Real samples(element(groups_, i).samples.size());
    g.segment(i * kinds_.T, kinds_.T) *= samples;
    n += samples;
  }
  return g.dot(answer) / (n * tau0_);
}

template <class Real>
theory::Samples<Real> noiseless_samples(const Instance& instance) {
  const auto& p = instance.parameters;
  theory::Samples<Real> samples{instance.train.n, p.T, Vector<Real>(p.tokens()), instance.train.label};
  Index t = 0;
  for (const int true_label : instance.train.true_label)
    for (const auto& kind : theory::layout<Real>(p)) {
      samples.values.segment(t, kind.count).setConstant(true_label * kind.answer());
      t += kind.count;
    }
  return samples;
}

TestError noiseless_test(const theory::Parameters& p, double mu_plus_q, double mu_minus_q) {
  const auto kinds = theory::layout<double>(p);
  TestError mean;
  for (const int label : {+1, -1}) {
    const double own = label > 0 ? mu_plus_q : mu_minus_q, other = label > 0 ? mu_minus_q : mu_plus_q;
    theory::Samples<double> input{1, theory::token_kinds, Vector<double>(kinds.size()), {label}};
    Vector<double> logits(input.T);
    for (Index k = 0; k < input.T; ++k) {
      const auto& kind = element(kinds, k);
      input.values[k] = label * kind.answer();
      logits[k] = kind.own * own + kind.other * other + elementary::log(static_cast<double>(kind.count));  // −∞: none
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
