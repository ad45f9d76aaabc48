#pragma once
// What the checks of a page state: those of the registry, and those that reports have and the registry has not.

#include "proofs_check/framework/check.hpp"
#include "proofs_check/page/collection.hpp"

namespace benign::proofs::page {

struct Statement {
  std::string id, statement, source;
  std::string kind;        ///< as kind_of names it
  std::string derivation;  ///< of theory/THEORY.md
  std::vector<std::string> uses;
  std::string tex, why_C;
  std::optional<double> C;
};

/// In the order of the argument; last those that only reports have, as they have them.
std::vector<Statement> statements_of(const std::vector<Setting>& settings);

sim::Json statement_json(const Statement& statement);

}  // namespace benign::proofs::page
