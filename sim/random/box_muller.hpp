#pragma once
// Normal numbers from uniform words (Box and Muller, Annals of Mathematical Statistics 29, 1958).
//
// The logarithm, sine and cosine are written out, as series with exact coefficients: a mathematical library's differ
// from one processor to the next in the last bits, and take one number at a time. Here every processor draws the same
// bits, and the widest vectors that it has are used.

#include <cstddef>
#include <cstdint>

namespace benign::sim {

/// numbers[2i] and numbers[2i + 1] = scale · √(−2 log u) · (cos, sin)(2πt), where u ∈ (0, 1] is the upper 53 bits of
/// words[2i], plus one, and t ∈ [0, 1) those of words[2i + 1]. Each within 4 units in the last place of the radius.
void box_muller(std::size_t pairs, const std::uint64_t* words, double scale, double* numbers);

}  // namespace benign::sim
