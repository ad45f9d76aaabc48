// benign table: the paper's table for tokens of one's own: rows n, columns η, means and deviations over seeds.

#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/terminal/options.hpp"
#include "proofs_check/terminal/progress.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/records.hpp"
#include "sim/tokens/token_study.hpp"
#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <sstream>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

namespace benign::proofs {
namespace {

struct TableOptions {
  explicit TableOptions(CLI::App& command) : shared(command) {}

  SharedOptions shared;
  std::string ns = "20,200,1000", etas = "0,0.2", seeds = "3", out;
  bool json = false, out_given = false;
};

std::vector<std::string> items(const std::string& option, const std::string& text) {
  const std::vector<std::string> found = split(text);
  if (found.empty()) throw UsageError(option, text, "values with commas between them");
  return found;
}

struct Cell {
  sim::RunConfig config;
  std::vector<sim::TokenOutcome> outcomes;  // by seed
};

/// Mean and standard deviation over seeds.
struct Spread {
  double mean = 0, deviation = 0;
};

template <class Part>
Spread spread(const Cell& cell, const Part& part) {
  Spread s;
  const double count = static_cast<double>(cell.outcomes.size());
  for (const auto& outcome : cell.outcomes) s.mean += part(outcome) / count;
  for (const auto& outcome : cell.outcomes) s.deviation += std::pow(part(outcome) - s.mean, 2);
  s.deviation = count > 1 ? std::sqrt(s.deviation / (count - 1)) : 0;
  return s;
}

const char* name_of(theory::Regime regime) {
  switch (regime) {
    case theory::Regime::harmful: return "harmful";
    case theory::Regime::benign: return "benign";
    case theory::Regime::not_overfitting: break;
  }
  return "not overfitting";
}

/// The regime of most seeds.
std::string observed(const Cell& cell, const sim::TestError& baseline) {
  std::map<std::string, long> votes;
  for (const auto& outcome : cell.outcomes) ++votes[sim::observed_regime(outcome, baseline)];
  return std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

int run(const TableOptions& options) {
  const auto ns = items("--ns", options.ns), etas = items("--etas", options.etas);
  const long seeds = parse_integer("--seeds", options.seeds, 1, 10000);
  if (options.out_given && options.out.empty()) throw UsageError("--out", "", "the name of a folder");
  std::vector<Cell> cells;
  for (const auto& n : ns)
    for (const auto& eta : etas) {
      Cell cell{options.shared.config("", "", {{"n", {n, "--ns"}}, {"eta", {eta, "--etas"}}}), {}};
      if (!cell.config.brought)
        throw UsageError("--data", sim::text_of(sim::data_choices, cell.config.data),
                         "FILE.npy or fashion-mnist[:A,B]: the table is that of brought tokens");
      if (!cell.config.brought->test)
        throw UsageError("--test-data: the table needs a test set; give --test-data and --test-labels");
      refuse_auto(cell.config);
      cell.outcomes.resize(static_cast<std::size_t>(seeds));
      cells.push_back(std::move(cell));
    }
  if (options.out_given) prepare_folder(options.out);
  const sim::Brought& brought = *cells.front().config.brought;
  const sim::TestError baseline = sim::clean_baseline(brought);
  const auto estimates = sim::estimate_tokens(brought.train, brought.classes);

  // The longest first, so that no thread is left alone with one at the end.
  std::vector<std::pair<std::size_t, long>> runs;
  for (std::size_t k = 0; k < cells.size(); ++k)
    for (long seed = 0; seed < seeds; ++seed) runs.emplace_back(k, seed);
  std::stable_sort(runs.begin(), runs.end(), [&](const auto& a, const auto& b) {
    return cells[a.first].config.parameters.n > cells[b.first].config.parameters.n;
  });
  Progress progress("table", static_cast<long>(runs.size()));
  std::mutex drawing;
  long done = 0;
  tbb::parallel_for(
      tbb::blocked_range<std::size_t>(0, runs.size(), 1),
      [&](const auto& range) {
        for (std::size_t r = range.begin(); r < range.end(); ++r) {
          const auto [k, seed] = runs[r];
          sim::RunConfig one = cells[k].config;
          one.seed += static_cast<std::uint64_t>(seed);
          cells[k].outcomes[static_cast<std::size_t>(seed)] = sim::train_on_tokens(one, 50);
          const std::scoped_lock lock(drawing);
          progress.show(++done);
        }
      },
      tbb::simple_partitioner());

  std::string text = format("frozen head, uniform attention: test accuracy %.4f +- %.4f, test loss %.4f\n",
                            baseline.accuracy, baseline.accuracy_error, baseline.loss);
  text += format("SNR %.3f, effective dimension %.1f\n\n", estimates.snr.value, estimates.effective_dimension.value);
  text +=
      "     n   eta  train loss       train acc  flipped fitted  test accuracy    n SNR^2  predicted        observed\n";
  sim::Json list = sim::Json::array();
  for (const Cell& cell : cells) {
    const auto p = sim::effective_parameters(cell.config, estimates);
    const auto loss = spread(cell, [](const auto& x) { return x.train_loss; });
    const auto train = spread(cell, [](const auto& x) { return x.train_accuracy; });
    const auto flipped = spread(cell, [](const auto& x) { return x.flipped_right.value_or(NAN); });
    const auto test = spread(cell, [](const auto& x) { return x.test->accuracy; });
    const auto test_loss = spread(cell, [](const auto& x) { return x.test->loss; });
    const auto attention = spread(cell, [](const auto& x) { return x.clean_attention; });
    const std::string predicted = name_of(theory::regime(p)), seen = observed(cell, baseline);
    text += format("%6ld %5s  %.4f +- %.4f  %.4f     %-14s  %.4f +- %.4f  %7.2f  %-15s  %s\n", p.n,
                   p.eta.text().c_str(), loss.mean, loss.deviation, train.mean,
                   std::isnan(flipped.mean) ? "-" : format("%.3f +- %.3f", flipped.mean, flipped.deviation).c_str(),
                   test.mean, test.deviation, theory::n_snr2(p), predicted.c_str(), seen.c_str());
    list.push_back({{"config", sim::config_json(cell.config)},
                    {"seeds", seeds},
                    {"train_loss", {loss.mean, loss.deviation}},
                    {"train_accuracy", {train.mean, train.deviation}},
                    {"flipped_right", {sim::finite(flipped.mean), sim::finite(flipped.deviation)}},
                    {"test_accuracy", {test.mean, test.deviation}},
                    {"test_loss", {test_loss.mean, test_loss.deviation}},
                    {"clean_attention", {attention.mean, attention.deviation}},
                    {"n_snr2", theory::n_snr2(p)},
                    {"predicted", predicted},
                    {"observed", seen}});
  }
  const sim::Json json = {
      {"baseline",
       {{"test_accuracy", baseline.accuracy}, {"stderr", baseline.accuracy_error}, {"loss", baseline.loss}}},
      {"cells", list}};
  if (options.out_given) sim::write_whole(options.out + "/table.json", json.dump(2));
  print(options.json ? json.dump(2) + "\n" : text);
  return 0;
}

void add_table(CLI::App& program, int& status) {
  CLI::App* command = program.add_subcommand("table", "The paper's table for brought tokens: n by eta, over seeds");
  command->footer(
      "Standard deviations are over seeds: each draws its samples, flips and W0. n SNR^2 and the predicted regime are\n"
      "those of the estimates that 'benign diagnose' prints.\n"
      "Examples:\n"
      "  benign table --data fashion-mnist:0,6 --lr-unit tau0 --lr 0.02\n"
      "  benign table --data fashion-mnist:0,6 --lr-unit tau0 --lr 0.02 --ns 200 --etas 0,0.1,0.2,0.3,0.4,0.5\n"
      "  benign table --data vit.npy --labels y.npy --test-data vit_test.npy --test-labels y_test.npy");
  auto options = std::make_shared<TableOptions>(*command);
  command->add_option("--ns", options->ns, "numbers of training samples")->type_name("20,200,1000");
  command->add_option("--etas", options->etas, "shares of flipped labels")->type_name("0,0.2");
  command->add_option("--seeds", options->seeds, "runs of each cell, counted up from --seed")->type_name("3");
  command->add_option("--out", options->out, "write table.json to DIR")->type_name("DIR");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([command, options, &status] {
    options->out_given = command->count("--out") > 0;
    status = run(*options);
  });
}

const RegisterCommand table_command("table", add_table);

}  // namespace

}  // namespace benign::proofs
