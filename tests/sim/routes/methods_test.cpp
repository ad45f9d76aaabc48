// Methods beside plain descent: each is the textbook's on W and p themselves, and the same by every route that knows it.

#include "tests/support/compare.hpp"
#include "sim/runs/method.hpp"
#include "sim/runs/config_json.hpp"
#include "sim/runs/parameter_table.hpp"
#include "sim/runs/run_config.hpp"
#include "sim/runs/simulate.hpp"

#include <map>
#include <set>

using namespace benign;
using namespace benign::sim;
using benign::tests::relative_difference;
using benign::tests::require_close;
using theory::Decimal;
using theory::Init;

namespace {

RunConfig config_of(const char* method, RouteKind route, long d, long steps, Train train = Train::W_and_p) {
  RunConfig config;
  config.parameters.n = 6, config.parameters.T = 4, config.parameters.d = d, config.parameters.steps = steps;
  config.parameters.mu = Decimal("5"), config.parameters.sigma_p = Decimal("0.2");
  config.parameters.lr = Decimal("0.02");
  config.method = parse_method(method).value();
  config.route = route, config.train = train;
  REQUIRE(validate(config).empty());
  return config;
}

template <class Real>
Observation<Real> end_of_method(const RunConfig& config) {
  const Run<Real> run(config);
  const auto method = make_method(run);
  train(*method, config.parameters.steps, [](long) {});
  return run.observe(method->state());
}

template <class Real>
void require_alike(const Observation<Real>& a, const Observation<Real>& b, double tolerance) {
  CHECK(relative_difference(a.readout.logits, b.readout.logits) <= tolerance);
  const double size = representative<Real>(b.readout.logits.template lpNorm<Eigen::Infinity>());
  require_close(a.readout.mu_plus_q, b.readout.mu_plus_q, tolerance, size);
  require_close(a.readout.mu_minus_q, b.readout.mu_minus_q, tolerance, size);
  if (a.readout.q_norm2 && b.readout.q_norm2) require_close(*a.readout.q_norm2, *b.readout.q_norm2, tolerance);
}

/// The number that stands for a step of normalised descent: its lengths add up to log s ~ k, so that it is short.
const std::map<std::string, const char*> step_of = {{"normalised", "0.01"}};

RunConfig reduced(const std::string& method, RouteKind route, long d, long steps, Train train) {
  RunConfig config = config_of(method.c_str(), route, d, steps, train);
  if (const auto own = step_of.find(method); own != step_of.end()) config.parameters.lr = Decimal(own->second);
  return config;
}

constexpr const char* in_the_span[] = {"momentum:0.9", "nesterov:0.9", "normalised", "sgd:2", "decay:0.5"};

/// A direct run and the textbook's gradient of the mean loss of some samples, by central differences over W and p.
struct Textbook {
  explicit Textbook(const RunConfig& config) : run(config) {}

  Vector<double> gradient(const Vector<double>& state, const std::vector<Index>& samples) const {
    Vector<double> gradient(state.size());
    const double h = 1e-5;
    for (Index k = 0; k < state.size(); ++k) {
      Vector<double> up = state, down = state;
      up[k] += h, down[k] -= h;
      gradient[k] = (loss(up, samples) - loss(down, samples)) / (2 * h);
    }
    return gradient;
  }
  double loss(const Vector<double>& state, const std::vector<Index>& samples) const {
    const auto outputs = run.observe(state).outputs;
    double sum = 0;
    for (const Index i : samples) sum += std::log1p(std::exp(-element(run.frame().samples.labels, i) * outputs[i]));
    return sum / static_cast<double>(samples.size());
  }
  std::vector<Index> all() const {
    std::vector<Index> samples;
    for (Index i = 0; i < run.frame().samples.n; ++i) samples.push_back(i);
    return samples;
  }

  Run<double> run;
};

/// The states of a direct run at steps 0, …, `steps`.
std::vector<Vector<double>> states_of(const Run<double>& run, long steps) {
  std::vector<Vector<double>> states;
  const auto method = make_method(run);
  train(*method, steps, [&](long) { states.push_back(method->state()); });
  return states;
}

constexpr double alpha = 0.02;

}  // namespace

