#include "sim/linear/multiprecision.hpp"

#include "theory/numbers/limbs.hpp"
#include "theory/numbers/instruction_sets.hpp"
#include "theory/numbers/element.hpp"

#include <vector>

namespace benign::sim::multiprecision {
namespace {

using namespace limbs;

/// A factor of every term of a sum, or of a whole column.
template <int L>
struct Factor {
  Limb limb[L];
  long exponent;
  Limb sign;
};

template <int L, class Real>
Factor<L> factor(const Real& x) {
  mpfr_srcptr from = x.backend().data();
  Factor<L> result;
  for (int k = 0; k < L; ++k) result.limb[k] = from->_mpfr_d[k];
  result.exponent = exponent(from);
  result.sign = sign_mask(from);
  return result;
}

/// A sum in fixed point: limbs · 2^(exponent − 64 L), in two's complement.
template <int L>
struct Sum {
  Limb limb[L] = {};
  long exponent = 4 * none;
  bool is_lost = false;

  void raise(long to) {
    const Limb fill = limb[L - 1] >> 63 != 0 ? ~Limb{0} : 0;
    if (to - exponent < 64 * L)
      shift_right<L>(limb, limb, to - exponent, fill);
    else
      for (Limb& one : limb) one = fill;
    exponent = to;
  }

  /// Adds ± a x, `room` bits below the highest: 2^(room − 1) terms do not overflow.
  BENIGN_INLINE void add(mpfr_srcptr a, const Factor<L>& x, int room) {
    long of_a = a->_mpfr_exp;
    if (of_a <= none || of_a >= lost) {
      if (mpfr_zero_p(a)) return;
      is_lost = true;
      return;
    }
    const long term = of_a + x.exponent + room;
    if (__builtin_expect(term > exponent, 0)) raise(term);
    const long shift = exponent - term + room;
    if (shift >= 64 * L) return;
    Limb product[L];
    high_product<L>(a->_mpfr_d, x.limb, product);
    shift_right<L>(product, product, shift);
    add_signed<L>(limb, product, sign_mask(a) ^ x.sign);
  }

  template <class Real>
  void write(Real& y) {
    if (is_lost) {
      y = std::numeric_limits<Real>::quiet_NaN();
      return;
    }
    const bool negative = limb[L - 1] >> 63 != 0;
    Limb size[L] = {};
    add_signed<L>(size, limb, negative ? ~Limb{0} : 0);
    round_to<L>(y, size, exponent, negative);
  }
};

/// ⌊log₂ terms⌋ + 2: a sum of so many stays below half of its range.
int room_for(Index terms) { return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(terms))) + 1; }

}  // namespace

template <class Real>
void times(Index rows, Index cols, const Real* A, const Real* x, Real* y) {
  constexpr int L = limbs_of<Real>;
  const int room = room_for(cols);
  std::vector<Sum<L>> sums(static_cast<std::size_t>(rows));
  for (Index j = 0; j < cols; ++j) {
    const auto xj = factor<L>(x[j]);
    if (xj.exponent == none) continue;
    for (Index i = 0; i < rows; ++i) {
      auto& sum = element(sums, i);
      if (xj.exponent == lost)
        sum.is_lost = true;
      else
        sum.add(A[j * rows + i].backend().data(), xj, room);
    }
  }
  for (Index i = 0; i < rows; ++i) element(sums, i).write(y[i]);
}

template <class Real>
void transposed_times(Index rows, Index cols, const Real* A, const Real* x, Real* y) {
  constexpr int L = limbs_of<Real>;
  const int room = room_for(rows);
  std::vector<Factor<L>> factors;
  for (Index i = 0; i < rows; ++i) factors.push_back(factor<L>(x[i]));
  for (Index j = 0; j < cols; ++j) {
    Sum<L> sum;
    for (Index i = 0; i < rows; ++i) {
      const auto& xi = element(factors, i);
      if (xi.exponent == lost)
        sum.is_lost = true;
      else if (xi.exponent != none)
        sum.add(A[j * rows + i].backend().data(), xi, room);
    }
    sum.write(y[j]);
  }
}

#define BENIGN_INSTANTIATE(Real)                                            \
  template void times<Real>(Index, Index, const Real*, const Real*, Real*); \
  template void transposed_times<Real>(Index, Index, const Real*, const Real*, Real*);
BENIGN_INSTANTIATE(mp50)
BENIGN_INSTANTIATE(mp100)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim::multiprecision
