#pragma once
// What the certificate of a theorem states, in a strict form.

#include "proofs_check/checker/form/json.hpp"
#include "theory/model/parameters.hpp"

#include <optional>

namespace benign::checker {

enum class TheoremKind { overfits_first, generalises_later, benign, not_overfitting };

struct TheoremStatement {
  TheoremKind kind = TheoremKind::overfits_first;
  theory::Parameters parameters;  ///< n, T, ρ, η and W₀
  theory::Decimal low{"0"}, high{"0"}, d_min{"0"}, mu_min{"0"}, delta{"0"};
  long slices = 1;
  /// Times, in u = log(1 + s). All labels are right from `right` on; no flipped one is until `wrong_until`.
  double right = 0, late = 0, early = 0, wrong_until = 0;
  /// The test loss: at least, until `right`; at most, at `late` (or from there to `wrong_until`); at least, until `early`.
  theory::Decimal loss_right{"0"}, loss_late{"0"}, loss_early{"0"};
  std::vector<std::pair<std::string, std::string>> made_by;

  bool later() const { return kind == TheoremKind::generalises_later || kind == TheoremKind::benign; }
};

/// Nothing where it is no certificate of a theorem. Throws UsageError.
std::optional<TheoremStatement> read_theorem(const Place& place, const std::string& text);

/// Line by line.
std::vector<std::string> in_words(const TheoremStatement& statement);

}  // namespace benign::checker
