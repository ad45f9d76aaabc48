#pragma once
// Layouts of tokens by name: those that the program carries, and files of one's own.

#include "theory/model/layout_text.hpp"

#include <string>
#include <string_view>

namespace benign::sim {

/// The names of the layouts that the program carries, for messages and help.
inline constexpr const char* shipped_layout_names[] = {"paper", "two-tokens", "strong-noise"};

/// The file of theory/model/layouts/ of this name, as in "paper.toml". Throws std::logic_error where there is none.
std::string_view shipped_layout(std::string_view file);

/// The layout that a text names: FILE.toml, a shipped name, or in one line as layout_text.hpp has it. Throws
/// theory::BadLayout, whose message says what is allowed.
theory::TokenLayout read_layout(const std::string& text);

}  // namespace benign::sim
