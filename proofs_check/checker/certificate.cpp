#include "proofs_check/checker/certificate.hpp"

#include "proofs_check/checker/cost.hpp"
#include "proofs_check/options.hpp"
#include "proofs_check/usage_error.hpp"
#include "sim/config_json.hpp"
#include "sim/data_hash.hpp"
#include "sim/token_files.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace benign::checker {
namespace {

enum class Kind { integer, decimal, text, yes };
struct Key {
  const char* name;
  Kind kind;
  bool required = true;
};
constexpr Key config_keys[] = {
    {"n", Kind::integer},          {"T", Kind::integer},         {"d", Kind::integer},
    {"mu", Kind::decimal},         {"rho", Kind::decimal},       {"eta", Kind::decimal},
    {"sigma", Kind::decimal},      {"seed", Kind::integer},      {"data", Kind::text},
    {"labels", Kind::text, false}, {"head", Kind::text, false},  {"test-data", Kind::text, false},
    {"test-labels", Kind::text, false}, {"surrogate", Kind::text, false}, {"init", Kind::text},
    {"sigma-w", Kind::decimal, false},  {"sigma-p", Kind::decimal},       {"steps", Kind::integer},
    {"lr", Kind::decimal},         {"lr-unit", Kind::text},      {"precision", Kind::text},
    {"route", Kind::text},         {"train", Kind::text},        {"test", Kind::text},
    {"flow", Kind::yes, false},    {"tau-max", Kind::decimal, false}, {"log-s-max", Kind::decimal, false}};

class CertificateReader {
 public:
  CertificateReader(const Place& place, const std::string& text) : place_(place), text_(text) {}

  Certificate read() {
    const JsonValue all = parse_json(place_, text_);
    expect(all, JsonValue::object, "a certificate");
    const JsonValue* version = all.find("benign_certificate");
    if (!version) place_.refuse(all.begin, "'benign_certificate' is missing; allowed: a certificate of version 2");
    if (version->kind != JsonValue::number || version->text != "2")
      place_.refuse(version->begin, "'benign_certificate' is " + shown(*version) + "; allowed: 2");
    only(all, {"benign_certificate", "made_by", "config", "data_hash", "files", "claims"},
         {"made_by", "config", "data_hash", "claims"});
    read_made_by(*all.find("made_by"));
    const JsonValue& config = *all.find("config");
    read_config_keys(config);
    read_claims(*all.find("claims"));
    refuse_what_costs_too_much(result_.run, number(config, "d"), text_of(config, "init") == "identity", result_.claims);
    read_config(config);
    read_hash(*all.find("data_hash"));
    read_files(all);
    return std::move(result_);
  }

 private:
  static std::string shown(const JsonValue& value) {
    constexpr std::size_t most = 60;
    if (value.kind == JsonValue::array || value.kind == JsonValue::object) return name_of(value.kind);
    const std::string text = value.text.size() > most ? value.text.substr(0, most) + "..." : value.text;
    return value.kind == JsonValue::string ? "\"" + text + "\"" : text;
  }
  void expect(const JsonValue& value, JsonValue::Kind kind, const std::string& what) const {
    if (value.kind != kind) place_.refuse(value.begin, what + " is " + shown(value) + "; allowed: " + name_of(kind));
  }
  void only(const JsonValue& object, const std::set<std::string>& known, const std::set<std::string>& required) const {
    std::string all;
    for (const auto& name : known) all += (all.empty() ? "" : ", ") + name;
    for (std::size_t k = 0; k < object.keys.size(); ++k)
      if (!known.contains(object.keys[k]))
        place_.refuse(object.key_places[k], "'" + object.keys[k] + "' is not allowed; allowed: " + all);
    for (const auto& name : required)
      if (!object.find(name)) place_.refuse(object.begin, "'" + name + "' is missing; allowed: all of " + all);
  }

  void read_made_by(const JsonValue& value) {
    expect(value, JsonValue::object, "'made_by'");
    only(value, {"version", "source", "flags", "compiler"}, {"version", "source", "flags", "compiler"});
    for (std::size_t k = 0; k < value.keys.size(); ++k) {
      expect(value.items[k], JsonValue::string, "'" + value.keys[k] + "'");
      constexpr std::size_t most = 4000;
      if (value.items[k].text.size() > most)
        place_.refuse(value.items[k].begin, "'" + value.keys[k] + "' is too long; allowed: 4000 characters");
      result_.made_by.emplace_back(value.keys[k], value.items[k].text);
    }
  }

