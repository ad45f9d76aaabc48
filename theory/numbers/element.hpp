#pragma once
// Elements of the standard library's containers by Eigen's signed index.

#include "theory/numbers/real.hpp"

#include <cstddef>

namespace benign {

/// container[k], for a k ≥ 0.
template <class Container>
decltype(auto) element(Container&& container, Index k) {
  return container[static_cast<std::size_t>(k)];
}

}  // namespace benign
