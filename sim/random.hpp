#pragma once
// Counter-based random numbers: Philox4x64-10, keyed by (seed, stream) and read at (index, block).
//
// Nothing is stored and nothing is shared: a number depends on its address alone, so the order in which threads ask
// for numbers cannot matter, and two purposes can never meet because each has a stream of its own.

#include <array>
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
  gram_complement
};

/// Four uniform 64-bit words.
std::array<std::uint64_t, 4> random_words(std::uint64_t seed, Stream stream, std::uint64_t index, std::uint64_t block);

/// Numbers first, first + 1, … of row `index`; `first` must be a multiple of 4. Normals by Box–Muller in double.
void fill_normal(std::uint64_t seed, Stream stream, std::uint64_t index, double scale, std::span<double> out,
                 std::uint64_t first = 0);

/// The same, uniform on [−scale, scale): multiples of 2^{−52} scale.
void fill_uniform(std::uint64_t seed, Stream stream, std::uint64_t index, double scale, std::span<double> out,
                  std::uint64_t first = 0);

}  // namespace benign::sim
