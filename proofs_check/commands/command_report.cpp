// benign report: one page about all that a folder holds.

#include "proofs_check/page/page.hpp"
#include "proofs_check/page/story.hpp"
#include "proofs_check/page/summary.hpp"
#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <filesystem>
#include <memory>

namespace benign::proofs {
namespace {

struct ReportOptions {
  std::string folder, out;
  bool json = false;
};

/// What is printed: what came of each setting, and where the page and the pictures are.
std::string story_of(const page::Collection& collection, const std::string& file) {
  std::string text = page::story_text(collection.settings) + "The page: " + one_line(file) + "\n";
  if (const auto count = collection.pictures.size(); count > 0)
    text += "Pictures: " + std::to_string(count) + ", as " + one_line(collection.pictures.front().path.string()) + "\n";
  return text;
}

sim::Json report_page_json(const page::Collection& collection, const std::string& file, std::size_t bytes) {
  sim::Json settings = sim::Json::array();
  for (const page::Setting& setting : collection.settings)
    settings.push_back({{"name", setting.name}, {"verdicts", page::verdicts(setting.report)}});
  return {{"page", file}, {"settings", settings}, {"bytes", bytes}};
}

/// Names of folders may be no UTF-8.
std::string json_text(const sim::Json& json) {
  return json.dump(2, ' ', false, sim::Json::error_handler_t::replace) + "\n";
}

int run(const ReportOptions& options) {
  const page::Collection collection = page::collect(options.folder);
  const std::string file =
      options.out.empty() ? (std::filesystem::path(options.folder) / "report.html").string() : options.out;
  prepare_file("--out", file);
  const std::string html = page::page_html(collection);
  sim::write_whole(file, html);
  print(options.json ? json_text(report_page_json(collection, file, html.size())) : story_of(collection, file));
  return as_expected;
}

void add_report(CLI::App& program, int& status) {
  CLI::App* command =
      program.add_subcommand("report", "Write one page about all checks, runs and diagrams that a folder holds");
  command->footer(
      "DIR and its subfolders, up to two deep, hold check.json of 'benign check --out', one for each setting, and "
      "pictures\n"
      "of 'benign plot'. The page opens from disk without a network: what holds in sentences, the map of the argument, "
      "all\n"
      "margins, a table that sorts and filters, pictures, configurations. The map is laid out by Graphviz, formulas "
      "are\n"
      "set by KaTeX (Debian's graphviz and libjs-katex).\n"
      "Examples:\n"
      "  benign check --out runs/balanced\n"
      "  benign check --d 4500 --mu 5 --out runs/low_signal\n"
      "  benign report runs                               writes runs/report.html\n"
      "  benign report runs --out page.html --json");
  auto options = std::make_shared<ReportOptions>();
  command->add_option("DIR", options->folder, "folder with reports of checks")->required();
  command->add_option("--out", options->out, "the page's file (default DIR/report.html)")->type_name("FILE");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([command, options, &status] {
    if (command->count("--out") > 0 && options->out.empty())
      throw UsageError("--out", "", "a file that can be written");
    status = run(*options);
  });
}

const RegisterCommand report_command("report", add_report);

}  // namespace

}  // namespace benign::proofs
