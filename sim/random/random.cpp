#include "sim/random/random.hpp"

#include "sim/random/box_muller.hpp"

#include <Random123/philox.h>

#include <algorithm>

namespace benign::sim {
namespace {

inline std::array<std::uint64_t, 4> words_at(std::uint64_t seed, Stream stream, std::uint64_t index,
                                             std::uint64_t block) {
  const auto words = r123::Philox4x64()({{block, index, 0, 0}}, {{seed, static_cast<std::uint64_t>(stream)}});
  return {words[0], words[1], words[2], words[3]};
}

/// Calls write(words, numbers) for a row's numbers, as many at a time as stay in the first-level cache, and one word
/// for each; a row's last block of four may be cut short.
template <class Write>
void for_each_chunk(std::uint64_t seed, Stream stream, std::uint64_t index, std::span<double> out, std::uint64_t first,
                    Write write) {
  constexpr std::size_t chunk = 256;
  std::array<std::uint64_t, chunk> words;
  for (std::size_t begin = 0; begin < out.size(); begin += chunk) {
    const std::size_t size = std::min(chunk, out.size() - begin), whole = size / 4 * 4;
    for (std::size_t k = 0; k < size; k += 4)
      std::ranges::copy(words_at(seed, stream, index, (first + begin + k) / 4),
                        words.begin() + static_cast<std::ptrdiff_t>(k));
    write(std::span(words).first(whole), out.data() + begin);
    if (whole == size) continue;
    std::array<double, 4> last;
    write(std::span(words).subspan(whole, 4), last.data());
    std::copy_n(last.begin(), size - whole, out.begin() + static_cast<std::ptrdiff_t>(begin + whole));
  }
}

}  // namespace

std::array<std::uint64_t, 4> random_words(std::uint64_t seed, Stream stream, std::uint64_t index, std::uint64_t block) {
  return words_at(seed, stream, index, block);
}

void fill_normal(std::uint64_t seed, Stream stream, std::uint64_t index, double scale, std::span<double> out,
                 std::uint64_t first) {
  for_each_chunk(seed, stream, index, out, first, [scale](std::span<const std::uint64_t> words, double* numbers) {
    box_muller(words.size() / 2, words.data(), scale, numbers);
  });
}

void fill_uniform(std::uint64_t seed, Stream stream, std::uint64_t index, double scale, std::span<double> out,
                  std::uint64_t first) {
  for_each_chunk(seed, stream, index, out, first, [scale](std::span<const std::uint64_t> words, double* numbers) {
    for (std::size_t k = 0; k < words.size(); ++k)
      numbers[k] = scale * (static_cast<double>(static_cast<std::int64_t>(words[k]) >> 11) * 0x1p-52);
  });
}

}  // namespace benign::sim