  void read_config_keys(const JsonValue& config) {
    expect(config, JsonValue::object, "'config'");
    std::set<std::string> known, required;
    for (const Key& key : config_keys) {
      known.insert(key.name);
      if (key.required) required.insert(key.name);
    }
    only(config, known, required);
    for (const Key& key : config_keys)
      if (const JsonValue* value = config.find(key.name)) check_kind(key, *value);
    Run& run = result_.run;
    run.n = number(config, "n"), run.T = number(config, "T"), run.steps = number(config, "steps");
    run.brought = sim::names_tokens(text_of(config, "data"));
    const bool limit = text_of(config, "route") == "limit", flow = config.find("flow") != nullptr;
    run.kind = limit ? Run::limit : flow ? Run::flow : Run::descent;
    const auto need = [&](const char* key, bool fine, const std::string& allowed) {
      const JsonValue* value = config.find(key);
      if (!fine) place_.refuse(value ? value->begin : config.begin, "'" + std::string(key) + "'" + (value ? " is " + shown(*value) : " is missing") + "; allowed: " + allowed);
    };
    need("flow", flow || !limit, "true with \"route\": \"limit\"");
    need("log-s-max", !limit || config.find("log-s-max"), "a horizon with \"route\": \"limit\"");
    need("data", limit || text_of(config, "data") != "gram", "dense or peer, which draw tokens, or tokens from a file");
    if (run.n < 1 || run.T < 1 || run.steps < 1)
      place_.refuse(config.begin, "'n', 'T' and 'steps' are not allowed; allowed: numbers above 0");
  }
  void check_kind(const Key& key, const JsonValue& value) const {
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
      case Kind::decimal: {
        constexpr std::size_t most = 400;
        const bool number = value.kind == JsonValue::number || value.kind == JsonValue::string;
        if (!number || value.text.size() > most || !rational(value.text)) refuse("a decimal number");
        break;
      }
      case Kind::text:
        if (value.kind != JsonValue::string) refuse("a string");
        break;
      case Kind::yes:
        if (value.kind != JsonValue::boolean || value.text != "true") refuse("true, or no such key");
    }
  }
  static long number(const JsonValue& object, const char* key) {
    long x = 0;
    const std::string& text = object.find(key)->text;
    std::from_chars(text.data(), text.data() + text.size(), x);
    return x;
  }
  static const std::string& text_of(const JsonValue& object, const char* key) { return object.find(key)->text; }

  /// The options' own reader decides what is in range; and it must print the same configuration back.
  void read_config(const JsonValue& value) {
    const std::string text = text_.substr(value.begin, value.end - value.begin);
    sim::RunConfig& config = result_.config;
    try {
      config = proofs::config_from_json(place_.where(), text);
    } catch (const proofs::UsageError& error) {
      const std::string message = error.what(), start = place_.where() + ": ";
      for (std::size_t k = 0; k < value.keys.size(); ++k)
        if (const std::string named = start + value.keys[k] + ":"; message.starts_with(named))
          place_.refuse(value.key_places[k], "'" + value.keys[k] + "'" + message.substr(named.size() - 1));
      place_.refuse(value.begin, message.starts_with(start) ? message.substr(start.size()) : message);
    }
    const auto given = nlohmann::json::parse(text, nullptr, false);
    const auto printed = nlohmann::json::parse(sim::config_json(config).dump());
    for (std::size_t k = 0; k < value.keys.size(); ++k) {
      const auto found = printed.find(value.keys[k]);
      if (found == printed.end())
        place_.refuse(value.key_places[k], "'" + value.keys[k] + "' is not allowed with this configuration");
      if (given.is_discarded() || *found != given.at(value.keys[k]))
        place_.refuse(value.items[k].begin, "'" + value.keys[k] + "' is " + shown(value.items[k]) + "; allowed, since it means this: " + found->dump());
    }
    for (const auto& [key, one] : printed.items())
      if (!value.find(key)) place_.refuse(value.begin, "'" + key + "' is missing; allowed: all keys of the configuration");

    const auto& p = config.parameters;
    if (config.brought && config.brought->many())
      place_.refuse(value.begin, "'labels' of " + std::to_string(config.brought->classes) + " classes; allowed: 2");
    if (result_.run.kind == Run::limit && theory::noise_count(p, 1) != theory::noise_count(p, -1))
      place_.refuse(value.find("eta")->begin, "'eta' is " + p.eta.text() + "; allowed: as many flipped labels in either class, for the limit");
    const bool from_zero = config.train == sim::Train::W_and_p && p.sigma_p.exact() == 0;
    if (result_.run.kind != Run::descent && !from_zero)
      throw Beyond("of flows the checker knows those of W and p from p0 = 0 alone");
    for (const Stated& stated : result_.claims)
      if (stated.claim.quantity == Quantity::log_s_fit && theory::noise_count(p) == 0)
        place_.refuse(stated.place, "the claim '" + stated.claim.text + "' is not allowed; allowed: log_s_fit where labels are flipped; else all are right from the start");
  }

