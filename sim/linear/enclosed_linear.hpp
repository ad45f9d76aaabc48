#pragma once
// The products of linear.hpp for enclosures: no temporaries, and on all cores, each entry of a result summed by one
// thread in one order, so that the bits are the same for any number of them.

#include "sim/linear/linear.hpp"
#include "theory/numbers/enclosure.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

namespace benign::sim {

/// Calls work(begin, end) for ranges of at most `piece` of the numbers 0, …, count − 1, on all cores, each at the
/// caller's working precision.
template <class Work>
void in_parallel(Index count, Index piece, const Work& work) {
  const long bits = WorkingPrecision::bits();
  tbb::parallel_for(tbb::blocked_range<Index>(0, count, piece), [&](const tbb::blocked_range<Index>& range) {
    const WorkingPrecision same(bits);
    work(range.begin(), range.end());
  });
}

template <>
void times(Index rows, Index cols, const Enclosure* A, const Enclosure* x, Enclosure* y);
template <>
void transposed_times(Index rows, Index cols, const Enclosure* A, const Enclosure* x, Enclosure* y);
template <>
void transposed_times_then_add_outer(Index rows, Index cols, Enclosure* A, const Enclosure* x, Enclosure* y,
                                     const Enclosure* u, const Enclosure* v);
template <>
void add_two_outers(Index rows, Index cols, Enclosure* A, const Enclosure* u, const Enclosure* v, const Enclosure* w,
                    const Enclosure* z);

}  // namespace benign::sim
