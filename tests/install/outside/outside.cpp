// A project of one file: a check of its own, in a program that has all of benign's beside it.

#include "proofs_check/framework/check.hpp"
#include "proofs_check/program/program.hpp"
#include "sim/runs/simulate.hpp"

#include <algorithm>

namespace {

using namespace benign;

/// After one small step from p = 0 no logit is further from 0 than C times the step.
proofs::Finding logits_start_small(const proofs::Laboratory& laboratory, double C) {
  const sim::Run<double> run(laboratory.config);
  auto state = run.route().start();
  const double step = run.frame().scales.step;
  run.route().descend(state, step);
  const double largest = run.route().read(state).logits.cwiseAbs().maxCoeff();
  proofs::Finding finding;
  finding.margin = {C * step - largest, 1e-12};
  finding.constant = largest / step;
  return finding;
}

const bool registered =
    proofs::register_check({.order = 10'000,
                            .id = "outside.logits",
                            .statement = "after one step the logits are at most C steps",
                            .source = "[D] this file",
                            .error_kind = theory::ErrorKind::estimated,
                            .evaluate = logits_start_small,
                            .C = 20,
                            .why_C = "logits are of the order of the time in units of tau0, and of n SNR^2 = 20 here"});

}  // namespace

int main(int argc, char** argv) { return proofs::run_program(argc, argv); }
