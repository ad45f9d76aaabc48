// Arrays that NumPy wrote, arrays that are wrong in one way each, and arrays that chance made wrong.

#include "tests/support/npy_files.hpp"
#include "sim/files/npy.hpp"
#include "sim/random/random.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace {

using namespace benign;
using sim::BadArray;

sim::Array<double> reals(const std::string& file) {
  std::istringstream stream(file);
  return sim::read_reals(stream, file.size());
}

sim::Array<long> integers(const std::string& file) {
  std::istringstream stream(file);
  return sim::read_integers(stream, file.size());
}

const std::vector<double> six = {1, 2, 3, 4, 5, -0.1};

void check_bad(const std::string& file, const std::string& says) {
  try {
    reals(file);
    FAIL_CHECK("nothing is wrong with it, where '" << says << "' was expected");
  } catch (const BadArray& error) {
    INFO(error.what());
    CHECK(std::string(error.what()).find(says) != std::string::npos);
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
  }
}

}  // namespace

TEST_CASE("npy: every allowed type and order", "[npy]") {
  const auto c = reals(npy("<f8", "(2, 3)", bytes_of(six)));
  CHECK(c.shape == std::vector<std::size_t>{2, 3});
  CHECK(c.numbers == six);
  const std::vector<double> columns = {1, 4, 2, 5, 3, -0.1};
  CHECK(reals(npy("<f8", "(2, 3)", bytes_of(columns), "True")).numbers == six);
  CHECK(reals(npy("<f4", "(3,)", bytes_of(std::vector<float>{0.5F, -2, 3}))).numbers ==
        std::vector<double>{0.5, -2, 3});
  CHECK(
      reals(with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (6,), }", bytes_of(six), {2, 0})).numbers ==
      six);
  const std::vector<long> labels = {1, -1, 1};
  CHECK(integers(npy("<i8", "(3,)", bytes_of(std::vector<std::int64_t>{1, -1, 1}))).numbers == labels);
  CHECK(integers(npy("<i4", "(3,)", bytes_of(std::vector<std::int32_t>{1, -1, 1}))).numbers == labels);
  CHECK(integers(npy("<i2", "(3,)", bytes_of(std::vector<std::int16_t>{1, -1, 1}))).numbers == labels);
  CHECK(integers(npy("|i1", "(3,)", bytes_of(std::vector<signed char>{1, -1, 1}))).numbers == labels);
  CHECK(integers(npy("<f8", "(3,)", bytes_of(std::vector<double>{1, -1, 1}))).numbers == labels);
  CHECK(integers(npy("|u1", "(2,)", bytes_of(std::vector<unsigned char>{0, 255}))).numbers ==
        std::vector<long>{0, 255});
}

TEST_CASE("npy: headers as any version and reader writes them", "[npy]") {
  const std::string data = bytes_of(six);
  for (const char* header : {"{'descr': '<f8', 'fortran_order': False, 'shape': (6,), }",
                             "{'shape': (6,), 'descr': \"<f8\", 'fortran_order': False}",
                             "{\"fortran_order\": False, \"shape\": (6L,), \"descr\": '<f8'}"})
    for (const auto& version : {std::string{1, 0}, std::string{2, 0}, std::string{3, 0}})
      CHECK(reals(with_header(header, data, version)).numbers == six);
  const std::string spaces = "{'descr': '<f8', 'fortran_order': False, 'shape': (6,)}   ";  // no new line at its end
  CHECK(reals(std::string("\x93NUMPY\1\0", 8) + static_cast<char>(spaces.size()) + '\0' + spaces + data).numbers ==
        six);
}

TEST_CASE("npy: half precision, big endian and bool are read without loss", "[npy]") {
  // IEEE 754, binary16: 1, -2, the largest, the smallest normal, the smallest of all, 1/3 to eleven bits, -0.
  const std::vector<std::uint16_t> halves = {0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x3555, 0x8000};
  const std::vector<double> values = {1, -2, 65504, 0x1p-14, 0x1p-24, 0x555p-12, -0.0};
  CHECK(reals(npy("<f2", "(7,)", bytes_of(halves))).numbers == values);
  std::vector<std::uint16_t> turned;
  for (const std::uint16_t h : halves) turned.push_back(static_cast<std::uint16_t>(h << 8 | h >> 8));
  CHECK(reals(npy(">f2", "(7,)", bytes_of(turned))).numbers == values);
  CHECK(reals(npy(">f8", "(1,)", std::string("\x3f\xf8\0\0\0\0\0\0", 8))).numbers == std::vector<double>{1.5});
  CHECK(reals(npy(">f4", "(1,)", std::string("\xc0\x20\0\0", 4))).numbers == std::vector<double>{-2.5});
  CHECK(integers(npy(">i4", "(2,)", std::string("\0\0\1\2\xff\xff\xff\xfe", 8))).numbers == std::vector<long>{258, -2});
  CHECK(integers(npy("|b1", "(2,)", std::string("\0\1", 2))).numbers == std::vector<long>{0, 1});
  check_bad(npy("<f2", "(1,)", std::string("\0\x7c", 2)),
            "infinity at (0); allowed: finite numbers; float16 ends at 65504");
  check_bad(npy("<f2", "(1,)", std::string("\1\x7c", 2)), "NaN at (0)");
}

