#include "sim/generalisation/sum_sign.hpp"

#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace benign::sim {
namespace {

using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi;
constexpr double wanted = 6e-7;  // of the result, from the quadrature over λ
constexpr long most_hard = 70;   // values by further paths: then the computation gives up

struct Value {
  double fine = 0, coarse = 0;
};

/// A panel of the 15-point Kronrod rule over its 7-point Gauss rule.
struct Panel {
  double from = 0, to = 0;
  Value integral;
  double error = 0, largest = 0;
};

template <class F>
Panel kronrod(double from, double to, F f) {
  static constexpr double node[] = {0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
                                    0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
                                    0.586087235467691130294144691693,    0.405845151377397166906606412076961,
                                    0.207784955007898467600689403773245, 0};
  static constexpr double weight[] = {0.022935322010529224963732008058970, 0.063092092629978553290700663189204,
                                      0.104790010322250183839876322541518, 0.140653259715525918745189590510238,
                                      0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
                                      0.204432940075298892414161999234649, 0.209482141084727828012999174891714};
  static constexpr double gauss[] = {0.129484966168869693270611432679082, 0.279705391489276667901467771423780,
                                     0.381830050505118944950369775488975, 0.417959183673469387755102040816327};
  const double middle = (from + to) / 2, half = (to - from) / 2;
  Panel panel{from, to, {}, 0, 0};
  double by_gauss = 0, spread = 0, values[15];
  for (int i = 0; i < 15; ++i) {
    const int k = i < 8 ? i : 14 - i;
    const Value v = f(middle + (i < 8 ? -half : half) * node[k]);
    values[i] = v.fine;
    panel.integral.fine += weight[k] * half * v.fine, panel.integral.coarse += weight[k] * half * v.coarse;
    if (k % 2) by_gauss += gauss[k / 2] * half * v.fine;
    panel.largest = std::max(panel.largest, std::abs(v.fine));
  }
  for (int i = 0; i < 15; ++i)
    spread += weight[i < 8 ? i : 14 - i] * half * std::abs(values[i] - panel.integral.fine / (2 * half));
  const double difference = std::abs(panel.integral.fine - by_gauss);
  const double share = spread > 0 ? 200 * difference / spread : 0;
  panel.error = spread > 0 ? spread * std::min(1.0, share * std::sqrt(share)) : difference;
  panel.error = std::min(panel.error, difference);
  return panel;
}

class Sum {
 public:
  Sum(std::span<const TokenShare> shares, double s) : shares_(shares), s_(s) {}

  /// Nothing where |M| is below e^{floor}. What counts has a size of e^{scale}: below it digits are not needed.
  LogTransform operator()(double u, double y, double step = 1, double floor = -600, double scale = 0) {
    const Complex nothing(-1e300);
    LogTransform all{};
    parts_.clear();
    for (const TokenShare& share : shares_) {
      ++evaluations;
      parts_.push_back(log_transform(share, s_, u, y, step, HUGE_VAL));
      all.fine += share.count * parts_.back().fine, all.coarse += share.count * parts_.back().coarse;
    }
    if (y > 0) {
      const double enough = 3e-4 * elementary::exp(std::clamp((scale - all.fine.real()) / 2, 0.0, 8.0));
      for (std::size_t t = 0; t < shares_.size(); ++t) {
        const double apart = elementary::abs(parts_[t].fine - parts_[t].coarse);
        if (apart <= enough || hard > most_hard) continue;
        ++evaluations, ++hard;
        const LogTransform better = log_transform(shares_[t], s_, u, y, step, enough);
        all.fine += shares_[t].count * (better.fine - parts_[t].fine);
        all.coarse += shares_[t].count * (better.coarse - parts_[t].coarse);
        if (!std::isfinite(all.fine.real())) return again(u, y, step, enough);
      }
    }
    if (!(all.fine.real() > floor)) return {nothing, nothing};
    return all;
  }
  long evaluations = 0, hard = 0;

 private:
  LogTransform again(double u, double y, double step, double enough) const {
    LogTransform all{};
    for (const TokenShare& share : shares_) {
      const LogTransform one = log_transform(share, s_, u, y, step, enough);
      all.fine += share.count * one.fine, all.coarse += share.count * one.coarse;
    }
    return all;
  }

