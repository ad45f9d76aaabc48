// Methods as d tends to infinity: the limit's eight scalars, and how late times run.

#include "tests/support/compare.hpp"
#include "sim/runs/method.hpp"
#include "sim/runs/parameter_table.hpp"

using namespace benign;
using namespace benign::sim;
using benign::tests::relative_difference;
using benign::tests::require_close;
using theory::Decimal;
using theory::Init;

namespace {

RunConfig near_the_limit(const char* method, long n, long T, long d, double n_snr2) {
  RunConfig config;
  config.parameters.n = n, config.parameters.T = T, config.parameters.d = d;
  config.parameters.mu = decimal_of(std::sqrt(n_snr2 / static_cast<double>(n) * static_cast<double>(d)));
  config.data = DataKind::gram, config.parameters.init = Init::gaussian;
  config.method = parse_method(method).value();
  return config;
}

Vector<double> logits_at_end(const RunConfig& config) {
  const Run<double> run(config);
  const auto method = make_method(run);
  train(*method, config.parameters.steps, [](long) {});
  return run.route().read(method->state()).logits;
}

}  // namespace

TEST_CASE("methods: in the limit momentum is that of the finite system with d to infinity", "[methods][limit]") {
  for (const char* method : {"momentum:0.9", "nesterov:0.8", "normalised"}) {
    std::vector<double> differences;
    for (const long d : {100'000'000L, 10'000'000'000L}) {
      RunConfig config = near_the_limit(method, 6, 4, d, 0.5);
      config.parameters.steps = 200, config.parameters.lr = Decimal("0.02");
      config.parameters.lr_unit = theory::LrUnit::tau0;
      if (config.method.kind == MethodKind::normalised) {
        config.parameters.lr_unit = theory::LrUnit::absolute;
        config.parameters.lr = decimal_of(0.02 / std::sqrt(static_cast<double>(d)));
      }
      const auto finite = logits_at_end(config);
      config.route = RouteKind::limit;
      const auto limit = logits_at_end(config);
      differences.push_back(relative_difference(finite, limit));
    }
    INFO(method << ": " << differences[0] << ", then " << differences[1]);
    CHECK(differences[0] < 0.02);
    CHECK(differences[1] < differences[0] / 5);  // like d^(-1/2)
  }
}

TEST_CASE(
    "methods: late, normalised steps move log s by alpha / sqrt(A tau0) each, where the flow's loss falls like A/s",
    "[methods][limit]") {
  for (const double alpha_of_x : {1e-5, 4e-6}) {
    RunConfig config = near_the_limit("gd", 20, 8, 100'000'000, 0.25);
    config.parameters.steps = 4000;
    config.parameters.lr = decimal_of(alpha_of_x), config.route = RouteKind::limit;
    const Run<dd> flow(config);
    const auto loss_at = [&](double log_s) {
      return flow.observe(flow_to(flow.route(), u_of_log_s(dd(log_s)), 1e-20)).train_loss;
    };
    const double A = representative<dd>(loss_at(20) - loss_at(60)) * std::exp(20.0);
    config.method = parse_method("normalised").value();
    std::vector<double> log_s;
    simulate<double>(config, 2000, [&](const auto& seen) { log_s.push_back(seen.log_s); });
    const double predicted = alpha_of_x / std::sqrt(A * theory::scales<double>(config.parameters).tau0);
    require_close((log_s[2] - log_s[1]) / 2000, predicted, 1e-3);
  }
}
