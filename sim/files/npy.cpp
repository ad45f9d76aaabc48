#include "sim/files/npy.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <type_traits>
#include <utility>

namespace benign::sim {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are read as they stand in the file");

constexpr std::uint64_t longest_header = 1 << 16;
constexpr std::size_t most_dimensions = 8;

/// Reads Python's dictionary of three literals, in whatever order and with whatever quotes.
class HeaderReader {
 public:
  explicit HeaderReader(const std::string& text) : text_(text) {}

  NpyHeader read() {
    NpyHeader header;
    bool descr = false, order = false, shape = false;
    expect("{");
    while (!take("}")) {
      const std::string key = quoted("a key");
      expect(":");
      if (key == "descr" && !std::exchange(descr, true)) {
        if (take("[")) throw BadArray("it is a structured array; allowed: plain numbers");
        header.type = quoted("a type of numbers");
      } else if (key == "fortran_order" && !std::exchange(order, true)) {
        header.fortran_order = take("True");
        if (!header.fortran_order) expect("False");
      } else if (key == "shape" && !std::exchange(shape, true)) {
        header.shape = tuple();
      } else {
        throw BadArray(not_numpy + "it has a key twice, or one more");
      }
      if (take(",")) continue;
      expect("}");
      break;
    }
    for (const auto& [found, name] : {std::pair{descr, "'descr'"}, {order, "'fortran_order'"}, {shape, "'shape'"}})
      if (!found) throw BadArray(not_numpy + name + " is missing");
    skip();
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;  // which NumPy writes, and does not ask for
    if (at_ != text_.size()) throw BadArray("its header goes on after its end");
    return header;
  }

 private:
  const std::string not_numpy = "its header is not one that NumPy writes: ";

  void expect(const char* token) {
    if (!take(token)) throw BadArray(not_numpy + token + " is missing at byte " + std::to_string(at_));
  }
  bool take(const char* token) {
    skip();
    const std::size_t size = std::strlen(token);
    if (text_.compare(at_, size, token) != 0) return false;
    at_ += size;
    return true;
  }
  std::string quoted(const char* what) {
    const char quote = take("'") ? '\'' : '"';
    if (quote == '"' && !take("\"")) throw BadArray(not_numpy + what + " is missing at byte " + std::to_string(at_));
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string::npos || end - at_ > 16) throw BadArray("its header names no " + std::string(what + 2));
    const std::string text = text_.substr(at_, end - at_);
    at_ = end + 1;
    return text;
  }
  std::vector<std::size_t> tuple() {
    std::vector<std::size_t> shape;
    expect("(");
    while (!take(")")) {
      if (shape.size() == most_dimensions) throw BadArray("it has more than 8 dimensions");
      shape.push_back(number());
      if (take(",")) continue;
      expect(")");
      break;
    }
    return shape;
  }
  std::size_t number() {
    skip();
    std::size_t value = 0, digits = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_, ++digits)
      value = 10 * value + static_cast<std::size_t>(text_[at_] - '0');
    if (digits == 0 || digits > 15) throw BadArray("its shape is not made of whole numbers below 10^15");
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // of Python 2
    return value;
  }
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

/// IEEE 754's binary16: ten bits of a fraction, five of an exponent.
struct Half {
  std::uint16_t bits;
  explicit operator double() const {
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const double size = exponent == 0   ? std::ldexp(fraction, -24)
                        : exponent < 31 ? std::ldexp(1024 + fraction, exponent - 25)
                        : fraction == 0 ? HUGE_VAL
                                        : std::nan("");
    return bits >> 15 ? -size : size;
  }
};

/// Calls `take` with a null pointer of the type of numbers that the header names by their letter and size; returns
/// false for any other.
template <class Take>
bool with_type(const std::string& type, const Take& take) {
  const std::string name = type.size() == 3 && std::strchr("<>|=", type[0]) ? type.substr(1) : "";
  const auto one = [&](const char* known, auto* number) { return name == known && (take(number), true); };
  return one("f2", static_cast<Half*>(nullptr)) || one("f4", static_cast<float*>(nullptr)) ||
         one("f8", static_cast<double*>(nullptr)) || one("i8", static_cast<std::int64_t*>(nullptr)) ||
         one("i4", static_cast<std::int32_t*>(nullptr)) || one("i2", static_cast<std::int16_t*>(nullptr)) ||
         one("i1", static_cast<std::int8_t*>(nullptr)) || one("u8", static_cast<std::uint64_t*>(nullptr)) ||
         one("u4", static_cast<std::uint32_t*>(nullptr)) || one("u2", static_cast<std::uint16_t*>(nullptr)) ||
         one("u1", static_cast<std::uint8_t*>(nullptr)) || one("b1", static_cast<std::uint8_t*>(nullptr));
}

bool is_real(const std::string& type) { return type.size() == 3 && type[1] == 'f' && type[2] <= '8'; }

