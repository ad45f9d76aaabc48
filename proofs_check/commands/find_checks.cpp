#include "proofs_check/commands/find_checks.hpp"

#include "proofs_check/text/nearest.hpp"
#include "proofs_check/text/usage_error.hpp"

namespace benign::proofs {
namespace {

/// "; did you mean 'assumption.A1'?" for A1: an id that ends in the name; else the nearest one, if it is near.
std::string guess(const std::string& name) {
  std::vector<std::string> ids;
  for (const Check& check : registry()) {
    if (check.id.ends_with("." + name)) return "; did you mean '" + check.id + "'?";
    ids.push_back(check.id);
  }
  return did_you_mean(name, ids);
}

}  // namespace

bool names(const std::string& name, const std::string& id) { return id == name || id.starts_with(name + "."); }

std::vector<const Check*> find_checks(const std::string& where, const std::string& name) {
  std::vector<const Check*> found;
  for (const Check& check : registry())
    if (names(name, check.id)) found.push_back(&check);
  if (found.empty())
    throw UsageError(where, name, "an id that 'benign list' prints, or its beginning up to a dot" + guess(name));
  return found;
}

}  // namespace benign::proofs
