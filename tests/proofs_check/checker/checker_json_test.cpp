// The checker's reader of JSON against another one: characters beyond ASCII, as they are and as escapes.

#include "proofs_check/checker/form/json.hpp"
#include "tests/support/checker_forms.hpp"
#include "tests/support/random_input.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::tests;

namespace {

/// A character of Unicode as JSON may escape it, in two halves beyond U+FFFF; digits in either case.
std::string escaped(unsigned code, bool capitals) {
  const auto four = [&](unsigned half) {
    char text[8];
    std::snprintf(text, sizeof text, capitals ? "\\u%04X" : "\\u%04x", half);
    return std::string(text);
  };
  if (code < 0x10000) return four(code);
  return four(0xd800 + ((code - 0x10000) >> 10)) + four(0xdc00 + ((code - 0x10000) & 0x3ff));
}

void check_text(const std::string& text) {
  INFO(text);
  const checker::JsonValue read = checker::parse_json(checker::Place("F", text), text);
  CHECK(read.kind == checker::JsonValue::string);
  CHECK(read.text == Json::parse(text).get<std::string>());
}

}  // namespace

TEST_CASE("checker: escapes are the characters that another reader of JSON has them for", "[checker]") {
  RandomInput draw(23);
  std::vector<unsigned> codes{1, 0x7f, 0x80, 0x7ff, 0x800, 0xabcd, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
  for (int k = 0; k < 2000; ++k) {
    const auto code = static_cast<unsigned>(draw.whole(1, 0x10ffff));
    if (code < 0xd800 || code >= 0xe000) codes.push_back(code);
  }
  for (const unsigned code : codes)
    for (const bool capitals : {false, true}) {
      const std::string escape = "\"a" + escaped(code, capitals) + "b\"";
      check_text(escape);
      if (code >= 0x80) check_text("\"" + Json::parse(escape).get<std::string>() + "\"");  // the bytes themselves
    }
  check_text(R"("\" \\ \/ \b \f \n \r \t \u00Fc")");
}
