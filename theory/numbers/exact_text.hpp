#pragma once
// Numbers as text that reads back as the same numbers, whatever their digits: hexadecimal, a pair as its two doubles, an
// interval as its two ends.

#include "theory/numbers/enclosure.hpp"

#include <string>

namespace benign {

/// Of double, dd, mp50, mp100 and Enclosure.
template <class Real>
std::string exact_text(const Real& x);

/// The number itself; an interval has the working precision, or as many bits more as its ends need. Throws
/// std::invalid_argument where the text is none of exact_text's.
template <class Real>
Real from_exact_text(const std::string& text);

}  // namespace benign