  void read_hash(const JsonValue& value) {
    if (result_.run.kind == Run::limit) {
      if (value.kind != JsonValue::null)
        place_.refuse(value.begin, "'data_hash' is " + shown(value) + "; allowed: null, since the limit draws nothing");
      return;
    }
    expect(value, JsonValue::string, "'data_hash'");
    require_hash(value, "'data_hash'");
    result_.data_hash = value.text;
  }
  void require_hash(const JsonValue& value, const std::string& what) const {
    constexpr std::size_t digits = 64;
    if (value.kind != JsonValue::string || value.text.size() != digits || value.text.find_first_not_of("0123456789abcdef") != std::string::npos)
      place_.refuse(value.begin, what + " is " + shown(value) + "; allowed: 64 hexadecimal digits, lower case");
  }

  void read_files(const JsonValue& all) {
    const auto expected = sim::token_files(result_.config);
    const JsonValue* files = all.find("files");
    if (!files && expected.empty()) return;
    if (!files) place_.refuse(all.begin, "'files' is missing; allowed: the hashes of the files of tokens");
    if (expected.empty()) place_.refuse(files->begin, "'files' is not allowed where none brings tokens");
    expect(*files, JsonValue::object, "'files'");
    std::set<std::string> names;
    for (const auto& [name, path] : expected) names.insert(name);
    only(*files, names, names);
    for (const auto& name : names) {
      require_hash(*files->find(name), "'" + name + "'");
      result_.files.emplace_back(name, files->find(name)->text);
    }
  }

  void read_claims(const JsonValue& claims) {
    expect(claims, JsonValue::array, "'claims'");
    constexpr std::size_t most = 10'000;
    if (claims.items.empty() || claims.items.size() > most)
      place_.refuse(claims.begin, "'claims' has " + std::to_string(claims.items.size()) + " of them; allowed: 1 to 10000");
    for (const JsonValue& one : claims.items) {
      expect(one, JsonValue::object, "a claim");
      only(one, {"claim", "verdict", "lower", "upper"}, {"claim", "verdict", "lower", "upper"});
      const JsonValue &text = *one.find("claim"), &verdict = *one.find("verdict");
      expect(text, JsonValue::string, "'claim'");
      Stated stated;
      stated.place = text.begin;
      stated.claim = parse_claim(place_, text.begin, text.text, result_.run);
      if (verdict.kind != JsonValue::string || (verdict.text != "proved" && verdict.text != "violated"))
        place_.refuse(verdict.begin, "'verdict' is " + shown(verdict) + "; allowed: \"proved\" or \"violated\"");
      stated.verdict = verdict.text == "proved" ? Verdict::proved : Verdict::violated;
      read_end(stated, "lower", *one.find("lower"), stated.lower, stated.lower_text);
      read_end(stated, "upper", *one.find("upper"), stated.upper, stated.upper_text);
      if (!stated.lower && !stated.upper)
        place_.refuse(one.begin, "'lower' and 'upper' are both null; allowed: a number at one end at least");
      if (stated.lower && stated.upper && *stated.lower > *stated.upper)
        place_.refuse(one.begin, "'lower' is larger than 'upper'; allowed: an interval");
      result_.claims.push_back(std::move(stated));
    }
  }
  /// −d.d…e±dd, or null; of an accuracy a whole number of samples.
  void read_end(const Stated& stated, const std::string& name, const JsonValue& value, std::optional<Rational>& end,
                std::string& text) const {
    if (value.kind == JsonValue::null) return;
    const bool count = stated.claim.quantity == Quantity::train_accuracy;
    if (count) {
      end = value.kind == JsonValue::number && value.text.find_first_not_of("0123456789") == std::string::npos ? rational(value.text) : std::nullopt;
      if (end && *end > result_.run.n) end.reset();
    } else if (value.kind == JsonValue::string && canonical(value.text)) {
      end = rational(value.text);
    }
    if (!end)
      place_.refuse(value.begin, "'" + name + "' is " + shown(value) + "; allowed: null or " + (count ? "a whole number of samples, up to " + std::to_string(result_.run.n) : std::string("a decimal string as \"-1.25e-01\"")));
    text = value.text;
  }
  static bool canonical(const std::string& text) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const auto digits = [&] {
      const std::size_t begin = at;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
      return at - begin;
    };
    if (digits() != 1) return false;
    if (at < text.size() && text[at] == '.') {
      ++at;
      if (digits() == 0) return false;
    }
    if (at + 1 >= text.size() || text[at] != 'e' || (text[at + 1] != '+' && text[at + 1] != '-')) return false;
    at += 2;
    const std::size_t exponent = digits();
    return exponent >= 2 && exponent <= 5 && at == text.size();
  }

  const Place& place_;
  const std::string& text_;
  Certificate result_;
};

}  // namespace

Certificate read_certificate(const Place& place, const std::string& text) {
  return CertificateReader(place, text).read();
}

}  // namespace benign::checker
