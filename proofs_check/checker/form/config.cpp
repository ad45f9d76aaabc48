#include "proofs_check/checker/form/config.hpp"

#include "proofs_check/text/configuration.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/config_json.hpp"

#include <charconv>

namespace benign::checker {
namespace {

enum class Kind { integer, decimal, decimal_or_range, text, yes };

/// Of LOW:HIGH, two decimals, the first below the second.
std::optional<theory::Decimal> range_of(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const std::string ends[] = {text.substr(0, colon), text.substr(colon + 1)};
  std::vector<theory::Decimal> found;
  for (const std::string& end : ends)
    if (const auto x = rational(end) ? theory::Decimal::parse(end) : std::nullopt) found.push_back(*x);
  if (found.size() < 2 || !(*rational(ends[0]) < *rational(ends[1]))) return std::nullopt;
  return theory::Decimal::between(found[0], found[1]);
}

}  // namespace

struct ConfigReader::Key {
  const char* name;
  Kind kind;
  bool required = true;
};
const ConfigReader::Key ConfigReader::keys[] = {{"n", Kind::integer},
                                                {"T", Kind::integer},
                                                {"d", Kind::integer},
                                                {"mu", Kind::decimal_or_range},
                                                {"rho", Kind::decimal_or_range},
                                                {"eta", Kind::decimal},
                                                {"sigma", Kind::decimal},
                                                {"seed", Kind::integer},
                                                {"data", Kind::text},
                                                {"labels", Kind::text, false},
                                                {"head", Kind::text, false},
                                                {"test-data", Kind::text, false},
                                                {"test-labels", Kind::text, false},
                                                {"surrogate", Kind::text, false},
                                                {"init", Kind::text},
                                                {"sigma-w", Kind::decimal, false},
                                                {"sigma-p", Kind::decimal},
                                                {"steps", Kind::integer},
                                                {"lr", Kind::decimal_or_range},
                                                {"lr-unit", Kind::text},
                                                {"precision", Kind::text},
                                                {"route", Kind::text},
                                                {"train", Kind::text},
                                                {"test", Kind::text},
                                                {"flow", Kind::yes, false},
                                                {"tau-max", Kind::decimal, false},
                                                {"log-s-max", Kind::decimal, false}};

ConfigReader::ConfigReader(const Place& place, const JsonValue& config) : Form(place), config_(config) {
  expect(config, JsonValue::object, "'config'");
  std::set<std::string> known, required;
  for (const Key& key : keys) {
    known.insert(key.name);
    if (key.required) required.insert(key.name);
  }
  only(config, known, required);
  for (const Key& key : keys)
    if (const JsonValue* value = config.find(key.name)) check_kind(key, *value);
  const bool limit = text_of("route") == "limit";
  const auto need = [&](const char* key, bool fine, const std::string& allowed) {
    const JsonValue* value = config.find(key);
    if (!fine)
      place_.refuse(
          value ? value->begin : config.begin,
          "'" + std::string(key) + "'" + (value ? " is " + shown(*value) : " is missing") + "; allowed: " + allowed);
  };
  need("flow", config.find("flow") || !limit, "true with \"route\": \"limit\"");
  need("log-s-max", !limit || config.find("log-s-max"), "a horizon with \"route\": \"limit\"");
  need("data", limit || text_of("data") != "gram", "dense or peer, which draw tokens, or tokens from a file");
  for (const char* key : {"n", "T", "steps"}) need(key, number(key) >= 1, "a number above 0");
}

Run ConfigReader::run() const {
  Run run;
  run.n = number("n"), run.T = number("T"), run.steps = number("steps");
  run.brought = sim::names_tokens(text_of("data"));
  run.kind = text_of("route") == "limit" ? Run::limit : config_.find("flow") ? Run::flow : Run::descent;
  return run;
}

void ConfigReader::check_kind(const Key& key, const JsonValue& value) const {
  const auto refuse = [&](const std::string& allowed) {
    place_.refuse(value.begin, "'" + std::string(key.name) + "' is " + shown(value) + "; allowed: " + allowed);
  };
  switch (key.kind) {
    case Kind::integer: {
      long x = 0;
      const char* end = value.text.data() + value.text.size();
      const auto [stop, error] = std::from_chars(value.text.data(), end, x);
      if (value.kind != JsonValue::number || error != std::errc{} || stop != end) refuse("a whole number");
      break;
    }
    case Kind::decimal:
    case Kind::decimal_or_range: {
      constexpr std::size_t most = 400;
      const bool number = value.kind == JsonValue::number || value.kind == JsonValue::string;
      const bool range = key.kind == Kind::decimal_or_range && value.kind == JsonValue::string && range_of(value.text);
      if (!number || value.text.size() > most || !(range || rational(value.text)))
        refuse(key.kind == Kind::decimal ? "a decimal number"
                                         : "a decimal number, or \"LOW:HIGH\" with LOW below HIGH");
      break;
    }
    case Kind::text:
      if (value.kind != JsonValue::string) refuse("a string");
      break;
    case Kind::yes:
      if (value.kind != JsonValue::boolean || value.text != "true") refuse("true, or no such key");
  }
}

long ConfigReader::number(const char* key) const {
  long x = 0;
  const std::string& text = text_of(key);
  std::from_chars(text.data(), text.data() + text.size(), x);
  return x;
}

std::vector<ConfigReader::Range> ConfigReader::ranges() const {
  std::vector<Range> ranges;
  for (const auto& [name, parameter] :
       {std::pair{"mu", &theory::Parameters::mu}, {"rho", &theory::Parameters::rho}, {"lr", &theory::Parameters::lr}})
    if (const auto all = range_of(text_of(name))) ranges.push_back({name, parameter, *all, config_.find(name)->begin});
  return ranges;
}

/// By the options' own reader, which decides what is in range.
sim::RunConfig ConfigReader::read_text(const std::string& text) const {
  const JsonValue& value = config_;
  try {
    return proofs::config_from_json(place_.where(), text);
  } catch (const proofs::UsageError& error) {
    const std::string message = error.what(), start = place_.where() + ": ";
    for (std::size_t k = 0; k < value.keys.size(); ++k)
      if (const std::string named = start + value.keys[k] + ":"; message.starts_with(named))
        place_.refuse(value.key_places[k], "'" + value.keys[k] + "'" + message.substr(named.size() - 1));
    place_.refuse(value.begin, message.starts_with(start) ? message.substr(start.size()) : message);
  }
}

/// What is read must print the same configuration back. Of a range both ends are read, each as a run of its own.
sim::RunConfig ConfigReader::read(const std::string& certificate) const {
  const JsonValue& value = config_;
  const std::string text = certificate.substr(value.begin, value.end - value.begin);
  const std::vector<Range> ranges = this->ranges();
  const auto end_of = [&](bool low) {
    if (ranges.empty()) return read_text(text);
    auto end = nlohmann::ordered_json::parse(text);
    for (const Range& range : ranges) end[range.name] = (low ? range.all.low() : range.all.high()).text();
    return read_text(end.dump());
  };
  sim::RunConfig config = end_of(true);
  if (!ranges.empty()) end_of(false);
  for (const Range& range : ranges) config.parameters.*range.parameter = range.all;
  if (config.brought && config.brought->padded()) place_.refuse(value.begin, "its tokens have padding; allowed: none");
  const auto given = nlohmann::json::parse(text, nullptr, false);
  const auto printed = nlohmann::json::parse(sim::config_json(config).dump());
  for (std::size_t k = 0; k < value.keys.size(); ++k) {
    const auto found = printed.find(value.keys[k]);
    if (found == printed.end())
      place_.refuse(value.key_places[k], "'" + value.keys[k] + "' is not allowed with this configuration");
    if (given.is_discarded() || *found != given.at(value.keys[k]))
      place_.refuse(value.items[k].begin, "'" + value.keys[k] + "' is " + shown(value.items[k]) +
                                              "; allowed, since it means this: " + found->dump());
  }
  for (const auto& [key, one] : printed.items())
    if (!value.find(key))
      place_.refuse(value.begin, "'" + key + "' is missing; allowed: all keys of the configuration");
  return config;
}

}  // namespace benign::checker
