#include "proofs_check/report/asked_checks.hpp"

#include "proofs_check/text/nearest.hpp"
#include "proofs_check/text/parse.hpp"
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

const Check& find_check(const std::string& where, const std::string& name) {
  const auto found = find_checks(where, name);
  if (found.size() == 1) return *found.front();
  std::string all;
  for (const Check* check : found) all += (all.empty() ? "" : ", ") + check->id;
  throw UsageError(where, name, "one of them: " + all);
}

void give_terms(Laboratory& laboratory, const std::string& delta_text, const std::vector<std::string>& constants) {
  if (!delta_text.empty()) {
    const auto delta = parse_decimal("--delta", delta_text, "a number in (0, 1)");
    if (delta.exact() <= 0 || delta.exact() >= 1) throw UsageError("--delta", delta_text, "a number in (0, 1)");
    laboratory.delta = delta.as<double>();
  }
  for (const std::string& text : constants) {
    constexpr const char* allowed = "ID=VALUE with an id that 'benign list' prints and a number above 0";
    const auto equals = text.find('=');
    const auto value = equals == std::string::npos ? std::nullopt : theory::Decimal::parse(text.substr(equals + 1));
    if (!value || value->exact() <= 0) throw UsageError("--C", text, allowed);
    bool any = false;
    for (const Check* check : find_checks("--C", text.substr(0, equals))) {
      if (!check->C) continue;
      any = true;
      laboratory.constants.insert_or_assign(check->id, *value);
    }
    if (!any) throw UsageError("--C", text, "a check whose claim has a constant; this one has none");
  }
}

}  // namespace benign::proofs
