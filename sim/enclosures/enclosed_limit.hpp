#pragma once
// The limit d → ∞ with every error enclosed: validated Taylor steps of limit_series.hpp (THEORY section 6.1).
//
// A step from a box Y₀ of length h: a box B with Y₀ + [0, h] F(B, [u, u + h]) in its interior holds the solution over
// the whole step (Picard), and with Taylor coefficients y_k at Y₀ and y_p over B the solution at u + t is in
// Σ_{k<p} y_k tᵏ + y_p(B) tᵖ (Lagrange's remainder; Moore, "Interval Analysis", 1966). The box is carried as it is;
// what it wraps is paid for in digits, which cost less than a frame that turns with the flow.

#include "sim/enclosures/limit_series.hpp"
#include "sim/integrators/first_time.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace benign::sim {

struct EnclosedEvents {
  EnclosedEvent fit;             ///< all training labels are right; nothing where none is flipped: then from the start
  EnclosedEvent gap;             ///< μ±·q reaches log T
  double u = 0;                  ///< where the run ended, exactly,
  std::vector<Enclosure> state;  ///< and the six scalars there
  double width = 0;              ///< of the widest scalar there
  long steps = 0;
  std::string stopped;  ///< why, if before the horizon and both events
};

/// A box that holds the solution from `a` (expanded in `at`, two terms at least) over a step of [0, h] at the times u:
/// one in whose interior its image under Picard's operator lies. Nothing where none is found.
std::optional<LimitSeries::Box> limit_range(const LimitSeries& flow, const LimitSeries::Box& a,
                                            const LimitSeries::Expansion& at, const Enclosure& times, double h);

/// Runs at the working precision to the first step that ends at or beyond log s = `horizon`, or to both events. Needs
/// as many flipped labels in either class.
EnclosedEvents enclose_limit_flow(const theory::Parameters& parameters, const theory::Decimal& horizon,
                                  const std::function<void(double u, double width)>& progress = {},
                                  TaylorSteps taylor = {});

}  // namespace benign::sim
