#include "sim/integrators/step_event.hpp"

namespace benign::sim {
namespace {

/// Moves `in`, where `still` is true, towards `out`, where it is not known to be; sixty halvings.
template <class Still>
double bisected(double in, double out, const Still& still) {
  for (int k = 0; k < 60; ++k) {
    const double t = in + (out - in) / 2;
    (still(t) ? in : out) = t;
  }
  return in;
}

}  // namespace

StepEvent first_reach(const StepSeries& f, double h, const Enclosure& target) {
  const Enclosure span = enclosure(0, h);
  const auto below = [&](double t) { return certainly_less(f.at(Enclosure(t)), target); };
  const auto above = [&](double t) { return certainly_less(target, f.at(Enclosure(t))); };
  if (certainly_less(f.at(span), target)) return {};
  if (sign_of(f.derivative().at(span)) != Sign::positive) return {{}, "its function may fall within the step"};
  if (below(h)) return {};
  if (!below(0) || !above(h)) return {{}, "it lies at the end of a step"};
  return {enclosure(bisected(0, h, below), bisected(h, 0, above)), {}};
}

}  // namespace benign::sim
