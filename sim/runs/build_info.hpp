#pragma once
// Which program made a record: its version, the hash of its sources and the flags that they were compiled with, so that
// a number can be traced to the code behind it.

#include <string>

namespace benign::sim {

struct BuildInfo {
  std::string version;
  std::string source;  ///< SHA-256 over all sources and build files in the order of their names, 64 hexadecimal digits
  std::string flags;   ///< of the compiler, as they decide arithmetic
  std::string compiler;  ///< its name and version
};

const BuildInfo& build_info();

}  // namespace benign::sim
