#pragma once
// Files of a test.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace fs = std::filesystem;

/// A folder that is gone at the end of its scope.
struct TemporaryFolder {
  fs::path path;
  TemporaryFolder() {
    char name[] = "/tmp/benign-test-XXXXXX";
    path = mkdtemp(name);
  }
  ~TemporaryFolder() { fs::remove_all(path); }
};

inline std::string read(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
