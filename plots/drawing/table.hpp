#pragma once
// A block of a figure's data: columns with names, which a script asks for by these names.

#include <string>
#include <vector>

namespace benign::plots {

class Table {
 public:
  /// The block's first line is a comment: the names, after what the block is `about` where that is told.
  explicit Table(std::vector<std::string> names, const std::string& about = "");

  /// One number for each column, NaN where it is not known. The note stands behind them as a comment.
  void add(const std::vector<double>& row, const std::string& note = "");
  /// Ends a line; the next row begins another.
  void gap();
  bool empty() const { return rows_ == 0; }

  /// A column's number, as gnuplot counts. Throws std::logic_error where there is none of that name.
  int column(const std::string& name) const;
  /// What stands behind gnuplot's `using` for these columns: "1:4".
  std::string columns(const std::vector<std::string>& names) const;

  /// As gnuplot reads it. An empty block, which it would not count, has a row of NaN.
  std::string text() const;

 private:
  std::vector<std::string> names_;
  std::string text_;
  long rows_ = 0;
};

}  // namespace benign::plots
