#pragma once
// What runs that follow one another may have in common, drawn once: neighbouring cells of a sweep often differ in
// ‖μ‖, η or σ alone. The numbers of a run do not depend on what was drawn before.

#include "sim/frames/enclosed_frame.hpp"
#include "sim/frames/gram.hpp"

#include <optional>
#include <string>

namespace benign::sim {

/// The latest draw of each kind. For one thread; memory is that of one run.
class SharedDraws {
 public:
  /// See draw_gram_factors.
  std::shared_ptr<const GramFactors> gram_factors(const theory::Parameters& parameters, std::uint64_t seed);

  /// Of brought tokens they are computed anew.
  std::shared_ptr<const ExactProducts> exact_products(const Instance& instance, QNorm q_norm);

 private:
  template <class Key, class Drawn>
  struct Latest {
    std::optional<Key> key;
    std::shared_ptr<const Drawn> drawn;
  };
  Latest<std::array<std::uint64_t, 4>, GramFactors> gram_;
  Latest<std::string, ExactProducts> products_;
};

}  // namespace benign::sim
