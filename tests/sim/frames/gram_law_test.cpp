// Frames drawn without vectors, and descents on them, have the law of those of dense data at small d.

#include "tests/support/compare.hpp"
#include "tests/support/gram_draws.hpp"
#include "tests/support/laws.hpp"
#include "sim/runs/simulate.hpp"

#include <map>

using namespace benign;
using namespace benign::tests;

namespace {

using Statistics = std::map<std::string, std::vector<double>>;

/// One frame, and the end of a short descent on it.
void collect(Statistics& out, const Draw& draw) {
  const Instance& instance = draw.instance;
  const auto& frame = draw.frame;
  const Index N = frame.tokens(), T = frame.samples.T, d = static_cast<Index>(instance.parameters.d);
  const auto sample = [&](int true_label, bool noisy) {
    Index i = 0;
    while (instance.train.true_label[static_cast<std::size_t>(i)] != true_label || instance.train.noisy(i) != noisy)
      ++i;
    return i * T;
  };
  const Index own = sample(1, false), flipped = sample(1, true), other = sample(-1, false);
  const auto put = [&](const std::string& name, double x) { out[name].push_back(x); };

  const auto matrix = [&](const std::string& name, const MatrixXd& A) {
    put(name + " relevant", A(own, own));
    put(name + " weak", A(own + 1, own + 1));
    put(name + " irrelevant", A(other + 3, other + 3));
    put(name + " relevant, irrelevant", A(own, own + 3));
    put(name + " relevant of one class", A(own, flipped));
    put(name + " relevant of two classes", A(own, other));
    put(name + " weak of one class", A(other + 1, own + 2));
    put(name + " irrelevant of two samples", A(other + 3, flipped + 3));
    put(name + " symmetric", A(flipped + 3, other + 3));
    if (A.rows() > N) {
      put(name + " mu+ relevant", A(N, own));
      put(name + " mu+ irrelevant", A(N, own + 3));
      put(name + " mu- weak", A(N + 1, own + 2));
      put(name + " mu- irrelevant", A(N + 1, other + 3));
    }
    const VectorXd spectrum = eigenvalues(tokens_of(A));
    put(name + " largest eigenvalue", spectrum[N - 1]);
    put(name + " middle eigenvalue", spectrum[N - std::min(N, d) / 2]);
    put(name + " smallest eigenvalue", spectrum[N - std::min(N, d)]);  // that is not zero
    put(name + " trace", spectrum.sum());
  };
  matrix("K", frame.K);
  if (!instance.W0.identity()) matrix("H", frame.H), matrix("J", frame.J);
  const MatrixXd K = tokens_of(frame.K), H = tokens_of(frame.H);
  put("tr KH", (K.cwiseProduct(H)).sum());
  put("tr KJ", (K.cwiseProduct(frame.J)).sum());
  put("tr HJ", (H.cwiseProduct(frame.J)).sum());
  put("value of a relevant token", frame.samples.values[own]);
  put("value of an irrelevant token", frame.samples.values[flipped + 3]);
  put("value and K", frame.samples.values.dot(K * frame.samples.values));
  if (instance.parameters.sigma_p.exact() != 0) {
    put("h relevant", frame.h[own]);
    put("h irrelevant", frame.h[other + 3]);
    put("h mu+", frame.h[N]);
    put("h mu-", frame.h[N + 1]);
    put("|h|", frame.h.norm());
    put("k relevant", frame.k[own]);
    put("k irrelevant", frame.k[other + 3]);
    put("|k|", frame.k.norm());
    put("h.k", frame.h.head(N).dot(frame.k));
    put("h.Hh", frame.h.head(N).dot(H * frame.h.head(N)));
    put("k.Jh", frame.k.dot(frame.J * frame.h.head(N)));
    put("r0", frame.r0);
    put("omega", frame.omega);
    put("omega/r0", frame.omega / frame.r0);
  }

  const auto route = make_route<double>(RouteKind::coefficients, instance, &frame);
  Vector<double> state = route->start();
  for (int step = 0; step < 20; ++step) route->descend(state, frame.scales.step);
  const auto end = observe<double>(frame.samples, frame.noisy, route->read(state));
  put("loss", end.train_loss);
  put("mu+.q", end.readout.mu_plus_q);
  put("mu-.q", end.readout.mu_minus_q);
  put("q", std::sqrt(*end.readout.q_norm2));
  put("mu+.q/|q|", end.readout.mu_plus_q / std::sqrt(*end.readout.q_norm2));
  put("gap", end.readout.logits[own] - end.readout.logits[own + 3]);
  put("output of a flipped sample", end.outputs[flipped / T]);
  put("gradient", route->gradient_norm2(state));
}

void require_same_as_dense(const std::vector<Setting>& settings, int count) {
  for (const Setting& setting : settings) {
    const Parameters p = parameters_of(setting);
    Statistics gram, dense;
    for (int draw = 0; draw < count; ++draw) {
      const auto seed = static_cast<std::uint64_t>(draw);
      collect(gram, draw_gram(p, seed));
      collect(dense, draw_dense(p, seed + 1'000'000));
    }
    const double level = 1e-4 / static_cast<double>(settings.size() * gram.size());
    INFO(text_of(setting) << ", " << gram.size() << " statistics");
    for (const auto& [name, values] : gram) require_same_law(name, values, dense.at(name), level);
  }
}

/// Of rank 18, the frame leaves a complement of dimension d − 18: at d = 18 none, at 25 and 30 one whose Wishart matrix
/// is singular. d = 12 has fewer dimensions than tokens: beyond what a run accepts, and still the law.
const std::vector<Setting> small_settings = {
    {Init::gaussian, "0", 30},   {Init::gaussian, "0.6", 50}, {Init::gaussian, "0.6", 25}, {Init::gaussian, "0.6", 18},
    {Init::gaussian, "0.6", 12}, {Init::identity, "0.6", 30}, {Init::identity, "0", 18},   {Init::identity, "0.6", 12}};

}  // namespace

TEST_CASE("gram frames and their descents have the law of dense data", "[gram][draws]") {
  require_same_as_dense(small_settings, 1000);
}

TEST_CASE("gram frames and their descents have the law of dense data to one part in thirty", "[gram][long]") {
  require_same_as_dense(small_settings, 20'000);
}
