// Archives that Python's zipfile wrote, stored and deflated, and archives that chance damaged.

#include "tests/support/files.hpp"
#include "tests/support/npy_files.hpp"
#include "sim/files/npy.hpp"
#include "sim/files/npz.hpp"
#include "sim/random/random.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace benign;

namespace {

std::vector<double> reals_of(const std::string& archive, const std::string& name) {
  std::istringstream stream(archive);
  const std::string bytes = sim::npz_member(stream, archive.size(), name);
  std::istringstream array(bytes);
  return sim::read_reals(array, bytes.size()).numbers;
}

/// x.npy stored and y.npy deflated, by another program's hand.
std::string archive_of(const std::vector<double>& x, const std::vector<double>& y) {
  const TemporaryFolder folder;
  const std::string shape = "(" + std::to_string(x.size()) + ",)";
  write(folder.path / "x.npy", npy("<f8", shape, bytes_of(x)));
  write(folder.path / "y.npy", npy("<f8", "(" + std::to_string(y.size()) + ",)", bytes_of(y)));
  write(folder.path / "zip.py", R"(
import zipfile
with zipfile.ZipFile('a.npz', 'w') as z:
    z.write('x.npy', compress_type=zipfile.ZIP_STORED)
    with z.open(zipfile.ZipInfo('forced.npy'), 'w', force_zip64=True) as f: f.write(open('x.npy', 'rb').read())
    z.write('y.npy', compress_type=zipfile.ZIP_DEFLATED)
)");
  REQUIRE(std::system(("cd '" + folder.path.string() + "' && /usr/bin/python3 zip.py").c_str()) == 0);
  return read(folder.path / "a.npz");
}

}  // namespace

TEST_CASE("npz: stored and deflated arrays are read as they were written", "[npz]") {
  const std::vector<double> x = {1, -2.5, 1e-300}, y(1000, 0.1);
  const std::string archive = archive_of(x, y);
  std::istringstream stream(archive);
  CHECK(sim::npz_names(stream, archive.size()) == std::vector<std::string>{"x", "forced", "y"});
  CHECK(reals_of(archive, "x") == x);
  CHECK(reals_of(archive, "forced") == x);  // as NumPy's savez writes it, with room for 64-bit sizes
  CHECK(reals_of(archive, "y") == y);
  CHECK_THROWS_AS(reals_of(archive, "z"), sim::BadArray);
}

TEST_CASE("npz: no damage is read as numbers", "[npz]") {
  const std::vector<double> x = {1, -2.5, 1e-300}, y(40, 0.1);
  const std::string good = archive_of(x, y);
  long refused = 0, same = 0;
  for (std::uint64_t k = 0; k < 20'000; ++k) {
    std::string bad = good;
    const auto [kind, where, what, length] = sim::random_words(11, sim::Stream::bootstrap, k, 0);
    const std::size_t at = sim::below(where, bad.size());
    if (kind % 4 == 0) bad.resize(at);
    if (kind % 4 == 1) bad.erase(at, 1 + length % 8);
    if (kind % 4 >= 2) bad[at] = static_cast<char>(what);
    for (const char* name : {"x", "y"}) {
      std::vector<double> numbers;
      try {
        numbers = reals_of(bad, name);
      } catch (const sim::BadArray&) {
        ++refused;
        continue;
      }
      REQUIRE(numbers == (name[0] == 'x' ? x : y));  // what was damaged is not what is read
      ++same;
    }
  }
  CHECK(refused > 10'000);
  CHECK(same > 1'000);
}
