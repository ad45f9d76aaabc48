#include "theory/model/layout.hpp"

#include <algorithm>

namespace benign::theory {

long TokenLayout::counted() const {
  long sum = 0;
  for (const KindOfTokens& kind : kinds) sum += kind.count.value_or(0);
  return sum;
}

bool TokenLayout::has_rest() const {
  return std::any_of(kinds.begin(), kinds.end(), [](const KindOfTokens& kind) { return !kind.count; });
}

const TokenLayout& paper_layout() {
  static const Strength rho{Decimal("1"), Strength::rho};
  static const TokenLayout layout{{{.name = "relevant", .own = {Decimal("1")}},
                                   {.name = "weak_own", .own = rho},
                                   {.name = "weak_other", .other = rho},
                                   {.name = "irrelevant", .count = std::nullopt}}};
  return layout;
}

const TokenLayout& layout_of(const Parameters& parameters) {
  return parameters.layout ? *parameters.layout : paper_layout();
}

std::vector<std::size_t> kinds_of_tokens(const TokenLayout& layout, long T) {
  std::vector<std::size_t> kinds;
  for (std::size_t kind = 0; kind < layout.kinds.size(); ++kind)
    kinds.insert(kinds.end(), static_cast<std::size_t>(layout.kinds[kind].count.value_or(T - layout.counted())), kind);
  return kinds;
}

std::vector<Kind> kinds_of_tokens(long T) {
  std::vector<Kind> kinds;
  for (const std::size_t kind : kinds_of_tokens(paper_layout(), T)) kinds.push_back(static_cast<Kind>(kind));
  return kinds;
}

}  // namespace benign::theory
