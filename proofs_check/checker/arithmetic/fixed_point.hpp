#pragma once
// Numbers with a fixed point, for sums of products without an error: x = ±m 2^−f, the magnitude m of `limbs` words of
// 64 bits and f = 56 `limbs`, so that |x| < 2^(8 limbs).
//
// Contract: a sum of fewer than 2^63 products is exact until it is taken; taken, it is cut towards 0, by less than
// one unit 2^−f. Where a number does not fit, TooLarge is thrown.

#include "proofs_check/checker/arithmetic/interval.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <vector>

namespace benign::checker {

struct TooLarge : std::range_error {
  TooLarge() : std::range_error("a number is too large for its fixed point") {}
};

/// Numbers of one length, all 0 at first.
class FixedPoints {
 public:
  static constexpr std::size_t most_limbs = 128;

  FixedPoints() = default;
  FixedPoints(std::size_t count, std::size_t limbs);

  std::size_t size() const { return sign_.size(); }
  std::size_t limbs() const { return limbs_; }
  bool zero() const;  ///< all of them
  long fraction() const { return 56 * static_cast<long>(limbs_); }

  /// m 2^power, or x 2^power, cut towards 0.
  void set(std::size_t k, mpz_srcptr m, long power);
  void set(std::size_t k, mpfr_srcptr x, long power);

  /// The number itself, and within 2^−50 of its size.
  Interval interval(std::size_t k) const;
  double rounded(std::size_t k) const;
  /// Bounds (Σ x²)^½ from above.
  double length() const;

 private:
  friend class ExactSum;
  mp_limb_t* at(std::size_t k) { return limb_.data() + k * limbs_; }
  const mp_limb_t* at(std::size_t k) const { return limb_.data() + k * limbs_; }

  std::size_t limbs_ = 0;
  std::vector<mp_limb_t> limb_;
  std::vector<signed char> sign_;  // 0 of 0
};

/// Positive and negative products apart, in units of 2^−2f.
class ExactSum {
 public:
  explicit ExactSum(std::size_t limbs);

  ExactSum& add(const FixedPoints& x, std::size_t k, int sign = 1);
  ExactSum& add_product(const FixedPoints& x, std::size_t i, const FixedPoints& y, std::size_t j, int sign = 1);
  /// ± Σ_k x_{i + k stride} y_k over all of y.
  ExactSum& add_products(const FixedPoints& x, std::size_t i, std::size_t stride, const FixedPoints& y, int sign = 1);

  /// y_k becomes the sum.
  void take(FixedPoints& y, std::size_t k);
  Interval interval();

 private:
  using Total = std::array<mp_limb_t, 2 * FixedPoints::most_limbs + 1>;
  int difference();  // positive_ becomes |positive_ − negative_|; the sign

  std::size_t limbs_;
  Total positive_, negative_;
};

}  // namespace benign::checker
