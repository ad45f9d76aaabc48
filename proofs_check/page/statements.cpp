#include "proofs_check/page/statements.hpp"

#include <algorithm>

namespace benign::proofs::page {

std::vector<Statement> statements_of(const std::vector<Setting>& settings) {
  std::vector<Statement> all;
  for (const Check& check : registry())
    all.push_back({check.id, check.statement, check.source, name(kind_of(check.id)), check.derivation, check.uses,
                   check.tex, check.why_C, check.C});
  for (const Setting& setting : settings)
    for (const sim::Json& check : setting.report["checks"]) {
      const std::string id = check["id"];
      if (std::any_of(all.begin(), all.end(), [&](const Statement& one) { return one.id == id; })) continue;
      all.push_back(
          {id, check.value("statement", ""), check.value("source", ""), name(kind_of(id)), "", {}, "", "", {}});
    }
  return all;
}

sim::Json statement_json(const Statement& statement) {
  return {{"id", statement.id},
          {"statement", statement.statement},
          {"source", statement.source},
          {"kind", statement.kind},
          {"derivation", statement.derivation},
          {"uses", statement.uses},
          {"tex", statement.tex},
          {"C", statement.C ? sim::Json(*statement.C) : sim::Json(nullptr)},
          {"why_C", statement.why_C}};
}

}  // namespace benign::proofs::page
