#include "sim/sweeps/grid.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace benign::sim {
namespace {

using theory::Decimal;

const Parameter* number_of(const std::string& axis) {
  const Parameter* found = find_parameter(axis);
  return found && !found->axis_label.empty() ? found : nullptr;
}

void set_snr(RunConfig& c, double snr) {
  auto& p = c.parameters;
  p.mu = decimal_of(snr * p.sigma.as<double>() * std::sqrt(static_cast<double>(p.d)));
}

const DerivedAxis* derived(const std::string& axis) {
  for (const auto& one : derived_axes())
    if (one.name == axis) return &one;
  return nullptr;
}

mp50 exact(const Decimal& x) { return mp50(numerator(x.exact())) / mp50(denominator(x.exact())); }

}  // namespace

std::span<const DerivedAxis> derived_axes() {
  static const DerivedAxis all[] = {
      {"snr", "mu", "signal-to-noise ratio, SNR = ‖μ‖ / (σ√d)", set_snr},
      {"nsnr2", "mu", "strength of the shared signal, n SNR²",
       [](RunConfig& c, double x) { set_snr(c, std::sqrt(x / static_cast<double>(c.parameters.n))); }},
      {"kappa", "sigma-w", "scale of the initial weights, κ = σ_w² d",
       [](RunConfig& c, double x) {
         c.parameters.sigma_w = decimal_of(std::sqrt(x / static_cast<double>(c.parameters.d)));
       }},
  };
  return all;
}

std::vector<std::string> axis_names() {
  std::vector<std::string> all;
  for (const auto& parameter : parameter_table())
    if (!parameter.axis_label.empty()) all.push_back(parameter.name);
  for (const auto& one : derived_axes()) all.push_back(one.name);
  return all;
}

bool is_whole(const std::string& axis) {
  const Parameter* parameter = number_of(axis);
  return parameter && parameter->whole;
}

std::string set_by(const std::string& axis) {
  const DerivedAxis* found = derived(axis);
  return found ? found->sets : axis;
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

void set_axis(RunConfig& config, const std::string& axis, const Decimal& value) {
  if (const DerivedAxis* combination = derived(axis))
    combination->set(config, value.as<double>());
  else if (const Parameter* parameter = number_of(axis))
    parameter->parse(config, value.text());
  else
    throw std::invalid_argument("no axis '" + axis + "'");
}

RunConfig Grid::config(long column, const Decimal& y_value) const {
  RunConfig cell = base;
  const Decimal& x_value = element(x.values, column);
  if (derived(x.name)) {  // which needs the other value in place
    set_axis(cell, y.name, y_value);
    set_axis(cell, x.name, x_value);
  } else {
    set_axis(cell, x.name, x_value);
    set_axis(cell, y.name, y_value);
  }
  return cell;
}

std::string Grid::place(long column, long row) const {
  return x.name + " = " + element(x.values, column).text() + ", " + y.name + " = " + element(y.values, row).text();
}

RunConfig Grid::config(long column, long row) const { return config(column, element(y.values, row)); }

}  // namespace benign::sim
