#include "sim/files/record_file.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace benign::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view unfinished_suffix = ".part";

[[noreturn]] void fail(const fs::path& path) { throw std::system_error(errno, std::generic_category(), path.string()); }

/// Throws std::system_error that names `path`.
void write_all(const fs::path& path, int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// What the temporary names for `path` on this machine begin with; cut so that a long name stays one that is allowed.
std::string temporary_prefix(const fs::path& path) {
  char host[65] = "";
  gethostname(host, sizeof host - 1);
  return path.filename().string().substr(0, 160) + "." + host + "-";
}

/// Removes what processes that are no more left beside `path`.
void remove_leftovers(const fs::path& path) {
  const std::string prefix = temporary_prefix(path);
  std::error_code error;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (!name.starts_with(prefix) || !name.ends_with(unfinished_suffix)) continue;
    const char* const last = name.data() + name.size() - unfinished_suffix.size();  // and there is a point
    pid_t process = 0;
    const auto [end_of_number, none] = std::from_chars(name.data() + prefix.size(), last, process);
    if (none == std::errc() && *end_of_number == '-' && process > 0 && kill(process, 0) != 0 && errno == ESRCH)
      unlink(entry->path().c_str());
  }
}

}  // namespace

RecordFile::RecordFile(const fs::path& path)
    : path_(path), file_(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666)) {
  if (file_ < 0) benign::sim::fail(path_);
}

RecordFile::~RecordFile() { close(file_); }

void RecordFile::append(std::string_view line) {
  const off_t before = lseek(file_, 0, SEEK_END);
  try {
    write_all(path_, file_, std::string(line) + '\n');
  } catch (const std::system_error&) {
    // What cannot be taken back is a line without an end, which readers pass over.
    if (ftruncate(file_, before) != 0) errno = 0;
    throw;
  }
}

NewFile::NewFile(const fs::path& path) : path_(path) {
  std::error_code none;
  if (fs::exists(path, none) && !fs::is_regular_file(path, none))
    throw std::system_error(std::make_error_code(std::errc::invalid_argument), path.string() + ": not a regular file");
  remove_leftovers(path);
  // Containers may have one name and the same numbers of processes: the first of these files that is nobody's.
  const std::string prefix = temporary_prefix(path) + std::to_string(getpid()) + '-';
  for (long k = 0; file_ < 0; ++k) {
    const fs::path own = path.parent_path() / (prefix + std::to_string(k) + std::string(unfinished_suffix));
    file_ = open(own.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file_ < 0 && errno != EEXIST) fail();
    if (file_ >= 0) temporary_ = own;
  }
}

NewFile::~NewFile() {
  if (file_ >= 0) close(file_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void NewFile::fail() const { benign::sim::fail(path_); }

void NewFile::append(std::string_view bytes) { write_all(path_, file_, bytes); }

void NewFile::append_line(std::string_view line) { append(std::string(line) + '\n'); }

void NewFile::close_on_disk() {
  // A file system may tell of a full disk as late as this. Some know no synchronisation, which is no fault.
  if (fsync(file_) != 0 && errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) fail();
  const int file = std::exchange(file_, -1);
  if (close(file) != 0 && errno != EINTR) fail();
}

void NewFile::commit(std::initializer_list<NewFile*> files) {
  for (NewFile* file : files) file->close_on_disk();
  for (NewFile* file : files) {
    if (rename(file->temporary_.c_str(), file->path_.c_str()) != 0) file->fail();
    file->temporary_.clear();
  }
}

void probe_whole(const fs::path& path) { NewFile{path}; }

void write_whole(const fs::path& path, std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  NewFile file(path);
  file.append_line(text);
  NewFile::commit({&file});
}

}  // namespace benign::sim
