#include "sim/data/layout_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace benign::sim {
namespace {

/// What the file holds, if it is one of a size that a layout may have.
std::string text_of_file(const std::string& path) {
  constexpr std::uintmax_t most_bytes = 65'536;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) throw theory::BadLayout("a file that is there");
  if (std::filesystem::file_size(path, error) > most_bytes || error)
    throw theory::BadLayout("a file of at most 65536 bytes");
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) throw theory::BadLayout("a file that can be read");
  return text;
}

}  // namespace

theory::TokenLayout read_layout(const std::string& text) {
  if (text.ends_with(".toml")) return theory::layout_from_toml(text_of_file(text));
  std::string names;
  for (const std::string name : shipped_layout_names) {
    if (text == name) return theory::layout_from_toml(shipped_layout(name + ".toml"));
    names += name + ", ";
  }
  if (text.find(':') == std::string::npos)
    throw theory::BadLayout(names +
                            "FILE.toml, or kinds in one line as in 'signal: own=1; noise: count=rest, projected'");
  return theory::layout_from_line(text);
}

}  // namespace benign::sim
