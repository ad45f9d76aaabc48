// A theorem of one's own as two checks, in a program that has all of benign's beside them [D].
//
// With a(s) the mean attention of clean samples on their relevant token and s = tau/tau0:
//   mine.rises    a never falls, if n SNR^2 is below the turning point x_c;
//   mine.arrives  1 - a(s) <= C (T - 1)/s for all s >= 1.

#include "proofs_check/framework/hypotheses.hpp"
#include "proofs_check/program/program.hpp"

namespace {

using namespace benign;
using proofs::Finding;
using proofs::Laboratory;

struct Point {
  double s, a, error;
};

/// a(s) at the run's moments. An error of two logits moves a share of attention by at most half of one of them.
std::vector<Point> clean_attention(const sim::Trajectory& run) {
  std::vector<Point> points;
  for (const sim::Moment& moment : run.moments)
    if (moment.clean)
      points.push_back({run.s(moment), moment.clean->share[theory::relevant], moment.logit_error / 2 + 1e-15});
  return points;
}

/// The least rise between two moments.
theory::Margin least_rise(const std::vector<Point>& a) {
  theory::Margin least{HUGE_VAL, 0};
  for (std::size_t k = 1; k < a.size(); ++k)
    if (const double rise = a[k].a - a[k - 1].a; rise < least.value) least = {rise, a[k].error + a[k - 1].error};
  return least;
}

Finding rises(const Laboratory& laboratory, double) {
  Finding finding;
  finding.hypotheses = {proofs::below_turning_point(laboratory)};
  finding.margin = least_rise(clean_attention(laboratory.trajectory()));
  finding.observed = "least rise of the clean attention between two moments";
  return finding;
}

Finding arrives(const Laboratory& laboratory, double C) {
  const double others = static_cast<double>(laboratory.config.parameters.T - 1);
  Finding finding;
  double needed = 0, error = 0;
  for (const Point& at : clean_attention(laboratory.trajectory()))
    if (at.s >= 1 && (1 - at.a) * at.s / others > needed)
      needed = (1 - at.a) * at.s / others, error = at.error * at.s / others;
  finding.hypotheses = {proofs::sound_run(laboratory), {"the run reaches s = 1", needed > 0}};
  finding.margin = {C - needed, error};
  finding.scale = C;
  finding.constant = needed;  // the smallest C for which the claim holds
  finding.observed = "largest (1 - a) s/(T - 1)";
  return finding;
}

const bool registered =
    proofs::register_check(
        {.order = 10'000,
         .id = "mine.rises",
         .statement = "the mean attention of clean samples on the relevant token never falls",
         .source = "[D] this file",
         .error_kind = theory::ErrorKind::estimated,
         .evaluate = rises,
         .unmet = [](Laboratory& l) { l.config.parameters.mu = theory::Decimal("1000"); },
         .fault =
             [](const Laboratory&, double) {
               return Finding{.margin = least_rise({{0, 0.5, 1e-9}, {1, 0.6, 1e-9}, {2, 0.59, 1e-9}})};
             }}) &&
    proofs::register_check({.order = 10'001,
                            .id = "mine.arrives",
                            .statement = "1 - a(s) <= C (T - 1)/s for s >= 1",
                            .source = "[D] this file",
                            .error_kind = theory::ErrorKind::estimated,
                            .evaluate = arrives,
                            .C = 3,
                            .why_C = "the settings of Figure 3 need 2.01"});

}  // namespace

int main(int argc, char** argv) { return proofs::run_program(argc, argv); }
