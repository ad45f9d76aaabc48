// Tokens from files: the same run as their generator's, many classes against two, and what is estimated.

#include "sim/routes/coefficients.hpp"
#include "sim/generalisation/test_error.hpp"
#include "sim/routes/direct.hpp"
#include "sim/tokens/estimates.hpp"
#include "sim/tokens/head.hpp"
#include "sim/routes/statistics.hpp"
#include "sim/tokens/surrogates.hpp"
#include "sim/tokens/token_files.hpp"
#include "tests/support/random_input.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

namespace {

using namespace benign;
using sim::Brought;

theory::Parameters small_model() {
  theory::Parameters p;
  p.n = 12, p.T = 4, p.d = 60;
  p.mu = theory::Decimal("6");
  return p;
}

/// The model's own training set as it would be brought: its training labels are the file's, and no more are flipped.
std::shared_ptr<Brought> brought_from_model(const theory::Parameters& p, std::uint64_t seed) {
  const sim::Data data = sim::draw_train(p, sim::DataKind::dense, seed);
  auto brought = std::make_shared<Brought>();
  brought->train = {data.n, data.T, data.d, data.tokens, {}};
  for (const int label : data.label) brought->train.label.push_back(label > 0);
  brought->head = Eigen::MatrixXd::Zero(p.d, 1);
  const double scale = theory::head_scale<double>() / p.mu.as<double>();
  brought->head(0, 0) = scale, brought->head(1, 0) = -scale;
  brought->signals = RowMajor::Zero(2, p.d);
  brought->signals(0, 0) = brought->signals(1, 1) = p.mu.as<double>();
  return brought;
}

struct Lane {
  sim::Instance instance;
  sim::Frame<double> frame;
  std::unique_ptr<sim::Route<double>> route;
};

std::unique_ptr<Lane> lane(const theory::Parameters& p, sim::RouteKind kind, std::shared_ptr<const Brought> brought) {
  const auto data = brought ? sim::DataKind::brought : sim::DataKind::dense;
  auto made = std::make_unique<Lane>(Lane{sim::draw_instance(p, data, 5, std::move(brought)), {}, nullptr});
  made->frame = sim::make_frame<double>(made->instance);
  made->route = sim::make_route<double>(kind, made->instance, &made->frame);
  return made;
}

/// The largest difference of logits and of the signals' logits along 60 steps.
double distance(const Lane& a, const Lane& b) {
  auto x = a.route->start(), y = b.route->start();
  double worst = 0;
  for (int k = 0; k < 60; ++k) {
    a.route->descend(x, a.frame.scales.step), b.route->descend(y, b.frame.scales.step);
    const auto seen = a.route->read(x), other = b.route->read(y);
    worst = std::max({worst, (seen.logits - other.logits).cwiseAbs().maxCoeff(),
                      std::abs(seen.mu_plus_q - other.mu_plus_q), std::abs(seen.mu_minus_q - other.mu_minus_q)});
  }
  return worst;
}

constexpr sim::RouteKind routes[] = {sim::RouteKind::direct, sim::RouteKind::coefficients, sim::RouteKind::statistics};

}  // namespace

TEST_CASE("tokens: what is brought from the generator trains as the generator's own", "[tokens]") {
  auto drawn = small_model(), same = drawn;
  drawn.lr = same.lr = theory::Decimal("0.5");
  same.eta = theory::Decimal("0");
  const auto brought = brought_from_model(drawn, 5);
  for (const auto route : routes) {
    const double apart = distance(*lane(drawn, route, nullptr), *lane(same, route, brought));
    INFO("route " << static_cast<int>(route));
    CHECK(apart < 1e-11);
  }
}

TEST_CASE("tokens: many classes agree between routes, and with two where two columns are alike", "[tokens]") {
  auto p = small_model();
  p.eta = theory::Decimal("0"), p.lr = theory::Decimal("0.5");
  auto two = brought_from_model(p, 5);
  // A third class of no samples whose output lies far below the others adds e^{−60} to the softmax.
  auto three = std::make_shared<Brought>(*two);
  three->classes = 3;
  three->head = Eigen::MatrixXd::Zero(p.d, 3);
  three->head.col(1) = two->head.col(0);
  const auto coefficients = lane(p, sim::RouteKind::coefficients, three);
  for (const auto route : routes) CHECK(distance(*coefficients, *lane(p, route, three)) < 1e-11);
  // Their values as one constant more in the third column: V is not linear in x there, so it is set by hand.
  auto pair = lane(p, sim::RouteKind::coefficients, three);
  pair->frame.samples.class_values.col(2).setConstant(-60);
  CHECK(distance(*pair, *lane(p, sim::RouteKind::coefficients, two)) < 1e-11);
}

