#include "sim/files/record_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace benign::sim {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

std::filesystem::path temporary_for(const std::filesystem::path& path) { return path.string() + ".part"; }

}  // namespace

RecordFile::RecordFile(const std::filesystem::path& path)
    : path_(path), file_(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666)) {
  if (file_ < 0) fail(path_);
}

RecordFile::~RecordFile() { close(file_); }

void RecordFile::append(std::string_view line) {
  const off_t before = lseek(file_, 0, SEEK_END);
  const std::string whole = std::string(line) + '\n';
  std::size_t done = 0;
  while (done < whole.size()) {
    const ssize_t written = write(file_, whole.data() + done, whole.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int why = errno;
      if (ftruncate(file_, before) != 0) errno = why;
      errno = why;
      fail(path_);
    }
    done += static_cast<std::size_t>(written);
  }
}

void probe_whole(const std::filesystem::path& path) {
  if (std::filesystem::exists(path) && !std::filesystem::is_regular_file(path))
    throw std::system_error(std::make_error_code(std::errc::invalid_argument), "not a regular file");
  RecordFile{temporary_for(path)};
  std::filesystem::remove(temporary_for(path));
}

void write_whole(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path temporary = temporary_for(path);
  try {
    RecordFile file(temporary);
    while (text.ends_with('\n')) text.remove_suffix(1);
    file.append(text);
  } catch (...) {
    unlink(temporary.c_str());
    throw;
  }
  std::filesystem::rename(temporary, path);
}

}  // namespace benign::sim
