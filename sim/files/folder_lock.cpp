#include "sim/files/folder_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace benign::sim {

FolderLock::FolderLock(const std::filesystem::path& folder)
    : folder_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
      held_(flock(folder_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) {}

FolderLock::~FolderLock() { close(folder_); }

}  // namespace benign::sim
