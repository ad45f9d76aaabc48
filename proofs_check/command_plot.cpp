// benign plot: figures of the runs in a folder.

#include "plots/run_figures.hpp"
#include "proofs_check/commands.hpp"
#include "proofs_check/usage_error.hpp"

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
  std::vector<plots::Series> runs;
  try {
    runs = plots::read_all_series(options.folder);
  } catch (const plots::BadRecord& error) {
    throw UsageError(error.what());
  }
  if (access(options.folder.c_str(), W_OK) != 0)
    throw UsageError("DIR", options.folder, "a folder that can be written to");
  for (const auto& figure : {plots::attention_figure(runs), plots::learning_figure(runs)})
    print(figure.draw(options.folder, format).string() + "\n");
  return 0;
}

}  // namespace

void add_plot(CLI::App& program, int& status) {
  CLI::App* command = program.add_subcommand("plot", "Draw the figures of a run, or of several side by side");
  command->footer(
      "DIR is what 'benign simulate --out' wrote, or a folder of such folders. Each figure's data (.tsv) and script "
      "(.gp)\n"
      "stand beside it.\n"
      "Examples:\n"
      "  benign simulate --every 5 --out runs/balanced\n"
      "  benign simulate --every 5 --d 4500 --mu 5 --out runs/low_signal\n"
      "  benign plot runs --format png");
  auto options = std::make_shared<PlotOptions>();
  command->add_option("DIR", options->folder, "folder with series.jsonl, or with folders that have one")->required();
  command->add_option("--format", options->format, "svg, png or pdf (default svg)")->type_name("FORMAT");
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace benign::proofs
