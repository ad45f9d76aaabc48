#pragma once
// KaTeX (Debian's libjs-katex) in one piece: its style with the fonts that formulas here need, and its script.

#include <filesystem>
#include <string>

namespace benign::proofs::page {

struct Typesetting {
  std::string style, script;
};

inline const std::filesystem::path katex_folder = "/usr/share/javascript/katex";

/// Throws Unfinished where it is not installed.
Typesetting typesetting(const std::filesystem::path& folder = katex_folder);

}  // namespace benign::proofs::page
