#pragma once
// What happens along the flow of an instance, looked for in one of its steps after another (THEORY section 6.1, events).

#include "sim/enclosures/flow/flow_distance.hpp"
#include "sim/generalisation/enclosed_test.hpp"
#include "sim/integrators/first_time.hpp"

#include <optional>

namespace benign::sim {

/// What is asked of a flow: the first times of events, and what is read at its horizon, for which alone it has to come there.
struct FlowQuestion {
  bool fit = false;        ///< all training labels are right
  bool gap = false;        ///< both μ±·q are above log T
  bool half_loss = false;  ///< the population's test loss is half way from its start to its floor log(1 + e^{−γ})
  bool end = true;

  bool of_events() const { return fit || gap || half_loss; }
};

/// When they happen for the first time, as far as asked.
struct FlowEvents {
  FlowEvents(const FlowQuestion& the_question, const theory::Parameters& the_parameters);

  /// In a step from the time `start` on, from which the flow is at most `apart`.
  void look(const FlowStep& step, const FlowDistance::Apart& apart, const Enclosure& start);
  bool all_seen() const;

  /// What is known so far, and back.
  Json record() const;
  void resume(const Json& record);

  FirstTime fit, gap, half_loss;

 private:
  FlowQuestion asked_;
  Enclosure log_T_, half_way_;
  std::optional<TestLosses> test_losses_;
};

}  // namespace benign::sim
