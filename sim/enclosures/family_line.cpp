#include "sim/enclosures/family_line.hpp"

#include "sim/enclosures/upward.hpp"

#include <cmath>

namespace benign::sim {
namespace {

using theory::Decimal;
using theory::Parameters;

StepData step_data(const Frame<Enclosure>& frame, bool with_p0) {
  const Index N = frame.tokens();
  StepData data{frame.K.topRows(N), frame.H.topRows(N), frame.samples.values, frame.scales.step};
  if (!with_p0) return data;
  Matrix<Enclosure>& H = data.H;
  H.conservativeResize(N + 1, N + 1);
  const Enclosure unit = unit_of_p0(frame), c = frame.scales.kappa * frame.scales.token_norm2;
  for (Index k = 0; k < N; ++k) H(k, N) = H(N, k) = frame.h[k] / unit;
  H(N, N) = frame.r0 * c / (unit * unit);
  return data;
}

/// Of one number at t = −1, 0 and 1.
void along(const Enclosure& low, const Enclosure& high, Enclosure& at, Enclosure& slope) {
  at += plus_or_minus(magnitude((low + high - 2 * at) / 2));
  slope = (high - low) / 2;
}
template <class Numbers>
void along(const Numbers& low, const Numbers& high, Numbers& at, Numbers& slope) {
  slope.resizeLike(at);
  for (Index k = 0; k < at.size(); ++k) along(low.data()[k], high.data()[k], at.data()[k], slope.data()[k]);
}

}  // namespace

Enclosure unit_of_p0(const Frame<Enclosure>& frame) {
  return Enclosure(std::ldexp(1.0, std::ilogb(representative(frame.scales.kappa * frame.scales.token_norm2))));
}

FamilyLine family_line(const ExactInstance& exact, const Frame<Enclosure>& frame) {
  const bool with_p0 = exact.config.parameters.sigma_p.exact() != 0;  // drawn inner products have no vector p₀
  for (Decimal Parameters::*const range : {&Parameters::mu, &Parameters::rho, &Parameters::lr}) {
    Parameters members = exact.config.parameters;
    if (!(members.*range).is_range()) continue;
    const auto at_place = [&](const Decimal& place) {
      members.*range = place;
      return step_data(exact.exact.frame_of_members(members), with_p0);
    };
    const Decimal all = members.*range;
    const StepData low = at_place(all.low()), high = at_place(all.high());
    FamilyLine line{at_place(all.middle()), {}};
    along(low.K, high.K, line.at.K, line.slope.K);
    along(low.H, high.H, line.at.H, line.slope.H);
    along(low.values, high.values, line.at.values, line.slope.values);
    along(low.step, high.step, line.at.step, line.slope.step);
    return line;
  }
  return {step_data(frame, with_p0), {}};
}

}  // namespace benign::sim
