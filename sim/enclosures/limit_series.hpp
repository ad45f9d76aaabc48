#pragma once
// The limit d → ∞ (limit.hpp, THEORY sections 5.12 and 6.1) expanded in u = log(1 + s), order by order.
//
// Clean samples (Y = 1, pivot x₁) and noisy ones (Y = −1, pivot x₃) have kinds of tokens of multiplicities
// m = (1, 1, 1, T−3), values v = γ(1, ρ, −ρ, 0) and signals c = (1, ρ, ρ, 0); N_c and N_n samples a class, x = nSNR²:
//
//     X   = (x/n) Σ_g N_g Σ_t m_t c_t a_t
//     E_t = exp(a_t − a_p + (c_t − c_p) X + u),   p_t = E_t e^{−u},   Z = 1 + Σ m_t p_t
//     F   = Σ m_t p_t (v_t − v_p) / Z,            f = v_p + F
//     da_t/du = Y σ(−Yf) (E_t/Z) ((v_t − v_p) − F)   for t ≠ p,      a_p = −Σ m_t a_t
//
// All sums are over t ≠ p, so that six scalars are left.

#include "sim/integrators/taylor_series.hpp"
#include "theory/model/layout.hpp"

#include <array>

namespace benign::sim {

class LimitSeries {
 public:
  static constexpr std::size_t kinds = theory::token_kinds, groups = 2, others = kinds - 1, scalars = groups * others;
  using Box = std::array<Enclosure, scalars>;

  /// Needs as many flipped labels in either class.
  explicit LimitSeries(const theory::Parameters& parameters);
  /// The same with SNR² = x/n as it is given, in place of that of d and ‖μ‖.
  LimitSeries(const theory::Parameters& parameters, const Enclosure& snr2);

  struct Expansion {
    std::array<Series, scalars> a;  ///< terms 0, …, count + 1
    Series X;                       ///< μ±·q, terms 0, …, count
    std::array<Series, groups> f;   ///< outputs of clean and noisy samples, terms 0, …, count
  };

  /// The solution through a at u.
  Expansion expand(const Box& a, const Enclosure& u, std::size_t count) const;

  /// The kinds of token: the pivot of a group of samples, and those of its scalars g·others + o.
  static constexpr std::size_t pivot(std::size_t g) { return pivot_[g]; }
  static constexpr std::size_t other(std::size_t g, std::size_t o) { return token_[g][o]; }

 private:
  struct Group;

  Enclosure signal(const Expansion& x, std::size_t k) const;
  void advance(Group& group, std::size_t g, Expansion& x, const Series& decay, const Enclosure& u, std::size_t k) const;

  static constexpr std::array<std::size_t, groups> pivot_{theory::relevant, theory::weak_other};
  static constexpr std::size_t token_[groups][others] = {{1, 2, 3}, {0, 1, 3}};
  Enclosure snr2_;
  std::array<long, groups> samples_{};  // of a class
  std::array<long, kinds> multiplicity_{};
  std::array<Enclosure, kinds> signal_, value_;
};

}  // namespace benign::sim
