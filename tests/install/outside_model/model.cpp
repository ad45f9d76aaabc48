// A model of one's own: every token carries its share of the signal, x_t = μ_{Y*}/√T + ε_t, and a head ν is trained from
// zero on the mean of a sample's tokens, f = νᵀXᵀ1/T: a linear classifier, attention 1/T for ever.
// ν = Sᵀc with ĉ = σ²d c, dĉ/ds = ĥ at even attention, Sν = K̂ĉ and τ₀ = n/(σ²d). A test input's output is normal.

#include "proofs_check/program/program.hpp"
#include "sim/models/head_gradient.hpp"
#include "sim/models/model.hpp"
#include "sim/models/two_token_test.hpp"
#include "theory/model/layout_text.hpp"

namespace {

using namespace benign;
using namespace benign::sim;

/// ν in the span of the tokens, or, where S is given, in R^d; K is then not looked at.
template <class Real>
class Linear final : public Route<Real> {
 public:
  Linear(const Frame<Real>& frame, const Instance& instance, bool direct)
      : frame_(frame), S_(instance.train.tokens.template cast<Real>()), direct_(direct) {
    mu_ = instance.parameters.mu.template as<Real>();
  }
  Vector<Real> start() const override { return Vector<Real>::Zero(direct_ ? S_.cols() : frame_.tokens()); }
  void flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const override {
    const auto samples = answered(frame_.samples, values(state));
    const Vector<Real> h = head_pull(samples, no_logits(), log_gain);
    derivative = direct_ ? Vector<Real>(S_.transpose() * h * (frame_.scales.tau0 / Real(samples.n))) : h;
  }
  Readout<Real> read(const Vector<Real>& state) const override {
    Readout<Real> readout{no_logits(), Real(0), Real(0), Real(0)};
    const Vector<Real> v = values(state), along = direct_ ? state : Vector<Real>(frame_.K.bottomRows(2) * state);
    const Real size = direct_ ? mu_ : Real(1);
    const Real norm2 = direct_ ? state.dot(state) : Real(state.dot(v) / frame_.scales.token_norm2);
    readout.head = {v, size * along[0], size * along[1], norm2, Real(0)};
    return readout;
  }
  Real gradient_norm2(const Vector<Real>& state) const override {
    Vector<Real> rate;
    flow(state, Real(0), rate);
    const Real unit = direct_ ? Real(1) : frame_.scales.token_norm2;  // h·Kh/n² in both
    return rate.dot(direct_ ? rate : values(rate)) / (frame_.scales.tau0 * frame_.scales.tau0 * unit);
  }

 private:
  Vector<Real> no_logits() const { return Vector<Real>::Zero(frame_.samples.n * frame_.samples.T); }
  Vector<Real> values(const Vector<Real>& state) const {
    return direct_ ? Vector<Real>(S_ * state) : Vector<Real>(frame_.K.topRows(state.size()) * state);
  }
  const Frame<Real>& frame_;
  Matrix<Real> S_;
  Real mu_;
  bool direct_;
};

template <class Real>
class MeanOfTokens final : public ModelIn<Real> {
 public:
  Frame<Real> frame(const Training& training, QNorm, SharedDraws&) const override {
    return make_frame<Real>(training.instance, QNorm::not_needed);
  }
  std::unique_ptr<Route<Real>> route(const Training& training, const Frame<Real>& frame) const override {
    return std::make_unique<Linear<Real>>(frame, training.instance, training.route == RouteKind::direct);
  }
  std::optional<TestError> test(const theory::Parameters& p, RouteKind, const Readout<Real>& readout) const override {
    const double share =
        2 / std::sqrt(static_cast<double>(p.T));  // two even tokens, one of the mean and one of the noise
    const auto& head = *readout.head;
    return two_token_test({{0, 0},
                           {share * representative(head.mu_plus), share * representative(head.mu_minus)},
                           0,
                           share * p.sigma.as<double>() * std::sqrt(representative(head.norm2)),
                           0});
  }
};

Instance draw(const theory::Parameters& p, DataKind kind, std::uint64_t seed, const std::shared_ptr<const Brought>&) {
  Data data = draw_train(p, DataKind::gram, seed);  // labels alone
  data.tokens.resize(p.tokens(), p.d);
  for (Index k = 0; k < p.tokens(); ++k) {
    fill_normal(seed, Stream::train_noise, static_cast<std::uint64_t>(k), p.sigma.as<double>(),
                {data.tokens.row(k).data(), static_cast<std::size_t>(p.d)});
    const int label = data.true_label[static_cast<std::size_t>(k / p.T)];
    data.tokens(k, own_signal(label)) += p.mu.as<double>() / std::sqrt(static_cast<double>(p.T));
  }
  return {p, kind, seed, std::move(data), InitialWeights(p, seed), {}, nullptr};
}

const bool added = add_model(model_of<MeanOfTokens>(
    {.name = "mean-of-tokens",
     .help = "a head trained from zero on the mean of tokens that share the signal",
     .settle = [](theory::Parameters& p) { p.rho = theory::Decimal("0"), p.init = theory::Init::identity; },
     .draw = draw,
     .tokens = theory::layout_from_line("first: own=1; other: own=1, count=rest")}));

}  // namespace

int main(int argc, char** argv) { return proofs::run_program(argc, argv); }
