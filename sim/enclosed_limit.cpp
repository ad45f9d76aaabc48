#include "sim/enclosed_limit.hpp"

#include "theory/model.hpp"

#include <array>
#include <cmath>
#include <vector>

namespace benign::sim {
namespace {

constexpr std::size_t kinds = 4, groups = 2, others = 3, scalars = groups * others;
using Box = std::array<Enclosure, scalars>;

class LimitFlow {
 public:
  LimitFlow(const theory::Parameters& p, std::size_t order) : order_(order) {
    const Enclosure rho = p.rho.as<Enclosure>(), gamma = theory::head_scale<Enclosure>();
    const Enclosure mu = p.mu.as<Enclosure>(), sigma = p.sigma.as<Enclosure>();
    snr2_ = mu * mu / (sigma * sigma * p.d);
    noisy_ = theory::noise_count(p, +1), clean_ = p.n / 2 - noisy_;
    multiplicity_ = {1, 1, 1, p.T - 3};
    signal_ = {Enclosure(1), rho, rho, Enclosure(0)};
    value_ = {gamma, gamma * rho, -gamma * rho, Enclosure(0)};
  }

  struct Expansion {
    std::array<Series, scalars> y;
    Series X;
    std::array<Series, groups> f;
  };

  /// Coefficients 0, …, count of the solution through y at u.
  Expansion expand(const Box& y, const Enclosure& u, std::size_t count) const {
    const auto series = [&] { return Series(count + 2); };
    Expansion x;
    for (std::size_t i = 0; i < scalars; ++i) x.y[i] = series(), x.y[i][0] = y[i];
    x.X = series();
    Series decay = series();
    struct Group {
      std::array<Series, others> exponent, weighted, E, p, loss;
      Series Z, inverse, drift, F, margin, margin_weighted, e, denominator, wrong, factor;
    };
    std::array<Group, groups> all;
    for (std::size_t g = 0; g < groups; ++g) {
      Group& s = all[g];
      for (std::size_t o = 0; o < others; ++o) s.exponent[o] = s.weighted[o] = s.E[o] = s.p[o] = s.loss[o] = series();
      for (Series* one :
           {&s.Z, &s.inverse, &s.drift, &s.F, &s.margin, &s.margin_weighted, &s.e, &s.denominator, &s.wrong, &s.factor})
        *one = series();
      x.f[g] = series();
    }
    for (std::size_t k = 0; k <= count; ++k) {
      decay[k] = k == 0 ? exp(-u) : -decay[k - 1] / static_cast<long>(k);
      x.X[k] = signal_of(x, k);
      for (std::size_t g = 0; g < groups; ++g) {
        Group& s = all[g];
        const std::size_t pivot = pivot_[g];
        const long Y = g == 0 ? 1 : -1;
        Enclosure a_pivot(0);
        for (std::size_t o = 0; o < others; ++o) a_pivot -= multiplicity_[token(g, o)] * x.y[g * others + o][k];
        s.Z[k] = Enclosure(k == 0 ? 1 : 0), s.drift[k] = Enclosure(0);
        for (std::size_t o = 0; o < others; ++o) {
          const std::size_t t = token(g, o);
          s.exponent[o][k] = x.y[g * others + o][k] - a_pivot + (signal_[t] - signal_[pivot]) * x.X[k];
          if (k == 0) s.exponent[o][k] += u;
          if (k == 1) s.exponent[o][k] += Enclosure(1);
          exponentiate(s.exponent[o], s.weighted[o], s.E[o], k);
          multiply(s.E[o], decay, s.p[o], k);
          s.Z[k] += multiplicity_[t] * s.p[o][k];
          s.drift[k] += multiplicity_[t] * (value_[t] - value_[pivot]) * s.p[o][k];
        }
        invert(s.Z, s.inverse, k);
        multiply(s.drift, s.inverse, s.F, k);
        x.f[g][k] = s.F[k];
        if (k == 0) x.f[g][k] += value_[pivot];
        s.margin[k] = Y * x.f[g][k];
        exponentiate(s.margin, s.margin_weighted, s.e, k);
        s.denominator[k] = s.e[k];
        if (k == 0) s.denominator[k] += Enclosure(1);
        invert(s.denominator, s.wrong, k);  // σ(−Yf)
        multiply(s.wrong, s.inverse, s.factor, k);
        for (std::size_t o = 0; o < others; ++o) {
          s.loss[o][k] = -s.F[k];
          if (k == 0) s.loss[o][k] += value_[token(g, o)] - value_[pivot];
        }
      }
      for (std::size_t g = 0; g < groups; ++g)
        for (std::size_t o = 0; o < others; ++o) {
          Group& s = all[g];
          // exponent's place is free for E·factor only up to order k, which is all that is read of it.
          multiply(s.E[o], s.factor, scratch(s, o), k);
          const Enclosure rate = convolved(scratch(s, o), s.loss[o], 0, k);
          x.y[g * others + o][k + 1] = (g == 0 ? 1 : -1) * rate / static_cast<long>(k + 1);
        }
    }
    return x;
  }

  std::size_t order() const { return order_; }

 private:
  template <class Group>
  static Series& scratch(Group& s, std::size_t o) {
    return s.exponent[o];
  }
  static std::size_t token(std::size_t g, std::size_t o) {
    static constexpr std::size_t tokens[groups][others] = {{1, 2, 3}, {0, 1, 3}};
    return tokens[g][o];
  }
  Enclosure signal_of(const Expansion& x, std::size_t k) const {
    Enclosure total(0);
    for (std::size_t g = 0; g < groups; ++g) {
      Enclosure sum(0), pivot(0);
      for (std::size_t o = 0; o < others; ++o) {
        const std::size_t t = token(g, o);
        const Enclosure& a = x.y[g * others + o][k];
        sum += multiplicity_[t] * signal_[t] * a;
        pivot -= multiplicity_[t] * a;
      }
      total += (g == 0 ? clean_ : noisy_) * (sum + signal_[pivot_[g]] * pivot);
    }
    return snr2_ * total;
  }