[[noreturn]] void refuse_type(const std::string& type) {
  std::string shown;
  for (const char c : type) shown += c > ' ' && c < 127 ? c : '?';
  const auto has = [&](const char* letters) { return type.find_first_of(letters) != std::string::npos; };
  std::string what = "it holds '" + shown + "'; allowed: float16, float32 or float64, for labels also integers; ";
  if (has("O")) what = "it holds Python objects; allowed: numbers; np.stack(list) makes one array of equal ones; ";
  if (type == "|V2" || type == "<V2")
    throw BadArray("it holds two bytes of no type ('" + shown +
                   "'), which is how bfloat16 is saved; .float() of a tensor, or .astype(\"float32\"), before np.save");
  if (has("US"))
    throw BadArray("it holds strings ('" + shown +
                   "'); allowed: numbers; of labels np.unique(labels, return_inverse=True)[1], before np.save");
  throw BadArray(what + ".astype(\"float32\") before np.save");
}

/// What a file is that is no array, by its first bytes.
std::string what_begins_with(const std::string& start) {
  const auto begins = [&](const char* text) { return start.starts_with(text); };
  if (begins("PK")) return ", but like a ZIP archive: NumPy's has the ending .npz; of torch.save np.save the tensor";
  if (begins("<")) return ", but like a page of HTML: the download went wrong";
  if (begins("version ")) return ", but like a pointer of Git LFS: git lfs pull brings the file";
  if (begins("\x80")) return ", but like a pickle: np.save the array instead";
  if (begins("\x89HDF")) return ", but like HDF5: np.save(\"x.npy\", file[\"name\"][:]) writes an array of it";
  return "; np.save writes one that does";
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
  auto* first = reinterpret_cast<char*>(stored.data());
  if (!stream.read(first, bytes)) throw BadArray("it cannot be read to its end");
  if (header.type[0] == '>')
    for (std::size_t k = 0; k < count; ++k) std::reverse(first + k * sizeof(Stored), first + (k + 1) * sizeof(Stored));
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

template <class Stored>
long double number_of(Stored x) {
  return static_cast<long double>(x);
}
long double number_of(Half x) { return static_cast<double>(x); }

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
  if (std::memcmp(start, "\x93NUMPY", 6) != 0)
    throw BadArray("it is no .npy file: it does not begin with \\x93NUMPY" +
                   what_begins_with({reinterpret_cast<const char*>(start), 8}));
  const unsigned major = start[6];
  if (major < 1 || major > 3 || start[7] != 0)
    throw BadArray("its format is version " + std::to_string(major) + "." + std::to_string(start[7]) +
                   "; allowed: 1.0, 2.0 and 3.0");
  const std::size_t width = major == 1 ? 2 : 4;
  take(start + 8, width);
  std::uint64_t size = 0;
  for (std::size_t k = width; k > 0; --k) size = 256 * size + start[7 + k];
  const std::uint64_t begin = 8 + width + size;
  if (size == 0 || size > longest_header) throw BadArray("its header has " + std::to_string(size) + " bytes");
  if (begin > length) throw BadArray("it ends within its header");
  std::string text(size, '\0');
  take(reinterpret_cast<unsigned char*>(text.data()), size);

  NpyHeader header = HeaderReader(text).read();

  // In extended range: fifteen digits to a dimension overflow any integer.
  std::size_t number = 0;
  if (!with_type(header.type, [&](auto* one) { number = sizeof *one; })) refuse_type(header.type);
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
  if (!is_real(header.type)) refuse_type(header.type);
  auto array = array_of<double>(header);
  const auto take = [&](auto stored) {
    const auto x = static_cast<double>(stored);
    if (!std::isfinite(x)) {
      std::size_t at = array.numbers.size();
      std::vector<std::size_t> index(array.shape.size());
      for (std::size_t k = index.size(); k-- > 0; at /= array.shape[k]) index[k] = at % array.shape[k];
      throw BadArray(std::string(std::isnan(x) ? "NaN" : "infinity") + " at " + dimensions(index) +
                     "; allowed: finite numbers" +
                     (header.type[2] == '2' && std::isinf(x) ? "; float16 ends at 65504, float32 does not" : ""));
    }
    array.numbers.push_back(x);
  };
  with_type(header.type, [&](auto* one) { for_each_number<std::remove_pointer_t<decltype(one)>>(file, header, take); });
  return array;
}

Array<long> read_integers(std::istream& file, std::uint64_t length) {
  const NpyHeader header = read_npy_header(file, length);
  auto array = array_of<long>(header);
  const auto take = [&](auto x) {
    const auto wide = number_of(x);
    if (!(wide >= -1e9L && wide <= 1e9L) || wide != std::floor(wide))
      throw BadArray("number " + std::to_string(array.numbers.size()) + " is not a whole number from -10^9 to 10^9");
    array.numbers.push_back(static_cast<long>(wide));
  };
  with_type(header.type, [&](auto* one) { for_each_number<std::remove_pointer_t<decltype(one)>>(file, header, take); });
  return array;
}

}  // namespace benign::sim
