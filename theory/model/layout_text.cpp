#include "theory/model/layout_text.hpp"

#include <algorithm>
#include <charconv>

namespace benign::theory {
namespace {

constexpr std::size_t most_kinds = 50, longest_name = 40;
constexpr long most_of_a_kind = 10'000;

constexpr const char* coordinate_form = "a number from -1 to 1, rho or NUMBER*rho";
constexpr const char* noise_form = "0, a number from 1e-6 to 1e6, sqrt(T) or NUMBER*sqrt(T)";
constexpr const char* count_form = "a whole number from 1 to 10000, or rest";

/// key = value, and where it stands.
struct Setting {
  std::string key, value, where;
};

/// The settings of one kind; `where` is that of its beginning.
struct KindText {
  std::string where;
  std::vector<Setting> settings;
};

[[noreturn]] void refuse(const std::string& where, const std::string& allowed, std::string_view given) {
  throw BadLayout(where + " " + allowed + ", where it has '" + std::string(given.substr(0, 60)) + "'");
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r"), end = text.find_last_not_of(" \t\r");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin, end - begin + 1);
}

/// What stands between the separators; a text without one is one part.
std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != std::string_view::npos; text.remove_prefix(std::min(end + 1, text.size()))) {
    end = text.find(separator);
    parts.push_back(trimmed(text.substr(0, end)));
  }
  return parts;
}

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && text.size() <= longest_name && letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::optional<Strength> strength_of(std::string_view text, std::string_view unit_text, Strength::Unit unit) {
  if (!text.ends_with(unit_text)) {
    unit = Strength::one;
  } else {
    text.remove_suffix(unit_text.size());
    if (text.empty()) return Strength{Decimal("1"), unit};
    if (text == "-") return Strength{Decimal("-1"), unit};
    if (!text.ends_with('*')) return std::nullopt;
    text.remove_suffix(1);
  }
  const auto factor = Decimal::parse(text);
  if (!factor) return std::nullopt;
  return Strength{*factor, factor->exact() == 0 ? Strength::one : unit};
}

Strength coordinate_of(const Setting& setting) {
  const auto found = strength_of(setting.value, "rho", Strength::rho);
  if (!found || found->factor.exact() > 1 || found->factor.exact() < -1)
    refuse(setting.where, setting.key + " as " + coordinate_form, setting.value);
  return *found;
}

Strength noise_of(const Setting& setting) {
  static const Decimal least("1e-6"), most("1e6");
  const auto found = strength_of(setting.value, "sqrt(T)", Strength::root_T);
  if (!found ||
      (found->factor.exact() != 0 && (found->factor.exact() < least.exact() || found->factor.exact() > most.exact())))
    refuse(setting.where, std::string("noise as ") + noise_form, setting.value);
  return *found;
}

std::optional<long> count_of(const Setting& setting) {
  if (setting.value == "rest") return std::nullopt;
  long count = 0;
  const char* end = setting.value.data() + setting.value.size();
  const auto [stop, error] = std::from_chars(setting.value.data(), end, count);
  if (error != std::errc{} || stop != end || count < 1 || count > most_of_a_kind)
    refuse(setting.where, std::string("count as ") + count_form, setting.value);
  return count;
}

KindOfTokens kind_of_text(const KindText& text) {
  KindOfTokens kind;
  std::vector<std::string> given;
  for (const Setting& one : text.settings) {
    if (std::find(given.begin(), given.end(), one.key) != given.end()) refuse(one.where, "each key once", one.key);
    given.push_back(one.key);
    if (one.key == "name") {
      if (!is_name(one.value))
        refuse(one.where, "a name of letters, digits and _, of at most 40, that begins with a letter", one.value);
      kind.name = one.value;
    } else if (one.key == "own") {
      kind.own = coordinate_of(one);
    } else if (one.key == "other") {
      kind.other = coordinate_of(one);
    } else if (one.key == "noise") {
      kind.noise = noise_of(one);
    } else if (one.key == "count") {
      kind.count = count_of(one);
    } else if (one.key == "projected") {
      if (one.value != "true" && one.value != "false") refuse(one.where, "projected as true or false", one.value);
      kind.projected = one.value == "true";
    } else {
      refuse(one.where, "one of the keys name, own, other, noise, count and projected", one.key);
    }
  }
  if (kind.name.empty()) throw BadLayout(text.where + " a kind with a name");
  if (kind.projected && kind.noise.factor.exact() == 0)
    throw BadLayout(text.where + " no projected noise of a kind without noise");
  return kind;
}