TEST_CASE("tokens: the gradient of many classes is the derivative of the loss", "[tokens]") {
  theory::Samples<double> samples{3, 4, {}, {1, 1, 1}, Eigen::MatrixXd::Random(12, 5), {0, 3, 4}};
  samples.class_values *= 3;
  const Vector<double> logits = 2 * Vector<double>::Random(12), g = theory::gradient(samples, logits);
  const auto loss = [&](const Vector<double>& at) {
    return theory::loss(samples, theory::outputs(samples, theory::attention(samples, at)));
  };
  for (Index k = 0; k < 12; ++k) {
    Vector<double> up = logits, down = logits;
    up[k] += 1e-5, down[k] -= 1e-5;
    CHECK(3 * (loss(up) - loss(down)) / 2e-5 == Approx(g[k]).margin(1e-9));
  }
}

TEST_CASE("tokens: estimates of the model's own tokens", "[tokens]") {
  theory::Parameters p;
  p.n = 400, p.T = 5, p.d = 300, p.eta = theory::Decimal("0");
  p.mu = theory::Decimal("8"), p.rho = theory::Decimal("0.3"), p.sigma = theory::Decimal("2");
  const auto e = sim::estimate_tokens(brought_from_model(p, 5)->train, 2);
  CHECK(e.position == 0);
  CHECK(std::abs(e.mu.value - 8) < 5 * e.mu.error);
  CHECK(e.mu.error < 0.5);
  CHECK(std::abs(e.noise2.value - 1200) < 5 * e.noise2.error);
  CHECK(std::abs(e.effective_dimension.value / 300 - 1) < 0.05);
  // Two weak tokens of opposite order: ρ²·2/(T−1) is the mean square of the others.
  CHECK(e.rho.value == Approx(0.3 * std::sqrt(0.5)).margin(0.1));
}

TEST_CASE("tokens: heads are trained to the gradient norm that they promise", "[tokens]") {
  auto p = small_model();
  p.n = 100, p.eta = theory::Decimal("0");
  auto set = brought_from_model(p, 3)->train;
  const auto scale = sim::pooled(set).norm() / std::sqrt(static_cast<double>(set.n));
  const auto promised = [&](const sim::TrainedHead& head) {
    return sim::head_gradient_tolerance * std::max(1.0, scale * head.head.norm());
  };
  const auto two = sim::train_head(set, 2);
  CHECK(two.gradient_norm <= promised(two));
  CHECK(two.accuracy > 0.9);
  for (std::size_t i = 0; i < set.label.size(); i += 5) set.label[i] = 2;
  const auto three = sim::train_head(set, 3);
  CHECK(three.gradient_norm <= promised(three));
  CHECK(three.head.cols() == 3);
  CHECK(three.head.rowwise().sum().norm() < 1e-4);  // the penalty leaves no part common to all columns
}

TEST_CASE("tokens: runs draw their samples and flips by seed", "[tokens]") {
  auto p = small_model();
  p.n = 100;
  const auto brought = brought_from_model(p, 3);
  auto q = p;
  q.n = 20, q.eta = theory::Decimal("0.13");
  const auto a = sim::draw_from(*brought, q, 1), b = sim::draw_from(*brought, q, 2),
             again = sim::draw_from(*brought, q, 1);
  CHECK(a.tokens == again.tokens);
  CHECK(a.label == again.label);
  CHECK(a.tokens != b.tokens);
  long flipped = 0, positive = 0;
  for (Index i = 0; i < a.n; ++i) flipped += a.noisy(i), positive += a.true_label[static_cast<std::size_t>(i)] > 0;
  CHECK(flipped == 3);  // ⌈2.6⌉
  CHECK(positive == 10);
}

