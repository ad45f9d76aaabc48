#pragma once
// Files that are whole at every moment: lines that arrive complete or not at all, documents that replace their
// predecessor in one step.

#include <filesystem>
#include <string_view>

namespace benign::sim {

/// A file of lines. Each is handed to the system in one piece, so that a signal cannot cut it.
class RecordFile {
 public:
  /// Creates or empties `path`. Throws std::system_error.
  explicit RecordFile(const std::filesystem::path& path);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  /// Appends `line` and a newline. Throws std::system_error (a full disk), after taking back an incomplete line.
  void append(std::string_view line);

 private:
  std::filesystem::path path_;
  int file_;
};

/// Throws std::system_error where write_whole could not write to `path`.
void probe_whole(const std::filesystem::path& path);

/// Writes `text` to `path` through a temporary file and a rename. Throws std::system_error.
void write_whole(const std::filesystem::path& path, std::string_view text);

}  // namespace benign::sim
