#include "proofs_check/checker/limit.hpp"

#include "proofs_check/checker/taylor_model.hpp"

#include <algorithm>
#include <cmath>

namespace benign::checker {
namespace {

using Node = TaylorEquation::Node;

class Limit {
 public:
  explicit Limit(const theory::Parameters& p)
      : T(p.T), noisy(theory::noise_count(p, +1)), clean(p.n / 2 - noisy), kinds(p.T > 3 ? 4 : 3) {
    const Interval rho = Interval::decimal(p.rho.text()), gamma = Interval(1) / sqrt(Interval(2));
    signal = {Interval(1), rho, rho, Interval(0)};
    value = {gamma, gamma * rho, -(gamma * rho), Interval(0)};
    snr2 = square(Interval::decimal(p.mu.text())) / (square(Interval::decimal(p.sigma.text())) * Interval(p.d));
  }

  long T, noisy, clean;
  std::size_t kinds;
  Intervals signal, value;
  Interval snr2;
  long multiplicity(std::size_t t) const { return t < 3 ? 1 : T - 3; }
  std::size_t groups() const { return noisy > 0 ? 2 : 1; }
};

/// The equation with one token of each group for reference, of whose logit the others' are measured.
class LimitEquation {
 public:
  LimitEquation(const Limit& m, const std::vector<std::size_t>& pivots, std::size_t degree) : equation(degree) {
    const std::size_t groups = m.groups();
    std::vector<std::vector<Node>> a(groups);
    for (auto& group : a)
      for (std::size_t t = 0; t < m.kinds; ++t) group.push_back(equation.unknown());
    std::vector<std::pair<Interval, Node>> terms;
    for (std::size_t g = 0; g < groups; ++g)
      for (std::size_t t = 0; t < 3; ++t)
        terms.emplace_back(m.snr2 * Interval(g == 0 ? m.clean : m.noisy) * m.signal[t], a[g][t]);
    X = equation.sum(terms);
    const Node growth = equation.exp(equation.time());
    for (std::size_t g = 0; g < groups; ++g) add_group(m, g, pivots[g], a[g], growth);
  }

  TaylorEquation equation;
  Node X = 0;
  std::vector<Node> right;  ///< Yf, group by group

