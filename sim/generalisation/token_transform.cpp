#include "sim/generalisation/token_transform.hpp"

#include "sim/generalisation/token_profile.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

namespace benign::sim {
namespace {

using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi;
constexpr std::size_t most = 4096;  // nodes

/// arg A goes from y by `lean` at Re log A = `lean_at`, and then by `turn` at Re log A = `at`; the nodes are at Re log
/// A = centre + sinh τ.
struct Path {
  double v0, s, b, c, half_r2;  // log A = v0 + s z
  double y, lean, lean_at, turn, at;
  double centre, first, h;  // τ = first + k h
  double offset;            // of the exponent
};
constexpr double bend_width = 0.3;

/// The integrand at the nodes 0, 1, …, times dz/dτ · s, as parts[2k] and parts[2k + 1].
BENIGN_CLONED
void integrand(const Path& p, std::size_t nodes, double* parts) {
  const double per_s = 1 / p.s;
  for (std::size_t k = 0; k < nodes; ++k) {
    const double tau = p.first + static_cast<double>(static_cast<std::int32_t>(k)) * p.h;
    const double up = exponential(tau), down = 1 / up, x = p.centre + (up - down) / 2, stretch = (up + down) / 2;
    const double first = 1 / (1 + exponential(std::min(std::max((p.lean_at - x) / bend_width, -60.0), 60.0)));
    const double second = 1 / (1 + exponential(std::min(std::max((p.at - x) / bend_width, -60.0), 60.0)));
    const double turned = p.lean * first + p.turn * second;
    const double slope = (p.lean * first * (1 - first) + p.turn * second * (1 - second)) / bend_width;
    double sine, cosine;
    sine_cosine(p.y + turned, sine, cosine);
    const double A = exponential(std::min(std::max(x, -600.0), 150.0)), Ar = A * cosine, Ai = A * sine;
    const double zr = (x - p.v0) * per_s, zi = turned * per_s;
    const double vr = p.b + p.c * zr - p.half_r2 * Ar, vi = p.c * zi - p.half_r2 * Ai;  // b + cz − r²A/2
    const double re = -(zr * zr - zi * zi) / 2 - (Ar * vr - Ai * vi) - p.offset, im = -zr * zi - (Ar * vi + Ai * vr);
    const double size = stretch * exponential(std::min(std::max(re, -600.0), 600.0));
    sine_cosine(std::min(std::max(im, -1e6), 1e6), sine, cosine);
    parts[2 * k] = size * (cosine - slope * sine);
    parts[2 * k + 1] = size * (sine + slope * cosine);
  }
}

/// Along A = A_c(1 + ip), p = scale · sinh τ from p = 0: the imaginary part of the integrand times dz/dτ · s.
BENIGN_CLONED
void upwards(const Path& p, double Ac, double scale, std::size_t nodes, const double* logs, double* parts) {
  const double z0 = (p.at - p.v0) / p.s, per_s = 1 / p.s;
  for (std::size_t k = 0; k < nodes; ++k) {
    const double t = static_cast<double>(static_cast<std::int32_t>(k)) * p.h, up = exponential(t), down = 1 / up;
    const double q = scale * (up - down) / 2, stretch = scale * (up + down) / 2;
    const double Ai = Ac * q, zr = z0 + logs[2 * k] * per_s, zi = logs[2 * k + 1] * per_s;
    const double vr = p.b + p.c * zr - p.half_r2 * Ac, vi = p.c * zi - p.half_r2 * Ai;
    const double re = -(zr * zr - zi * zi) / 2 - (Ac * vr - Ai * vi) - p.offset, im = -zr * zi - (Ac * vi + Ai * vr);
    double sine, cosine;
    sine_cosine(std::min(std::max(im, -1e6), 1e6), sine, cosine);
    const double size = stretch * exponential(std::min(std::max(re, -600.0), 600.0)) / (1 + q * q);
    parts[k] = size * (cosine + q * sine);  // Im[i e^{…}/(1 + iq)]
  }
}

double angle_for(double slope) { return slope > 0.3 ? 3 * pi / 8 : slope < -0.3 ? 5 * pi / 8 : pi / 2; }

/// Im M · s√(2π)/e^{offset} for real λ.
double upward_part(const Path& path, double r2, double step) {
  const double Ac = elementary::exp(path.at), z = (path.at - path.v0) / path.s, s = path.s;
  const double curvature = std::abs(-1 / (s * s) - Ac * (path.b + path.c * z) - 2 * Ac * path.c / s + 2 * Ac * Ac * r2);
  Path up = path;
  const double scale = 2 / std::sqrt(curvature + 1);
  up.h = 0.2 * step;
  std::array<double, 2 * 64> logs;
  std::array<double, 64> parts;
  std::size_t n = 0;
  for (; n < 64; ++n) {
    const double q = scale * elementary::sinh(static_cast<double>(n) * up.h);
    logs[2 * n] = elementary::log1p(q * q) / 2, logs[2 * n + 1] = elementary::atan(q);
    const double zr = z + logs[2 * n] / s, zi = logs[2 * n + 1] / s;
    const double fall =
        -(zr * zr - zi * zi - z * z) / 2 + Ac * q * path.c * zi - Ac * path.c * (zr - z) - Ac * Ac * q * q * r2 / 2;
    if (fall < -40) break;
  }
  upwards(up, Ac, scale, n, logs.data(), parts.data());
  double sum = parts[0] / 2;
  for (std::size_t k = 1; k < n; ++k) sum += parts[k];
  return sum * up.h;
}

/// The path on the floor of the valley: where the integrand is smallest in size for a given Re log A, that is, where
/// the derivative of its exponent g by log A is real. It is followed from the far left, where arg A = y.
LogTransform along_valley(const TokenShare& share, double s, double u, double y, double step) {
  const double r2 = share.rest2(), v0 = u + share.m, per_s = 1 / s;
  double centre = -elementary::log(std::abs(share.b) + 1);
  for (int k = 0; k < 3; ++k)
    centre = -elementary::log(std::abs(share.b + share.c * std::clamp((centre - v0) / s, -far, far)) + 1);
  const double w = s <= 1 ? 1e3 : 1;
  const double h = s <= 1 ? 0.5 * step * s / std::sqrt(1 + 10 * s) / w : 0.13 * step;
  const double from = std::min(v0 - 10.5 * s, centre - 1), tau0 = elementary::asinh((from - centre) / w);
  double eta = y, slope = 0, last_x = from, best = -HUGE_VAL;
  Complex sums[2] = {0, 0};
  double offset = 0;
  bool started = false, broken = false;
  for (std::size_t k = 0; k < most; ++k) {
    const double tau = tau0 + h * static_cast<double>(k), up = exponential(tau), down = 1 / up;
    const double x = centre + w * (up - down) / 2, stretch = w * (up + down) / 2;
    if (x > v0 + far * s || x > 200) break;
    eta += slope * (x - last_x);
    const double expected = eta;
    last_x = x;
    const double E = exponential(std::max(x, -600.0)), zr = (x - v0) * per_s;
    Complex g, g2;
    for (int turn = 0; turn < 8; ++turn) {
      double sine, cosine;
      sine_cosine(eta, sine, cosine);
      const Complex A(E * cosine, E * sine), z(zr, (eta - y) * per_s), value = share.b + share.c * z;
      const Complex Av = A * value, A2 = r2 * A * A;
      const double off = -z.imag() * per_s - (Av + share.c * per_s * A).imag() + A2.imag();
      g2 = -per_s * per_s - Av - 2 * share.c * per_s * A + 2.0 * A2;
      g = -z * z / 2.0 - Av + A2 / 2.0;
      const double slack = g2.real() < -0.2 * per_s * per_s ? g2.real() : -0.2 * per_s * per_s - std::abs(g2.real());
      const double move = std::clamp(-off / slack, -0.3, 0.3);
      if (std::abs(move) < 1e-3 && turn > 0) break;
      eta += move;
      if (std::abs(move) < 1e-4 && turn > 0) break;
    }
    if (k > 0 && std::abs(eta - expected) > 0.12 && g.real() > best - 30) broken = true;  // to another valley
    slope = std::clamp(-g2.imag() / g2.real(), -20.0, 20.0);
    if (!started) offset = g.real(), started = true;
    if (g.real() > best) best = g.real();
    if (best > offset + 300) {
      const double factor = elementary::exp(offset - best);
      sums[0] *= factor, sums[1] *= factor, offset = best;
    }
    double sine, cosine;
    sine_cosine(std::clamp(g.imag(), -1e6, 1e6), sine, cosine);
    const double size = stretch * exponential(std::max(g.real() - offset, -600.0));
    sums[k % 2] += Complex(1, slope) * Complex(size * cosine, size * sine);
    if (g.real() < best - negligible && x > centre - 20 && zr > -9) break;
  }
  if (broken) {
    const double nan = std::nan("");
    return {Complex(nan, nan), Complex(nan, nan)};
  }
  const double norm = h / (s * std::sqrt(2 * pi));
  const Complex fine = (sums[0] + sums[1]) * norm, coarse = 2.0 * sums[0] * norm;
  return {elementary::log(fine) + offset, elementary::log(coarse) + offset};
}

LogTransform with_corner(const TokenShare& share, double s, double u, double y, double step) {
  const Shape shape(share, s, u, y);
  Profile profile = shape.profile(y);
  Path path{shape.v0(), s, share.b, share.c, shape.r2() / 2, y, 0, 0, 0, 0, shape.centre(), 0, 0, 0};
  double right = profile.right;
  bool through = false;
  if (y > 0) {
    double angle = y;
    for (int k = 0; k < 2; ++k) angle = shape.valley(profile.peak), profile = shape.profile(angle);
    path.lean = angle - y;
    path.lean_at = profile.peak - 2 / std::sqrt(shape.curvature(profile.peak, angle) + 0.05);
    right = profile.right;
    const double r = std::sqrt(std::max(shape.r2(), 0.01)), step_x = std::min(0.2, 0.2 * s);
    const double latest = profile.bend ? profile.minimum : HUGE_VAL;
    const double end = shape.valley(
        profile.bend ? profile.minimum + 0.5 : std::max(elementary::log(3 / r), profile.peak + std::min(1.0, 3 * s)));
    for (double x = profile.peak + step_x; x < shape.v0() + far * s; x += step_x) {
      const double A = elementary::exp(std::min(x, 100.0)), along = shape.real_part(x, A, angle);
      if (!through && along < profile.height - negligible) break;
      const double beyond = shape.real_part(x, A, end);
      if (!through && (beyond < along || x >= latest))
        through = true, path.at = std::min(x, latest), path.turn = end - angle;
      if (through) right = x;
      if (through && beyond < profile.height - negligible && x > path.at + 1) break;
    }
  } else {
    path.at = profile.minimum;
    through = profile.bend && shape.real_part(path.at, elementary::exp(path.at), 0) > profile.height - negligible;
    if (through) {
      path.turn = angle_for(shape.slope_at(path.at));
      right = std::min(std::max(path.at + 1.5, elementary::log(12 / std::sqrt(std::max(shape.r2(), 0.01)))),
                       shape.v0() + far * s);
    }
  }
  if (profile.height < -600) return {Complex(-1e4), Complex(-1e4)};
  path.offset = profile.height;
  const double distance = std::abs(profile.peak - path.centre) + s;
  const double scale = 8 / std::sqrt(shape.curvature(profile.peak, y + path.lean) + 0.05);
  path.h =
      0.06 * step * std::min(through || y > 0 ? 1.2 : 3.5, std::min(scale, 6 * s) / std::sqrt(1 + distance * distance));
  path.first = elementary::asinh(profile.left - path.centre);
  const double length = elementary::asinh(right - path.centre) - path.first;
  const std::size_t nodes = std::min(most, static_cast<std::size_t>(std::max(length, 0.0) / path.h) + 1);
  thread_local std::array<double, 2 * most> parts;
  integrand(path, nodes, parts.data());
  double re[2] = {0, 0}, im[2] = {0, 0};
  for (std::size_t k = 0; k < nodes; ++k) re[k % 2] += parts[2 * k], im[k % 2] += parts[2 * k + 1];
  const double norm = path.h / (s * std::sqrt(2 * pi));
  Complex fine(re[0] + re[1], im[0] + im[1]), coarse(2 * re[0], 2 * im[0]);
  fine *= norm, coarse *= norm;
  if (y == 0) {
    const double up = profile.bend ? upward_part(path, shape.r2(), step) / (s * std::sqrt(2 * pi)) : 0;
    fine.imag(up), coarse.imag(up);
  }
  return {elementary::log(fine) + profile.height, elementary::log(coarse) + profile.height};
}

}  // namespace

LogTransform log_transform(const TokenShare& share, double s, double u, double y, double step, double enough) {
  s *= share.spread;
  if (s == 0) {  // X is the number e^m b
    const Complex log_M = -share.b * elementary::exp(Complex(u + share.m, y));
    return {log_M, log_M};
  }
  if (y == 0) return with_corner(share, s, u, y, step);
  const auto apart = [](const LogTransform& m) {
    const double difference = elementary::abs(m.fine - m.coarse);
    return std::isfinite(difference) ? difference : HUGE_VAL;
  };
  LogTransform best{};
  double least = HUGE_VAL;
  for (const double finer : {1.0, 0.4, 0.15})
    for (const bool valley : {false, true}) {
      const LogTransform m =
          valley ? along_valley(share, s, u, y, step * finer) : with_corner(share, s, u, y, step * finer);
      if (const double d = apart(m); d < least) least = d, best = m;
      best.hard = finer < 1 || valley;
      if (least <= enough || best.fine.real() < -300) return best;
    }
  return best;
}

}  // namespace benign::sim
