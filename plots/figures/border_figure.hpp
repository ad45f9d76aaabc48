#pragma once
// The figure of a border sweep: at which y a run changes its outcome, for each x.

#include "plots/drawing/figure.hpp"
#include "plots/records/sweep.hpp"

#include <optional>

namespace benign::plots {

/// A border's power law: y ∝ x^exponent.
struct Fit {
  double exponent, low, high;  ///< with the ends of its interval, NaN where they are not known
  double predicted;            ///< NaN where nothing is
};

/// FOLDER/fit.json; nothing where there is none or it has no exponent. Throws BadRecord where it is no JSON object.
std::optional<Fit> read_fit(const std::filesystem::path& folder);

/// The median border of each column with its interval, the predicted border and the fitted power of x. A bar that is
/// open on one side ends at the frame, one that is open on both is left out; a column without a border is a gap.
Figure border_figure(const Sweep& sweep, const std::optional<Fit>& fit);

}  // namespace benign::plots
