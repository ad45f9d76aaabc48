#include "sim/frames/shared_draws.hpp"

namespace benign::sim {
namespace {

template <class Latest, class Key, class Draw>
auto latest(Latest& latest, const Key& key, Draw draw) {
  if (latest.key != key) {
    latest.drawn = std::make_shared<const decltype(draw())>(draw());
    latest.key = key;
  }
  return latest.drawn;
}

std::uint64_t word(long count) { return static_cast<std::uint64_t>(count); }

}  // namespace

std::shared_ptr<const GramFactors> SharedDraws::gram_factors(const theory::Parameters& p, std::uint64_t seed) {
  return latest(gram_, std::array{word(p.n), word(p.T), word(p.d), seed}, [&] { return draw_gram_factors(p, seed); });
}

}  // namespace benign::sim
