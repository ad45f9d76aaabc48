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

std::shared_ptr<const ExactProducts> SharedDraws::exact_products(const Instance& instance, QNorm q_norm) {
  if (instance.brought) return std::make_shared<const ExactProducts>(instance, q_norm);
  const theory::Parameters& p = instance.parameters;
  std::string key = p.sigma.text() + " " + (p.sigma_w ? p.sigma_w->text() : "-") + " " + p.sigma_p.text();
  for (const std::uint64_t number : {word(p.n), word(p.T), word(p.d), instance.seed, word(static_cast<long>(p.init)),
                                     word(static_cast<long>(instance.kind)), word(static_cast<long>(q_norm))})
    key += " " + std::to_string(number);
  return latest(products_, key, [&] { return ExactProducts(instance, q_norm); });
}

}  // namespace benign::sim
