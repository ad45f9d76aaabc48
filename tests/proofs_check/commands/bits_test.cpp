// The same bits on machines with and without AVX2 and fused multiply-add: the C library is told that there is none.

#include "tests/support/cli.hpp"

TEST_CASE("records have the same bytes where the library has no AVX2 and no fused multiply-add", "[cli][bits]") {
  // The library must be one that can be told: its own sine, say, then differs.
  const std::string without = "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F";
  struct Case {
    std::string arguments, file;
  };
  for (const auto& [arguments, file] : std::vector<Case>{
           {"phase --n 8 --T 4 --x d=100:1000:3:log --y mu=2:30:3:log --seeds 3 --steps 200", "cells.jsonl"},
           {"phase --n 8 --T 4 --x d=1e3:1e12:3:log --y snr=1e-2:1:3:log --seeds 2 --flow --log-s-max 20 "
            "--infinite-time",
            "cells.jsonl"},
           {"phase --n 8 --T 4 --border gap --x log-s-max=10:300:3:log --y nsnr2=1e-3:10:4:log --d 1e10 --flow "
            "--seeds 2",
            "border.jsonl"},
           {"simulate --every 20 --d 500 --mu 8 --n 10 --steps 400", "series.jsonl"},
           {"simulate --every 20 --d 500 --mu 8 --n 10 --steps 100 --test sample:500", "series.jsonl"},
           {"simulate --every 20 --flow --log-s-max 30 --d 500 --mu 8 --n 10", "series.jsonl"},
           {"simulate --every 20 --flow --log-s-max 100 --route limit --d 6e7 --mu 300", "series.jsonl"},
           {"simulate --every 20 --data gram --d 1e12 --mu 1e5 --lr-unit tau0 --steps 100", "series.jsonl"},
           {"construct --b 0.1,1 --d 200", "selection.jsonl"},
           {"check --no-studies --d 300 --n 8 --steps 100", "check.json"}}) {
    const TemporaryFolder folder;
    const fs::path with = folder.path / "with", bare = folder.path / "without";
    INFO("benign " << arguments);
    const int status = benign(arguments + " --out " + with.string()).status;
    CHECK(benign(arguments + " --out " + bare.string(), without).status == status);
    REQUIRE(fs::exists(with / file));
    CHECK(read(with / file) == read(bare / file));
  }
}
