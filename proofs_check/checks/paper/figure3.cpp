// The paper's Figure 3: what 1000 steps of descent do in its three settings.
//
// The numbers that the authors' script prints for one run [A] are (train/test accuracy) 1.0/0.996 at (d, ‖μ‖) =
// (2000, 20), 1.0/0.867 at (4500, 5) and 0.8/1.0 at (1000, 100). One run is one seed; the claims here are about means
// over seeds, with Student's interval and the error of the test integral. Thresholds [D]: "fitted" is fewer than one
// label of 20 wrong in the mean (0.97), a small test error one input of a thousand more than the published four
// (0.995), 0.867 ± 0.02 is two standard errors of the published run's 1000 inputs, and the large signal's train
// accuracy lies between the published 0.8 = 1 − η and 0.97.

#include "proofs_check/framework/check.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/framework/student.hpp"
#include "sim/runs/records.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs::figure3 {

using sim::Result;
using sim::RunConfig;
using Value = double (*)(const Result<double>&);

struct Setting {
  const char* name;
  long d;
  const char* mu;
};
constexpr Setting benign_setting{"balanced", 2000, "20"};
constexpr Setting harmful_setting{"low signal", 4500, "5"};
constexpr Setting large_setting{"large signal", 1000, "100"};

/// The published experiment in that setting.
RunConfig published(const Setting& setting) {
  RunConfig config;
  config.parameters.d = setting.d;
  config.parameters.mu = theory::Decimal(setting.mu);
  return config;
}

/// Whether the laboratory's configuration is the setting, but for what cannot matter to it.
Hypothesis is_setting(const Laboratory& laboratory, const Setting& setting) {
  RunConfig config = laboratory.config, wanted = published(setting);
  wanted.seed = config.seed;
  wanted.precision = config.precision;
  wanted.route = config.route;
  return {
      std::string("the setting is the published one at d = ") + std::to_string(setting.d) + ", |mu| = " + setting.mu,
      sim::config_json(config) == sim::config_json(wanted), "[P]"};
}

double train_accuracy(const Result<double>& result) { return result.last.train_accuracy; }
double test_accuracy(const Result<double>& result) { return result.last.test->accuracy; }
double noisy_attention(const Result<double>& result) { return result.last.noisy->share[theory::relevant]; }

/// The mean over the study, with the largest standard error of a test integral (three times) in its half-width. The
/// planted fault puts 1 − value in each value's place: every answer turned round.
Mean study_mean(const Laboratory& laboratory, const RunConfig& setting, Value value, bool faulty) {
  std::vector<double> values;
  double integral = 0;
  for (const auto& result : laboratory.study(setting)) {
    values.push_back(faulty ? 1 - value(result) : value(result));
    if (value == test_accuracy) integral = std::max(integral, result.last.test->accuracy_margin());
  }
  Mean mean = value == train_accuracy ? mean_of_shares(values, setting.parameters.n) : mean_of(values);
  mean.half_width += integral;
  return mean;
}

std::string text_of(const Mean& mean) {
  return format("mean %.4f +- %.4f (sd %.4f, from %.4f to %.4f)", mean.value, mean.half_width, mean.deviation,
                mean.smallest, mean.largest);
}

// Beyond any accuracy, so that the upper end of the interval cannot be what decides.
constexpr double no_limit = 2;

struct Claim {
  Setting setting;
  Value value;
  double low, high;
};

/// "The mean of `value` over seeds lies in [low, high]."
Finding mean_within(const Laboratory& laboratory, const Claim& claim, bool faulty) {
  Finding finding;
  finding.hypotheses = {is_setting(laboratory, claim.setting)};
  const RunConfig& run = finding.hypotheses_met() ? laboratory.config : published(claim.setting);
  const Mean mean = study_mean(laboratory, run, claim.value, faulty);
  finding.margin = {std::min(mean.value - claim.low, claim.high - mean.value), mean.half_width};
  finding.scale = claim.high == no_limit ? 1 - claim.low : (claim.high - claim.low) / 2;
  finding.observed = (finding.hypotheses_met() ? "" : "there: ") + text_of(mean);
  return finding;
}

Finding attention_order(const Laboratory& laboratory, bool faulty) {
  Finding finding;
  finding.hypotheses = {is_setting(laboratory, large_setting)};
  const Mean here = study_mean(laboratory, published(large_setting), noisy_attention, false);
  double others = 0, error = 0;
  for (const Setting& setting : {benign_setting, harmful_setting}) {
    const Mean mean = study_mean(laboratory, published(setting), noisy_attention, faulty);
    if (mean.value >= others) others = mean.value, error = mean.half_width;
  }
  finding.margin = {here.value - others, here.half_width + error};
  finding.observed =
      (finding.hypotheses_met() ? "" : "there: ") + text_of(here) + format(", at most %.4f in the others", others);
  return finding;
}

