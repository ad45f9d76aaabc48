#pragma once
// Which quantities claims are about, and at which steps: what a run between bounds is asked.

#include "proofs_check/checker/descent/scene.hpp"

#include <functional>

namespace benign::checker {

/// One claim's quantity; whether q is known so sharply that more digits would leave bounds of the test inputs' law as they are.
using See = std::function<void(std::size_t claim, const Interval& value, bool sharp)>;

class Watch {
 public:
  /// Of the claims that are `open`, also where that changes.
  Watch(const std::vector<Stated>& claims, const std::vector<bool>& open, const theory::Parameters& parameters,
        See see);

  /// Follows a descent, or a family of them, until the last open claim's step or until it is lost.
  template <class Run>
  void follow(Run& run) {
    const long last = this->last();
    for (long step = 0; !run.lost(); ++step) {
      if (const Asked asked = asked_at(step); asked.any) look(step, run.moment(asked.q_norm), run.scene());
      if (step == last) break;
      run.step();
    }
  }

  /// Sees what claims are about at a step; −1 is the end of a flow.
  void look(long step, const Moment& moment, const Scene& scene);

 private:
  struct Asked {
    bool any = false, q_norm = false;
  };
  long last() const;
  Asked asked_at(long step) const;

  const std::vector<Stated>& claims_;
  const std::vector<bool>& open_;
  const theory::Parameters& parameters_;
  See see_;
  std::vector<Change> changes_;  // of the claims about trends
};

}  // namespace benign::checker
