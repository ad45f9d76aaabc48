#include "proofs_check/report/letter_map.hpp"

#include "proofs_check/text/format.hpp"
#include "theory/numbers/element.hpp"

namespace benign::proofs {

std::string letter_map(const std::string& meaning, const sim::Grid& grid,
                       const std::function<char(long cell)>& letter) {
  constexpr long widest = 100;  // columns
  if (grid.columns() > widest) return "";
  std::string text = meaning + ", " + grid.y.name + " upwards, " + grid.x.name + " from " +
                     grid.x.values.front().text() + " to " + grid.x.values.back().text() + ":\n";
  for (long row = grid.rows() - 1; row >= 0; --row) {
    text += format("  %12.6g  ", element(grid.y.values, row).as<double>());
    for (long column = 0; column < grid.columns(); ++column) text += letter(row * grid.columns() + column);
    text += "\n";
  }
  return text;
}

}  // namespace benign::proofs