  std::size_t order_;
  Enclosure snr2_;
  long clean_ = 0, noisy_ = 0;
  static constexpr std::array<std::size_t, groups> pivot_{0, 2};
  std::array<long, kinds> multiplicity_{};
  std::array<Enclosure, kinds> signal_, value_;
};

Series derivative(const Series& a) {
  Series b;
  for (std::size_t k = 1; k < a.size(); ++k) b.push_back(static_cast<long>(k) * a[k]);
  return b;
}

}  // namespace

EnclosedEvents enclose_limit_flow(const theory::Parameters& p, double horizon,
                                  const std::function<void(double, double)>& progress, TaylorSteps taylor) {
  const auto [tolerance, order] = taylor.at_working_precision();
  const LimitFlow flow(p, order);
  const Enclosure log_T = log(Enclosure(p.T));
  Box y;
  for (auto& a : y) a = Enclosure(0);
  EnclosedEvents events;
  double u = 0, h = 1.0 / 16;
  while (u < horizon && !(events.fit && events.gap)) {
    const auto at = flow.expand(y, Enclosure(u), order - 1);
    h = std::min(h, horizon - u);
    Box box;
    LimitFlow::Expansion over;
    double widest = 0, most = 0;
    for (;; h /= 2) {  // an a priori box, and a remainder below what rounding leaves anyway
      if (h < 1e-6) {
        events.stopped = "no step is short enough";
        events.u = Enclosure(u);
        return events;
      }
      const Enclosure span = enclosure(0, h), U = enclosure(u, u + h);
      const Enclosure slack = enclosure(-1, 1) * ratio<Enclosure>(1, 1024) * h;
      for (std::size_t i = 0; i < scalars; ++i) box[i] = y[i] + span * 2 * at.y[i][1] + slack;
      bool holds = false;
      for (int attempt = 0; attempt < 4 && !holds; ++attempt) {
        const auto rates = flow.expand(box, U, 0);
        holds = true;
        for (std::size_t i = 0; i < scalars; ++i) {
          const Enclosure image = y[i] + span * rates.y[i][1];
          if (inside(image, box[i])) continue;
          holds = false;
          if (!is_nan(image)) box[i] = hull(box[i], image) + slack;
        }
      }
      if (!holds) continue;
      for (int pass = 0; pass < 3; ++pass) {  // the image of a box that holds the solution holds it, too
        const auto rates = flow.expand(box, U, 0);
        for (std::size_t i = 0; i < scalars; ++i) box[i] = y[i] + span * rates.y[i][1];
      }
      over = flow.expand(box, U, order);
      most = 0, widest = 0;
      for (std::size_t i = 0; i < scalars; ++i) {
        const double size = upper(abs(over.y[i][order])) * std::pow(h, static_cast<double>(order));
        most = std::max(most, size), widest = std::max(widest, width(y[i]));
      }
      if (most <= std::max(widest / 4, tolerance)) break;
    }
    const Enclosure step(h);
    const auto event = [&](std::optional<Enclosure>& found, const Series& series, const Series& range,
                           const Enclosure& target) {
      const Enclosure span = enclosure(0, h);
      if (found || certainly_less(sum_at(series, order, range[order], span), target)) return;
      const auto value = [&](double t) { return sum_at(series, order, range[order], Enclosure(t)); };
      if (sign_of(sum_at(derivative(series), order - 1, static_cast<long>(order) * range[order], span)) !=
          Sign::positive) {
        events.stopped = "an event in a step in which its function may fall";
        return;
      }
      if (certainly_less(value(h), target)) return;
      double low = 0, high = h;
      if (!certainly_less(value(low), target) || !certainly_less(target, value(high))) {
        events.stopped = "an event at the end of a step";
        return;
      }
      for (const bool lower_end : {true, false}) {  // the last t certainly before and the first certainly after
        double in = lower_end ? low : high, out = lower_end ? high : low;
        for (int k = 0; k < 60; ++k) {
          const double t = in + (out - in) / 2;
          const bool still = lower_end ? certainly_less(value(t), target) : certainly_less(target, value(t));
          (still ? in : out) = t;
        }
        (lower_end ? low : high) = in;
      }
      found = log(expm1(Enclosure(u) + enclosure(low, high)));
    };
    Series wrong = at.f[1], wrong_over = over.f[1];
    for (auto& term : wrong) term = -term;
    for (auto& term : wrong_over) term = -term;
    event(events.gap, at.X, over.X, log_T);
    if (sign_of(over.f[0][0]) != Sign::positive) events.stopped = "a clean label may be wrong";
    event(events.fit, wrong, wrong_over, Enclosure(0));
    if (!events.stopped.empty()) break;
    for (std::size_t i = 0; i < scalars; ++i) y[i] = sum_at(at.y[i], order, over.y[i][order], step);
    u += h, ++events.steps;
    events.width = widest;
    if (!(widest < 1e-3)) {
      events.stopped = "the box has become too wide";
      break;
    }
    if (most < std::ldexp(widest, -10)) h = std::min(2 * h, 0.5);
    if (progress) progress(u, widest);
  }
  events.u = Enclosure(u);
  events.state.assign(y.begin(), y.end());
  return events;
}

}  // namespace benign::sim
