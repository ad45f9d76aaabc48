// benign list: the checks, in the order of the argument; all that is known of some of them.

#include "proofs_check/report/asked_checks.hpp"
#include "proofs_check/records/record_fields.hpp"
#include "proofs_check/report/report.hpp"
#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/models/model.hpp"
#include "sim/runs/records.hpp"

#include <memory>
#include <set>

namespace benign::proofs {
namespace {

struct ListOptions {
  std::vector<std::string> ids;
  bool whole = false, records = false, models = false, json = false;
};

/// Those of each name, in the order of the argument; all where none is given.
std::vector<const Check*> listed(const std::vector<std::string>& ids) {
  std::set<const Check*> named;
  for (const std::string& id : ids)
    for (const Check* check : find_checks("ID", id)) named.insert(check);
  std::vector<const Check*> found;
  for (const Check& check : registry())
    if (ids.empty() || named.contains(&check)) found.push_back(&check);
  return found;
}

std::string ids_text(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "none" : text;
}

/// The setting of the check's own test, in which its hypotheses are met: the small one of all that ask for no other.
Laboratory where_met(const Check& check) {
  Laboratory laboratory;
  laboratory.config.seed = 1;
  auto& p = laboratory.config.parameters;
  p.n = 4, p.T = 3, p.d = 20, p.steps = 20;
  if (check.met) check.met(laboratory);
  return laboratory;
}

/// As an evaluation names them; a study of two seeds is enough for that.
std::string hypotheses_text(const Check& check, Laboratory laboratory) {
  laboratory.seeds = 2;
  const Finding finding = check.evaluate(laboratory, laboratory.constant(check.id, check.C.value_or(1)));
  std::string text;
  for (const Hypothesis& hypothesis : finding.hypotheses)
    text += (text.empty() ? "" : "\n              ") + hypothesis.statement + " " + hypothesis.source;
  return text.empty() ? "none" : text;
}

/// All that the registration knows, its hypotheses, and a command that decides it where they are met.
std::string whole_text(const Check& check) {
  const Laboratory laboratory = where_met(check);
  std::string text = check.id + " (" + name(kind_of(check.id)) + ")\n";
  const auto line = [&](const char* key, const std::string& value) { text += format("  %-12s", key) + value + "\n"; };
  line("statement", check.statement);
  if (!check.tex.empty()) line("as TeX", check.tex);
  line("hypotheses", hypotheses_text(check, laboratory));
  line("constant", (check.C ? format("C = %g", *check.C) : std::string("none of its own")) +
                       (check.why_C.empty() ? "" : ": " + check.why_C));
  line("expected", theory::name(check.expected));
  line("error", theory::name(check.error_kind));
  line("source", check.source);
  if (!check.derivation.empty()) line("derivation", "theory/THEORY.md, section " + check.derivation);
  line("uses", ids_text(check.uses));
  line("used by", ids_text(users_of(check.id)));
  line("example", command_of({&check, {}, {}, laboratory.config.precision, laboratory.seeds}, laboratory));
  return text;
}

sim::Json json_of(const Check& check) {
  return {{"id", check.id},
          {"model", check.model.empty() ? sim::models().front().name : check.model},
          {"statement", check.statement},
          {"source", check.source},
          {"expected", theory::name(check.expected)},
          {"C", check.C ? sim::Json(*check.C) : sim::Json(nullptr)},
          {"why_C", check.why_C},
          {"kind", name(kind_of(check.id))},
          {"derivation", check.derivation},
          {"uses", check.uses},
          {"used_by", users_of(check.id)},
          {"tex", check.tex}};
}

/// A line for each model.
void print_models(const ListOptions& options) {
  sim::Json list = sim::Json::array();
  std::string text;
  for (const sim::Model& model : sim::models()) {
    list.push_back({{"name", model.name}, {"help", model.help}});
    text += format("%-24s", model.name.c_str()) + model.help + "\n";
  }
  print(options.json ? sim::Json{{"models", list}}.dump(2) + "\n" : text);
}

void run(const ListOptions& options) {
  if (options.models && (options.whole || options.records || !options.ids.empty()))
    throw UsageError("--models: alone or with --json, as in: benign list --models");
  if (options.models) return print_models(options);
  if (options.records && (options.whole || !options.ids.empty()))
    throw UsageError("--records: alone or with --json, as in: benign list --records");
  if (options.records) return print(options.json ? records_json().dump(2) + "\n" : records_page());
  if (options.whole && options.ids.empty())
    throw UsageError("--long: an id is missing, as in: benign list --long theorem.existence");
  sim::Json list = sim::Json::array();
  std::string text;
  for (const Check* check : listed(options.ids)) {
    if (options.json)
      list.push_back(json_of(*check));
    else if (options.whole)
      text += (text.empty() ? "" : "\n") + whole_text(*check);
    else
      text += format("%-31s", check->id.c_str()) + check->statement + "  (" + check->source + ")\n";
  }
  print(options.json ? sim::Json{{"checks", list}}.dump(2) + "\n" : text);
}

void add_list(CLI::App& program, int& status) {
  CLI::App* command = program.add_subcommand("list", "Every check: id, statement, source");
  command->footer(
      "Sources, of hypotheses too: [P] the paper, [A] the authors' code, [S] a summary, [D] derived in this project.\n"
      "Hypotheses are told, and the example runs, in a setting where they are met.\n"
      "Examples:\n"
      "  benign list theorem\n"
      "  benign list --long theorem.existence");
  auto options = std::make_shared<ListOptions>();
  command->add_option("ID", options->ids, "only these checks, or all below fig3, invariant, ...");
  command->add_flag("--long", options->whole,
                    "of each ID: statement, hypotheses, constant, source, what it uses and what uses it, an example");
  command->add_flag("--records", options->records,
                    "the fields of every record in place of the checks, as a page or with --json");
  command->add_flag("--models", options->models, "the models of --model in place of the checks");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback([options, &status] {
    run(*options);
    status = 0;
  });
}

const RegisterCommand list_command("list", add_list);

}  // namespace

}  // namespace benign::proofs
