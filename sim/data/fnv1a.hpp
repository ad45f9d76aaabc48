#pragma once
// A hash that changes with any of its bytes: FNV-1a of 64 bits (Fowler, Noll and Vo). For names of what was computed, and
// never against forgery.

#include <bit>
#include <cstdint>
#include <string_view>

namespace benign::sim {

class Fnv1a {
 public:
  void add(std::uint64_t x) { hash_ = (hash_ ^ x) * 1099511628211u; }
  void add(double x) { add(std::bit_cast<std::uint64_t>(x)); }
  void add(std::string_view text) {
    for (const char c : text) add(std::uint64_t{static_cast<unsigned char>(c)});
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 14695981039346656037u;
};

}  // namespace benign::sim
