// benign plot: figures of what a folder holds: runs, selections, a sweep, a report.

#include "plots/figures/border_figure.hpp"
#include "plots/figures/error_law_figure.hpp"
#include "plots/figures/ladder_figure.hpp"
#include "plots/figures/margins_figure.hpp"
#include "plots/figures/phase_figure.hpp"
#include "plots/figures/run_figures.hpp"
#include "plots/figures/selection_figure.hpp"
#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <memory>
#include <unistd.h>

namespace benign::proofs {
namespace {

constexpr std::size_t most_side_by_side = 4;  // columns, of runs that another figure shows together

struct PlotOptions {
  std::string folder, format = "svg";
};

plots::Format format_of(const std::string& text) {
  if (text == "svg") return plots::Format::svg;
  if (text == "png") return plots::Format::png;
  if (text == "pdf") return plots::Format::pdf;
  throw UsageError("--format", text, "svg, png, pdf");
}

/// The figures of all records in the folder. Throws BadRecord where there are none.
std::vector<plots::Figure> figures_of(const std::filesystem::path& folder) {
  std::vector<plots::Figure> figures;
  if (const auto runs = plots::read_all_series(folder); !runs.empty()) {
    if (plots::is_ladder(runs)) figures.push_back(plots::ladder_figure(runs));
    if (figures.empty() || runs.size() <= most_side_by_side) {
      figures.push_back(plots::attention_figure(runs));
      figures.push_back(plots::learning_figure(runs));
    }
  }
  if (std::filesystem::exists(folder / "selection.jsonl"))
    figures.push_back(plots::selection_figure(plots::read_selections(folder)));
  if (std::filesystem::exists(folder / "check.json"))
    figures.push_back(plots::margins_figure(plots::read_report(folder)));
  if (plots::holds_cells(folder)) {
    const plots::Sweep sweep = plots::read_cells(folder);
    figures.push_back(plots::phase_figure(sweep));
    if (plots::is_papers(sweep)) figures.push_back(plots::paper_figure(sweep));
    if (plots::has_infinite_time(sweep)) figures.push_back(plots::infinite_time_figure(sweep));
    if (plots::has_error_law(sweep)) figures.push_back(plots::error_law_figure(sweep));
    if (plots::has_regimes(sweep)) figures.push_back(plots::regimes_figure(sweep));
  }
  if (plots::holds_border(folder))
    figures.push_back(plots::border_figure(plots::read_border(folder), plots::read_fit(folder)));
  if (figures.empty())
    throw plots::BadRecord(folder.string() +
                           " holds no series.jsonl ('benign simulate --out' writes one), selection.jsonl ('benign "
                           "construct --out'), cells.jsonl or border.jsonl ('benign phase --out') or check.json "
                           "('benign check --out')");
  return figures;
}

int run(const PlotOptions& options) {
  const plots::Format format = format_of(options.format);
  std::vector<plots::Figure> figures;
  try {
    figures = figures_of(options.folder);
  } catch (const plots::BadRecord& error) {
    throw UsageError(error.what());
  }
  if (access(options.folder.c_str(), W_OK) != 0)
    throw UsageError("DIR", options.folder, "a folder that can be written to");
  for (const auto& figure : figures) print(figure.draw(options.folder, format).string() + "\n");
  return 0;
}

void add_plot(CLI::App& program, int& status) {
  CLI::App* command =
      program.add_subcommand("plot", "Draw the figures of runs, selections, a sweep or a report of checks");
  command->footer(
      "What DIR holds is drawn: series.jsonl of 'benign simulate --out', in DIR or in the folders in it, side by "
      "side;\n"
      "selection.jsonl of 'benign construct --out'; cells.jsonl or border.jsonl of 'benign phase --out'; check.json "
      "of\n"
      "'benign check --out'. Each figure's data (.tsv) and script (.gp) stand beside it.\n"
      "Examples:\n"
      "  benign simulate --every 5 --out runs/balanced\n"
      "  benign simulate --every 5 --d 4500 --mu 5 --out runs/low_signal\n"
      "  benign plot runs --format png\n"
      "  benign check --out runs; benign plot runs");
  auto options = std::make_shared<PlotOptions>();
  command->add_option("DIR", options->folder, "folder with records")->required();
  command->add_option("--format", options->format, "svg, png or pdf (default svg)")->type_name("FORMAT");
  command->callback([options, &status] { status = run(*options); });
}

const RegisterCommand plot_command("plot", add_plot);

}  // namespace

}  // namespace benign::proofs
