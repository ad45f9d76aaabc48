// Fields of what 'benign hunt' finds.

#include "proofs_check/records/record_fields.hpp"

namespace benign::proofs {
namespace {

const Fields what_is_hunted = {{"check", "text", "", "id of the check"},
                               {"C", "number?", "", "the constant that the claim is tested with; null without one"},
                               {"config", "config", "", "the box's configuration, its sides at their lower ends"},
                               {"over", "object", "", "the sides of the box"},
                               {"over.*", "object", "", "one side, by the name of its parameter"},
                               {"over.*.low", "number or text", "", "its lower end"},
                               {"over.*.high", "number or text", "", "its upper end"},
                               {"over.*.log", "boolean", "", "whether equal ratios are equally far apart"},
                               {"seeds", "integer", "", "runs of each point"},
                               {"budget", "integer", "", "points asked for"},
                               {"delta", "number", "", "failure probability of probabilistic statements"},
                               {"constants", "object", "", "C by id, where --C gave one"},
                               {"constants.*", "number or text", "", "a text where no double is the decimal"}};

RecordForm hunt_record() {
  return {"hunt",
          "`hunt --json`, `hunt.json` of `hunt --out` once it has ended",
          "The worst point of a box, and what leads to it.",
          {},
          joined(what_is_hunted,
                 {{"evaluated", "integer", "", "points looked at"},
                  {"vacuous", "integer", "", "points at which no seed meets the hypotheses"},
                  {"refused", "integer", "", "points that are no settings of the program"},
                  {"violated", "integer", "", "points with a violation"},
                  {"unmet", "object", "", "of vacuous points, how often each hypothesis is unmet"},
                  {"unmet.*", "integer", "", "by its statement, without the numbers behind it"},
                  {"worst", "object?", "", "null where no point speaks"},
                  {"worst.margin", "number?", "the claim's", "as in check"},
                  {"worst.error", "number?", "the claim's", "of the margin"},
                  {"worst.error_kind", "text", "", "as in check"},
                  {"worst.scale", "number?", "the claim's", "as in check"},
                  {"worst.constant", "number?", "", "C needed there"},
                  {"worst.verdict", "text", "", "as in check"},
                  {"worst.observed", "text", "", "the numbers behind the margin, for a person"},
                  {"worst.at", "object", "", "where in the box"},
                  {"worst.at.*", "number or text", "", "by the name of the parameter"},
                  {"worst.config", "config", "", "the setting"},
                  {"worst.command", "text", "", "that reproduces it"},
                  {"worst.again", "object", "", "decided with more digits; only of a counterexample"},
                  {"worst.again.precision", "text", "", "in which"},
                  {"worst.again.verdict", "text", "", ""},
                  {"worst.again.margin", "number?", "the claim's", ""},
                  {"worst.again.error", "number?", "the claim's", ""},
                  {"along", "object", "", "through the worst point, along each side"},
                  {"along.*", "list", "", "by the name of the parameter"},
                  {"along.*[]", "object", "", "one value of it, all others as in the worst point"},
                  {"along.*[].value", "number or text", "", "of the parameter"},
                  {"along.*[].constant", "number?", "", "C needed; null where nothing speaks, or without a C"},
                  {"along.*[].margin", "number?", "the claim's size", "margin/scale; null where nothing speaks"},
                  {"along.*[].verdict", "text", "", "as in check, or 'not allowed'"},
                  {"exponents", "object", "", "d log C/d log value, fitted along each side"},
                  {"exponents.*", "number?", "", "null with fewer than three constants above 0"},
                  {"wall_s", "number", "s", "wall time"}})};
}

RecordForm point_record() {
  return {"point",
          "a line of `points.jsonl` of `hunt --out`",
          "What a check found at one point of the box, in the worst of the seeds.",
          {},
          {{"at", "object", "", "where"},
           {"at.*", "text", "", "value of a side, by the name of its parameter"},
           {"verdict", "text", "", "as in check; or 'not allowed', and then there is no more"},
           {"speaking", "integer", "", "seeds in which the hypotheses are met"},
           {"seed", "integer", "", "the worst of them"},
           {"margin", "number or text", "the claim's", "as in check; a text where it is inf, -inf or nan"},
           {"error", "number or text", "the claim's", "of the margin, likewise"},
           {"scale", "number or text", "the claim's", "as in check, likewise"},
           {"constant", "number or text?", "", "C needed, likewise; null without one"},
           {"unmet", "list", "", "hypotheses that are unmet in the first seed, where no seed speaks"},
           {"unmet[]", "text", "", ""}}};
}

}  // namespace

std::vector<RecordForm> hunt_records() { return {hunt_record(), point_record()}; }

}  // namespace benign::proofs
