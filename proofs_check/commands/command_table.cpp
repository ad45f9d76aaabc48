// benign table: the paper's table for tokens of one's own: rows n, columns η, means and deviations over seeds.

#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/terminal/options.hpp"
#include "proofs_check/terminal/progress.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/records.hpp"
#include "sim/tokens/token_table.hpp"

namespace benign::proofs {
namespace {

struct TableOptions {
  explicit TableOptions(CLI::App& command) : shared(command, defaults_of_given_tokens) {}

  SharedOptions shared;
  std::string ns, etas = "0,0.2", seeds = "3", out;
  bool json = false, out_given = false;
};

std::vector<std::string> items(const std::string& option, const std::string& text) {
  const std::vector<std::string> found = split(text);
  if (found.empty()) throw UsageError(option, text, "values with commas between them");
  return found;
}

/// The table is one of tests: it needs brought tokens, a test set, and a route that knows what is tested.
void require_a_test(const sim::RunConfig& config) {
  if (!config.brought)
    throw UsageError("--data", sim::text_of(sim::data_choices, config.data),
                     "FILE.npy or fashion-mnist[:A,B]: the table is that of brought tokens");
  if (!config.brought->test)
    throw UsageError("--test-data: the table needs a test set; give --test-data and --test-labels");
  if (config.route == sim::RouteKind::statistics)
    throw UsageError("--route", "statistics", "direct or coefficients: statistics has no test error");
}

/// 20, 200 and 1000, as far as the file goes: at most all of its samples, and at least one of each class.
std::vector<std::string> usual_ns(const SharedOptions& shared) {
  const sim::RunConfig all = shared.config("", "", {{"eta", {"0", "--etas"}}, {"route", {"direct", "--route"}}});
  require_a_test(all);
  const long classes = all.brought->classes, most = static_cast<long>(all.brought->train.n);
  std::vector<std::string> ns;
  for (const long n : {20L, 200L, 1000L})
    if (const auto text = std::to_string(std::clamp(n, classes, most)); ns.empty() || ns.back() != text)
      ns.push_back(text);
  return ns;
}

std::string text_of(const sim::TokenTable& table) {
  std::string text = format("frozen head, uniform attention: test accuracy %.4f +- %.4f, test loss %.4f\n",
                            table.baseline.accuracy, table.baseline.accuracy_error, table.baseline.loss);
  text += format("SNR %.3f, effective dimension %.1f\n\n", table.estimates.snr.value,
                 table.estimates.effective_dimension.value);
  text +=
      "     n   eta  train loss       train acc  flipped fitted  test accuracy    n SNR^2  predicted        observed\n";
  for (const sim::TableCell& cell : table.cells) {
    const auto& p = cell.config.parameters;
    const auto loss = cell.train_loss(), test = cell.test_accuracy();
    const auto flipped = cell.flipped_right();
    text += format("%6ld %5s  %.4f +- %.4f  %.4f     %-14s  %.4f +- %.4f  %7.2f  %-15s  %s\n", p.n,
                   p.eta.text().c_str(), loss.mean, loss.deviation, cell.train_accuracy().mean,
                   flipped ? format("%.3f +- %.3f", flipped->mean, flipped->deviation).c_str() : "-", test.mean,
                   test.deviation, cell.n_snr2, name(cell.predicted),
                   (name(cell.observed()) + (cell.unstable() ? " *" : "")).c_str());
  }
  const auto any = [&](auto is) { return std::any_of(table.cells.begin(), table.cells.end(), is); };
  if (any([](const auto& cell) { return cell.unstable(); }))
    text +=
        "\n* of an unstable descent, whose step is too long: 'benign diagnose' with that --n and --eta proposes one\n";
  if (any([](const auto& cell) { return cell.borders_crossed; }))
    text +=
        "\nWhere n > sqrt(d_eff) the borders d_eff^(-1/4) and n^(-1/2) have crossed: no prediction can be benign.\n";
  return text;
}

sim::Json json_of(const sim::Spread& s) { return {sim::finite(s.mean), sim::finite(s.deviation)}; }

sim::Json json_of(const sim::TokenTable& table) {
  sim::Json list = sim::Json::array();
  for (const sim::TableCell& cell : table.cells) {
    const auto flipped = cell.flipped_right();
    list.push_back({{"config", sim::config_json(cell.config)},
                    {"seeds", cell.outcomes.size()},
                    {"train_loss", json_of(cell.train_loss())},
                    {"train_accuracy", json_of(cell.train_accuracy())},
                    {"flipped_right", flipped ? json_of(*flipped) : sim::Json{nullptr, nullptr}},
                    {"test_accuracy", json_of(cell.test_accuracy())},
                    {"test_loss", json_of(cell.test_loss())},
                    {"clean_attention", json_of(cell.attention())},
                    {"n_snr2", cell.n_snr2},
                    {"predicted", name(cell.predicted)},
                    {"borders_crossed", cell.borders_crossed},
                    {"start_sharpness", cell.start_sharpness ? sim::finite(*cell.start_sharpness) : sim::Json(nullptr)},
                    {"loss_rose", cell.rises()},
                    {"observed", name(cell.observed())}});
  }
  return {{"baseline",
           {{"test_accuracy", table.baseline.accuracy},
            {"stderr", table.baseline.accuracy_error},
            {"loss", table.baseline.loss}}},
          {"cells", list}};
}

int run(const TableOptions& options) {
  const auto ns = options.ns.empty() ? usual_ns(options.shared) : items("--ns", options.ns);
  const auto etas = items("--etas", options.etas);
  const long seeds = parse_integer("--seeds", options.seeds, 1, 10000);
  if (options.out_given && options.out.empty()) throw UsageError("--out", "", "the name of a folder");
  std::vector<sim::RunConfig> configs;
  for (const auto& n : ns)
    for (const auto& eta : etas) {
      configs.push_back(options.shared.config("", "", {{"n", {n, "--ns"}}, {"eta", {eta, "--etas"}}}));
      require_a_test(configs.back());
      refuse_what_simulate_alone_takes(configs.back());
    }
  if (options.out_given) prepare_folder(options.out);
  Progress progress("table", static_cast<long>(configs.size()) * seeds);
  const auto table = sim::token_table(configs, seeds, [&](long done) { progress.show(done); });
  if (options.out_given) sim::write_whole(options.out + "/table.json", json_of(table).dump(2));
  print(options.json ? json_of(table).dump(2) + "\n" : text_of(table));
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
  command->add_option("--ns", options->ns, "numbers of training samples")
      ->type_name("20,200,1000 as far as the file goes");
  command->add_option("--etas", options->etas, "shares of flipped labels")->type_name("0,0.2");
  command->add_option("--seeds", options->seeds, "runs of each cell, counted up from --seed")->type_name("3");
  command->add_option("--out", options->out, "write table.json to DIR")->type_name("DIR");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([command, options, &status] {
    options->out_given = command->count("--out") > 0;
    for (const char* one : {"--n", "--eta"})  // which would change nothing
      if (command->count(one) > 0)
        throw UsageError(one, command->get_option(one)->results().front(), std::string(one) + "s with the table");
    status = run(*options);
  });
}

const RegisterCommand table_command("table", add_table);

}  // namespace

}  // namespace benign::proofs
