#pragma once
// Runs between bounds that can be interrupted: where one stands, as text that reads back as the same numbers.

#include "sim/runs/config_json.hpp"
#include "theory/numbers/exact_text.hpp"

#include <functional>

namespace benign::sim {

struct Resumption {
  Json from = {};                                     ///< what `keep` was told; null from the start
  std::function<void(const Json& stands)> keep = {};  ///< now and then; may be empty
};

template <class Numbers>
Json exact_json(const Numbers& x) {
  auto texts = Json::array();
  for (Index k = 0; k < x.size(); ++k) texts.push_back(exact_text(x.data()[k]));
  return texts;
}

/// Into a vector or matrix of the size that it has. Throws std::invalid_argument where that is another.
template <class Numbers>
void read_exact(const Json& texts, Numbers& x) {
  if (static_cast<Index>(texts.size()) != x.size()) throw std::invalid_argument("numbers of another run");
  for (Index k = 0; k < x.size(); ++k)
    x.data()[k] =
        from_exact_text<typename Numbers::Scalar>(texts[static_cast<std::size_t>(k)].template get<std::string>());
}

}  // namespace benign::sim
