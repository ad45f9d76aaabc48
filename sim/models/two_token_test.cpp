#include "sim/models/two_token_test.hpp"

#include "theory/model/model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>
#include <vector>

namespace benign::sim {
namespace {

using elementary::exp;
using elementary::log1p;

constexpr double pi = 3.14159265358979323846;

double density(double x) { return exp(-x * x / 2) / std::sqrt(2 * pi); }
double upper_tail(double x) { return elementary::erfc(x / std::sqrt(2.0)) / 2; }

/// Nodes and weights of Gauss and Kronrod's rule with 15 points on [−1, 1], and of Gauss's with 7 among them (QUADPACK).
constexpr double nodes[] = {0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
                            0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
                            0.586087235467691130294144691693259, 0.405845151377397166906606412076961,
                            0.207784955007898467600689403773245, 0.0};
constexpr double kronrod[] = {0.022935322010529224963732008058970, 0.063092092629978553290700663189204,
                              0.104790010322250183839876322541518, 0.140653259715525918745189590510238,
                              0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
                              0.204432940075298892414161999234649, 0.209482141084727828012999174891714};
constexpr double gauss[] = {0.129484966168869693270611432679082, 0.279705391489276667901467771423780,
                            0.381830050505118944950369775488975, 0.417959183673469387755102040816327};

struct Panel {
  double from, to, value, error;
  bool operator<(const Panel& other) const { return error < other.error; }
};

template <class F>
Panel panel(const F& f, double from, double to) {
  const double middle = (from + to) / 2, half = (to - from) / 2;
  double fine = kronrod[7] * f(middle), coarse = gauss[3] * f(middle);
  for (int k = 0; k < 7; ++k) {
    const double pair = f(middle - half * nodes[k]) + f(middle + half * nodes[k]);
    fine += kronrod[k] * pair;
    if (k % 2 == 1) coarse += gauss[k / 2] * pair;
  }
  return {from, to, half * fine, half * std::abs(fine - coarse)};
}

struct Integral {
  double value = 0, error = 0;
};

/// Over [−width, width]: the panel with the largest error is halved until the errors' sum is small.
template <class F>
Integral integrate(const F& f, double width, double relative, double absolute) {
  constexpr int first = 32, most = 4000;
  std::priority_queue<Panel> panels;
  double sum = 0, error = 0;
  const auto take = [&](const Panel& one) { sum += one.value, error += one.error, panels.push(one); };
  for (int k = 0; k < first; ++k) take(panel(f, width * (2.0 * k / first - 1), width * (2.0 * (k + 1) / first - 1)));
  for (int k = 0; k < most && error > relative * std::abs(sum) + absolute; ++k) {
    const Panel worst = panels.top();
    panels.pop();
    sum -= worst.value, error -= worst.error;
    const double middle = (worst.from + worst.to) / 2;
    take(panel(f, worst.from, middle)), take(panel(f, middle, worst.to));
  }
  Integral found;  // the sum anew, without what was added and taken away
  for (; !panels.empty(); panels.pop()) found.value += panels.top().value, found.error += panels.top().error;
  found.error += 64 * 0x1p-53 * std::abs(found.value);
  return found;
}

/// E log(1 + e^{−X}) for X ~ N(mean, deviation²): where that is narrow, by the trapezoid rule; else E max(−X, 0), and
/// the rest of the integrand, which falls like e^{−|x|}, over its two sides.
double mean_logistic_loss(double mean, double deviation) {
  if (deviation < 1) {
    constexpr int points = 34;
    constexpr double step = 0.25;
    double sum = 0;
    for (int k = -points; k <= points; ++k)
      sum += density(k * step) * theory::logistic_loss(mean + deviation * k * step);
    return step * sum;
  }
  const double at = mean / deviation;
  double sum = deviation * density(at) - mean * upper_tail(at);
  for (int piece = 0; piece < 20; ++piece)
    for (int k = -7; k <= 7; ++k) {
      const int place = std::abs(k) == 7 ? 0 : 7 - std::abs(k);
      const double node = k < 0 ? -nodes[place] : nodes[place], x = 2 * piece + 1 + node;
      const double both = density((x - mean) / deviation) + density((x + mean) / deviation);
      sum += kronrod[place] * log1p(exp(-x)) * both / deviation;
    }
  return sum;
}

/// One class of test inputs.
struct Class {
  double a, V, p_noise, v_noise, c, r;

  double mean_of_noise(double z) const { return v_noise * c * z; }
  /// P(y f < 0 | z).
  double wrong(double z) const {
    const double shift = exp(std::clamp(a - p_noise * z, -700.0, 700.0)) * V + mean_of_noise(z),
                 deviation = v_noise * r;
    return deviation > 0 ? upper_tail(shift / deviation) : shift < 0 ? 1 : shift > 0 ? 0 : 0.5;
  }
  double attention(double z) const { return theory::sigmoid(a - p_noise * z); }
  double loss(double z) const {
    const double s = attention(z), rest = theory::sigmoid(p_noise * z - a);
    return mean_logistic_loss(s * V + rest * mean_of_noise(z), rest * v_noise * r);
  }
};

}  // namespace

TestError two_token_test(const TwoTokenScalars& seen) {
  constexpr double wide = 38, all = 9;  // beyond, a density is below 1e-313 and 1e-18
  TestError mean;
  mean.accuracy_error = mean.loss_error = 1e-16;
  for (int k = 0; k < 2; ++k) {
    const int y = k == 0 ? 1 : -1;
    const double c = y * seen.correlation;
    const Class one{seen.mu_p[k], y * seen.mu_v[k], seen.p_noise, seen.v_noise, c, std::sqrt(std::max(1 - c * c, 0.0))};
    const Integral wrong = integrate([&](double z) { return density(z) * one.wrong(z); }, wide, 1e-12, 1e-300);
    const Integral loss = integrate([&](double z) { return density(z) * one.loss(z); }, all, 1e-11, 1e-15);
    mean.wrong += wrong.value / 2, mean.accuracy_error += wrong.error / 2;
    mean.loss += loss.value / 2, mean.loss_error += loss.error / 2;
    mean.attention += integrate([&](double z) { return density(z) * one.attention(z); }, all, 1e-11, 1e-15).value / 2;
  }
  mean.accuracy = 1 - mean.wrong;
  return mean;
}

}  // namespace benign::sim
