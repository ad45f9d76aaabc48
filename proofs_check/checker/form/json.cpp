#include "proofs_check/checker/form/json.hpp"

#include "proofs_check/text/usage_error.hpp"

#include <algorithm>
#include <array>

namespace benign::checker {
namespace {

constexpr int deepest = 8;

class JsonReader {
 public:
  JsonReader(const Place& place, const std::string& text) : place_(place), text_(text) {}

  JsonValue all() {
    space();
    JsonValue value = next(0);
    space();
    if (at_ < text_.size()) refuse("nothing after the outermost value");
    return value;
  }

 private:
  [[noreturn]] void refuse(const std::string& allowed) const {
    const std::string here = at_ >= text_.size() ? "the text ends"
                             : static_cast<unsigned char>(peek()) < 0x80
                                 ? "'" + text_.substr(at_, 1) + "' is not allowed"
                                 : "this character is not allowed";
    place_.refuse(at_, here + "; allowed: " + allowed);
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool digit() const { return peek() >= '0' && peek() <= '9'; }
  void space() {
    while (at_ < text_.size() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
  }
  void expect(char c) {
    if (at_ >= text_.size() || peek() != c) refuse(std::string("'") + c + "'");
    ++at_;
  }

  JsonValue next(int depth) {
    if (depth > deepest) refuse("at most " + std::to_string(deepest) + " levels");
    if (++count_ > most_values) refuse("at most " + std::to_string(most_values) + " values");
    JsonValue value;
    value.begin = at_;
    switch (peek()) {
      case '{': read_object(value, depth); break;
      case '[': read_array(value, depth); break;
      case '"': value.kind = JsonValue::string, value.text = characters(); break;
      case 't': word(value, "true", JsonValue::boolean); break;
      case 'f': word(value, "false", JsonValue::boolean); break;
      case 'n': word(value, "null", JsonValue::null); break;
      default: read_number(value);
    }
    value.end = at_;
    return value;
  }

  void word(JsonValue& value, const char* letters, JsonValue::Kind kind) {
    for (const char* c = letters; *c; ++c) expect(*c);
    value.kind = kind, value.text = letters;
  }

  void digits() {
    if (!digit()) refuse("a digit");
    while (digit()) ++at_;
  }
  void read_number(JsonValue& value) {
    if (peek() != '-' && !digit()) refuse("a JSON value");
    if (peek() == '-') ++at_;
    if (peek() == '0')
      ++at_;
    else
      digits();
    if (peek() == '.') ++at_, digits();
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      digits();
    }
    value.kind = JsonValue::number, value.text = text_.substr(value.begin, at_ - value.begin);
  }

  void read_array(JsonValue& value, int depth) {
    value.kind = JsonValue::array;
    expect('[');
    space();
    if (peek() == ']') {
      ++at_;
      return;
    }
    while (true) {
      value.items.push_back(next(depth + 1));
      space();
      if (peek() != ',') break;
      ++at_;
      space();
    }
    expect(']');
  }

  void read_object(JsonValue& value, int depth) {
    value.kind = JsonValue::object;
    expect('{');
    space();
    if (peek() == '}') {
      ++at_;
      return;
    }
    while (true) {
      const std::size_t begin = at_;
      if (peek() != '"') refuse("a key in quotation marks");
      std::string key = characters();
      if (std::find(value.keys.begin(), value.keys.end(), key) != value.keys.end())
        place_.refuse(begin, "'" + key + "' is given twice; allowed: each key once");
      value.keys.push_back(std::move(key)), value.key_places.push_back(begin);
      if (value.keys.size() > most_keys) place_.refuse(begin, "too many keys");
      space();
      expect(':');
      space();
      value.items.push_back(next(depth + 1));
      space();
      if (peek() != ',') break;
      ++at_;
      space();
    }
    expect('}');
  }

  unsigned hexadecimal() {
    unsigned code = 0;
    for (int k = 0; k < 4; ++k, ++at_) {
      const char c = peek();
      const auto found = std::string("0123456789abcdefABCDEF").find(c);
      if (c == '\0' || found == std::string::npos) refuse("four hexadecimal digits");
      code = 16 * code + static_cast<unsigned>(found < 16 ? found : found - 6);
    }
    return code;
  }
  static void append(std::string& to, unsigned code) {
    const auto put = [&](unsigned byte) { to += static_cast<char>(byte); };
    if (code < 0x80) return put(code);
    if (code < 0x800) return put(0xc0 | code >> 6), put(0x80 | (code & 63));
    if (code < 0x10000) return put(0xe0 | code >> 12), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
    put(0xf0 | code >> 18), put(0x80 | (code >> 12 & 63)), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
  }
  void escape(std::string& to) {
    static constexpr std::array<std::pair<char, char>, 8> plain{
        {{'"', '"'}, {'\\', '\\'}, {'/', '/'}, {'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}}};
    ++at_;
    for (const auto& [letter, meaning] : plain)
      if (peek() == letter) {
        to += meaning, ++at_;
        return;
      }
    if (peek() != 'u') refuse("an escape of JSON");
    ++at_;
    unsigned code = hexadecimal();
    if (code >= 0xdc00 && code < 0xe000) refuse("a pair of surrogates");
    if (code >= 0xd800 && code < 0xdc00) {
      expect('\\'), expect('u');
      const unsigned low = hexadecimal();
      if (low < 0xdc00 || low >= 0xe000) refuse("a pair of surrogates");
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    append(to, code);
  }
  /// One character beyond ASCII, as UTF-8 has it: no longer than needed, no surrogate, at most U+10FFFF.
  void beyond_ascii(std::string& to) {
    const auto byte = [&](std::size_t k) {
      return at_ + k < text_.size() ? static_cast<unsigned char>(text_[at_ + k]) : 0u;
    };
    const unsigned first = byte(0), second = byte(1);
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    bool good = first >= 0xc2 && first <= 0xf4;
    for (std::size_t k = 1; k < length; ++k) good = good && (byte(k) & 0xc0) == 0x80;
    good = good && !(first == 0xe0 && second < 0xa0) && !(first == 0xed && second >= 0xa0) &&
           !(first == 0xf0 && second < 0x90) && !(first == 0xf4 && second >= 0x90);
    if (!good) place_.refuse(at_, "a byte that is not UTF-8; allowed: UTF-8");
    to += text_.substr(at_, length);
    at_ += length;
  }
  std::string characters() {
    std::string result;
    expect('"');
    while (true) {
      if (at_ >= text_.size()) refuse("'\"' at the end of a string");
      const auto c = static_cast<unsigned char>(peek());
      if (c == '"') break;
      if (c < 0x20) place_.refuse(at_, "a control character in a string; allowed: an escape");
      if (c == '\\')
        escape(result);
      else if (c < 0x80)
        result += static_cast<char>(c), ++at_;
      else
        beyond_ascii(result);
    }
    ++at_;
    return result;
  }

  static constexpr std::size_t most_keys = 100, most_values = 100'000;
  const Place& place_;
  const std::string& text_;
  std::size_t at_ = 0, count_ = 0;
};

}  // namespace

std::string Place::name(std::size_t at) const {
  const std::size_t end = std::min(at, text_->size());
  const auto line = 1 + std::count(text_->begin(), text_->begin() + static_cast<std::ptrdiff_t>(end), '\n');
  const auto before = end == 0 ? std::string::npos : text_->rfind('\n', end - 1);
  const std::size_t column = before == std::string::npos ? end + 1 : end - before;
  return where_ + ":" + std::to_string(line) + ":" + std::to_string(column);
}
void Place::refuse(std::size_t at, const std::string& message) const {
  throw proofs::UsageError(name(at) + ": " + message);
}

const JsonValue* JsonValue::find(const std::string& key) const {
  for (std::size_t k = 0; k < keys.size(); ++k)
    if (keys[k] == key) return &items[k];
  return nullptr;
}

JsonValue parse_json(const Place& place, const std::string& text) { return JsonReader(place, text).all(); }

std::string name_of(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::null: return "null";
    case JsonValue::boolean: return "true or false";
    case JsonValue::number: return "a number";
    case JsonValue::string: return "a string";
    case JsonValue::array: return "a list";
    case JsonValue::object: return "an object";
  }
  return "";
}

}  // namespace benign::checker
