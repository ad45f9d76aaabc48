// benign plot: figures of what a folder holds: runs, selections, a sweep, a report.

#include "plots/figures/figures.hpp"
#include "plots/records/series.hpp"
#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <memory>
#include <unistd.h>

namespace benign::proofs {
namespace {

struct PlotOptions {
  std::string folder, format = "svg";
};

plots::Format format_of(const std::string& text) {
  if (text == "svg") return plots::Format::svg;
  if (text == "png") return plots::Format::png;
  if (text == "pdf") return plots::Format::pdf;
  throw UsageError("--format", text, "svg, png, pdf");
}

int run(const PlotOptions& options) {
  const plots::Format format = format_of(options.format);
  std::vector<plots::Figure> figures;
  try {
    figures = plots::figures_of(options.folder);
  } catch (const plots::BadRecord& error) {
    throw UsageError(error.what());
  }
  if (access(options.folder.c_str(), W_OK) != 0)
    throw UsageError("DIR", options.folder, "a folder that can be written to");
  for (const auto& figure : figures) {
    const std::string picture = figure.draw(options.folder, format);
    print((isatty(STDOUT_FILENO) == 1 ? one_line(picture) : picture) + "\n");
  }
  return 0;
}

void add_plot(CLI::App& program, int& status) {
  CLI::App* command =
      program.add_subcommand("plot", "Draw the figures of runs, selections, a sweep or a report of checks");
  command->footer(
      "What DIR holds is drawn: series.jsonl of 'benign simulate --out', in DIR or in the folders in it, side by "
      "side;\n"
      "selection.jsonl of 'benign construct --out'; cells.jsonl or border.jsonl of 'benign phase --out'; hunt.json of "
      "'benign hunt --out'; check.json "
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
