#include "sim/random.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace benign::sim {
namespace {

inline std::array<std::uint64_t, 4> words_at(std::uint64_t seed, Stream stream, std::uint64_t index,
                                             std::uint64_t block) {
  const auto words = r123::Philox4x64()({{block, index, 0, 0}}, {{seed, static_cast<std::uint64_t>(stream)}});
  return {words[0], words[1], words[2], words[3]};
}

/// Calls write(words, four numbers) for every block of a row; the last may be cut short.
template <class Write>
void for_each_block(std::uint64_t seed, Stream stream, std::uint64_t index, std::span<double> out, std::uint64_t first,
                    Write write) {
  std::size_t begin = 0;
  for (; begin + 4 <= out.size(); begin += 4)
    write(words_at(seed, stream, index, (first + begin) / 4), out.data() + begin);
  if (begin == out.size()) return;
  std::array<double, 4> last;
  write(words_at(seed, stream, index, (first + begin) / 4), last.data());
  std::copy_n(last.begin(), out.size() - begin, out.begin() + static_cast<std::ptrdiff_t>(begin));
}

}  // namespace

std::array<std::uint64_t, 4> random_words(std::uint64_t seed, Stream stream, std::uint64_t index, std::uint64_t block) {
  return words_at(seed, stream, index, block);
}

void fill_normal(std::uint64_t seed, Stream stream, std::uint64_t index, double scale, std::span<double> out,
                 std::uint64_t first) {
  for_each_block(seed, stream, index, out, first, [scale](const auto& words, double* numbers) {
    for (std::size_t k = 0; k < 4; k += 2) {
      const double u = unit_interval(words[k]);
      const double turn = static_cast<double>(words[k + 1] >> 11) * 0x1p-53;  // [0, 1)
      const double radius = scale * std::sqrt(-2 * std::log(u));
      numbers[k] = radius * std::cos(2 * std::numbers::pi * turn);
      numbers[k + 1] = radius * std::sin(2 * std::numbers::pi * turn);
    }
  });
}

void fill_uniform(std::uint64_t seed, Stream stream, std::uint64_t index, double scale, std::span<double> out,
                  std::uint64_t first) {
  for_each_block(seed, stream, index, out, first, [scale](const auto& words, double* numbers) {
    for (std::size_t k = 0; k < 4; ++k)
      numbers[k] = scale * (static_cast<double>(static_cast<std::int64_t>(words[k]) >> 11) * 0x1p-52);
  });
}

}  // namespace benign::sim
