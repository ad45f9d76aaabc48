#include "proofs_check/hunt/hunt_report.hpp"

#include "proofs_check/report/report.hpp"
#include "proofs_check/text/format.hpp"
#include "sim/runs/config_json.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

namespace benign::proofs {
namespace {

using sim::Json;
using theory::Verdict;

constexpr Verdict verdicts[] = {Verdict::proved, Verdict::holds, Verdict::violated, Verdict::undecided,
                                Verdict::vacuous};

bool speaks(const Seen& seen) { return seen.allowed && seen.speaking > 0; }

struct Counts {
  long evaluated = 0, vacuous = 0, refused = 0, violated = 0;
  std::map<std::string, long> unmet;  ///< how often each hypothesis, without the numbers behind it
};

Counts counts_of(const Hunt& hunt) {
  Counts counts;
  for (const auto& [key, seen] : hunt.seen()) {
    ++counts.evaluated;
    if (!seen.allowed)
      ++counts.refused;
    else if (seen.speaking == 0) {
      ++counts.vacuous;
      for (const std::string& statement : seen.unmet) ++counts.unmet[without_numbers(statement)];
    } else if (seen.verdict == Verdict::violated)
      ++counts.violated;
  }
  return counts;
}

std::string verdict_text(const Seen& seen) {
  if (!seen.allowed) return "not allowed";
  return seen.speaking > 0 ? theory::name(seen.verdict) : "vacuous";
}

/// The C needed, where one can be told, or of a claim without a constant the margin in units of its size.
std::string measure_text(const Hunt& hunt, const Seen& seen) {
  if (!speaks(seen) || (hunt.C() > 0 && !seen.constant)) return "-";
  return format("%.3g", hunt.C() > 0 ? *seen.constant : seen.margin.value / seen.scale);
}

std::string place_text(const Hunt& hunt, const std::vector<theory::Decimal>& values) {
  std::string text;
  for (std::size_t k = 0; k < values.size(); ++k)
    text += (k ? ", " : "") + hunt.box().sides[k].name + " = " + values[k].text();
  return text;
}

/// As read_any_number reads it back: a C that is needed may be infinite, and a resumed hunt has to rank it as such.
Json any_number(double x) { return std::isfinite(x) ? Json(x) : Json(std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf"); }
double read_any_number(const Json& json) {
  return json.is_number() ? json.get<double>() : std::strtod(json.get_ref<const std::string&>().c_str(), nullptr);
}

Json number_of(const theory::Decimal& value) { return constant_json(value); }

std::string along_text(const Hunt& hunt, std::size_t side, const Along& along) {
  const auto row = [&](const std::string& name, const auto& cell) {
    std::string text = format("  %-12s", name.c_str());
    for (const Seen& seen : along.points) text += format(" %10s", cell(seen).c_str());
    return text + "\n";
  };
  std::string text = row(along.name, [&](const Seen& seen) { return seen.values[side].text(); });
  text += row(hunt.C() > 0 ? "C" : "margin", [&](const Seen& seen) { return measure_text(hunt, seen); });
  text += row("", [](const Seen& seen) { return verdict_text(seen); });
  if (along.exponent) text += format("  %-12s fitted: C ~ %s^%.2f\n", "", along.name.c_str(), *along.exponent);
  return text;
}

}  // namespace

Json description_json(const Hunt& hunt, long budget) {
  Json over = Json::object();
  for (const Side& side : hunt.box().sides)
    over[side.name] = {{"low", number_of(side.low)}, {"high", number_of(side.high)}, {"log", side.log}};
  Json json = {{"check", hunt.check().id},
               {"C", hunt.C() > 0 ? Json(hunt.C()) : Json(nullptr)},
               {"config", sim::config_json(hunt.box().base)},
               {"over", over},
               {"seeds", hunt.seeds()},
               {"budget", budget}};
  json["delta"] = hunt.terms().delta;
  json["constants"] = Json::object();
  for (const auto& [id, C] : hunt.terms().constants) json["constants"][id] = constant_json(C);
  return json;
}

Json seen_json(const Hunt& hunt, const Seen& seen) {
  Json at = Json::object();
  for (std::size_t k = 0; k < seen.values.size(); ++k) at[hunt.box().sides[k].name] = seen.values[k].text();
  Json json = {{"at", at}, {"verdict", verdict_text(seen)}};
  if (!seen.allowed) return json;
  json["speaking"] = seen.speaking, json["seed"] = seen.seed;
  json["margin"] = any_number(seen.margin.value), json["error"] = any_number(seen.margin.error);
  json["scale"] = any_number(seen.scale);
  json["constant"] = seen.constant ? any_number(*seen.constant) : Json(nullptr);
  json["unmet"] = seen.unmet;
  return json;
}

Seen read_seen(const Hunt& hunt, const Json& json) {
  Seen seen;
  for (const Side& side : hunt.box().sides) seen.values.emplace_back(json.at("at").at(side.name).get<std::string>());
  const std::string verdict = json.at("verdict");
  seen.allowed = verdict != "not allowed";
  if (!seen.allowed) return seen;
  for (const Verdict one : verdicts)
    if (verdict == theory::name(one)) seen.verdict = one;
  const auto number = [&](const char* key) { return read_any_number(json.at(key)); };
  seen.speaking = json.at("speaking"), seen.seed = json.at("seed");
  seen.margin = {number("margin"), number("error")}, seen.scale = number("scale");
  if (!json.at("constant").is_null()) seen.constant = number("constant");
  seen.unmet = json.at("unmet").get<std::vector<std::string>>();
  return seen;
}

Json hunt_json(const Hunt& hunt, long budget, const HuntResult& result) {
  const Counts counts = counts_of(hunt);
  Json json = description_json(hunt, budget);
  json["evaluated"] = counts.evaluated, json["vacuous"] = counts.vacuous, json["refused"] = counts.refused;
  json["violated"] = counts.violated;
  json["unmet"] = Json::object();
  for (const auto& [statement, count] : counts.unmet) json["unmet"][statement] = count;
  json["worst"] = nullptr;
  if (result.worst) {
    const Judgement& judgement = *result.judgement;
    const Finding& finding = judgement.finding;
    const Laboratory laboratory = hunt.laboratory(*result.worst);
    Json& worst = json["worst"] = {{"margin", sim::finite(finding.margin.value)},
                                   {"error", sim::finite(finding.margin.error)},
                                   {"error_kind", theory::name(hunt.check().error_kind)},
                                   {"scale", sim::finite(finding.scale)},
                                   {"constant", finding.constant ? sim::finite(*finding.constant) : Json(nullptr)},
                                   {"verdict", theory::name(judgement.verdict)},
                                   {"observed", finding.observed},
                                   {"config", sim::config_json(laboratory.config)},
                                   {"command", command_of(judgement, laboratory)}};
    for (std::size_t k = 0; k < hunt.box().sides.size(); ++k)
      worst["at"][hunt.box().sides[k].name] = number_of(result.worst->values[k]);
    if (result.again)
      worst["again"] = {{"precision", sim::text_of(sim::precision_choices, result.again->precision)},
                        {"verdict", theory::name(result.again->verdict)},
                        {"margin", sim::finite(result.again->finding.margin.value)},
                        {"error", sim::finite(result.again->finding.margin.error)}};
  }
  json["along"] = Json::object(), json["exponents"] = Json::object();
  for (std::size_t side = 0; side < result.along.size(); ++side) {
    const Along& along = result.along[side];
    Json& list = json["along"][along.name] = Json::array();
    for (const Seen& seen : along.points)
      list.push_back({{"value", number_of(seen.values[side])},
                      {"constant", speaks(seen) && seen.constant ? sim::finite(*seen.constant) : Json(nullptr)},
                      {"margin", speaks(seen) ? sim::finite(seen.margin.value / seen.scale) : Json(nullptr)},
                      {"verdict", verdict_text(seen)}});
    json["exponents"][along.name] = along.exponent ? Json(*along.exponent) : Json(nullptr);
  }
  json["wall_s"] = result.wall_s;
  return json;
}

std::string hunt_text(const Hunt& hunt, long budget, const HuntResult& result) {
  const Counts counts = counts_of(hunt);
  std::string text = hunt.check().id + ": " + hunt.check().statement + "\n";
  text += format("%ld points (a search of %ld, then the ways through the worst) of %ld seed%s", counts.evaluated,
                 budget, hunt.seeds(), hunt.seeds() == 1 ? "" : "s");
  text += format(": %ld speak, %ld of them violated; %ld are vacuous",
                 counts.evaluated - counts.vacuous - counts.refused, counts.violated, counts.vacuous);
  if (counts.refused > 0) text += format("; %ld are no settings that the program takes", counts.refused);
  text += "\n";
  std::vector<std::pair<long, std::string>> reasons;
  for (const auto& [statement, count] : counts.unmet) reasons.emplace_back(-count, statement);
  std::sort(reasons.begin(), reasons.end());
  for (std::size_t k = 0; k < std::min<std::size_t>(reasons.size(), 4); ++k)
    text += format("  unmet in %ld: %s\n", -reasons[k].first, reasons[k].second.c_str());
  if (!result.worst) return text + "Nothing in this box is spoken of: no point meets all hypotheses (status 3).\n";
  const Judgement& judgement = *result.judgement;
  text += "Worst: " + place_text(hunt, result.worst->values) +
          format(", seed %llu: ", static_cast<unsigned long long>(result.worst->seed));
  text += std::string(theory::name(judgement.verdict)) +
          format(", margin %.3g +- %.1g", judgement.finding.margin.value, judgement.finding.margin.error);
  if (hunt.C() > 0 && judgement.finding.constant)
    text += format(hunt.is_least(*result.worst) ? ", C needed %.4g of %.4g" : ", holds up to C = %.4g, asked is %.4g",
                   *judgement.finding.constant, hunt.C());
  text += "\n";
  if (result.again)
    text += std::string("  again in ") + sim::text_of(sim::precision_choices, result.again->precision) + ": " +
            theory::name(result.again->verdict) +
            format(", margin %.3g +- %.1g\n", result.again->finding.margin.value, result.again->finding.margin.error);
  text += "  " + command_of(judgement, hunt.laboratory(*result.worst)) + "\n";
  text += "Along each parameter through the worst point:\n";
  for (std::size_t side = 0; side < result.along.size(); ++side) text += along_text(hunt, side, result.along[side]);
  return text + format("%.3g s\n", result.wall_s);
}

}  // namespace benign::proofs
