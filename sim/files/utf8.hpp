#pragma once
// Names from a file system, which are any bytes, where text is wanted.

#include <cstddef>
#include <string>
#include <string_view>

namespace benign::sim {

/// The length of the character of UTF-8 that `text` begins with; 0 where it begins with none.
inline std::size_t utf8_character(std::string_view text) {
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
  if (text.empty() || length < 2) return text.empty() ? 0 : length;
  unsigned point = first & (0x7fu >> length);
  for (std::size_t k = 1; k < length; ++k) {
    if (byte(k) >> 6 != 2) return 0;
    point = point << 6 | (byte(k) & 0x3f);
  }
  constexpr unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
  return point < least[length] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? 0 : length;
}

inline bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_character(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

/// The text with a question mark for every byte that is not of UTF-8 and every character that controls a terminal.
inline std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t length = utf8_character(text);
    const auto first = static_cast<unsigned char>(text[0]);
    const bool control = first < ' ' || first == 127 || (first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0);
    if (length == 0 || control)
      shown += '?';
    else
      shown += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return shown;
}

}  // namespace benign::sim
