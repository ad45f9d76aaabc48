#include "sim/random.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace benign::sim {
namespace {

/// Calls write(words, out) for every block of four numbers of a row; the last block may be cut short.
template <class Write>
void for_each_block(std::uint64_t seed, Stream stream, std::uint64_t index, std::span<double> out, Write write) {
  for (std::size_t begin = 0; begin < out.size(); begin += 4) {
    const auto words = random_words(seed, stream, index, begin / 4);
    std::array<double, 4> numbers;
    write(words, numbers);
    std::copy_n(numbers.begin(), std::min<std::size_t>(4, out.size() - begin), out.begin() + begin);
  }
}

}  // namespace

std::array<std::uint64_t, 4> random_words(std::uint64_t seed, Stream stream, std::uint64_t index,
                                          std::uint64_t block) {
  const auto words = r123::Philox4x64()({{block, index, 0, 0}}, {{seed, static_cast<std::uint64_t>(stream)}});
  return {words[0], words[1], words[2], words[3]};
}

void fill_normal(std::uint64_t seed, Stream stream, std::uint64_t index, double scale, std::span<double> out) {
  for_each_block(seed, stream, index, out, [scale](const auto& words, auto& numbers) {
    for (int pair = 0; pair < 2; ++pair) {
      const double u = static_cast<double>((words[2 * pair] >> 11) + 1) * 0x1p-53;  // (0, 1]
      const double turn = static_cast<double>(words[2 * pair + 1] >> 11) * 0x1p-53;  // [0, 1)
      const double radius = scale * std::sqrt(-2 * std::log(u));
      numbers[2 * pair] = radius * std::cos(2 * std::numbers::pi * turn);
      numbers[2 * pair + 1] = radius * std::sin(2 * std::numbers::pi * turn);
    }
  });
}

void fill_uniform(std::uint64_t seed, Stream stream, std::uint64_t index, double scale, std::span<double> out) {
  for_each_block(seed, stream, index, out, [scale](const auto& words, auto& numbers) {
    for (int k = 0; k < 4; ++k) numbers[k] = scale * (static_cast<double>(static_cast<std::int64_t>(words[k]) >> 11) * 0x1p-52);
  });
}

}  // namespace benign::sim
