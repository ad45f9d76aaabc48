// The flow where it is stiff: what collocation is made of, and the runs that it makes possible.

#include "tests/support/compare.hpp"
#include "sim/routes/flow.hpp"
#include "sim/runs/simulate.hpp"

using namespace benign;
using namespace benign::sim;
using benign::tests::relative_difference;
using benign::tests::require_close;
using theory::Decimal;
using theory::Init;

namespace {

/// Prothero and Robinson: x′ = −λ(x − cos u) − sin u with x(0) = 1 is solved by cos u, whatever λ.
class ProtheroRobinson final : public StiffEquation<double> {
 public:
  explicit ProtheroRobinson(double lambda, double coupling_error = 1)
      : lambda_(lambda), coupling_error_(coupling_error) {}
  Shape shape() const override { return {1, 0, 0}; }
  Matrix<double> frozen(const Point&) const override { return {}; }
  Stage stage(const Point& x, const double& u, const Matrix<double>&) const override {
    Stage stage;
    stage.rate.core = Vector<double>::Constant(1, -lambda_ * (x.core[0] - std::cos(u)) - std::sin(u));
    stage.coupling = Matrix<double>::Constant(1, 1, lambda_ * coupling_error_);
    return stage;
  }
  Vector<double> response(const Point&, const Stage&, const Point& direction) const override { return direction.core; }
  Rate answer(const Point&, const Stage&, const Vector<double>& shift) const override {
    return {-lambda_ * shift, {}, {}};
  }

 private:
  double lambda_, coupling_error_;
};

/// A run of nSNR² = x in d dimensions.
RunConfig at_strength(double x, long n, long d, Init init, const char* sigma_p = "0") {
  RunConfig config;
  config.parameters.n = n, config.parameters.d = d;
  config.parameters.mu =
      Decimal(std::to_string(std::lround(std::sqrt(x * static_cast<double>(d) / static_cast<double>(n)))));
  config.parameters.init = init;
  config.parameters.sigma_p = Decimal(sigma_p);
  config.flow = true;
  return config;
}

template <class Real>
Flow<Real> run_to(const Route<Real>& route, double u, double tolerance, Stepping stepping = Stepping::automatic) {
  Flow<Real> flow = make_flow(route, tolerance, stepping);
  while (representative(flow.to()) < u) flow.step();
  return flow;
}

/// The largest difference of two states in units of max(1, |entry|).
double difference(const Vector<double>& x, const Vector<double>& y) {
  return ((x - y).array() / y.array().abs().max(1.0)).abs().maxCoeff();
}

}  // namespace

TEMPLATE_TEST_CASE("collocation at Radau points", "[stiff]", double, dd, mp50, mp100) {
  using Real = TestType;
  const double u = unit_roundoff<Real>();
  // Two and three stages in closed form (Hairer and Wanner II, tables IV.5.5 and IV.5.6).
  const auto two = radau<Real>(2);
  require_close(two.nodes[0], ratio<Real>(1, 3), 8 * u);
  require_close(two.integrals(0, 0), ratio<Real>(5, 12), 8 * u);
  require_close(two.integrals(0, 1), ratio<Real>(-1, 12), 32 * u);
  require_close(two.integrals(1, 0), ratio<Real>(3, 4), 8 * u);
  using std::sqrt;
  require_close(radau<Real>(3).nodes[1], Real((4 + sqrt(Real(6))) / 10), 8 * u);
  for (const int stages : {3, 12, 40}) {
    const auto r = radau<Real>(stages);
    CHECK(r.nodes[stages - 1] == 1);
    // ∫₀^{c_i} x^k dx for k < s, and over [0, 1] for k ≤ 2s − 2.
    Vector<Real> power = Vector<Real>::Ones(stages);
    for (int k = 0; k <= 2 * stages - 2; ++k) {
      const Vector<Real> integrals = r.integrals * power;
      power = power.cwiseProduct(r.nodes);
      for (Index i = k < stages ? 0 : stages - 1; i < stages; ++i)
        require_close<Real>(integrals[i], k < stages ? Real(power[i] / Real(k + 1)) : ratio<Real>(1, k + 1), 200 * u,
                            1);
      if (k + 1 < stages) CHECK(r.nodes[k] < r.nodes[k + 1]);
    }
  }
}

