#pragma once
// Counter-based random numbers: Philox4x64-10, keyed by (seed, stream) and read at (index, block).
//
// Nothing is stored and nothing is shared: a number depends on its address alone, so the order in which threads ask
// for numbers cannot matter, and two purposes can never meet because each has a stream of its own.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace benign::sim {

enum class Stream : std::uint64_t {
  train_noise = 1,
  test_noise,
  initial_weights,
  initial_p,
  labels,
  integration,
  bootstrap,
  gram_noise,  // what stands for them where only inner products are drawn: see gram.hpp
  gram_signal,
  gram_weights,
  gram_complement,
  batches  ///< samples of a step of stochastic descent
};

/// Four uniform 64-bit words.
std::array<std::uint64_t, 4> random_words(std::uint64_t seed, Stream stream, std::uint64_t index, std::uint64_t block);

/// The word's upper 53 bits as a number in (0, 1].
inline double unit_interval(std::uint64_t word) { return static_cast<double>((word >> 11) + 1) * 0x1p-53; }

/// A whole number in [0, count) from a uniform word.
inline std::size_t below(std::uint64_t word, std::size_t count) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>((static_cast<Wide>(word) * count) >> 64);
}

/// Numbers first, first + 1, … of row `index`; `first` must be a multiple of 4. Normals by Box–Muller in double.
void fill_normal(std::uint64_t seed, Stream stream, std::uint64_t index, double scale, std::span<double> out,
                 std::uint64_t first = 0);

/// The same, uniform on [−scale, scale): multiples of 2^{−52} scale.
void fill_uniform(std::uint64_t seed, Stream stream, std::uint64_t index, double scale, std::span<double> out,
                  std::uint64_t first = 0);

}  // namespace benign::sim
