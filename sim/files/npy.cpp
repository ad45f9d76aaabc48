#include "sim/files/npy.hpp"

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace benign::sim {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are read as they stand in the file");

constexpr std::uint64_t longest_header = 1 << 16;
constexpr std::size_t most_dimensions = 8;

/// Reads Python's dictionary of three literals in the order in which NumPy writes it.
class HeaderReader {
 public:
  explicit HeaderReader(const std::string& text) : text_(text) {}

  void expect(const char* token) {
    skip();
    const std::size_t size = std::strlen(token);
    if (text_.compare(at_, size, token) != 0)
      throw BadArray("its header is not the one that NumPy writes: " + std::string(token) + " is missing at byte " +
                     std::to_string(at_));
    at_ += size;
  }
  bool take(const char* token) {
    skip();
    const std::size_t size = std::strlen(token);
    if (text_.compare(at_, size, token) != 0) return false;
    at_ += size;
    return true;
  }
  std::string quoted() {
    expect("'");
    const std::size_t end = text_.find('\'', at_);
    if (end == std::string::npos || end - at_ > 16) throw BadArray("its header names no type of numbers");
    const std::string text = text_.substr(at_, end - at_);
    at_ = end + 1;
    return text;
  }
  std::size_t number() {
    skip();
    std::size_t value = 0, digits = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_, ++digits)
      value = 10 * value + static_cast<std::size_t>(text_[at_] - '0');
    if (digits == 0 || digits > 15) throw BadArray("its shape is not made of whole numbers below 10^15");
    return value;
  }
  void end() {
    skip();
    if (at_ + 1 != text_.size() || text_[at_] != '\n')
      throw BadArray("its header goes on after its end, or does not end in a new line");
  }

 private:
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

/// The size of one number; throws where the type is not allowed.
std::size_t size_of_type(const std::string& type) {
  if (type.starts_with('>')) throw BadArray("its numbers are big endian (" + type + "); allowed: little endian");
  if (type.find('O') != std::string::npos) throw BadArray("it holds Python objects; allowed: numbers");
  for (const char* known : {"<f4", "<f8", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1"})
    if (type == known) return static_cast<std::size_t>(type[2] - '0');
  std::string shown;
  for (const char c : type) shown += c > ' ' && c < 127 ? c : '?';
  throw BadArray("it holds '" + shown + "'; allowed: float32 or float64, for labels also integers");
}

std::string dimensions(const std::vector<std::size_t>& shape) {
  std::string text = "(";
  for (const std::size_t size : shape) text += (text.size() > 1 ? "," : "") + std::to_string(size);
  return text + ")";
}

/// Calls `take` with all numbers in C order. The stream stands behind the header, which is known to tell their number.
template <class Stored, class Take>
void for_each_number(std::istream& stream, const NpyHeader& header, const Take& take) {
  const std::vector<std::size_t>& shape = header.shape;
  std::size_t count = 1;
  for (const std::size_t one : shape) count *= one;
  std::vector<Stored> stored(count);
  const auto bytes = static_cast<std::streamsize>(count * sizeof(Stored));
  if (!stream.read(reinterpret_cast<char*>(stored.data()), bytes)) throw BadArray("it cannot be read to its end");
  if (!header.fortran_order) {
    for (const Stored number : stored) take(number);
    return;
  }
  std::vector<std::size_t> index(shape.size(), 0);
  for (std::size_t k = 0; k < count; ++k) {
    std::size_t at = 0;
    for (std::size_t i = shape.size(); i-- > 0;) at = at * shape[i] + index[i];
    take(stored[at]);
    for (std::size_t i = shape.size(); i-- > 0 && ++index[i] == shape[i];) index[i] = 0;
  }
}

template <class Number>
Array<Number> array_of(const NpyHeader& header) {
  Array<Number> array{header.shape, {}};
  std::size_t size = 1;
  for (const std::size_t one : array.shape) size *= one;
  array.numbers.reserve(size);
  return array;
}

}  // namespace

NpyHeader read_npy_header(std::istream& file, std::uint64_t length) {
  unsigned char start[12] = {};
  const auto take = [&](unsigned char* to, std::size_t count) {
    if (!file.read(reinterpret_cast<char*>(to), static_cast<std::streamsize>(count)))
      throw BadArray("it ends within its header");
  };
  if (length == 0) throw BadArray("it is empty");
  if (length < 10) throw BadArray("it is no .npy file: it has " + std::to_string(length) + " bytes");
  take(start, 8);
  if (std::memcmp(start, "\x93NUMPY", 6) != 0) throw BadArray("it is no .npy file: it does not begin with \\x93NUMPY");
  const unsigned major = start[6];
  if ((major != 1 && major != 2) || start[7] != 0)
    throw BadArray("its format is version " + std::to_string(major) + "." + std::to_string(start[7]) +
                   "; allowed: 1.0 and 2.0");
  const std::size_t width = major == 1 ? 2 : 4;
  take(start + 8, width);
  std::uint64_t size = 0;
  for (std::size_t k = width; k > 0; --k) size = 256 * size + start[7 + k];
  const std::uint64_t begin = 8 + width + size;
  if (size == 0 || size > longest_header) throw BadArray("its header has " + std::to_string(size) + " bytes");
  if (begin > length) throw BadArray("it ends within its header");
  std::string text(size, '\0');
  take(reinterpret_cast<unsigned char*>(text.data()), size);

  NpyHeader header;
  HeaderReader reader(text);
  reader.expect("{");
  reader.expect("'descr'");
  reader.expect(":");
  if (reader.take("[")) throw BadArray("it is a structured array; allowed: plain numbers");
  header.type = reader.quoted();
  reader.expect(",");
  reader.expect("'fortran_order'");
  reader.expect(":");
  header.fortran_order = reader.take("True");
  if (!header.fortran_order) reader.expect("False");
  reader.expect(",");
  reader.expect("'shape'");
  reader.expect(":");
  reader.expect("(");
  while (!reader.take(")")) {
    if (header.shape.size() == most_dimensions) throw BadArray("it has more than 8 dimensions");
    header.shape.push_back(reader.number());
    if (!reader.take(",")) {
      reader.expect(")");
      break;
    }
  }
  reader.take(",");
  reader.expect("}");
  reader.end();

  // In extended range: fifteen digits to a dimension overflow any integer.
  const std::size_t number = size_of_type(header.type);
  long double bytes = static_cast<long double>(number);
  for (const std::size_t one : header.shape) bytes *= static_cast<long double>(one);
  if (header.shape.empty() || bytes == 0)
    throw BadArray("it holds no numbers: its shape is " + dimensions(header.shape));
  if (bytes != static_cast<long double>(length - begin)) {
    char sizes[120];
    std::snprintf(sizes, sizeof sizes, "; that takes %.15Lg bytes, and %llu follow the header", bytes,
                  static_cast<unsigned long long>(length - begin));
    throw BadArray("its header claims the shape " + dimensions(header.shape) + sizes);
  }
  return header;
}

Array<double> read_reals(std::istream& file, std::uint64_t length) {
  const NpyHeader header = read_npy_header(file, length);
  if (header.type != "<f4" && header.type != "<f8")
    throw BadArray("it holds '" + header.type + "'; allowed: float32 or float64, little endian");
  auto array = array_of<double>(header);
  const auto take = [&](double x) {
    if (!std::isfinite(x)) {
      std::size_t at = array.numbers.size();
      std::vector<std::size_t> index(array.shape.size());
      for (std::size_t k = index.size(); k-- > 0; at /= array.shape[k]) index[k] = at % array.shape[k];
      throw BadArray(std::string(std::isnan(x) ? "NaN" : "infinity") + " at " + dimensions(index) +
                     "; allowed: finite numbers");
    }
    array.numbers.push_back(x);
  };
  if (header.type == "<f4")
    for_each_number<float>(file, header, take);
  else
    for_each_number<double>(file, header, take);
  return array;
}

Array<long> read_integers(std::istream& file, std::uint64_t length) {
  const NpyHeader header = read_npy_header(file, length);
  auto array = array_of<long>(header);
  const auto take = [&](auto x) {
    const auto wide = static_cast<long double>(x);
    if (!(wide >= -1e9L && wide <= 1e9L) || wide != std::floor(wide))
      throw BadArray("number " + std::to_string(array.numbers.size()) + " is not a whole number from -10^9 to 10^9");
    array.numbers.push_back(static_cast<long>(wide));
  };
  const std::string& type = header.type;
  if (type == "<f4") for_each_number<float>(file, header, take);
  if (type == "<f8") for_each_number<double>(file, header, take);
  if (type == "<i8") for_each_number<std::int64_t>(file, header, take);
  if (type == "<i4") for_each_number<std::int32_t>(file, header, take);
  if (type == "<i2") for_each_number<std::int16_t>(file, header, take);
  if (type == "|i1") for_each_number<signed char>(file, header, take);
  if (type == "<u8") for_each_number<std::uint64_t>(file, header, take);
  if (type == "<u4") for_each_number<std::uint32_t>(file, header, take);
  if (type == "<u2") for_each_number<std::uint16_t>(file, header, take);
  if (type == "|u1") for_each_number<unsigned char>(file, header, take);
  return array;
}

}  // namespace benign::sim
