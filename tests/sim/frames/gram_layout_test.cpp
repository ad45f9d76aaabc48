// Inner products drawn for another layout have the law of those computed from its tokens.

#include "tests/support/compare.hpp"
#include "tests/support/gram_draws.hpp"
#include "tests/support/laws.hpp"
#include "sim/data/layout_file.hpp"
#include "sim/runs/simulate.hpp"

#include <map>

using namespace benign;
using namespace benign::tests;

namespace {

using Seen = std::map<std::string, std::vector<double>>;

/// The inner products of one token of each kind with those of its own, of another sample's and with the signals, and the
/// end of a short descent.
void look(Seen& out, const Draw& draw) {
  const auto& frame = draw.frame;
  const auto& p = draw.instance.parameters;
  const Index N = frame.tokens();
  // What has no noise is the same number in both, up to its last digits.
  const auto put = [&](const std::string& name, double x) { out[name].push_back(static_cast<float>(x)); };
  const auto kinds = theory::kinds_of_tokens(*p.layout, p.T);
  const auto sample = [&](int true_label) {
    Index i = 0;
    while (element(draw.instance.train.true_label, i) != true_label) ++i;
    return i * p.T;
  };
  const Index own = sample(+1), other = sample(-1);
  for (const auto& [name, A] : {std::pair{"K", &frame.K}, {"H", &frame.H}, {"J", &frame.J}})
    for (Index t = 0; t < p.T; ++t) {
      if (t > 0 && kinds[static_cast<std::size_t>(t)] == kinds[static_cast<std::size_t>(t - 1)]) continue;
      const std::string of = std::string(name) + " of token " + std::to_string(t);
      put(of + ", squared", (*A)(own + t, own + t));
      put(of + " and the next", (*A)(own + t, own + (t + 1) % p.T));
      put(of + " and another sample's", (*A)(own + t, other + t));
      if (A->rows() > N) put(of + " and mu+", (*A)(N, own + t)), put(of + " and mu-", (*A)(N + 1, own + t));
    }
  for (Index t = 0; t < p.T; ++t) put("value of token " + std::to_string(t), frame.samples.values[own + t]);
  put("h", frame.h[other + p.T - 1]);
  put("k", frame.k[other + p.T - 1]);
  const auto route = make_route<double>(RouteKind::coefficients, draw.instance, &frame);
  Vector<double> state = route->start();
  for (int step = 0; step < 10; ++step) route->descend(state, frame.scales.step);
  const auto readout = route->read(state);
  put("mu+.q", readout.mu_plus_q);
  put("|q|", std::sqrt(*readout.q_norm2));
  put("gradient", route->gradient_norm2(state));
}

}  // namespace

TEST_CASE("gram frames of other layouts have the law of dense data", "[gram][draws][layout]") {
  constexpr int count = 800;
  const std::pair<Setting, const char*> settings[] = {
      {{Init::gaussian, "0.6", 40}, "signal: own=1, noise=0; noise: count=3, projected"},
      {{Init::gaussian, "0", 20}, "signal: own=1, count=2; weak: own=-0.5, other=rho, noise=0.3; strong: noise=2"},
      {{Init::identity, "0.6", 30},
       "signal: own=1, noise=0.5, projected; strong: noise=sqrt(T); rest: other=0.4, count=2"}};
  for (const auto& [setting, line] : settings) {
    Parameters p = parameters_of(setting);
    p.layout = std::make_shared<const theory::TokenLayout>(theory::layout_from_line(line));
    p.plus_share = Decimal("0.25");
    Seen gram, dense;
    for (int draw = 0; draw < count; ++draw) {
      const auto seed = static_cast<std::uint64_t>(draw);
      look(gram, draw_gram(p, seed));
      look(dense, draw_dense(p, seed + 1'000'000));
    }
    INFO(line << ", " << gram.size() << " statistics");
    const double level = 1e-4 / static_cast<double>(std::size(settings) * gram.size());
    for (const auto& [name, values] : gram) require_same_law(name, values, dense.at(name), level);
  }
}
