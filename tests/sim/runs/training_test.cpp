// The loop that trains, on methods whose every state is known: when it looks, when it moves, when it ends.

#include "sim/runs/method.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>

using namespace benign;
using namespace benign::sim;

namespace {

/// Writes down what is asked of it.
struct Diary {
  void advance(long k) { text += "move " + std::to_string(k) + ", "; }
  std::string text;
};

/// L(x) = x²/2: a step of length h multiplies x by 1 − h, from 1.
class Parabola final : public Route<double> {
 public:
  Vector<double> start() const override { return Vector<double>::Ones(1); }
  void descend(Vector<double>& x, const double& step) const override { x -= step * x; }
  void flow(const Vector<double>& x, const double& log_gain, Vector<double>& rate) const override {
    rate = -std::exp(log_gain) * x;
  }
  Readout<double> read(const Vector<double>& x) const override { return {x, x[0], x[0], {}}; }
  double gradient_norm2(const Vector<double>& x) const override { return x.squaredNorm(); }
  std::optional<double> imbalance(const Vector<double>&) const override { return {}; }
  std::optional<Eigen::VectorXd> q(const Vector<double>& x) const override { return x; }
};

/// Polyak's heavy ball, x_{k+1} = x_k − h ∇L(x_k) + β (x_k − x_{k−1}), from x_{−1} = x_0, on coordinates that W and p are
/// linear in: a method of one's own needs this much.
class HeavyBall final : public Method<double> {
 public:
  HeavyBall(const Route<double>& route, double step, double beta)
      : route_(route), step_(step), beta_(beta), state_(route.start()), before_(state_) {}
  void advance(long k) override {
    const Vector<double> momentum = beta_ * (state_ - before_);
    before_ = state_;
    route_.descend(state_, step_);
    state_ += momentum;
    steps_ = k;
  }
  Vector<double>& state() override { return state_; }
  Time<double> time() const override {
    const double s = step_ * static_cast<double>(steps_);
    return {s, std::log(s)};
  }

 private:
  const Route<double>& route_;
  const double step_, beta_;
  Vector<double> state_, before_;
  long steps_ = 0;
};

RunConfig small_flow() {
  RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 3, p.d = 12, p.steps = 6;
  config.flow = true;
  return config;
}

}  // namespace

TEST_CASE("the loop looks at the start, and after each part once it has moved", "[training]") {
  Diary diary;
  CHECK(train(diary, 3, [&](long k) { diary.text += "look " + std::to_string(k) + ", "; }));
  CHECK(diary.text == "look 0, move 1, look 1, move 2, look 2, move 3, look 3, ");
  diary.text.clear();
  CHECK(train(diary, 0, [&](long k) { diary.text += "look " + std::to_string(k) + ", "; }));
  CHECK(diary.text == "look 0, ");
}

TEST_CASE("nothing moves after a look that answers false", "[training]") {
  for (const long last : {0L, 2L, 3L}) {
    Diary diary;
    long looks = 0;
    CHECK_FALSE(train(diary, 3, [&](long k) { return ++looks, k < last; }));
    CHECK(looks == last + 1);
    CHECK(diary.text == std::string("move 1, move 2, move 3, ").substr(0, static_cast<std::size_t>(8 * last)));
  }
  Diary diary;
  CHECK(train(diary, 3, [](long) { return true; }));
}

TEST_CASE("parts are looked at by their number, and the last always", "[training]") {
  const auto looks = [](long parts, long every) {
    std::vector<long> at;
    Diary diary;
    train(diary, parts, [&](long k) {
      if (looked_at(k, parts, every)) at.push_back(k);
    });
    return at;
  };
  CHECK(looks(10, 4) == std::vector<long>{0, 4, 8, 10});
  CHECK(looks(8, 4) == std::vector<long>{0, 4, 8});
  CHECK(looks(3, 1) == std::vector<long>{0, 1, 2, 3});
  CHECK(looks(3, 7) == std::vector<long>{0, 3});
  CHECK(looks(3, 0) == std::vector<long>{3});
}

