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
  memorised_half,  ///< at least half of the flipped labels are predicted right
  memorised_all,   ///< all flipped labels are predicted right
  fit,             ///< all training labels are predicted right
  test_loss,       ///< the population test loss falls to a level
  test_error,      ///< the population test error falls to a level
};
inline constexpr Choice<BorderKind> border_choices[] = {{BorderKind::gap, "gap"},
                                                        {BorderKind::memorised, "memorised"},
                                                        {BorderKind::memorised_half, "memorised_half"},
                                                        {BorderKind::memorised_all, "memorised_all"},
                                                        {BorderKind::fit, "fit"},
                                                        {BorderKind::test_loss, "test_loss"},
                                                        {BorderKind::test_error, "test_error"}};

struct Border {
  BorderKind kind;
  double level;  ///< of test_loss and test_error

  bool of_test() const { return kind == BorderKind::test_loss || kind == BorderKind::test_error; }
  bool of_flipped() const {
    return kind == BorderKind::memorised || kind == BorderKind::memorised_half || kind == BorderKind::memorised_all;
  }
};

/// The side of the grid's y on which a border lies that the grid does not hold.
enum class Beyond { low, high };
inline constexpr Choice<Beyond> beyond_choices[] = {{Beyond::low, "low"}, {Beyond::high, "high"}};

/// What one seed finds in one column.
struct BorderRun {
  std::optional<double> y;       ///< where the property begins or ends first; nothing where it does not on the grid
  std::optional<Beyond> beyond;  ///< then, on which side
  long crossings = 0;            ///< how often the property changes between rows: above 1 it is not monotone in y
  long runs = 0;                 ///< how many runs that took
};

/// The border of a column: the median over seeds and its interval at 95%, each nothing where it lies beyond the grid.
struct BorderPoint {
  long column;
  std::optional<double> y, low, high;
  long crossed = 0;        ///< seeds whose border lies on the grid
  long crossed_again = 0;  ///< seeds that cross it more than once
};

/// A slope by least squares through all columns, its bootstrap interval at 95%, and what theory predicts.
struct BorderSlope {
  std::optional<double> value, low, high, predicted;
};

/// What the borders of three columns and more say together.
struct BorderFit {
  std::string law;                    ///< y as a power of x, in words
  BorderSlope exponent;               ///< of that power
  long columns = 0;                   ///< whose border lies on the grid
  std::optional<BorderSlope> motion;  ///< with the horizon, where x is one and a law is known
  std::string motion_of;              ///< in which coordinates that law is linear
};

/// One unit is one column with one seed.
class BorderSweep final : public Sweep {
 public:
  using Found = BorderRun;
  using Line = BorderPoint;
  using Conclusion = BorderFit;

  BorderSweep(Grid grid, long seeds, Border border) : grid_(std::move(grid)), seeds_(seeds), border_(border) {}

  const Grid& grid() const { return grid_; }
  long seeds() const { return seeds_; }
  long units() const override { return grid_.columns() * seeds_; }
  RunConfig config(long unit) const override;
  long lines() const override { return grid_.columns(); }
  std::string records() const override { return "border.jsonl"; }
  Json description() const override;

  BorderRun run(long unit, SharedDraws& shared) const;
  std::vector<BorderPoint> merge(std::span<const BorderRun> found) const;
  std::optional<BorderFit> conclusion(std::span<const BorderRun> found) const;

  /// The run on the border of a column; where that is beyond the grid, the one of its lowest y.
  RunConfig at_border(const BorderPoint& point) const;
  std::optional<double> predicted(const BorderPoint& point) const;

  Json found_json(const BorderRun& found) const;
  BorderRun read_found(const Json& json) const;
  Json line_json(const BorderPoint& point) const;
  BorderPoint read_line(const Json& json) const;
  Json conclusion_json(const BorderFit& fit) const;
  BorderFit read_conclusion(const Json& json) const;

 private:
  Grid grid_;
  long seeds_;
  Border border_;
};

/// The border that theory predicts in the column of `config`, in units of the y axis; nothing where it has no law.
std::optional<double> predicted_border(const Border& border, const RunConfig& config, const std::string& y_axis);

/// log s at the end of a run.
double log_s_of_horizon(const RunConfig& config);

}  // namespace benign::sim
