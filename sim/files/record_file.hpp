#pragma once
// Files that are whole at every moment: lines that arrive complete or not at all, documents that replace their
// predecessor in one step.

#include <filesystem>
#include <initializer_list>
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

/// A file that is not at its path, where a predecessor may be, before commit() puts it there whole. Until then it is
/// beside its path, under a name that no other process has: PATH.HOST-PID-0.part. The destructor removes what was not
/// committed; what a killed process left behind, the next one that writes to the same path removes.
class NewFile {
 public:
  /// Throws std::system_error where `path` is something else than a file, or cannot be written.
  explicit NewFile(const std::filesystem::path& path);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  /// Throws std::system_error (a full disk), which names the path.
  void append(std::string_view bytes);
  void append_line(std::string_view line);

  /// All of them, once the last byte of each is on the disk. Throws std::system_error.
  static void commit(std::initializer_list<NewFile*> files);

 private:
  [[noreturn]] void fail() const;
  void close_on_disk();

  std::filesystem::path path_, temporary_;
  int file_ = -1;
};

/// Throws std::system_error where write_whole could not write to `path`.
void probe_whole(const std::filesystem::path& path);

/// Writes `text`, with one newline at its end, to `path` in one step. Throws std::system_error.
void write_whole(const std::filesystem::path& path, std::string_view text);

}  // namespace benign::sim
