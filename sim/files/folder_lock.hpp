#pragma once
// One process at a time at work in a folder. The system lets go of the lock however the process ends.

#include <filesystem>

namespace benign::sim {

class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// False where another process has the folder. True also where the file system knows no locks.
  bool held() const { return held_; }

 private:
  int folder_;
  bool held_;
};

}  // namespace benign::sim
