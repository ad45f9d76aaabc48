#include "sim/sweeps/grid.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <stdexcept>

namespace benign::sim {
namespace {

using theory::Decimal;
using Set = void (*)(RunConfig&, const Decimal&);

long whole(const Decimal& x) { return static_cast<long>(numerator(x.exact())); }

void set_mu(theory::Parameters& p, double snr) {
  p.mu = decimal_of(snr * p.sigma.as<double>() * std::sqrt(static_cast<double>(p.d)));
}

struct Setter {
  std::string name;
  bool whole;
  bool derived;  ///< needs the other axis's value to be in place
  Set set;
};

const std::vector<Setter>& setters() {
  static const std::vector<Setter> all = {
      {"d", true, false, [](RunConfig& c, const Decimal& x) { c.parameters.d = whole(x); }},
      {"mu", false, false, [](RunConfig& c, const Decimal& x) { c.parameters.mu = x; }},
      {"snr", false, true, [](RunConfig& c, const Decimal& x) { set_mu(c.parameters, x.as<double>()); }},
      {"nsnr2", false, true,
       [](RunConfig& c, const Decimal& x) {
         set_mu(c.parameters, std::sqrt(x.as<double>() / static_cast<double>(c.parameters.n)));
       }},
      {"n", true, false, [](RunConfig& c, const Decimal& x) { c.parameters.n = whole(x); }},
      {"eta", false, false, [](RunConfig& c, const Decimal& x) { c.parameters.eta = x; }},
      {"rho", false, false, [](RunConfig& c, const Decimal& x) { c.parameters.rho = x; }},
      {"T", true, false, [](RunConfig& c, const Decimal& x) { c.parameters.T = whole(x); }},
      {"kappa", false, true,
       [](RunConfig& c, const Decimal& x) {
         c.parameters.sigma_w = decimal_of(std::sqrt(x.as<double>() / static_cast<double>(c.parameters.d)));
       }},
      {"sigma", false, false, [](RunConfig& c, const Decimal& x) { c.parameters.sigma = x; }},
      {"log-s-max", false, false, [](RunConfig& c, const Decimal& x) { c.log_s_max = x; }},
      {"steps", true, false, [](RunConfig& c, const Decimal& x) { c.parameters.steps = whole(x); }},
  };
  return all;
}

const Setter& setter(const std::string& axis) {
  for (const auto& one : setters())
    if (one.name == axis) return one;
  throw std::invalid_argument("no axis '" + axis + "'");
}

mp50 exact(const Decimal& x) { return mp50(numerator(x.exact())) / mp50(denominator(x.exact())); }

}  // namespace

const std::vector<std::string>& axis_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& one : setters()) all.push_back(one.name);
    return all;
  }();
  return names;
}

bool is_whole(const std::string& axis) { return setter(axis).whole; }

Decimal decimal_of(double x) {
  char text[40];
  return Decimal(
      std::string_view(text, static_cast<std::size_t>(std::to_chars(text, text + sizeof text, x).ptr - text)));
}

Axis spaced_axis(std::string name, const Decimal& low, const Decimal& high, long count, bool log) {
  Axis axis{std::move(name), log, {}};
  const mp50 from = exact(low), to = exact(high);
  const long multiple_of = axis.name == "n" ? 2 : 1;
  for (long i = 0; i < count; ++i) {
    const mp50 share = count > 1 ? mp50(i) / (count - 1) : mp50(0);
    const mp50 value = log ? mp50(from * pow(to / from, share)) : mp50(from + (to - from) * share);
    if (is_whole(axis.name))
      axis.values.push_back(Decimal(std::to_string(static_cast<long>(round(value / multiple_of)) * multiple_of)));
    else
      axis.values.push_back(decimal_of(static_cast<double>(value)));
  }
  return axis;
}

void set_axis(RunConfig& config, const std::string& axis, const Decimal& value) { setter(axis).set(config, value); }

RunConfig Grid::config(long column, const Decimal& y_value) const {
  RunConfig cell = base;
  const Decimal& x_value = x.values[static_cast<std::size_t>(column)];
  if (setter(x.name).derived) {
    set_axis(cell, y.name, y_value);
    set_axis(cell, x.name, x_value);
  } else {
    set_axis(cell, x.name, x_value);
    set_axis(cell, y.name, y_value);
  }
  return cell;
}

RunConfig Grid::config(long column, long row) const { return config(column, y.values[static_cast<std::size_t>(row)]); }

}  // namespace benign::sim
