#include "proofs_check/page/html.hpp"

#include "proofs_check/text/format.hpp"

#include <stdexcept>

namespace benign::proofs::page {
namespace {

/// Three significant digits; powers of ten as such.
std::string rounded(double x) {
  std::string text = format("%.3g", x);
  const auto e = text.find('e');
  std::string power;
  if (e != std::string::npos) {
    power = "×10<sup>" + std::to_string(std::stoi(text.substr(e + 1))) + "</sup>";
    text.resize(e);
  }
  text += power;
  for (std::size_t at; (at = text.find('-')) != std::string::npos;) text.replace(at, 1, "−");
  return text;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  return out;
}

std::string script_json(const sim::Json& json) {
  const std::string text = json.dump(-1, ' ', false, sim::Json::error_handler_t::replace);
  std::string out;
  for (const char c : text) out += c == '<' ? std::string("\\u003c") : std::string(1, c);
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t k = 0; k < bytes.size(); k += 3) {
    const auto byte = [&](std::size_t at) -> unsigned {
      return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0u;
    };
    const unsigned three = byte(k) << 16 | byte(k + 1) << 8 | byte(k + 2);
    for (int digit = 0; digit < 4; ++digit)
      out += k + static_cast<std::size_t>(digit) > bytes.size() ? '=' : digits[three >> (18 - 6 * digit) & 63];
  }
  return out;
}

std::string number_html(const sim::Json& number) {
  if (number.is_string()) return escaped(number.get<std::string>());
  if (!number.is_number()) return "–";
  return "<data class=\"num\" value=\"" + number.dump() + "\">" + rounded(number.get<double>()) + "</data>";
}

std::string filled(std::string_view text, const std::map<std::string, std::string>& parts) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find("{{", at), close = open == text.npos ? text.npos : text.find("}}", open);
    if (close == text.npos) return out += text.substr(at);
    out += text.substr(at, open - at);
    const auto part = parts.find(std::string(text.substr(open + 2, close - open - 2)));
    if (part == parts.end()) throw std::logic_error("page.html asks for a part that is not there");
    out += part->second;
    at = close + 2;
  }
  return out;
}

}  // namespace benign::proofs::page