TokenLayout layout_of_kinds(const std::vector<KindText>& texts) {
  TokenLayout layout;
  if (texts.empty()) throw BadLayout("at least one kind");
  if (texts.size() > most_kinds) throw BadLayout("at most " + std::to_string(most_kinds) + " kinds");
  long rests = 0;
  for (const KindText& text : texts) {
    KindOfTokens kind = kind_of_text(text);
    for (const KindOfTokens& before : layout.kinds)
      if (before.name == kind.name) refuse(text.where, "kinds of different names", kind.name);
    rests += !kind.count;
    if (rests > 1) refuse(text.where, "one kind at most that takes the rest", kind.name);
    layout.kinds.push_back(std::move(kind));
  }
  const KindOfTokens& first = layout.kinds.front();
  if (!(first.own == Strength{Decimal("1")}) || first.other.factor.exact() != 0 || !first.count)
    refuse(texts.front().where, "the relevant kind first, with own = 1, other = 0 and a count", first.name);
  if (std::all_of(layout.kinds.begin(), layout.kinds.end(),
                  [](const KindOfTokens& kind) { return kind.noise.factor.exact() == 0; }))
    throw BadLayout("at least one kind with noise");
  if (layout.counted() > most_of_a_kind || (!layout.has_rest() && layout.counted() < 2))
    throw BadLayout("from 2 to 10000 tokens in a sample");
  return layout;
}

/// A value of TOML as text: what is between quotes, a number or a boolean.
std::string value_of_toml(const std::string& where, std::string_view text) {
  if (text.starts_with('"')) {
    const auto end = text.find('"', 1);
    const auto rest = end == std::string_view::npos ? text : trimmed(text.substr(end + 1));
    const auto inside = text.substr(1, end == std::string_view::npos ? end : end - 1);
    if (end == std::string_view::npos || !(rest.empty() || rest.starts_with('#')) ||
        inside.find('\\') != std::string_view::npos)
      refuse(where, "a string in quotes, without backslashes", text);
    return std::string(inside);
  }
  const auto bare = trimmed(text.substr(0, text.find('#')));
  if (bare != "true" && bare != "false" && !Decimal::parse(bare))
    refuse(where, "a number, true, false or a string in quotes", text);
  return std::string(bare);
}

/// The shortest text of the number.
std::string text_of(const Decimal& x) {
  char shortest[40];
  const auto end = std::to_chars(shortest, shortest + sizeof shortest, x.as<double>()).ptr;
  const auto read = Decimal::parse(std::string_view(shortest, static_cast<std::size_t>(end - shortest)));
  return read && *read == x ? read->text() : x.text();
}

std::string text_of(const Strength& strength) {
  const std::string factor = text_of(strength.factor);
  if (strength.unit == Strength::one) return factor;
  return (factor == "1"    ? ""
          : factor == "-1" ? "-"
                           : factor + "*") +
         (strength.unit == Strength::rho ? "rho" : "sqrt(T)");
}

}  // namespace

TokenLayout layout_from_toml(std::string_view text) {
  std::vector<KindText> kinds;
  long number = 0;
  for (const std::string_view line : parts_of(text, '\n')) {
    const std::string where = "in line " + std::to_string(++number);
    if (line.empty() || line.front() == '#') continue;
    if (trimmed(line.substr(0, line.find('#'))) == "[[kind]]") {
      kinds.push_back({where, {}});
      continue;
    }
    const auto equals = line.find('=');
    if (line.front() == '[' || equals == std::string_view::npos) refuse(where, "[[kind]], key = value or # text", line);
    if (kinds.empty()) refuse(where, "[[kind]] before the first key", line);
    kinds.back().settings.push_back(
        {std::string(trimmed(line.substr(0, equals))), value_of_toml(where, trimmed(line.substr(equals + 1))), where});
  }
  return layout_of_kinds(kinds);
}

TokenLayout layout_from_line(std::string_view text) {
  std::vector<KindText> kinds;
  for (const std::string_view part : parts_of(text, ';')) {
    const std::string where = "in kind " + std::to_string(kinds.size() + 1);
    const auto colon = part.find(':');
    KindText kind{where, {{"name", std::string(trimmed(part.substr(0, colon))), where}}};
    if (colon != std::string_view::npos)
      for (const std::string_view setting : parts_of(part.substr(colon + 1), ',')) {
        const auto equals = setting.find('=');
        if (setting == "projected")
          kind.settings.push_back({"projected", "true", where});
        else if (equals == std::string_view::npos)
          refuse(where, "key=value or projected", setting);
        else
          kind.settings.push_back({std::string(trimmed(setting.substr(0, equals))),
                                   std::string(trimmed(setting.substr(equals + 1))), where});
      }
    kinds.push_back(std::move(kind));
  }
  return layout_of_kinds(kinds);
}

std::string line_of(const TokenLayout& layout) {
  std::string line;
  for (const KindOfTokens& kind : layout.kinds) {
    std::string settings;
    const auto add = [&](const std::string& setting) { settings += (settings.empty() ? ": " : ", ") + setting; };
    if (kind.own.factor.exact() != 0) add("own=" + text_of(kind.own));
    if (kind.other.factor.exact() != 0) add("other=" + text_of(kind.other));
    if (!(kind.noise == Strength{Decimal("1")})) add("noise=" + text_of(kind.noise));
    if (kind.count != 1) add("count=" + (kind.count ? std::to_string(*kind.count) : "rest"));
    if (kind.projected) add("projected");
    line += (line.empty() ? "" : "; ") + kind.name + settings;
  }
  return line;
}

}  // namespace benign::theory
