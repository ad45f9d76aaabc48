#include "proofs_check/hunt/box.hpp"

#include "proofs_check/text/axis_number.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace benign::proofs {

using theory::Decimal;

Side parse_side(const std::string& text) {
  constexpr const char* form = "NAME=LO:HI or NAME=LO:HI:log";
  const std::string name = axis_name("--over", text, form);
  std::vector<std::string> parts;
  std::stringstream stream(text.substr(name.size() + 1) + ":");
  for (std::string part; std::getline(stream, part, ':');) parts.push_back(part);
  const bool log = parts.size() == 3 && parts[2] == "log";
  if (parts.size() != 2 && !log) throw UsageError("--over", text, form);
  Side side{name, axis_number("--over", text, name, parts[0]), axis_number("--over", text, name, parts[1]), log};
  if (side.low.exact() >= side.high.exact()) throw UsageError("--over", text, "LO below HI");
  if (log && side.low.exact() <= 0) throw UsageError("--over", text, "LO above 0 with log");
  return side;
}

Decimal Box::value(std::size_t side, double place) const {
  const auto& [name, low, high, log] = sides[side];
  const double a = low.as<double>(), b = high.as<double>();
  const double x = log ? a * elementary::exp(place * elementary::log(b / a)) : a + place * (b - a);
  const double unit = name == "n" ? 2 : 1;
  const Decimal rounded(sim::is_whole(name) ? format("%.0f", unit * std::round(x / unit)) : format("%.5g", x));
  if (rounded.exact() < low.exact()) return low;
  return rounded.exact() > high.exact() ? high : rounded;
}

sim::RunConfig Box::config(const std::vector<Decimal>& values) const {
  sim::RunConfig config = base;
  for (const bool derived : {false, true})
    for (std::size_t k = 0; k < sides.size(); ++k)
      if ((sim::set_by(sides[k].name) != sides[k].name) == derived) sim::set_axis(config, sides[k].name, values[k]);
  return config;
}

}  // namespace benign::proofs
