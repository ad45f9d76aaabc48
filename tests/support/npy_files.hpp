#pragma once
// Files in NumPy's format, byte by byte.

#include <cstring>
#include <string>
#include <vector>

template <class Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  std::string bytes(numbers.size() * sizeof(Number), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

inline std::string with_header(const std::string& dictionary, const std::string& data,
                               const std::string& version = {1, 0}) {
  std::string header = dictionary;
  const std::size_t width = version[0] == 1 ? 2 : 4, before = 8 + width;
  header.append(63 - (before + header.size()) % 64, ' ');
  header += '\n';
  std::string file = "\x93NUMPY" + version;
  for (std::size_t k = 0; k < width; ++k) file += static_cast<char>((header.size() >> (8 * k)) & 0xff);
  return file + header + data;
}

inline std::string npy(const std::string& type, const std::string& shape, const std::string& data,
                       const char* order = "False") {
  return with_header("{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }", data);
}
