#include "sim/integrators/first_time.hpp"

namespace benign::sim {
namespace {

/// Looks at a condition for each halving that it bears: several times as many as one way down takes.
constexpr long looks_per_halving = 8;

/// The left end, a number.
Enclosure left_end(const Enclosure& x) {
  Enclosure end;
  mpfi_set_fr(end.data(), x.left());
  return end;
}

/// No more than what is left of h after so many halvings.
bool negligible(const Enclosure& d, const Enclosure& h, long halvings) {
  Enclosure least = h;
  mpfi_mul_2si(least.data(), least.data(), -halvings);
  return certainly_less_equal(d, least);
}

/// A time in [0, h] up to which the condition is false for certain; h where it is false throughout. Intervals that follow one
/// another from 0 on, the next twice as long where one shows that, half as long where it does not.
Enclosure false_until(const StepCondition& condition, const Enclosure& h) {
  Enclosure t(0), length = h;
  const long halvings = condition.halvings();
  for (long looks = looks_per_halving * halvings; looks > 0 && !negligible(length, h, halvings); --looks) {
    Enclosure to = left_end(t + length);
    if (!certainly_less(to, h)) to = h;
    if (condition.certainly_false(hull(t, to))) {
      t = to, length *= 2;
      if (!certainly_less(t, h)) break;
    } else {
      length /= 2;
    }
  }
  return t;
}

/// A time in [from, h] at which it is true for certain, near the first one; nothing where none is found.
std::optional<Enclosure> true_by(const StepCondition& condition, const Enclosure& from, const Enclosure& h) {
  Enclosure length = h - from, by = h;
  while (!condition.certainly_true(by)) {
    length /= 2;
    if (negligible(length, h, condition.halvings())) return std::nullopt;
    by = left_end(from + length);
  }
  Enclosure open = from;
  for (long k = 0; k < condition.halvings(); ++k) {
    const Enclosure t = middle(hull(open, by));
    (condition.certainly_true(t) ? by : open) = t;
  }
  return by;
}

}  // namespace

bool AllAbove::certainly_false(const Enclosure& times) const {
  for (std::size_t k = 0; k < functions.size(); ++k)
    if (certainly_less(functions[k].at(times) + apart[k], target)) return true;
  return false;
}

bool AllAbove::certainly_true(const Enclosure& time) const {
  for (std::size_t k = 0; k < functions.size(); ++k)
    if (!certainly_less(target, functions[k].at(time) + apart[k])) return false;
  return true;
}

void FirstTime::look(const StepCondition& condition, const Enclosure& length, const Enclosure& start, double unit) {
  if (seen()) return;
  const Enclosure h = left_end(length);
  if (!certainly_less(Enclosure(0), h)) {  // a step of which no time is known is not looked at, and excludes nothing
    known_.possible = true;
    return;
  }
  if (sign_of(start) == Sign::zero && condition.certainly_true(Enclosure(0))) {
    known_.from_the_start = true;
    return;
  }
  Enclosure from(0);
  if (!known_.possible) {
    from = false_until(condition, h);
    known_.not_before = start + from * unit;
    known_.possible = certainly_less(from, h);
  }
  if (!known_.possible) return;
  if (const auto after = true_by(condition, from, h)) known_.by = start + *after * unit;
}

EnclosedEvent FirstTime::event() const {
  EnclosedEvent event;
  if (known_.from_the_start) return event;
  event.not_before = log(known_.not_before);
  if (known_.by) event.log_s = hull(event.not_before, log(*known_.by));
  return event;
}

}  // namespace benign::sim