TEST_CASE("npy: what is no array is named, with the remedy", "[npy]") {
  check_bad("<!DOCTYPE html><title>404</title>", "like a page of HTML");
  check_bad("version https://git-lfs.github.com/spec/v1", "git lfs pull");
  check_bad("\x80\2}q\1(more bytes of a pickle)", "like a pickle");
  check_bad("\x89HDF\r\n\x1a\n and more bytes", "HDF5");
  check_bad("PK\3\4 and more bytes", "like a ZIP archive");
  check_bad(npy("|V2", "(3,)", "123456"), ".float() of a tensor, or .astype(\"float32\"), before np.save");
  check_bad(npy("<c8", "(1,)", "12345678"), ".astype(\"float32\") before np.save");
  check_bad(npy("<U4", "(1,)", std::string(16, 'a')), "np.unique(labels, return_inverse=True)[1]");
}

TEST_CASE("npy: what is wrong is said", "[npy]") {
  const std::string good = npy("<f8", "(2, 3)", bytes_of(six));
  check_bad("", "it is empty");
  check_bad(good.substr(0, 9), "9 bytes");
  check_bad("PK\3\4" + good.substr(4), "does not begin with \\x93NUMPY");
  check_bad("\x93NUMPY\4" + good.substr(7), "version 4.0");
  check_bad(good.substr(0, 40), "ends within its header");
  check_bad(good.substr(0, good.size() - 1), "claims the shape (2,3)");
  check_bad(good + "x", "claims the shape (2,3)");
  check_bad(npy("<f8", "(1000, 1250000)", bytes_of(six)), "takes 10000000000 bytes, and 48 follow");
  check_bad(npy("<f8", "(999999999999999, 999999999999999, 999999999999999)", bytes_of(six)), "claims the shape");
  check_bad(npy("<f8", "(1111111111111111111111,)", bytes_of(six)), "below 10^15");
  check_bad(npy("<f8", "(2, -3)", bytes_of(six)), "whole numbers");
  check_bad(npy("<f8", "(0, 3)", ""), "holds no numbers");
  check_bad(npy("<f8", "()", bytes_of(std::vector<double>{1})), "holds no numbers");
  check_bad(npy("<f8", "(1,1,1,1,1,1,1,1,1)", bytes_of(std::vector<double>{1})), "more than 8 dimensions");
  check_bad(npy("|O", "(2, 3)", bytes_of(six)), "Python objects");
  check_bad(npy("<i8", "(2, 3)", bytes_of(six)), "float32 or float64");
  check_bad(npy("<f16", "(3,)", bytes_of(six)), "allowed: float16, float32 or float64");
  check_bad(npy("<c16", "(3,)", bytes_of(six)), "'<c16'");
  check_bad(npy("<f8", "(2, 3)", bytes_of(six), "Maybe"), "False is missing");
  check_bad(with_header("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (6,), }", bytes_of(six)),
            "structured array");
  check_bad(with_header("{'descr': '<f8', 'shape': (6,), }", bytes_of(six)), "'fortran_order' is missing");
  auto numbers = six;
  numbers[4] = std::numeric_limits<double>::quiet_NaN();
  check_bad(npy("<f8", "(2, 3)", bytes_of(numbers)), "NaN at (1,1)");
  numbers[4] = -HUGE_VAL;
  check_bad(npy("<f8", "(2, 3)", bytes_of(numbers)), "infinity at (1,1)");
  CHECK_THROWS_AS(integers(npy("<f8", "(6,)", bytes_of(six))), BadArray);
  CHECK_THROWS_AS(integers(npy("<u8", "(1,)", std::string(8, '\xff'))), BadArray);
}

/// 10⁵ files, each a good one with a few bytes changed, cut, inserted or doubled: each is read or refused as a
/// BadArray.
TEST_CASE("npy: a hundred thousand damaged files", "[npy]") {
  const std::vector<std::string> good = {
      npy("<f8", "(2, 3)", bytes_of(six)), npy("<f4", "(1, 2, 3)", bytes_of(std::vector<float>(6, 1)), "True"),
      npy("<i8", "(3,)", bytes_of(std::vector<std::int64_t>{1, -1, 1})), npy("|u1", "(4,)", "\1\2\3\4"),
      with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (6,), }", bytes_of(six), {2, 0})};
  const std::string tokens = "0123456789(),':{}[]<>|fiuO TrueFalse\n";
  long read = 0, refused = 0;
  for (std::uint64_t k = 0; k < 100'000; ++k) {
    std::string file = good[k % good.size()];
    const auto words = sim::random_words(7, sim::Stream::bootstrap, k, 0);
    for (std::uint64_t change = 0; change <= words[0] % 4; ++change) {
      const auto [kind, where, what, length] = sim::random_words(7, sim::Stream::bootstrap, k, 1 + change);
      // Half of the changes meet the first bytes, where the sizes are.
      const std::size_t at =
          sim::below(where, what % 2 == 0 ? file.size() + 1 : std::min<std::size_t>(file.size(), 80) + 1);
      switch (kind % 6) {
        case 0: file = file.substr(0, at); break;
        case 1: file.insert(at, 1, tokens[what % tokens.size()]); break;
        case 2: file.insert(at, file.substr(at, length % 32)); break;
        case 3: file.erase(at, 1 + length % 8); break;
        case 4:
          if (at < file.size()) file[at] = tokens[what % tokens.size()];
          break;
        default:
          if (at < file.size()) file[at] = static_cast<char>(what >> 8);
          break;
      }
    }
    try {
      std::istringstream stream(file);
      if (k % 2 == 0)
        sim::read_reals(stream, file.size());
      else
        sim::read_integers(stream, file.size());
      ++read;
    } catch (const BadArray&) {
      ++refused;
    }
  }
  CHECK(read + refused == 100'000);
  CHECK(read > 100);
  CHECK(refused > 50'000);
}
