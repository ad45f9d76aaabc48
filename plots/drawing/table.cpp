#include "plots/drawing/table.hpp"

#include <algorithm>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace benign::plots {

Table::Table(std::vector<std::string> names, const std::string& about) : names_(std::move(names)) {
  text_ = "# " + about + (about.empty() ? "" : ": ");
  for (const std::string& name : names_) text_ += (&name == &names_.front() ? "" : "; ") + name;
  text_ += "\n";
}

void Table::add(const std::vector<double>& row, const std::string& note) {
  if (row.size() != names_.size()) throw std::logic_error("a row of another length than the table's");
  std::ostringstream line;
  line.precision(10);
  for (const double& number : row) line << (&number == &row.front() ? "" : "\t") << number;
  text_ += line.str() + (note.empty() ? "" : "\t# " + note) + "\n";
  ++rows_;
}

void Table::gap() {
  if (!text_.ends_with("\n\n")) text_ += "\n";  // two empty lines would end the block
}

int Table::column(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) throw std::logic_error("a figure's table has no column '" + name + "'");
  return static_cast<int>(found - names_.begin()) + 1;
}

std::string Table::columns(const std::vector<std::string>& names) const {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ":") + std::to_string(column(name));
  return list;
}

std::string Table::text() const {
  if (!empty()) return text_.ends_with("\n\n") ? text_.substr(0, text_.size() - 1) : text_;
  std::string row;
  for (std::size_t k = 0; k < names_.size(); ++k) row += k ? "\tnan" : "nan";
  return text_ + row + "\n";
}

}  // namespace benign::plots
