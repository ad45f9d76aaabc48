// What a control group leaves of a machine's memory.

#include "sim/runs/memory.hpp"
#include "tests/support/files.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace benign;

TEST_CASE("the memory of a control group is the least of its limits and of those above", "[memory]") {
  const TemporaryFolder folder;
  const auto limit = [&](const std::string& file, const std::string& text) {
    fs::create_directories((folder.path / file).parent_path());
    write(folder.path / file, text);
  };
  limit("job/step/memory.max", "max\n");
  limit("job/memory.max", "4000000000\n");
  limit("other/memory.max", "1000\n");
  limit("memory/memory.limit_in_bytes", "9223372036854771712\n");
  limit("memory/slurm/job/memory.limit_in_bytes", "2000000000\n");

  struct Case {
    const char* groups;
    double bytes;
  };
  for (const auto& [groups, bytes] : {Case{"0::/job/step\n", 4e9},
                                      {"0::/\n", HUGE_VAL},
                                      {"4:memory:/slurm/job/step\n3:cpu:/other\n0::/\n", 2e9},
                                      {"5:cpu,memory:/slurm/job\n0::/job\n", 2e9},
                                      {"3:cpu:/other\n", HUGE_VAL},
                                      {"0::/gone/below\n", HUGE_VAL},
                                      {"", HUGE_VAL},
                                      {"nonsense\n", HUGE_VAL}}) {
    INFO(groups);
    CHECK(sim::cgroup_bytes(groups, folder.path) == bytes);
  }
  CHECK(sim::machine_bytes() > 1e6);
}
