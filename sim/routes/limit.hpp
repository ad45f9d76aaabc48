#pragma once
// The limit d → ∞ at fixed nSNR², ‖μ‖/σ → ∞ and p₀ = 0: a handful of scalars (THEORY section 5.12). With an accumulator
// a for every group g of samples and kind k of tokens, N_g the samples of a group, m_k the tokens of a kind and c their
// coordinates along orthogonal signals of equal length,
//
//     X = SNR² Σ_g N_g Σ_k m_k c_{gk} a_{gk}      ℓ_{gk} = a_{gk} + c_{gk}·X      da_{gk}/ds = −ĝ_{gk}
//
// where ĝ is theory::gradient over all tokens. The paper's data has four groups of four kinds and X = (μ₊·q, μ₋·q).
// Where as many labels are flipped in either class there are two groups, eight accumulators and one X, along
// (μ₊ + μ₋)/2, whose square is half as large: that symmetry must be built in, since it is not stable
// (THEORY section 5.15).

#include "sim/routes/route.hpp"
#include "sim/generalisation/test_error.hpp"

namespace benign::sim {

/// Tokens of a sample that no permutation can tell apart.
template <class Real>
struct LimitTokens {
  std::vector<Real> signal;  ///< c, one coordinate for each signal
  Real value;                ///< ν·x
  long count = 1;            ///< m
};

/// Samples that no permutation can tell apart.
template <class Real>
struct LimitGroup {
  int label = 0;  ///< the training label Y
  /// In the order in which they stand in a sample; as many kinds in every group.
  std::vector<LimitTokens<Real>> tokens;
  std::vector<Index> samples;  ///< which ones, of 0, …, n − 1
};

/// State: a, group by group.
template <class Real>
class LimitSystem final : public Route<Real>, private StiffEquation<Real> {
 public:
  /// Any groups that share out the n samples, with any kinds of tokens, along one or two signals; snr2 is a signal's
  /// squared length over σ²d.
  LimitSystem(std::vector<LimitGroup<Real>> groups, const Real& snr2, const Real& tau0);
  /// The groups of an instance, which says of each sample what it is; nothing else of it is looked at.
  explicit LimitSystem(const Instance& instance);

  Vector<Real> start() const override;
  void descend(Vector<Real>& state, const Real& step) const override;
  void flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const override;
  const StiffEquation<Real>* stiff_equation() const override { return this; }
  Readout<Real> read(const Vector<Real>& state) const override;
  Real gradient_norm2(const Vector<Real>& state) const override;

 private:
  using Point = typename StiffEquation<Real>::Point;
  using Rate = typename StiffEquation<Real>::Rate;
  using Stage = typename StiffEquation<Real>::Stage;

  typename StiffEquation<Real>::Shape shape() const override { return {multiplicity_.size(), 0, 0}; }
  Matrix<Real> frozen(const Point&) const override { return {}; }
  Stage stage(const Point& x, const Real& u, const Matrix<Real>& frozen) const override;
  Vector<Real> response(const Point& x, const Stage& stage, const Point& direction) const override;
  Rate answer(const Point& x, const Stage& stage, const Vector<Real>& shift) const override;

  /// X.
  Vector<Real> signals(const Vector<Real>& a) const { return product(pull_, a); }
  /// n ∂L/∂ℓ, summed over the tokens of a kind, for one sample of each group.
  Vector<Real> gradient(const Vector<Real>& a, const Real& log_gain) const;
  /// The logits of kinds as if each were one token: ℓ + log m.
  Vector<Real> joint_logits(const Vector<Real>& a) const;

  std::vector<LimitGroup<Real>> groups_;
  Real tau0_;
  theory::Samples<Real> kinds_;    // one sample of each group, one token of each kind
  Vector<Real> multiplicity_;      // m
  Vector<Real> log_multiplicity_;  // log m
  Matrix<Real> coordinates_;       // c, of shape (kinds, signals)
  Matrix<Real> pull_;              // SNR² N m c, of shape (signals, kinds)
};

/// ν·x for every training token without its noise, and the labels.
template <class Real>
theory::Samples<Real> noiseless_samples(const Instance& instance);

/// The test error without noise, from μ±·q: a test input of class ± is its logits (1, ρ, ρ, 0, …).
TestError noiseless_test(const theory::Parameters& parameters, double mu_plus_q, double mu_minus_q);

}  // namespace benign::sim