 private:
  void add_group(const Limit& m, std::size_t g, std::size_t pivot, const std::vector<Node>& a, Node growth) {
    const int Y = g == 0 ? 1 : -1;
    std::vector<Node> e(m.kinds), s(m.kinds);
    std::vector<std::pair<Interval, Node>> total;
    for (std::size_t t = 0; t < m.kinds; ++t) {
      if (t == pivot) continue;
      e[t] = equation.exp(equation.sum({{Interval(1), a[t]}, {Interval(-1), a[pivot]}, {m.signal[t] - m.signal[pivot], X}}));
      total.emplace_back(Interval(m.multiplicity(t)), e[t]);
    }
    const Node share = equation.inverse(equation.sum(total, Interval(1)));
    for (std::size_t t = 0; t < m.kinds; ++t) s[t] = t == pivot ? share : equation.product(e[t], share);
    std::vector<std::pair<Interval, Node>> output;
    for (std::size_t t = 0; t < m.kinds; ++t)
      output.emplace_back(Interval(Y * m.multiplicity(t)) * m.value[t], s[t]);
    right.push_back(equation.sum(output));
    const Node wrong = equation.inverse(equation.sum({{Interval(1), equation.exp(right.back())}}, Interval(1)));
    const Node rate = equation.product(growth, wrong);
    for (std::size_t t = 0; t < m.kinds; ++t) {
      std::vector<std::pair<Interval, Node>> lead;
      for (std::size_t j = 0; j < m.kinds; ++j)
        if (j != t) lead.emplace_back(Interval(Y * m.multiplicity(j)) * (m.value[t] - m.value[j]), s[j]);
      equation.derivative(a[t], equation.product(equation.product(rate, s[t]), equation.sum(lead)));
    }
  }
};

/// The first time of something that becomes true: which ends are known so far.
struct Seen {
  bool wanted = false, low_known = false, high_known = false;
  Interval low, high;  ///< in u
  bool open() const { return wanted && !(low_known && high_known); }
};

/// The last t of [0, h] of a bisection at which `holds` is what it is at 0 (`from_start`), or the first at which it is
/// what it is at h. Both are times at which it was looked at.
template <class Holds>
Interval bisect(double h, bool from_start, const Holds& holds) {
  Interval in = from_start ? Interval(0) : Interval::exactly(h), out = from_start ? Interval::exactly(h) : Interval(0);
  for (long k = 0; k < working_bits() - 8; ++k) {
    Interval t = (in + out) / Interval(2);
    mpfr_set(t.high(), t.low(), MPFR_RNDU);  // one number, whichever
    (holds(t) ? in : out) = t;
  }
  return in;
}

/// Whether `value` has been below `target` on all of [0, h], for certain: 1; −1 if it may have reached it but need not
/// rise, so that the step has to be shorter; 0 if it may have reached it and rises.
int below_throughout(const TaylorEquation& equation, Node value, const Interval& target, double h) {
  if (certainly_less(equation.range(value), target)) return 1;
  if (!equation.borders_rise(value)) return -1;
  return certainly_less(equation.at(value, Interval::exactly(h)), target) ? 1 : 0;
}

}  // namespace

LimitEvents limit_events(const theory::Parameters& p, const theory::Decimal& log_s_max, bool fit, bool gap) {
  const Limit model(p);
  const auto degree = static_cast<std::size_t>(8 + working_bits() / 4);
  const Interval log_T = log(Interval(model.T));
  const Interval horizon = log1p(exp(Interval::decimal(log_s_max.text())));
  constexpr double tick = 0x1p-30;
  double ticks = 0, h = 1.0 / 8;  // u is a whole number of ticks, and every step is one
  std::vector<std::size_t> pivots(model.groups(), 0);
  LimitEquation system(model, pivots, degree);
  Intervals a(system.equation.unknowns());
  Seen seen_fit, seen_gap;
  seen_fit.wanted = fit, seen_gap.wanted = gap;
  LimitEvents events;
  events.fit = events.gap = Interval::everything();

  while (seen_fit.open() || seen_gap.open()) {
    const Interval u = Interval::exactly(ticks * tick);
    if (certainly_less(horizon, u)) {
      events.beyond_horizon = true, events.stopped = "the horizon log-s-max is reached";
      break;
    }
    system.equation.expand(a, u);
    double slack = 0;
    const auto shorter = [&] { return (h = std::floor(h / 2 / tick) * tick) >= 0x1p-24; };
    bool good = system.equation.holds(h, &slack);
    double widest = -1e18;
    for (const Interval& one : a) widest = std::max(widest, std::log2(std::max(one.width(), 1e-300)));
    while (!good || slack > std::max(-static_cast<double>(working_bits()), widest - 6)) {
      if (!shorter()) break;
      good = system.equation.holds(h, &slack);
    }
    const Node wrong = system.right.back();  // of noisy samples Yf, which starts below 0
    int state_fit = 1, state_gap = 1;
    while (good) {
      state_fit = seen_fit.wanted && !seen_fit.low_known ? below_throughout(system.equation, wrong, Interval(0), h) : 1;
      state_gap = seen_gap.wanted && !seen_gap.low_known ? below_throughout(system.equation, system.X, log_T, h) : 1;
      if (state_fit >= 0 && state_gap >= 0) break;
      good = shorter() && system.equation.holds(h, &slack);
    }
    if (!good) {
      events.stopped = "no step is short enough at u = " + std::to_string(ticks * tick);
      break;
    }
    const auto look = [&](Seen& seen, int state, const auto& still, const auto& reached) {
      if (!seen.wanted) return;
      if (!seen.low_known && state == 0) seen.low_known = true, seen.low = u + bisect(h, true, still);
      if (seen.low_known && !seen.high_known && reached(Interval::exactly(h)))
        seen.high_known = true, seen.high = u + bisect(h, false, reached);
    };
    look(seen_gap, state_gap, [&](const Interval& t) { return certainly_less(system.equation.at(system.X, t), log_T); },
         [&](const Interval& t) { return certainly_less(log_T, system.equation.at(system.X, t)); });
    look(seen_fit, state_fit, [&](const Interval& t) { return system.equation.at(wrong, t).negative(); },
         [&](const Interval& t) {
           return std::all_of(system.right.begin(), system.right.end(),
                              [&](Node right) { return system.equation.at(right, t).positive(); });
         });

    a = system.equation.values_at(Interval::exactly(h));
    ticks += h / tick, ++events.steps;
    for (const Interval& one : a)
      if (!(one.width() < 0.1)) events.stopped = "the bounds have become too wide";
    if (!events.stopped.empty()) break;
    h = std::min(2 * h, 1.0);
    // The winning token of each group for the next step.
    const double X = model.snr2.middle() * [&] {
      double total = 0;
      for (std::size_t g = 0; g < model.groups(); ++g)
        for (std::size_t t = 0; t < 3; ++t)
          total += static_cast<double>(g == 0 ? model.clean : model.noisy) * model.signal[t].middle() * a[g * model.kinds + t].middle();
      return total;
    }();
    auto next = pivots;
    for (std::size_t g = 0; g < model.groups(); ++g) {
      const auto logit = [&](std::size_t t) { return a[g * model.kinds + t].middle() + model.signal[t].middle() * X; };
      for (std::size_t t = 0; t < model.kinds; ++t)
        if (logit(t) > logit(next[g]) + 1) next[g] = t;
    }
    if (next != pivots) pivots = next, system = LimitEquation(model, pivots, degree);
  }

  const auto in_log_s = [&](const Seen& seen) {
    if (!seen.wanted) return Interval::everything();
    Interval from = seen.low_known ? seen.low : Interval::exactly(ticks * tick);
    Interval time = log(expm1(from));
    if (seen.low_known && seen.high_known)
      time = Interval::between(time, log(expm1(seen.high)));
    else
      mpfr_set_inf(time.high(), +1);
    return time;
  };
  events.fit = in_log_s(seen_fit), events.gap = in_log_s(seen_gap);
  return events;
}

}  // namespace benign::checker
