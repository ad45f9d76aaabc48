#include "proofs_check/page/typesetting.hpp"

#include "proofs_check/page/collection.hpp"
#include "proofs_check/page/html.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <array>

namespace benign::proofs::page {
namespace {

namespace fs = std::filesystem;

constexpr std::array fonts{"KaTeX_Main-Regular",  "KaTeX_Math-Italic",   "KaTeX_AMS-Regular",   "KaTeX_Fraktur-Regular",
                           "KaTeX_Size1-Regular", "KaTeX_Size2-Regular", "KaTeX_Size3-Regular", "KaTeX_Size4-Regular"};

std::string needed(const fs::path& file) {
  if (!fs::exists(file))
    throw Unfinished("formulas are set by KaTeX, whose " + file.string() +
                     " is missing; it is in Debian's libjs-katex");
  return file_bytes(file);
}

/// The rule with its font inside, or nothing for a font that no formula here needs.
std::string font_rule(const std::string& rule, const fs::path& folder) {
  for (const std::string font : fonts) {
    const std::string file = "fonts/" + font + ".woff2";
    if (rule.find(file) == std::string::npos) continue;
    const auto source = rule.find("src:");
    return rule.substr(0, source) + "src:url(data:font/woff2;base64," + base64(needed(folder / file)) +
           ") format(\"woff2\")}";
  }
  return "";
}

}  // namespace

Typesetting typesetting(const fs::path& folder) {
  const std::string style = needed(folder / "katex.min.css");
  Typesetting made{"", needed(folder / "katex.min.js")};
  std::size_t at = 0;
  while (true) {
    const auto rule = style.find("@font-face{", at), end = rule == style.npos ? rule : style.find('}', rule);
    if (end == style.npos) break;
    made.style += style.substr(at, rule - at) + font_rule(style.substr(rule, end + 1 - rule), folder);
    at = end + 1;
  }
  made.style += style.substr(at);
  for (std::size_t tag = 0; (tag = made.script.find("</script", tag)) != std::string::npos; ++tag)
    made.script.replace(tag, 2, "<\\/");
  return made;
}

}  // namespace benign::proofs::page