  std::span<const TokenShare> shares_;
  double s_;
  std::vector<LogTransform> parts_;
};

double rising(const Complex& log_M) { return elementary::exp(log_M.real()) * elementary::sin(log_M.imag()); }

/// log λ* and where on the way there Im M begins to count.
struct Way {
  double start = 0, end = 0, size = 1;
};

Way find_way(Sum& M, std::span<const TokenShare> shares, double s) {
  double top = -HUGE_VAL;
  for (const TokenShare& share : shares) top = std::max(top, share.m + elementary::log(std::abs(share.b) + 1));
  const double step = std::max(0.7, 0.3 * s);
  std::vector<std::array<double, 2>> seen;  // u, Im M
  double u = -top - 8 * s - 1, lowest = 0, at_lowest = u, last = 0;
  for (int k = 0; k<300; ++k, u += std::abs(last)> 0.02 ? step / 2 : std::abs(last) > 1e-3 ? step : 2 * step) {
    const Complex m = M(u, 0, 2).fine;
    seen.push_back({u, rising(m)});
    last = m.real();
    if (m.real() < lowest) lowest = m.real(), at_lowest = u;
    if (!std::isfinite(m.real())) {
      u = at_lowest;
      break;
    }
    if (std::abs(m.imag()) > 0.4 || m.real() < -60) break;  // what is left is below e^{−60}
    if (m.real() > lowest + 0.2) {
      if (lowest < -0.01) u = at_lowest;
      break;
    }
  }
  Way way{u, u, 0};
  double most = 0;
  for (const auto& [at, size] : seen)
    if (at <= u) most = std::max(most, size);
  for (const auto& [at, size] : seen)
    if (size > 1e-9 * most && at <= u) {
      way.start = at - step;
      break;
    }
  return way;
}

/// Adaptively; `so_far` is what has been found besides.
template <class F>
void refine(std::vector<Panel>& panels, double so_far, F f) {
  for (int k = 0; k < 8; ++k) {
    double sum = so_far, error = 0;
    for (const Panel& panel : panels) sum += panel.integral.fine, error += panel.error;
    const auto worst = std::max_element(panels.begin(), panels.end(),
                                        [](const Panel& a, const Panel& b) { return a.error < b.error; });
    if (panels.empty() || error <= wanted * std::abs(sum) || !std::isfinite(sum)) return;
    double noise = 0;
    for (const Panel& panel : panels) noise += std::abs(panel.integral.fine - panel.integral.coarse);
    if (error < 0.1 * noise) return;
    const double from = worst->from, to = worst->to, middle = (from + to) / 2;
    *worst = kronrod(from, middle, f);
    panels.push_back(kronrod(middle, to, f));
  }
}

SignProbability along(Sum& M, const Way& way) {
  std::vector<Panel> panels;
  const auto on_the_reals = [&](double u) {
    const LogTransform m = M(u, 0);
    return Value{rising(m.fine), rising(m.coarse)};
  };
  if (way.start < way.end) {
    const double middle = (way.start + way.end) / 2;
    panels = {kronrod(way.start, middle, on_the_reals), kronrod(middle, way.end, on_the_reals)};
    refine(panels, 0, on_the_reals);
  }
  Value total;
  double error = 0;
  for (const Panel& panel : panels)
    total.fine += panel.integral.fine, total.coarse += panel.integral.coarse, error += panel.error;
  const double first = total.fine;

  const double lambda = elementary::exp(way.end), apart = 0.05;
  const double low = M(way.end - apart, 0).fine.real(), mid = M(way.end, 0).fine.real(),
               high = M(way.end + apart, 0).fine.real();
  const double curvature = (low + high - 2 * mid) / (apart * apart), slope = (high - low) / (2 * apart);
  // The line gives no more than about |M(λ*)|.
  if (mid < -46 && total.fine < 1e-20) {
    error += elementary::exp(mid);
  } else if (elementary::exp(mid) > 1e-9 * total.fine) {
    const double width = lambda * std::min(1.0, 2 / std::sqrt(std::max(std::abs(curvature), 1.0) + slope * slope));
    double floor = mid - 40;
    if (total.fine > 0) floor = std::max(floor, elementary::log(total.fine) - 25);
    const double scale = std::max(mid, total.fine > 0 ? elementary::log(total.fine) : -600.0) - 2;
    const auto up = [&](double tau) {
      const double way_up = 3 * elementary::sinh(tau), kappa = width * elementary::sinh(way_up);
      const Complex at(lambda, kappa), weight = width * elementary::cosh(way_up) * 3 * elementary::cosh(tau) / at;
      const LogTransform m = M(elementary::log(elementary::abs(at)), elementary::arg(at), 1, floor, scale);
      return Value{(weight * elementary::exp(m.fine)).real(), (weight * elementary::exp(m.coarse)).real()};
    };
    panels.clear();
    double sum = total.fine;
    for (int k = 0; k < 12; ++k) {
      panels.push_back(kronrod(0.5 * k, 0.5 * (k + 1), up));
      sum += panels.back().integral.fine;
      if (panels.back().largest < 1e-9 * std::abs(sum)) break;
    }
    refine(panels, total.fine, up);
    for (const Panel& panel : panels)
      total.fine += panel.integral.fine, total.coarse += panel.integral.coarse, error += panel.error;
  }
  const double inner = std::abs(total.fine - total.coarse);
  constexpr double calibrated = 3;  // THEORY section 7.6
  return {total.fine / pi, calibrated * (error + inner) / pi, first / pi, M.evaluations};
}

}  // namespace

SignProbability negative_sum(std::span<const TokenShare> shares, double s) {
  Sum M(shares, s);
  Way way = find_way(M, shares, s);
  SignProbability best = along(M, way);
  if (best.error < 1e-18 || (M.hard == 0 && best.error < 1e-5 * std::abs(best.value))) return best;
  // By other paths: what two that are fit for use differ by says what they are worth.
  const auto fit = [](const SignProbability& p) {
    return std::isfinite(p.value) && p.value > 0 && p.value < 1.001 && p.error < 1e-3 * p.value;
  };
  std::vector<SignProbability> found;
  if (fit(best)) found.push_back(best);
  best.error = HUGE_VAL;
  for (const double shift : {-0.4, -0.2, 0.15, -0.8, 0.3}) {
    if (M.hard > most_hard) break;
    Way other = way;
    other.end += shift;
    const SignProbability next = along(M, other);
    if (!fit(next)) continue;
    for (const SignProbability& one : found) {
      const double error = std::max({one.error, next.error, 10 * std::abs(one.value - next.value)});
      if (error < best.error) best = one.error < next.error ? one : next, best.error = error;
    }
    if (best.error < 1e-5 * std::abs(best.value)) break;
    found.push_back(next);
  }
  best.evaluations = M.evaluations;
  return best;
}

}  // namespace benign::sim
