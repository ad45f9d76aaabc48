// benign list: the checks, in the order of the argument.

#include "proofs_check/framework/check.hpp"
#include "proofs_check/terminal/commands.hpp"
#include "sim/runs/records.hpp"

#include <cstdio>
#include <memory>

namespace benign::proofs {
namespace {

void add_list(CLI::App& program, int& status) {
  CLI::App* command = program.add_subcommand("list", "Every check: id, statement, source");
  command->footer("Sources: [P] the paper, [A] the authors' code, [S] a summary, [D] derived in this project.");
  auto as_json = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "print one JSON object and nothing else");
  command->callback([as_json, &status] {
    sim::Json list = sim::Json::array();
    std::string text;
    for (const Check& check : registry()) {
      list.push_back({{"id", check.id},
                      {"statement", check.statement},
                      {"source", check.source},
                      {"expected", theory::name(check.expected)},
                      {"C", check.C ? sim::Json(*check.C) : sim::Json(nullptr)},
                      {"why_C", check.why_C}});
      char id[40];
      std::snprintf(id, sizeof id, "%-31s", check.id.c_str());
      text += id + check.statement + "  (" + check.source + ")\n";
    }
    print(*as_json ? sim::Json{{"checks", list}}.dump(2) + "\n" : text);
    status = 0;
  });
}

const RegisterCommand list_command("list", add_list);

}  // namespace

}  // namespace benign::proofs
