#pragma once
// How much memory there is, for estimates of what a run or a proof would take.

#include <filesystem>
#include <string>

namespace benign::sim {

/// What this process may have: the machine's, or less by a limit of its control group, as clusters and containers set
/// one, or by one of ulimit's.
double machine_bytes();

/// The least limit in bytes of the groups that /proc/self/cgroup tells, in its text, and of those above them, with the
/// control groups' file system at `root`; infinity where there is none.
double cgroup_bytes(const std::string& groups, const std::filesystem::path& root);

/// As in "1.23 GB".
std::string gigabytes(double bytes);

}  // namespace benign::sim
