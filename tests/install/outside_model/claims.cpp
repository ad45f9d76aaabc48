// Of one step from zero: all labels are fitted where C (1 − 2η) n SNR² <= 2, and the test error, which is about
// Φ(−(1 − 2η) SNR²√(nd)/2), is above 1/4 where SNR <= C (nd)^(−1/4).

#include "proofs_check/framework/hypotheses.hpp"
#include "sim/runs/method.hpp"

namespace {

using namespace benign;
using proofs::Finding, proofs::Laboratory;

Finding fits(const Laboratory& laboratory, double C) {
  const auto run = laboratory.run<double>(laboratory.config);
  const auto seen = run.observe(sim::descend_to(run, 1));
  const auto& p = run.config().parameters;
  const double x = (1 - 2 * p.eta.as<double>()) * theory::n_snr2(p) / 2, size = seen.outputs.cwiseAbs().maxCoeff();
  const auto smallest =
      sim::smallest_margin(run.frame().samples, run.frame().noisy, seen.outputs, [](bool, int) { return true; });
  return {.hypotheses = {{proofs::format("C (1 - 2 eta) n SNR^2 <= 2 (it is %.3g for C = 1)", 2 * x), C * x <= 1},
                         proofs::roomy(laboratory)},
          .margin = {*smallest / size, 1e-12}};
}

Finding harmful(const Laboratory& laboratory, double C) {
  const auto run = laboratory.run<double>(laboratory.config);
  const auto test = run.test(sim::descend_to(run, 1)).value();
  const auto& p = run.config().parameters;
  const double ratio = theory::snr(p) * std::sqrt(std::sqrt(static_cast<double>(p.n) * static_cast<double>(p.d)));
  return {.hypotheses = {{proofs::format("SNR <= C/(nd)^0.25 (it is %.3g of that for C = 1)", ratio), ratio <= C},
                         proofs::roomy(laboratory)},
          .margin = {test.wrong - 0.25, test.accuracy_error},
          .observed = proofs::format("test error %.4g", test.wrong)};
}

proofs::Check claim(int order, const char* id, const char* statement, Finding (*evaluate)(const Laboratory&, double),
                    double C) {
  proofs::Check check{.order = order, .id = id, .model = "mean-of-tokens", .statement = statement, .source = "[D]"};
  check.error_kind = theory::ErrorKind::estimated, check.evaluate = evaluate, check.C = C;
  return check;
}

const bool registered =
    proofs::register_check(claim(10'000, "mean.fits", "after one step all labels are fitted", fits, 1.5)) &&
    proofs::register_check(claim(10'001, "mean.harmful", "after one step the test error is above 1/4", harmful, 1));

}  // namespace