TEST_CASE("a stiff equation costs no more for being stiffer", "[stiff]") {
  for (const double tolerance : {1e-6, 2e-12}) {
    for (const double lambda : {1e1, 1e4, 1e8}) {
      const ProtheroRobinson equation(lambda);
      Collocation<double> collocation(equation, tolerance);
      collocation.start(Vector<double>::Ones(1), 0, 0.01);
      double worst = 0;
      while (collocation.to() < 10) {
        collocation.step();
        for (int part = 0; part <= 4; ++part) {
          const double u = collocation.from() + (collocation.to() - collocation.from()) * part / 4;
          worst = std::max(worst, std::abs(collocation.at(u)[0] - std::cos(u)));
        }
      }
      INFO("tolerance " << tolerance << ", lambda " << lambda << ": error " << worst << ", evaluations "
                        << collocation.evaluations());
      CHECK(worst < 10 * tolerance);
      CHECK(collocation.evaluations() < 2000);
    }
  }
}

TEST_CASE("a coupling that is wrong by a tenth costs iterations, no accuracy", "[stiff]") {
  const ProtheroRobinson equation(1e4, 1.1);
  Collocation<double> collocation(equation, 2e-12);
  collocation.start(Vector<double>::Ones(1), 0, 0.01);
  while (collocation.to() < 10) collocation.step();
  CHECK(std::abs(collocation.state()[0] - std::cos(collocation.to())) < 2e-11);
}

TEMPLATE_TEST_CASE("the stiff part of the coefficients' flow is the derivative of their logits", "[stiff]", double,
                   mp50) {
  using Real = TestType;
  using Case = std::pair<Init, Train>;
  for (const auto& [init, train] : {Case{Init::identity, Train::W_and_p},
                                    {Init::gaussian, Train::W_and_p},
                                    {Init::gaussian, Train::p},
                                    {Init::gaussian, Train::W}}) {
    RunConfig config = at_strength(20, 4, 60, init, "0.3");
    config.train = train;
    INFO("init " << text_of(init_choices, init) << ", train " << text_of(train_choices, train));
    const Run<Real> run(config, QNorm::not_needed);
    const auto& route = run.route();
    const auto* equation = route.stiff_equation();
    REQUIRE(equation);
    const Real at(2);
    const Vector<Real> x = flow_to<Real>(route, at, 1e-10);
    const auto probes_at = [&](const Vector<Real>& state) {
      const auto q = route.read(state);
      Vector<Real> P(2);
      P << q.mu_plus_q, q.mu_minus_q;
      return P;
    };
    const auto point = equation->point(x);
    const Matrix<Real> C = equation->frozen(point);
    const auto stage = equation->stage(point, at, C);
    // A rate as a flat vector, and as a direction.
    const auto direction = [&](const auto& rate) -> Vector<Real> {
      const Matrix<Real> left = rate.left, right = rate.right;
      return equation->state({rate.core, {nullptr, left.rows(), right.rows(), &left, &right, Vector<Real>::Ones(1)}});
    };
    const auto response = [&](const Vector<Real>& along) {
      return equation->response(point, stage, equation->point(along));
    };
    Vector<Real> rate;
    route.flow(x, at, rate);
    CHECK(relative_difference(direction(stage.rate), rate) < 100 * unit_roundoff<Real>());

    // L along the flow, against a central difference of the probes' logits and against −Cᵀĝ.
    const Real h = std::cbrt(unit_roundoff<Real>());
    const double near = 1e3 * representative<Real>(h * h);
    const Vector<Real> change = (probes_at(x + h * rate) - probes_at(x - h * rate)) / (2 * h);
    CHECK(relative_difference(response(rate), change) < near);
    const Vector<Real> g = theory::gradient<Real>(run.frame().samples, route.read(x).logits, at);
    CHECK(relative_difference<Real>(-C.transpose() * g, response(rate)) < 1e4 * unit_roundoff<Real>());
    // −L E is the coupling.
    for (Index p = 0; p < 2; ++p) {
      auto answer = equation->answer(point, stage, Vector<Real>::Unit(2, p));
      CHECK(relative_difference<Real>(-response(direction(answer)), stage.coupling.col(p)) <
            1e4 * unit_roundoff<Real>());
    }
  }
}