TEST_CASE("tokens: a surrogate is without the departure that it names, and keeps the rest", "[tokens]") {
  theory::Parameters p;
  p.n = 200, p.T = 5, p.d = 150, p.eta = theory::Decimal("0");
  p.mu = theory::Decimal("8"), p.rho = theory::Decimal("0.5"), p.sigma = theory::Decimal("2");
  auto original = *brought_from_model(p, 5);
  for (Index k = 0; k < original.train.tokens.rows(); ++k)  // few directions, and a place of its own for every position
    original.train.tokens.row(k).tail(140).setConstant(static_cast<double>(k % p.T));
  const auto surrogate = [&](const std::string& names) {
    Brought changed = original;
    sim::make_surrogate(changed, names);
    return changed;
  };
  const auto before = sim::estimate_tokens(original.train, 2);
  CHECK(before.effective_dimension.value < 15);

  const auto isotropic = sim::estimate_tokens(surrogate("isotropic").train, 2);
  CHECK(isotropic.effective_dimension.value == Approx(150).epsilon(0.1));
  CHECK(isotropic.noise2.value == Approx(before.noise2.value).epsilon(0.05));
  CHECK(isotropic.place.value == Approx(before.place.value).epsilon(0.05));

  const auto positions = sim::estimate_tokens(surrogate("positions").train, 2);
  CHECK(before.rho.value > 0.2);
  CHECK(positions.rho.value == 0);
  CHECK(positions.mu.value == Approx(before.mu.value).epsilon(1e-9));

  const auto places = sim::estimate_tokens(surrogate("places").train, 2);
  CHECK(places.place.value == Approx(0.8 / std::sqrt(2.0)).epsilon(0.02));  // (1 − 1/T)/√C; ‖μ‖ is less its noise
  CHECK(places.effective_dimension.value == Approx(before.effective_dimension.value).epsilon(1e-6));

  const auto answers = surrogate("positions,answers");
  const Eigen::VectorXd values = answers.train.tokens * answers.head;
  for (Index i = 0; i < answers.train.n; ++i)
    for (Index j = 0; j < i; ++j)
      if (answers.train.label[static_cast<std::size_t>(i)] == answers.train.label[static_cast<std::size_t>(j)])
        REQUIRE((values.segment(i * p.T, p.T) - values.segment(j * p.T, p.T)).cwiseAbs().maxCoeff() < 1e-12);
  CHECK_THROWS_AS(surrogate("nothing"), sim::BadTokens);
}

TEST_CASE("a test set's error, loss and attention are those of its samples one by one", "[tokens]") {
  tests::RandomInput draw(32);
  for (const int classes : {2, 4}) {
    const Index n = 7, T = 3, d = 5;
    const auto fill = [&](auto& x) {
      for (Index k = 0; k < x.size(); ++k) x.data()[k] = draw.between(-2, 2);
    };
    Brought brought;
    brought.classes = classes, brought.head.resize(d, classes == 2 ? 1 : classes), brought.signals.resize(2, d);
    brought.test = sim::TokenSet{n, T, d, RowMajor(n * T, d), {}};
    for (Index i = 0; i < n; ++i) brought.test->label.push_back(static_cast<int>(i % classes));
    Eigen::VectorXd q(d);
    fill(brought.test->tokens), fill(brought.head), fill(q);
    double right = 0, loss = 0, attention = 0;
    for (Index i = 0; i < n; ++i) {
      const RowMajor x = brought.test->tokens.middleRows(i * T, T), V = x * brought.head;
      const int label = static_cast<int>(i % classes);
      Eigen::VectorXd s = (x * q).array().exp();
      s /= s.sum();
      Index best = 0;
      const auto answer = [&](Index t) {
        return classes == 2 ? (label == 1 ? V(t, 0) : -V(t, 0)) : V(t, label) - V.row(t).mean();
      };
      for (Index t = 1; t < T; ++t)
        if (answer(t) > answer(best)) best = t;
      attention += s[best];
      const Eigen::VectorXd F = V.transpose() * s;
      if (classes == 2) {
        const double margin = label == 1 ? F[0] : -F[0];
        right += margin > 0, loss += std::log1p(std::exp(-margin));
      } else {
        Index first;
        F.maxCoeff(&first);
        right += first == label, loss += std::log((F.array() - F[label]).exp().sum());
      }
    }
    const sim::TestError found = sim::brought_test(brought, q);
    INFO(classes << " classes");
    CHECK(found.accuracy == Approx(right / n).epsilon(1e-14));
    CHECK(found.wrong == Approx(1 - right / n).margin(1e-14));
    CHECK(found.loss == Approx(loss / n).epsilon(1e-12));
    CHECK(found.attention == Approx(attention / n).epsilon(1e-12));
  }
}