TEST_CASE("descent of a parabola by halves: x = 2^-k at s = k/2", "[training]") {
  const Parabola parabola;
  Descent<double> descent(parabola, 0.5);
  train(descent, 40, [&](long k) {
    CHECK(descent.state()[0] == std::ldexp(1.0, static_cast<int>(-k)));
    CHECK(descent.time().s == static_cast<double>(k) / 2);
    CHECK_THAT(descent.time().log_s, Catch::WithinULP(std::log(static_cast<double>(k) / 2), 1));
  });
  CHECK(descend_to<double>(parabola, 0.5, 40)[0] == 0x1p-40);
  CHECK(descend_to<double>(parabola, 0.5, 0)[0] == 1);
  Descent<double> from_three(parabola, 0.25, Vector<double>::Constant(1, 3));
  from_three.advance(1);
  CHECK(from_three.state()[0] == 2.25);
}

TEST_CASE("a method of one's own is trained by the same loop: the heavy ball", "[training]") {
  // With h = 3/2 and β = 1/2 the recurrence is x_{k+1} = −x_{k−1}/2 + 0·x_k: 1, −1/2, −1/2, 1/4, 1/4, −1/8, −1/8, …
  const Parabola parabola;
  HeavyBall ball(parabola, 1.5, 0.5);
  std::vector<double> seen;
  train(ball, 6, [&](long) { seen.push_back(ball.state()[0]); });
  CHECK(seen == std::vector<double>{1, -0.5, -0.5, 0.25, 0.25, -0.125, -0.125});

  // Without momentum it is descent, on a run too.
  RunConfig config = small_flow();
  config.flow = false;
  const Run<double> run(config);
  HeavyBall plain(run.route(), run.frame().scales.step, 0);
  train(plain, 6, [](long) {});
  CHECK((plain.state().array() == descend_to(run, 6).array()).all());
}

TEST_CASE("the parts of a flow are equal in tau or in log(1 + s), and do not depend on who looks", "[training]") {
  for (const bool logarithmic : {false, true}) {
    RunConfig config = small_flow();
    if (logarithmic) config.log_s_max = theory::Decimal("9");
    const Run<double> run(config);
    const double end = horizon<double>(config), s_end = std::expm1(end);
    const auto method = make_method(run);
    train(*method, 6, [&](long k) {
      const double share = static_cast<double>(k) / 6;
      const auto time = method->time();
      CHECK((logarithmic ? std::log1p(time.s) / end : time.s / s_end) == Approx(share).epsilon(1e-14));
      if (k == 0) CHECK(std::isinf(time.log_s));
      if (k > 0) CHECK(time.log_s == Approx(std::log(time.s)).epsilon(1e-12));
      const double u = logarithmic ? end * share : std::log1p(s_end * share);
      const Vector<double> alone = k == 0 ? run.route().start() : flow_to(run.route(), u, 1e-12);
      CHECK((method->state() - alone).lpNorm<Eigen::Infinity>() < 1e-9);
    });
    long steps = 0;
    const auto unseen = make_method<double>(run, default_tolerance<double>(), [&](const auto& flow, double at) {
      CHECK(at == end);
      CHECK(flow.from() < end);
      ++steps;
    });
    train(*unseen, 6, [](long) {});
    CHECK(steps > 6);
    CHECK((unseen->state().array() == method->state().array()).all());
  }
}

TEST_CASE("a run's method is its configuration's", "[training]") {
  RunConfig config = small_flow();
  config.flow = false;
  const Run<double> run(config);
  const auto method = make_method(run);
  train(*method, 6, [](long) {});
  CHECK((method->state().array() == descend_to(run, 6).array()).all());
  CHECK(method->time().s == 6 * run.frame().scales.step);
}
