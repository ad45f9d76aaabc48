#pragma once
// Layouts of tokens, all different: the relevant kind, and others with any coordinates, counts and noise.

#include "tests/support/random_input.hpp"
#include "theory/model/layout.hpp"

#include <memory>
#include <string>

namespace benign::tests {

/// Of two to five kinds; the last one may take the rest. At least one has noise along the signals.
inline theory::TokenLayout random_layout(RandomInput& random) {
  using theory::Strength;
  theory::TokenLayout layout;
  const auto noise = [&](theory::KindOfTokens& kind) {
    if (random.one_in(4))
      kind.noise = {theory::Decimal("0")};
    else if (random.one_in(2))
      kind.noise =
          random.one_in(4) ? Strength{random.decimal(0.1, 0.8), Strength::root_T} : Strength{random.decimal(0.2, 2)};
    kind.projected = kind.noise.factor.exact() != 0 && random.one_in(3);
  };
  const auto coordinate = [&]() -> Strength {
    if (random.one_in(2)) return {};
    return random.one_in(2) ? Strength{theory::Decimal(random.one_in(2) ? "1" : "-0.5"), Strength::rho}
                            : Strength{random.decimal(-0.6, 0.6)};
  };
  layout.kinds.push_back({.name = "signal", .own = {theory::Decimal("1")}, .count = random.whole(1, 2)});
  noise(layout.kinds.back());
  const long others = random.whole(1, 4);
  for (long k = 0; k < others; ++k) {
    theory::KindOfTokens kind{.name = "kind_" + std::to_string(k), .own = coordinate(), .other = coordinate()};
    noise(kind);
    kind.count = random.whole(1, 2);
    if (k == others - 1) {
      kind.noise = {theory::Decimal("1")}, kind.projected = false;
      if (random.one_in(2)) kind.count.reset();
    }
    layout.kinds.push_back(std::move(kind));
  }
  return layout;
}

/// Parameters with this layout, of the T that it counts, with two tokens for the rest.
inline theory::Parameters laid_out(theory::Parameters p, const theory::TokenLayout& layout) {
  p.layout = std::make_shared<const theory::TokenLayout>(layout);
  p.T = layout.counted() + (layout.has_rest() ? 2 : 0);
  return p;
}

}  // namespace benign::tests
