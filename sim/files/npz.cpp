#include "sim/files/npz.hpp"

#include "sim/files/npy.hpp"

#include <boost/crc.hpp>
#include <boost/iostreams/filter/zlib.hpp>
#include <boost/iostreams/filtering_stream.hpp>

#include <algorithm>
#include <sstream>

namespace benign::sim {
namespace {

constexpr const char* remedy = "; np.savez writes one that can be read, np.save one array";

[[noreturn]] void refuse(const std::string& what) { throw BadArray(what + remedy); }

std::string bytes_at(std::istream& archive, std::uint64_t length, std::uint64_t at, std::uint64_t count) {
  if (at > length || count > length - at) refuse("it is a damaged archive: it points beyond its end");
  std::string bytes(count, '\0');
  archive.clear();
  archive.seekg(static_cast<std::streamoff>(at));
  if (!archive.read(bytes.data(), static_cast<std::streamsize>(count))) refuse("it cannot be read to its end");
  return bytes;
}

/// Little endian; `at` is known to lie inside.
std::uint64_t number(const std::string& bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t k = width; k-- > 0;) value = 256 * value + static_cast<unsigned char>(bytes[at + k]);
  return value;
}

struct Member {
  std::string name;
  std::uint64_t flags = 0, method = 0, crc = 0, packed = 0, size = 0, at = 0;
};

/// The central directory, which the last record of the archive points to.
std::vector<Member> directory(std::istream& archive, std::uint64_t length) {
  constexpr std::uint64_t end_size = 22, longest_comment = 65535, entry_size = 46;
  if (length < end_size) refuse("it is no .npz archive: it has " + std::to_string(length) + " bytes");
  const std::uint64_t tail_size = std::min(length, end_size + longest_comment);
  const std::string tail = bytes_at(archive, length, length - tail_size, tail_size);
  const std::size_t end = tail.rfind("PK\5\6", tail.size() - end_size);
  if (end == std::string::npos) refuse("it is no .npz archive, or its end is cut off");
  const std::uint64_t count = number(tail, end + 10, 2);
  const std::string entries = bytes_at(archive, length, number(tail, end + 16, 4), number(tail, end + 12, 4));
  std::vector<Member> members;
  std::size_t at = 0;
  for (std::uint64_t k = 0; k < count; ++k) {
    if (entries.size() - at < entry_size || entries.compare(at, 4, "PK\1\2") != 0)
      refuse("it is a damaged archive: its directory is not what it says");
    Member one{"",
               number(entries, at + 8, 2),
               number(entries, at + 10, 2),
               number(entries, at + 16, 4),
               number(entries, at + 20, 4),
               number(entries, at + 24, 4),
               number(entries, at + 42, 4)};
    const std::uint64_t name = number(entries, at + 28, 2),
                        rest = number(entries, at + 30, 2) + number(entries, at + 32, 2);
    if (entries.size() - at - entry_size < name + rest) refuse("it is a damaged archive: its directory is cut off");
    one.name = entries.substr(at + entry_size, name);
    at += entry_size + name + rest;
    members.push_back(std::move(one));
  }
  return members;
}

std::string unpacked(const std::string& packed, std::uint64_t size) {
  namespace io = boost::iostreams;
  io::zlib_params parameters;
  parameters.noheader = true;
  std::istringstream source(packed);
  io::filtering_istream stream;
  stream.push(io::zlib_decompressor(parameters));
  stream.push(source);
  std::string bytes;
  std::array<char, 65536> block;
  try {
    while (bytes.size() <= size && (stream.read(block.data(), block.size()) || stream.gcount() > 0))
      bytes.append(block.data(), static_cast<std::size_t>(stream.gcount()));
  } catch (const std::exception&) {
    refuse("it is a damaged archive: it cannot be unpacked");
  }
  return bytes;
}

}  // namespace

std::vector<std::string> npz_names(std::istream& archive, std::uint64_t length) {
  std::vector<std::string> names;
  for (const Member& one : directory(archive, length))
    if (one.name.ends_with(".npy")) names.push_back(one.name.substr(0, one.name.size() - 4));
  return names;
}

std::string npz_member(std::istream& archive, std::uint64_t length, const std::string& name) {
  constexpr std::uint64_t local_size = 30, stored = 0, deflated = 8, elsewhere = 0xffffffff;
  for (const Member& one : directory(archive, length)) {
    if (one.name != name + ".npy") continue;
    if (one.size == elsewhere || one.packed == elsewhere || one.at == elsewhere)
      refuse("its array " + name + " is beyond 4 GB");
    if ((one.flags & 1) != 0 || (one.method != stored && one.method != deflated))
      refuse("its array " + name + " is packed in another way than NumPy's");
    const std::string local = bytes_at(archive, length, one.at, local_size);
    const std::uint64_t begin = one.at + local_size + number(local, 26, 2) + number(local, 28, 2);
    if (bytes_at(archive, length, one.at + local_size, number(local, 26, 2)) != one.name)
      refuse("it is a damaged archive: its directory and its arrays have other names");
    std::string bytes = bytes_at(archive, length, begin, one.packed);
    if (one.method == deflated) bytes = unpacked(bytes, one.size);
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    if (bytes.size() != one.size || crc.checksum() != one.crc) refuse("its array " + name + " is damaged");
    return bytes;
  }
  refuse("it has no array " + name);
}

}  // namespace benign::sim
