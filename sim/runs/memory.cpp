#include "sim/runs/memory.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <sys/resource.h>
#include <unistd.h>

namespace benign::sim {

double cgroup_bytes(const std::string& groups, const std::filesystem::path& root) {
  double least = HUGE_VAL;
  std::istringstream lines(groups);
  for (std::string line; std::getline(lines, line);) {
    // "0::/a/b" of version 2, "4:memory:/a/b" of version 1.
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool unified = controllers == ",,";
    if (!unified && controllers.find(",memory,") == std::string::npos) continue;
    const auto top = unified ? root : root / "memory";
    const char* const limit = unified ? "memory.max" : "memory.limit_in_bytes";
    // A container sees its own group at the top, and every group above may limit it, too.
    std::filesystem::path group = std::filesystem::path(line.substr(second + 1)).relative_path();
    for (;; group = group.parent_path()) {
      std::ifstream file(top / group / limit);
      if (double bytes = 0; file >> bytes) least = std::min(least, bytes);  // "max" is no number
      if (group.empty()) break;
    }
  }
  return least;
}

namespace {

double least_limit() {
  std::stringstream groups;
  groups << std::ifstream("/proc/self/cgroup").rdbuf();
  double bytes = std::min(static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE)),
                          cgroup_bytes(groups.str(), "/sys/fs/cgroup"));
  for (const auto resource : {RLIMIT_AS, RLIMIT_DATA})
    if (rlimit limit{}; getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
      bytes = std::min(bytes, static_cast<double>(limit.rlim_cur));
  return bytes;
}

}  // namespace

double machine_bytes() {
  static const double bytes = least_limit();  // every cell of a sweep asks
  return bytes;
}

std::string gigabytes(double bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g GB", bytes / 1e9);
  return text;
}

}  // namespace benign::sim
