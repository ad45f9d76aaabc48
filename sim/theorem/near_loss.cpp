#include "sim/theorem/near_loss.hpp"

namespace benign::sim {

Enclosure near_loss(const theory::Layout<Enclosure>& layout, const Enclosure& X, double off, double q,
                    const Enclosure& inverse_mu) {
  const Enclosure own = X + enclosure(-off, off), other = own;  // two numbers in one interval
  Enclosure F(0);
  long T = 0;
  for (const auto& kind : layout) {
    T += kind.count;
    if (kind.count == 0) continue;
    Enclosure sum(0);  // e^{−ℓ_k} Σ e^{ℓ_l}
    for (const auto& against : layout)
      if (&against == &kind)
        sum += kind.count;
      else if (against.count > 0)
        sum += against.count * exp((against.own - kind.own) * own + (against.other - kind.other) * other);
    F += kind.count * kind.answer() / sum;
  }
  const Enclosure gamma = theory::head_scale<Enclosure>(), rho = layout[theory::weak_own].own;
  const Enclosure slack = sqrt(Enclosure(T)) * (inverse_mu + gamma * (1 + rho) / 2 * q);
  return log1p(exp(-F)) + enclosure(-upper(slack), upper(slack));
}

}  // namespace benign::sim
