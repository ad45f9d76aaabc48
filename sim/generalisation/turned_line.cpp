#include "sim/generalisation/turned_line.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {

TurnedLine::TurnedLine(const ShareLaw& law, const Ray& ray, double eta)
    : ray_(ray), a_(law.a), c_(law.c), r2_(law.rest2()) {
  Enclosure sine;
  mpfi_cos(cosine_.data(), Enclosure(eta).data()), mpfi_sin(sine.data(), Enclosure(eta).data());
  const Enclosure s2 = sine * sine;
  cosine_of_twice_ = 1 - 2 * s2;
  const Enclosure Q = s2 / (r2_ * cosine_of_twice_), left = 1 - 2 * Q * c_ * c_;
  if (!(eta < 0.78 && lower(cosine_of_twice_) > 0 && lower(left) > 0)) return;  // 0.78 < π/4
  S2_ = 1 / left;
  const bool decays = ray.kappa > 0;
  Enclosure exponent(0);
  for (const ShareKind& kind : law.kinds) {
    const Enclosure b(kind.b), beta = decays ? Enclosure(0) : b;
    if (decays && !(upper(2 * ray.xi * abs(b) * sine - cosine_) <= 0)) return;
    const Enclosure delta = 2 * Q * beta * c_ * S2_;
    kinds_.push_back({kind.m + a_ * delta, b, c_ * delta, kind.count});
    exponent += kind.count * (log(S2_) / 2 + Q * beta * beta * S2_);
  }
  std::ranges::stable_sort(kinds_, [](const Kind& x, const Kind& y) { return lower(x.m) > lower(y.m); });
  growth_ = exp(exponent), usable_ = true;
}

Enclosure TurnedLine::left(double U) const {
  const Enclosure a2S2 = a_ * a_ * S2_;
  Enclosure sum(0);
  for (const Kind& kind : kinds_) {
    const Enclosure x = U + kind.m + a2S2 / 2, value = abs(kind.b) + abs(kind.aside) + abs(c_) * (a_ * S2_ + sqrt(S2_));
    sum += kind.count *
           (exp(x) * (ray_.kappa + ray_.xi * value) + Enclosure(ray_.xi) * ray_.xi * r2_ * exp(2 * x + a2S2) / 4);
  }
  return growth_ * sum;
}

/// The least of some exponents θ and of the sets of tokens with the largest means.
Enclosure TurnedLine::right(double U) const {
  const Enclosure a2S2 = a_ * a_ * S2_, log_k = log(cosine_), log_y = log(ray_.xi * sqrt(r2_ * cosine_of_twice_));
  Enclosure least(HUGE_VAL);
  for (double exponent = 0.05; exponent < 1e4; exponent *= 1.5) {
    const Enclosure theta(exponent), power = theta * (log(2 * theta) - 1);
    const Enclosure shape = ray_.kappa > 0 ? power - theta * log_k : power / 2 - theta * log_y;
    Enclosure sum(0);
    long s = 0;
    for (const Kind& kind : kinds_) {
      sum += kind.count * (shape - theta * (U + kind.m) + theta * theta * a2S2 / 2), s += kind.count;
      least = lesser(least, sum - log(s * theta));
    }
  }
  return growth_ * exp(least);
}

}  // namespace benign::sim
