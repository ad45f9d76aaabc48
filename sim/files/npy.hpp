#pragma once
// Arrays in NumPy's format .npy, versions 1.0 to 3.0, as any version of NumPy or a reader like it writes them. What a
// double or a long holds without loss is read, little or big endian; else the message has the remedy. Everything in the header is held against what is allowed and
// against the length of the file before a number is read, so that nothing is allocated on the word of a header.

#include <cstdint>
#include <istream>
#include <stdexcept>
#include <string>
#include <vector>

namespace benign::sim {

/// What is wrong with an array, on one line without the file's name.
struct BadArray : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct NpyHeader {
  std::string type;  ///< "<f4", ">f8", "<i8", "|u1", …
  bool fortran_order = false;
  std::vector<std::size_t> shape;
};

/// The header, if all of it is allowed and `length`, in bytes, is exactly that of the header and of what it promises.
NpyHeader read_npy_header(std::istream& file, std::uint64_t length);

/// Numbers in C order, whatever the order in the file.
template <class Number>
struct Array {
  std::vector<std::size_t> shape;
  std::vector<Number> numbers;
};

/// float16, float32 or float64, all of them finite.
Array<double> read_reals(std::istream& file, std::uint64_t length);

/// Whole numbers from −10⁹ to 10⁹, of an integer type, bool, or one of the above.
Array<long> read_integers(std::istream& file, std::uint64_t length);

}  // namespace benign::sim
