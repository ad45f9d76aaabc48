#pragma once
// The products of linear.hpp for enclosures: no temporaries, and on all cores, each entry of a result summed by one
// thread in one order, so that the bits are the same for any number of them.

#include "sim/linear/linear.hpp"
#include "theory/numbers/enclosure.hpp"

namespace benign::sim {

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
