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
      e[t] = equation.exp(
          equation.sum({{Interval(1), a[t]}, {Interval(-1), a[pivot]}, {m.signal[t] - m.signal[pivot], X}}));
      total.emplace_back(Interval(m.multiplicity(t)), e[t]);
    }
    const Node share = equation.inverse(equation.sum(total, Interval(1)));
    for (std::size_t t = 0; t < m.kinds; ++t) s[t] = t == pivot ? share : equation.product(e[t], share);
    std::vector<std::pair<Interval, Node>> output;
    for (std::size_t t = 0; t < m.kinds; ++t) output.emplace_back(Interval(Y * m.multiplicity(t)) * m.value[t], s[t]);
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

/// The flow, step by step, and what was seen of its events.
class LimitRun {
 public:
  LimitRun(const theory::Parameters& p, const Interval& horizon, bool fit, bool gap, double budget)
      : model_(p),
        budget_(budget),
        horizon_(horizon),
        log_T_(log(Interval(p.T))),
        degree_(static_cast<std::size_t>(8 + working_bits() / 4)),
        pivots_(model_.groups(), 0),
        system_(model_, pivots_, degree_),
        a_(system_.equation.unknowns()) {
    fit_.wanted = fit, gap_.wanted = gap;
  }

  LimitEvents run() {
    while (events_.stopped.empty() && (fit_.open() || gap_.open())) step();
    events_.fit = in_log_s(fit_), events_.gap = in_log_s(gap_);
    return events_;
  }

 private:
  void step() {
    const Interval u = Interval::exactly(ticks_ * tick);
    if (certainly_less(horizon_, u)) {
      events_.stopped = "the event is not within the horizon log-s-max", events_.hopeless = true;
      return;
    }
    const double of_a_step = system_.equation.products_of_a_step() * static_cast<double>(working_bits()) / 128;
    if (events_.spent + of_a_step > budget_) {
      events_.stopped = "the limit's flow takes more products of intervals than the limit on these",
      events_.hopeless = true;
      return;
    }
    events_.spent += of_a_step;
    system_.equation.expand(a_, u);
    int state_fit = 1, state_gap = 1;
    bool good = first_model();
    while (good) {
      state_fit = fit_.wanted && !fit_.low_known ? below_throughout(system_.equation, wrong(), Interval(0), h_) : 1;
      state_gap = gap_.wanted && !gap_.low_known ? below_throughout(system_.equation, system_.X, log_T_, h_) : 1;
      if (state_fit >= 0 && state_gap >= 0) break;
      good = shorter() && holds();
    }
    if (!good) {
      events_.stopped = "no step is short enough at u = " + std::to_string(ticks_ * tick);
      events_.hopeless = widest() < -20;
      return;
    }
    const TaylorEquation& equation = system_.equation;
    look(
        gap_, state_gap, u, [&](const Interval& t) { return certainly_less(equation.at(system_.X, t), log_T_); },
        [&](const Interval& t) { return certainly_less(log_T_, equation.at(system_.X, t)); });
    look(
        fit_, state_fit, u, [&](const Interval& t) { return equation.at(wrong(), t).negative(); },
        [&](const Interval& t) {
          return std::all_of(system_.right.begin(), system_.right.end(),
                             [&](Node right) { return equation.at(right, t).positive(); });
        });
    a_ = equation.values_at(Interval::exactly(h_));
    ticks_ += h_ / tick, ++events_.steps;
    if (!(widest() < -3)) events_.stopped = "the bounds have become too wide";
    h_ = std::min(2 * h_, 1.0);
    choose_pivots();
  }

  /// Yf of the noisy samples, which starts below 0.
  Node wrong() const { return system_.right.back(); }
  double widest() const {
    double most = 0;
    for (const Interval& one : a_) most = std::max(most, one.width());
    return std::log2(std::max(most, 1e-300));
  }
  bool shorter() { return (h_ = std::floor(h_ / 2 / tick) * tick) >= 0x1p-24; }
  bool holds() { return system_.equation.holds(h_, &slack_); }

  /// A step whose remainders are no larger than rounding, or than a part of what the bounds have grown to.
  bool first_model() {
    const double enough = std::max(-static_cast<double>(working_bits()), widest() - 6);
    bool good = holds();
    while ((!good || slack_ > enough) && shorter()) good = holds();
    return good;
  }

  template <class Still, class Reached>
  void look(Seen& seen, int state, const Interval& u, const Still& still, const Reached& reached) {
    if (!seen.wanted) return;
    if (!seen.low_known && state == 0) seen.low_known = true, seen.low = u + bisect(h_, true, still);
    if (seen.low_known && !seen.high_known && reached(Interval::exactly(h_)))
      seen.high_known = true, seen.high = u + bisect(h_, false, reached);
  }

  /// The winning token of each group, for the next step.
  void choose_pivots() {
    double X = 0;
    for (std::size_t g = 0; g < model_.groups(); ++g)
      for (std::size_t t = 0; t < 3; ++t)
        X += model_.snr2.middle() * static_cast<double>(g == 0 ? model_.clean : model_.noisy) *
             model_.signal[t].middle() * a_[g * model_.kinds + t].middle();
    auto next = pivots_;
    for (std::size_t g = 0; g < model_.groups(); ++g) {
      const auto logit = [&](std::size_t t) {
        return a_[g * model_.kinds + t].middle() + model_.signal[t].middle() * X;
      };
      for (std::size_t t = 0; t < model_.kinds; ++t)
        if (logit(t) > logit(next[g]) + 1) next[g] = t;
    }
    if (next != pivots_) pivots_ = next, system_ = LimitEquation(model_, pivots_, degree_);
  }

  Interval in_log_s(const Seen& seen) const {
    if (!seen.wanted) return Interval::everything();
    const Interval time = log(expm1(seen.low_known ? seen.low : Interval::exactly(ticks_ * tick)));
    return Interval::between(time, seen.low_known && seen.high_known ? log(expm1(seen.high)) : Interval::everything());
  }

  static constexpr double tick = 0x1p-30;
  const Limit model_;
  const double budget_;
  const Interval horizon_, log_T_;
  const std::size_t degree_;
  std::vector<std::size_t> pivots_;
  LimitEquation system_;
  Intervals a_;
  double ticks_ = 0, h_ = 1.0 / 8;  // u is a whole number of ticks, and every step is one
  double slack_ = 0;
  Seen fit_, gap_;
  LimitEvents events_;
};

}  // namespace

LimitEvents limit_events(const theory::Parameters& p, const theory::Decimal& log_s_max, bool fit, bool gap,
                         double budget) {
  return LimitRun(p, log1p(exp(Interval::decimal(log_s_max.text()))), fit, gap, budget).run();
}

}  // namespace benign::checker
