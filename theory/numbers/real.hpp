#pragma once
// The number types that model code runs in, and the only three things it may ask of a number beyond arithmetic.
//
// Model code is a template of one parameter `Real` from a short closed list. It never orders two Reals: a pivot or a
// maximum goes through `representative`, a decision through `sign_of`, so that an interval type, whose numbers may
// overlap, can take the place of a floating-point one.

#include "theory/numbers/dd.hpp"

#include <boost/multiprecision/eigen.hpp>
#include <boost/multiprecision/mpfr.hpp>

#include <Eigen/Core>
#include <limits>
#include <type_traits>

namespace benign {

template <unsigned Digits>
using Mpfr = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<Digits, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;
using mp50 = Mpfr<50>;
using mp100 = Mpfr<100>;

template <class Real>
using Vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;
template <class Real>
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;  // column-major
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Index = Eigen::Index;

/// The closed list: instantiate a template for every Real with BENIGN_FOR_EACH_REAL(MACRO).
#define BENIGN_FOR_EACH_REAL(MACRO) MACRO(double) MACRO(dd) MACRO(mp50) MACRO(mp100)

enum class Precision { binary64, pairs, digits50, digits100 };

/// Calls f(std::type_identity<Real>{}) with the Real that stands for `precision`.
template <class F>
decltype(auto) with_precision(Precision precision, F&& f) {
  switch (precision) {
    case Precision::binary64: return f(std::type_identity<double>{});
    case Precision::pairs: return f(std::type_identity<dd>{});
    case Precision::digits50: return f(std::type_identity<mp50>{});
    case Precision::digits100: break;
  }
  return f(std::type_identity<mp100>{});
}

/// An exact constant: a / b rounded once.
template <class Real>
Real ratio(long a, long b) {
  return Real(a) / b;
}

/// A double near x, for the choice of pivots; never for a decision.
template <class Real>
double representative(const Real& x) {
  return static_cast<double>(x);
}

enum class Sign { negative, zero, positive, unknown };

template <class Real>
Sign sign_of(const Real& x) {
  if (x > 0) return Sign::positive;
  if (x < 0) return Sign::negative;
  return x == 0 ? Sign::zero : Sign::unknown;
}

/// The distance from 1 to the next larger Real, as a double.
template <class Real>
double unit_roundoff() {
  return static_cast<double>(std::numeric_limits<Real>::epsilon());
}

}  // namespace benign

template <>
struct Eigen::NumTraits<benign::dd> : Eigen::GenericNumTraits<benign::dd> {
  using Real = benign::dd;
  using NonInteger = benign::dd;
  using Nested = benign::dd;
  using Literal = benign::dd;
  enum {
    IsComplex = 0,
    IsInteger = 0,
    IsSigned = 1,
    RequireInitialization = 1,
    ReadCost = 2,
    AddCost = 20,
    MulCost = 25
  };
  static int digits10() { return std::numeric_limits<benign::dd>::digits10; }
};
