#pragma once
// Vectors and matrices as JSON that reads back as the same numbers.

#include "sim/runs/config_json.hpp"
#include "theory/numbers/exact_text.hpp"

#include <stdexcept>

namespace benign::sim {

template <class Numbers>
Json exact_json(const Numbers& x) {
  Json texts = Json::array();
  for (Index k = 0; k < x.size(); ++k) texts.push_back(exact_text(x.data()[k]));
  return texts;
}

template <class Real>
Real read_exact(const Json& text) {
  return from_exact_text<Real>(text.get<std::string>());
}

/// Into a vector or matrix of the size that it has.
template <class Numbers>
void read_exact(const Json& texts, Numbers& x) {
  if (static_cast<Index>(texts.size()) != x.size()) throw std::invalid_argument("numbers of another run");
  for (Index k = 0; k < x.size(); ++k)
    x.data()[k] = read_exact<typename Numbers::Scalar>(texts[static_cast<std::size_t>(k)]);
}

}  // namespace benign::sim