Check study(int order, std::string id, std::string statement, std::string source, const Setting& setting,
            std::function<Finding(const Laboratory&, bool faulty)> claim, const std::vector<Setting>& runs) {
  return {.order = order,
          .id = std::move(id),
          .statement = std::move(statement),
          .source = std::move(source),
          .error_kind = theory::ErrorKind::statistical,
          .remedy = Remedy::seeds,
          .expenses =
              [runs](const Laboratory&) {
                std::vector<Expense> expenses;
                for (const Setting& one : runs) expenses.push_back({published(one)});
                return expenses;
              },
          .evaluate = [claim](const Laboratory& laboratory, double) { return claim(laboratory, false); },
          .met =
              [setting](Laboratory& laboratory) {
                laboratory.config = published(setting);
                laboratory.config.seed = 1;
                laboratory.seeds = 6;
              },
          .unmet =
              [setting](Laboratory& laboratory) {
                laboratory.config = published(setting);
                laboratory.config.parameters.rho = theory::Decimal("0.2");
              },
          .fault = [claim](const Laboratory& laboratory, double) { return claim(laboratory, true); }};
}

Check mean_of_study(int order, std::string id, std::string statement, std::string source, const Claim& claim) {
  return study(order, std::move(id), std::move(statement), std::move(source), claim.setting,
               [claim](const Laboratory& laboratory, bool faulty) { return mean_within(laboratory, claim, faulty); },
               {claim.setting});
}

const bool registered =
    register_check(
        argued(mean_of_study(200, "fig3.benign.train",
                             "balanced: training labels are fitted, noisy ones too (mean accuracy >= 0.97)",
                             "[A] 1.0 in one run; threshold [D]", {benign_setting, train_accuracy, 0.97, no_limit}),
               "2.4", {"theorem.benign.stage1"},
               R"(\overline{\text{train accuracy}} \ge 0.97 \quad\text{at } d = 2000,\ \|\mu\| = 20)")) &&
    register_check(argued(
        mean_of_study(201, "fig3.benign.test", "balanced: test error is small all the same (mean accuracy >= 0.995)",
                      "[A] 0.996 in one run; threshold [D]", {benign_setting, test_accuracy, 0.995, no_limit}),
        "2.4", {"theorem.benign.stage2"},
        R"(\overline{\text{test accuracy}} \ge 0.995 \quad\text{at } d = 2000,\ \|\mu\| = 20)")) &&
    register_check(argued(
        mean_of_study(210, "fig3.harmful.train", "low signal: training labels are fitted (mean accuracy >= 0.97)",
                      "[A] 1.0 in one run; threshold [D]", {harmful_setting, train_accuracy, 0.97, no_limit}),
        "2.4", {"theorem.harmful"},
        R"(\overline{\text{train accuracy}} \ge 0.97 \quad\text{at } d = 4500,\ \|\mu\| = 5)")) &&
    register_check(argued(
        mean_of_study(211, "fig3.harmful.test", "low signal: test accuracy is clearly below 1 (mean in 0.867 +- 0.02)",
                      "[A] 0.867 in one run; width [D]", {harmful_setting, test_accuracy, 0.847, 0.887}),
        "2.4", {"theorem.harmful"},
        R"(\overline{\text{test accuracy}} \in 0.867 \pm 0.02 \quad\text{at } d = 4500,\ \|\mu\| = 5)")) &&
    register_check(
        argued(mean_of_study(220, "fig3.not_overfitting.train",
                             "large signal: noisy labels are not all fitted (mean accuracy in [0.8, 0.97])",
                             "[A] 0.8 in one run, which is 1 - eta; up to where fig3.benign.train says fitted",
                             {large_setting, train_accuracy, 0.8, 0.97}),
               "2.4", {"theorem.not_overfitting", "law.memorisation"},
               R"(\overline{\text{train accuracy}} \in [0.8,\ 0.97] \quad\text{at } d = 1000,\ \|\mu\| = 100)")) &&
    register_check(argued(
        mean_of_study(221, "fig3.not_overfitting.test", "large signal: test error is small (mean accuracy >= 0.995)",
                      "[A] 1.0 in one run; threshold [D]", {large_setting, test_accuracy, 0.995, no_limit}),
        "2.4", {"theorem.not_overfitting"},
        R"(\overline{\text{test accuracy}} \ge 0.995 \quad\text{at } d = 1000,\ \|\mu\| = 100)")) &&
    register_check(argued(
        study(222, "fig3.not_overfitting.attention",
              "large signal: noisy samples attend to the relevant token more than in the other settings",
              "[S], [A] figure", large_setting, attention_order, {benign_setting, harmful_setting, large_setting}),
        "2.4", {"theorem.not_overfitting"},
        R"(\overline{s_{i,1}}\big|_{i \text{ noisy}} \text{ at } (1000, 100) \\ > \text{ those at } (2000, 20) \text{ and } (4500, 5))"));

}  // namespace benign::proofs::figure3