TEST_CASE("methods: on W and p each is the textbook's recurrence", "[methods]") {
  const auto textbook = [](const char* method) {
    RunConfig config = config_of(method, RouteKind::direct, 12, 3);
    config.parameters.sigma_p = Decimal("0.5");
    return Textbook(config);
  };
  const auto agree = [](const Vector<double>& a, const Vector<double>& b) {
    CHECK((a - b).cwiseAbs().maxCoeff() < 1e-10);
  };
  SECTION("heavy ball") {
    const Textbook book = textbook("momentum:0.7");
    const auto x = states_of(book.run, 3);
    for (const std::size_t k : {std::size_t{1}, std::size_t{2}})
      agree(x[k + 1], x[k] - alpha * book.gradient(x[k], book.all()) + 0.7 * (x[k] - x[k - 1]));
    agree(x[1], x[0] - alpha * book.gradient(x[0], book.all()));
  }
  SECTION("nesterov") {
    const Textbook book = textbook("nesterov:0.7");
    const auto x = states_of(book.run, 3);
    for (const std::size_t k : {std::size_t{1}, std::size_t{2}}) {
      const Vector<double> y = x[k] + 0.7 * (x[k] - x[k - 1]);
      agree(x[k + 1], y - alpha * book.gradient(y, book.all()));
    }
  }
  SECTION("normalised") {
    const Textbook book = textbook("normalised");
    const auto x = states_of(book.run, 2);
    for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
      const Vector<double> g = book.gradient(x[k], book.all());
      agree(x[k + 1], x[k] - alpha * g / g.norm());
      require_close((x[k + 1] - x[k]).norm(), alpha, 1e-12);
    }
  }
  SECTION("signs") {
    const Textbook book = textbook("sign");
    const auto x = states_of(book.run, 2);
    const Vector<double> g = book.gradient(x[0], book.all());
    for (Index j = 0; j < g.size(); ++j)
      if (std::abs(g[j]) > 1e-8) CHECK(x[1][j] - x[0][j] == Approx(g[j] > 0 ? -alpha : alpha).epsilon(1e-12));
  }
  SECTION("batches") {
    const Textbook book = textbook("sgd:2");
    const auto x = states_of(book.run, 3);
    for (const std::size_t k : {std::size_t{0}, std::size_t{1}, std::size_t{2}})
      agree(x[k + 1], x[k] - alpha * book.gradient(x[k], batch_of(42, static_cast<long>(k) + 1, 2, 6)));
  }
  SECTION("decay") {
    const Textbook book = textbook("decay:3");
    const auto x = states_of(book.run, 2);
    for (const std::size_t k : {std::size_t{0}, std::size_t{1}})
      agree(x[k + 1], (1 - 3 * alpha) * x[k] - alpha * book.gradient(x[k], book.all()));
  }
}

TEST_CASE("methods: routes agree to 1e-12 in double, whatever is trained", "[methods]") {
  for (const char* method : in_the_span)
    for (const Train what : {Train::W_and_p, Train::p, Train::W}) {
      INFO(method << ", train " << text_of(train_choices, what));
      const auto direct = end_of_method<double>(reduced(method, RouteKind::direct, 100, 200, what));
      require_alike(end_of_method<double>(reduced(method, RouteKind::coefficients, 100, 200, what)), direct, 1e-12);
      require_alike(end_of_method<double>(reduced(method, RouteKind::statistics, 100, 200, what)), direct, 1e-12);
      // And what is trained has moved.
      const auto shorter = end_of_method<double>(reduced(method, RouteKind::direct, 100, 199, what));
      CHECK(relative_difference(shorter.readout.logits, direct.readout.logits) > 1e-8);
    }
}

TEST_CASE("methods: routes agree to 1e-42 in mp50", "[methods][mp50]") {
  for (const char* method : in_the_span)
    for (const Train what : {Train::W_and_p, Train::p, Train::W}) {
      INFO(method << ", train " << text_of(train_choices, what));
      const auto direct = end_of_method<mp50>(reduced(method, RouteKind::direct, 40, 60, what));
      require_alike(end_of_method<mp50>(reduced(method, RouteKind::coefficients, 40, 60, what)), direct, 1e-42);
      require_alike(end_of_method<mp50>(reduced(method, RouteKind::statistics, 40, 60, what)), direct, 1e-42);
    }
}

TEST_CASE("methods: no momentum, whole batches and no decay are plain descent", "[methods]") {
  for (const auto route : {RouteKind::direct, RouteKind::coefficients, RouteKind::statistics}) {
    const auto plain = end_of_method<double>(config_of("gd", route, 60, 100));
    for (const char* method : {"momentum:0", "nesterov:0", "decay:0"}) {
      INFO(method << ", " << text_of(route_choices, route));
      require_alike(end_of_method<double>(config_of(method, route, 60, 100)), plain, 1e-13);
    }
    const auto whole = end_of_method<double>(config_of("sgd:6", route, 60, 100));
    CHECK(whole.readout.logits == plain.readout.logits);  // to the bit
  }
}

