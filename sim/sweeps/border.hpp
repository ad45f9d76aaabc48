#pragma once
// Where in y a property of runs begins or ends, for each x of a grid: a border of the phase diagram, found by adaptive
// refinement, with an interval.
//
// For each column and seed the property is the sign of a continuous function of y. The grid's rows bracket its first
// change of sign, and TOMS 748 refines it: with one seed the noise is the same for all y, so that the function is
// smooth. The border of a column is the median over seeds, which a seed that never crosses cannot move to infinity;
// its interval is the bootstrap's (percentiles over resampled seeds).

#include "sim/sweeps/sweep.hpp"

namespace benign::sim {

enum class BorderKind {
  gap,  ///< both μ±·q reach log T
  /// All flipped labels of at least one class are predicted right. One class is enough: once its flipped samples have
  /// turned to the other class's weak token they feed that class's signal, and its own flipped samples stay held for
  /// long (THEORY section 5.15).
  memorised,
  memorised_all,  ///< all flipped labels are predicted right
  fit,            ///< all training labels are predicted right
  test_loss,      ///< the population test loss falls to a level
  test_error,     ///< the population test error falls to a level
};
inline constexpr Choice<BorderKind> border_choices[] = {
    {BorderKind::gap, "gap"}, {BorderKind::memorised, "memorised"}, {BorderKind::memorised_all, "memorised_all"},
    {BorderKind::fit, "fit"}, {BorderKind::test_loss, "test_loss"}, {BorderKind::test_error, "test_error"}};

struct Border {
  BorderKind kind;
  double level;  ///< of test_loss and test_error
};

/// One unit is one column with one seed.
class BorderSweep final : public Sweep {
 public:
  BorderSweep(Grid grid, long seeds, Border border) : grid_(std::move(grid)), seeds_(seeds), border_(border) {}

  long units() const override { return grid_.columns() * seeds_; }
  RunConfig config(long unit) const override;
  Json run(long unit, SharedDraws& shared) const override;
  long lines() const override { return grid_.columns(); }
  std::vector<Json> merge(std::span<const Json> found) const override;
  Json conclusion(std::span<const Json> found) const override;
  std::string records() const override { return "border.jsonl"; }
  Json description() const override;

 private:
  /// The borders of all seeds in one column; infinite on the side where it was not met.
  std::vector<double> borders(std::span<const Json> found, long column) const;

  Grid grid_;
  long seeds_;
  Border border_;
};

/// The border that theory predicts in the column of `config`, in units of the y axis; nothing where it has no law.
std::optional<double> predicted_border(const Border& border, const RunConfig& config, const std::string& y_axis);

}  // namespace benign::sim
