#pragma once
// JSON as a stranger may have written it: RFC 8259 to the letter, every value with its place in the text, numbers as
// they are written. A key that comes twice is refused, and so is a text that is nested more than a few levels deep.

#include <string>
#include <utility>
#include <vector>

namespace benign::checker {

/// Refuses the text at a place: throws UsageError "WHERE:LINE:COLUMN: MESSAGE".
class Place {
 public:
  Place(std::string where, const std::string& text) : where_(std::move(where)), text_(&text) {}
  [[noreturn]] void refuse(std::size_t at, const std::string& message) const;
  std::string name(std::size_t at) const;  ///< WHERE:LINE:COLUMN
  const std::string& where() const { return where_; }

 private:
  std::string where_;
  const std::string* text_;
};

struct JsonValue {
  enum Kind { null, boolean, number, string, array, object };
  Kind kind = null;
  std::string text;               ///< of a string its characters in UTF-8, else what is written
  std::vector<std::string> keys;  /// of an object, in their order
  std::vector<std::size_t> key_places;
  std::vector<JsonValue> items;  ///< of an array, or an object's values
  std::size_t begin = 0, end = 0;

  const JsonValue* find(const std::string& key) const;
};

/// Throws UsageError.
JsonValue parse_json(const Place& place, const std::string& text);

/// "an object", …
std::string name_of(JsonValue::Kind kind);

}  // namespace benign::checker