TEST_CASE("methods: momentum in small steps is the flow in time alpha k / (1 - beta), with order one", "[methods]") {
  for (const char* method : {"momentum:0.9", "nesterov:0.9"}) {
    RunConfig config = config_of(method, RouteKind::coefficients, 40, 100);
    const Run<double> at_rest(config);
    const double u = u_of_s(2.0);
    const Vector<double> exact = at_rest.route().read(flow_to(at_rest.route(), u, 1e-13)).logits;
    const double tau0 = at_rest.frame().scales.tau0;
    std::vector<double> errors;
    for (const long steps : {1000, 2000, 4000}) {
      config.parameters.steps = steps;
      config.parameters.lr = decimal_of(2 * tau0 * 0.1 / static_cast<double>(steps));
      const Run<double> run(config);
      require_close(horizon<double>(config), u, 1e-12);
      const auto last = simulate<double>(run, 0, {}).last;
      require_close(last.tau, 2 * tau0, 1e-12);
      errors.push_back((last.readout.logits - exact).lpNorm<Eigen::Infinity>());
    }
    for (std::size_t k = 1; k < errors.size(); ++k) {
      INFO(method << ": " << errors[k - 1] << ", then " << errors[k]);
      CHECK(std::abs(std::log2(errors[k - 1] / errors[k]) - 1) < 0.1);
    }
  }
}

TEST_CASE("methods: batches are sets of their size, each sample as likely, by seed and step alone", "[methods]") {
  std::vector<long> count(10, 0);
  std::set<std::vector<Index>> seen;
  for (long k = 1; k <= 3000; ++k) {
    auto batch = batch_of(7, k, 4, 10);
    CHECK(batch == batch_of(7, k, 4, 10));
    std::sort(batch.begin(), batch.end());
    CHECK(std::unique(batch.begin(), batch.end()) == batch.end());
    for (const Index i : batch) ++element(count, i);
    seen.insert(batch);
  }
  CHECK(seen.size() == 210);  // all (10 over 4): each is missed with probability (1 − 1/210)^3000 < 1e-6
  for (const long one : count) CHECK(std::abs(one - 1200) < 5 * std::sqrt(3000 * 0.4 * 0.6));
  CHECK(batch_of(8, 1, 4, 10) != batch_of(7, 1, 4, 10));
}

TEST_CASE("methods: forgotten momentum is noticed", "[methods][fault]") {
  const auto a = end_of_method<double>(config_of("momentum:0.9", RouteKind::coefficients, 60, 100));
  const auto b = end_of_method<double>(config_of("momentum:0.89", RouteKind::direct, 60, 100));
  CHECK(relative_difference(a.readout.logits, b.readout.logits) > 1e-4);
}

TEST_CASE("methods: what a method cannot do is refused in words", "[methods]") {
  const auto refused = [](const char* method, const auto& change) {
    RunConfig config;
    config.method = parse_method(method).value();
    change(config);
    const auto found = validate(config);
    REQUIRE(found.size() == 1);
    CHECK(found[0].symbol == "method");
    CHECK(found[0].value == method);
    return found[0].allowed;
  };
  const auto nothing = [](RunConfig&) {};
  CHECK(refused("momentum:0.9", [](RunConfig& c) { c.flow = true; }).find("--flow") != std::string::npos);
  CHECK(refused("sign", nothing).find("--route direct") != std::string::npos);
  CHECK(refused("sgd:21", nothing).find("20 samples") != std::string::npos);
  CHECK(refused("decay:200", nothing).find("below 1") != std::string::npos);
  CHECK(refused("decay:100", nothing).find("e^-300") != std::string::npos);
  CHECK(refused("decay:1", [](RunConfig& c) { c.route = RouteKind::limit; }).find("limit") != std::string::npos);
  for (const char* wrong : {"", "adam", "momentum:1", "momentum:-0.1", "momentum:", "sgd", "sgd:0", "sgd:1.5", "gd:1",
                            "sign:1", "normalised:2", "decay", "decay:-1", "momentum:0.9:2"})
    CHECK_FALSE(parse_method(wrong));
  CHECK(text_of(*parse_method("momentum")) == "momentum:0.9");
  CHECK(text_of(*parse_method("sgd:5")) == "sgd:5");
}

TEST_CASE("methods: a plain configuration says nothing of its method", "[methods]") {
  RunConfig config;
  CHECK_FALSE(config_json(config).contains("method"));
  config.method = parse_method("nesterov:0.5").value();
  CHECK(config_json(config)["method"] == "nesterov:0.5");
}
