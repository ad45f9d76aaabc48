// The paper's model (THEORY sections 1.2 and 3.1 to 3.3): W and p are trained under a fixed head.

#include "sim/models/model.hpp"

#include "sim/routes/limit.hpp"

namespace benign::sim {
namespace {

template <class Real>
class TokenSelection final : public ModelIn<Real> {
 public:
  Frame<Real> frame(const Training& training, QNorm q_norm, SharedDraws& shared) const override {
    const Instance& instance = training.instance;
    const bool limit = training.route == RouteKind::limit;
    if (training.route == RouteKind::statistics) q_norm = QNorm::not_needed;
    if (instance.kind == DataKind::gram && !limit)
      return make_gram_frame<Real>(instance, *shared.gram_factors(instance.parameters, instance.seed), q_norm);
    if (training.route != RouteKind::direct && !limit) return make_frame<Real>(instance, q_norm);
    if (!limit) return make_outline<Real>(instance);
    Frame<Real> frame;
    frame.samples = noiseless_samples<Real>(instance);
    frame.scales = theory::scales<Real>(instance.parameters);
    for (Index i = 0; i < instance.train.n; ++i) frame.noisy.push_back(instance.train.noisy(i));
    return frame;
  }

  std::unique_ptr<Route<Real>> route(const Training& training, const Frame<Real>& frame) const override {
    return make_route<Real>(training.route, training.instance, &frame, training.train);
  }

  std::optional<TestError> test(const theory::Parameters& parameters, RouteKind route,
                                const Readout<Real>& q) const override {
    if (route == RouteKind::limit)
      return noiseless_test(parameters, representative(q.mu_plus_q), representative(q.mu_minus_q));
    if (!q.q_norm2) return std::nullopt;
    return PopulationTest(parameters)(scalars(q));
  }

  double test_loss(const theory::Parameters& parameters, RouteKind route, const Readout<Real>& q) const override {
    return route == RouteKind::limit ? test(parameters, route, q)->loss : PopulationTest(parameters).loss(scalars(q));
  }

 private:
  static QScalars scalars(const Readout<Real>& q) {
    return {representative(q.mu_plus_q), representative(q.mu_minus_q), representative(*q.q_norm2)};
  }
};

}  // namespace

Model token_selection() {
  return model_of<TokenSelection>(
      {.name = "token-selection",
       .help = "the paper's: W and p trained under a fixed head (Sakamoto and Sato, arXiv 2409.17625)",
       .draw = draw_instance,
       .routes = {RouteKind::direct, RouteKind::coefficients, RouteKind::statistics, RouteKind::limit},
       .methods = {MethodKind::gd, MethodKind::momentum, MethodKind::nesterov, MethodKind::normalised, MethodKind::sign,
                   MethodKind::sgd, MethodKind::decay},
       .second_route = RouteKind::statistics,
       .any_layout = true,
       .selects_tokens = true});
}

}  // namespace benign::sim
