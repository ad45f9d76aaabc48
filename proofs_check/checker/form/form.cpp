#include "proofs_check/checker/form/form.hpp"

namespace benign::checker {

std::string Form::shown(const JsonValue& value) {
  constexpr std::size_t most = 60;
  if (value.kind == JsonValue::array || value.kind == JsonValue::object) return name_of(value.kind);
  const std::string text = value.text.size() > most ? value.text.substr(0, most) + "..." : value.text;
  return value.kind == JsonValue::string ? "\"" + text + "\"" : text;
}
void Form::expect(const JsonValue& value, JsonValue::Kind kind, const std::string& what) const {
  if (value.kind != kind) place_.refuse(value.begin, what + " is " + shown(value) + "; allowed: " + name_of(kind));
}
void Form::only(const JsonValue& object, const std::set<std::string>& known,
                const std::set<std::string>& required) const {
  std::string all;
  for (const auto& name : known) all += (all.empty() ? "" : ", ") + name;
  for (std::size_t k = 0; k < object.keys.size(); ++k)
    if (!known.contains(object.keys[k]))
      place_.refuse(object.key_places[k], "'" + object.keys[k] + "' is not allowed; allowed: " + all);
  for (const auto& name : required)
    if (!object.find(name)) place_.refuse(object.begin, "'" + name + "' is missing; allowed: all of " + all);
}

}  // namespace benign::checker
