#pragma once
// The elementary functions of double, with the same bits on every machine.
//
// A mathematical library chooses its own at run time by what the processor has, and where that has fused
// multiply-add, other bits come out. Here they are written in additions, multiplications and divisions of IEEE's double
// precision, each rounded by itself, and those that no loop asks for are MPFR's, rounded correctly. All are within 1 unit
// in the last place. (Square roots are IEEE's own.)
//
//     exp, expm1    x = n log 2 + r + c, e^(r+c) by Taylor's polynomial of degree 13, |r| ≤ log(2)/2
//     log, log1p    x = 2^k (1 + f), z = f/(2 + f): log(1 + f) = f − f²/2 + z (f²/2 + 2 Σ_j z^(2j)/(2j + 1))
//     sin, cos      x = q π/2 + r + c, Taylor's polynomials of degrees 17 and 18, |r| ≤ π/4
//     erfc          e^(−x²) w(x), w by its Taylor's polynomial at the nearest multiple of 1/8
//     arctan        arctan c + arctan((x − c)/(1 + c x)), c the nearest multiple of 1/16
//
// Functions of a template's Real are found by `using elementary::exp; exp(x)`: these for double, those of its own
// namespace for any other number.

#include <complex>
#include <cstddef>

namespace benign::elementary {

double exp(double x);
double expm1(double x);
double log(double x);
double log1p(double x);
double sin(double x);
double cos(double x);
double erfc(double x);
double sinh(double x);
double cosh(double x);
double asinh(double x);
double atan(double x);
double atan2(double y, double x);

/// y_k = exp(x_k), by the widest vectors that the processor has; the same bits as one at a time.
void exp(std::size_t size, const double* x, double* y);

// Rounded correctly; some microseconds each.
double log2(double x);
double log10(double x);
double pow(double x, double y);

/// The z with P(Z ≤ z) = p for a standard normal Z, within some units of roundoff of max(1, |z|).
double normal_quantile(double p);

using Complex = std::complex<double>;
Complex exp(const Complex& z);
Complex log(const Complex& z);
double abs(const Complex& z);
double arg(const Complex& z);

/// x^n by squaring, with a relative error of some n units of roundoff.
double power(double x, long n);
Complex power(const Complex& z, long n);

}  // namespace benign::elementary
