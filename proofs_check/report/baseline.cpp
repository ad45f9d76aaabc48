#include "proofs_check/report/baseline.hpp"

#include "proofs_check/text/format.hpp"
#include "proofs_check/report/report.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

namespace benign::proofs {
namespace {

using sim::Json;
using theory::Verdict;

std::optional<Verdict> verdict_named(const Json& name) {
  for (const Verdict verdict :
       {Verdict::proved, Verdict::holds, Verdict::violated, Verdict::undecided, Verdict::vacuous})
    if (name == theory::name(verdict)) return verdict;
  return std::nullopt;
}

/// Higher is better.
int rank(Verdict verdict, bool expected_to_fail) {
  switch (verdict) {
    case Verdict::proved: return expected_to_fail ? 0 : 4;
    case Verdict::holds: return expected_to_fail ? 0 : 3;
    case Verdict::undecided: return 2;
    case Verdict::vacuous: return 1;
    case Verdict::violated: break;
  }
  return expected_to_fail ? 3 : 0;
}

/// Whether the margin moved towards the claim's edge by more than the errors. An error that is not known allows all.
bool weaker(theory::Margin before, theory::Margin now, bool expected_to_fail) {
  const double loss = expected_to_fail ? now.value - before.value : before.value - now.value;
  return loss > before.error + now.error;
}

/// Each member of `object`, with its own members or elements one on a line.
std::string lines(const Json& object) {
  std::string text = "{";
  for (const auto& [key, value] : object.items()) {
    text += std::string(text == "{" ? "" : ",") + "\n  " + Json(key).dump() + ": ";
    if (!value.is_structured() || value.empty()) {
      text += value.dump();
      continue;
    }
    text += value.is_object() ? "{" : "[";
    const char* separator = "\n    ";
    for (const auto& [name, element] : value.items()) {
      text += separator + (value.is_object() ? Json(name).dump() + ": " : "") + element.dump();
      separator = ",\n    ";
    }
    text += value.is_object() ? "\n  }" : "\n  ]";
  }
  return text + "\n}\n";
}

/// The parts of a baseline, each as it has to be.
class Reader {
 public:
  Reader(const std::string& where, const std::string& text)
      : where_(where), json_(Json::parse(text, nullptr, /*allow_exceptions=*/false)) {
    require(json_.is_object() && member(json_, "config").is_object(), "not a baseline that --write-baseline wrote");
  }

  Baseline read() const {
    Baseline baseline;
    const Json seeds = member(json_, "seeds"), delta = member(json_, "delta");
    require(seeds.is_number_integer() && seeds > 0 && seeds <= 1'000'000, "seeds is no whole number from 1 to 1000000");
    require(delta.is_number() && delta > 0 && delta < 1, "delta is no number in (0, 1)");
    baseline.seeds = seeds, baseline.delta = delta;

    const Json constants = member(json_, "constants"), checks = member(json_, "checks");
    require(constants.is_object(), "constants is no object of numbers by the ids of checks");
    for (const auto& [id, C] : constants.items()) {
      const auto text = C.is_string() ? C.get<std::string>() : C.dump();
      const auto value = theory::Decimal::parse(text);
      require(value && value->exact() > 0, "the constant of '" + id + "' is no number above 0");
      baseline.constants.insert_or_assign(id, *value);
    }
    require(checks.is_array() && !checks.empty(), "checks is no list with a check in it");
    std::set<std::string> ids;
    for (const Json& check : checks) {
      baseline.checks.push_back(bound_of(check));
      const std::string& id = baseline.checks.back().id;
      require(ids.insert(id).second, "'" + id + "' is given twice");
    }
    return baseline;
  }

 private:
  static Json member(const Json& object, const char* key) { return object.value(key, Json()); }

  void require(bool condition, const std::string& otherwise) const {
    if (!condition) throw UsageError(where_ + ": " + otherwise);
  }

  Bound bound_of(const Json& check) const {
    require(check.is_object() && member(check, "id").is_string(), "a check has no id");
    Bound bound{.id = check["id"]};
    const auto verdict = verdict_named(member(check, "verdict"));
    require(verdict.has_value(), bound.id + ": the verdict is none");
    bound.verdict = *verdict;
    const auto number = [&](const char* key, double otherwise) {
      require(check.contains(key) && (check[key].is_number() || check[key].is_null()),
              bound.id + ": " + key + " is neither a number nor null");
      return check[key].is_null() ? otherwise : check[key].get<double>();
    };
    bound.margin = {number("margin", std::nan("")), number("error", std::numeric_limits<double>::infinity())};
    require(bound.margin.error >= 0, bound.id + ": the error is negative");
    return bound;
  }