TEST_CASE("explicit and implicit flows agree, and balance holds", "[stiff]") {
  struct Case {
    double x;
    long n, d;
    Init init;
    const char* sigma_p;
    Train train = Train::W_and_p;
  };
  for (const auto& c : {Case{400, 4, 300, Init::identity, "0"}, Case{200, 4, 300, Init::uniform, "0.1"},
                        Case{500, 8, 1000, Init::gaussian, "0"}, Case{500, 8, 1000, Init::gaussian, "0", Train::p},
                        Case{400, 4, 300, Init::uniform, "0.1", Train::W}}) {
    RunConfig config = at_strength(c.x, c.n, c.d, c.init, c.sigma_p);
    config.train = c.train;
    const Run<double> run(config, QNorm::not_needed);
    const double end = 15;
    const auto implicit = run_to(run.route(), end, 2e-12);
    const auto explicit_only = run_to(run.route(), end, 2e-12, Stepping::explicit_only);
    const double apart = difference(implicit.at(end), explicit_only.at(end));
    // Of what is constant only WᵀW − ppᵀ needs looking at.
    const double imbalance = run.route().imbalance(implicit.at(end)).value_or(0);
    INFO("x = " << c.x << ", n = " << c.n << ", train " << text_of(train_choices, c.train) << ": " << apart
                << " apart; imbalance " << imbalance << "; evaluations " << implicit.evaluations() << " against "
                << explicit_only.evaluations());
    CHECK(implicit.implicit());
    CHECK(apart < 1e-9);
    CHECK(std::abs(imbalance) < 1e-10);
    CHECK(implicit.evaluations() < explicit_only.evaluations());
    // Inside a step as well as at its end.
    const double u = (2 * implicit.from() + implicit.to()) / 3;
    CHECK(difference(implicit.at(u), flow_to(run.route(), u, 1e-13)) < 1e-9);
  }
}

TEST_CASE("energy through implicit steps", "[stiff]") {
  const Run<double> run(at_strength(400, 4, 300, Init::identity), QNorm::not_needed);
  const Vector<double> start = run.route().start();
  const Vector<double> x = flow_with_energy(run.route(), run.frame().scales.tau0, 12.0, 2e-12);
  const Vector<double> state = x.head(start.size());
  CHECK(std::abs(run.observe(start).train_loss - run.observe(state).train_loss - x[start.size()]) < 1e-10);
}

TEMPLATE_TEST_CASE("balance through implicit steps above double", "[stiff]", dd, mp50) {
  using Real = TestType;
  const Run<Real> run(at_strength(4000, 2, 60, Init::identity), QNorm::not_needed);
  Flow<Real> flow = make_flow(run.route(), default_tolerance<Real>());
  for (int k = 0; k < 3; ++k) {
    flow.step();
    CHECK(flow.implicit());  // from the start: λ is about x/T there
  }
  CHECK(std::abs(representative(*run.route().imbalance(flow.at(flow.to())))) < 100 * default_tolerance<Real>());
}

TEST_CASE("the cost of late times does not grow with nSNR²", "[stiff]") {
  for (const double x : {500, 5000}) {
    const Run<double> run(at_strength(x, 4, 1000, Init::identity), QNorm::not_needed);
    const auto flow = run_to(run.route(), 150, 2e-12);
    INFO("x = " << x << ": " << flow.evaluations() << " evaluations, imbalance "
                << *run.route().imbalance(flow.at(150)));
    CHECK(flow.evaluations() < 60000);
    CHECK(std::abs(*run.route().imbalance(flow.at(150))) < 1e-10);
  }
}