  std::string where_;
  Json json_;
};

}  // namespace

std::string baseline_text(const std::vector<Judgement>& judgements, const Laboratory& laboratory) {
  Json constants = Json::object();
  for (const auto& [id, C] : laboratory.constants) constants[id] = constant_json(C);
  Json json = {{"config", sim::config_json(laboratory.config)},
               {"seeds", laboratory.seeds},
               {"delta", laboratory.delta},
               {"constants", constants},
               {"checks", Json::array()}};
  for (const Judgement& judgement : judgements)
    json["checks"].push_back({{"id", judgement.check->id},
                              {"verdict", theory::name(judgement.verdict)},
                              {"expected", theory::name(judgement.check->expected)},
                              {"margin", sim::finite(judgement.finding.margin.value)},
                              {"error", sim::finite(judgement.finding.margin.error)}});
  return lines(json);
}

Baseline parse_baseline(const std::string& where, const std::string& text) { return Reader(where, text).read(); }

Comparison compare(const std::vector<Bound>& baseline, const std::vector<Judgement>& judgements) {
  Comparison comparison;
  const auto is = [](const std::string& id) {
    return [&](const Judgement& judgement) { return judgement.check->id == id; };
  };
  for (const Bound& before : baseline) {
    const auto judgement = std::find_if(judgements.begin(), judgements.end(), is(before.id));
    if (judgement == judgements.end()) {
      comparison.regressions.push_back({Regression::Kind::gone, before, {}});
      continue;
    }
    const Bound now{before.id, judgement->verdict, judgement->finding.margin};
    const bool expected_to_fail = judgement->check->expected == Verdict::violated;
    if (rank(now.verdict, expected_to_fail) < rank(before.verdict, expected_to_fail))
      comparison.regressions.push_back({Regression::Kind::verdict, before, now});
    else if (weaker(before.margin, now.margin, expected_to_fail))
      comparison.regressions.push_back({Regression::Kind::margin, before, now});
  }
  for (const Judgement& judgement : judgements)
    if (std::none_of(baseline.begin(), baseline.end(), [&](const Bound& b) { return b.id == judgement.check->id; }))
      comparison.not_in_baseline.push_back(judgement.check->id);
  return comparison;
}

std::string comparison_text(const Comparison& comparison) {
  std::string text;
  for (const auto& [kind, before, now] : comparison.regressions) {
    text += "worse than the baseline: " + before.id;
    switch (kind) {
      case Regression::Kind::verdict:
        text += format(" is %s, was %s\n", theory::name(now.verdict), theory::name(before.verdict));
        break;
      case Regression::Kind::margin:
        text += format(" has margin %.6g +- %.2g, had %.6g +- %.2g\n", now.margin.value, now.margin.error,
                       before.margin.value, before.margin.error);
        break;
      case Regression::Kind::gone: text += format(" is gone, was %s\n", theory::name(before.verdict)); break;
    }
  }
  if (comparison.regressions.empty()) text += "No check is worse than in the baseline.\n";
  for (std::size_t k = 0; k < comparison.not_in_baseline.size(); ++k)
    text += (k == 0 ? "Not in the baseline: " : ", ") + comparison.not_in_baseline[k];
  return comparison.not_in_baseline.empty() ? text : text + "\n";
}

Json comparison_json(const Comparison& comparison) {
  Json regressions = Json::array();
  for (const auto& [kind, before, now] : comparison.regressions) switch (kind) {
      case Regression::Kind::verdict:
        regressions.push_back({{"id", before.id},
                               {"what", "verdict"},
                               {"before", theory::name(before.verdict)},
                               {"now", theory::name(now.verdict)}});
        break;
      case Regression::Kind::margin:
        regressions.push_back({{"id", before.id},
                               {"what", "margin"},
                               {"before", before.margin.value},
                               {"now", now.margin.value},
                               {"error", before.margin.error + now.margin.error}});
        break;
      case Regression::Kind::gone:
        regressions.push_back({{"id", before.id}, {"what", "gone"}, {"before", theory::name(before.verdict)}});
        break;
    }
  return {{"regressions", regressions}, {"not_in_baseline", comparison.not_in_baseline}};
}

}  // namespace benign::proofs
