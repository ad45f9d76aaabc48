#include "plots/figures/border_figure.hpp"

#include "plots/drawing/heatmap.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

double number_at(const Json& object, const char* key) { return number(object.value(key, Json())); }

std::string title(const Sweep& sweep) {
  const std::string name = sweep.border.is_null() ? "" : sweep.border["name"].get<std::string>();
  const double level = sweep.border.is_null() ? std::nan("") : number(sweep.border["level"]);
  std::string what = "the border";
  if (name == "gap") what = "test gap μ_±·q reaches log T";
  if (name == "memorised") what = "flipped labels of one class are memorised";
  if (name == "memorised_half") what = "half of the flipped labels are memorised";
  if (name == "memorised_all") what = "all flipped labels are memorised";
  if (name == "fit") what = "all training labels are fitted";
  if (name == "test_loss") what = std::isfinite(level) ? "test loss crosses" : "test loss half way to its floor";
  if (name == "test_error") what = "test error crosses";
  if (std::isfinite(level)) what += " " + format("%.4g", level);
  return what;
}

/// Powers or multiples around all that is drawn.
std::pair<double, double> range(const SweepAxis& axis, const std::vector<double>& values) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const double value : values)
    if (std::isfinite(value) && (!axis.log || value > 0))
      low = std::min(low, axis.scaled(value)), high = std::max(high, axis.scaled(value));
  if (low > high) low = axis.scaled(axis.values.front()), high = axis.scaled(axis.values.back());
  const double spare = high > low ? 0.08 * (high - low) : 0.1 + 0.1 * std::abs(high);
  return {axis.unscaled(low - spare), axis.unscaled(high + spare)};
}

/// y ∝ x^exponent through the geometric centre of the measured borders; NaN where there is none.
Table power_block(const Sweep& sweep, double exponent) {
  double shift = 0;
  int count = 0;
  for (const Json& column : sweep.records)
    if (const double x = number(column["x"]), y = number(column["y"]); x > 0 && y > 0)
      shift += std::log(y) - exponent * std::log(x), ++count;
  Table table({"x", "y"}, "fitted power of " + sweep.x.name + " and " + sweep.y.name);
  constexpr int points = 60;
  const double first = sweep.x.scaled(sweep.x.values.front()), last = sweep.x.scaled(sweep.x.values.back());
  for (int k = 0; k <= points; ++k) {
    const double x = sweep.x.unscaled(first + k * (last - first) / points);
    table.add({x, count ? std::exp(shift / count + exponent * std::log(x)) : std::nan("")});
  }
  return table;
}

/// The variable alone, for a formula.
std::string symbol(const SweepAxis& axis) {
  const std::string label = axis.label();
  const std::size_t comma = label.find(", "), equals = label.find(" = ");
  if (comma == std::string::npos) return axis.name;
  return label.substr(comma + 2, equals == std::string::npos ? equals : equals - comma - 2);
}

std::string signed_number(double x) { return (x <= -0.0005 ? "−" : "") + format("%.3f", std::abs(x)); }

std::string fit_legend(const Sweep& sweep, const Fit& fit) {
  std::string text = "fitted: " + symbol(sweep.y) + " ∝ " + symbol(sweep.x) + "^{" + signed_number(fit.exponent) + "}";
  if (std::isfinite(fit.low) && std::isfinite(fit.high))
    text += " [" + signed_number(fit.low) + ", " + signed_number(fit.high) + "]";
  if (std::isfinite(fit.predicted)) text += ", predicted " + signed_number(fit.predicted);
  return text;
}

}  // namespace

std::optional<Fit> read_fit(const std::filesystem::path& folder) {
  const auto path = folder / "fit.json";
  if (!std::filesystem::exists(path)) return std::nullopt;
  std::ifstream file(path);
  const Json fit = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!fit.is_object()) throw BadRecord(path.string() + ": not a fit of 'benign phase --border --out'");
  const Json exponent = fit.value("exponent", Json());
  if (!exponent.is_object() || !std::isfinite(number_at(exponent, "value"))) return std::nullopt;
  return Fit{number_at(exponent, "value"), number_at(exponent, "low"), number_at(exponent, "high"),
             number_at(exponent, "predicted")};
}

Figure border_figure(const Sweep& sweep, const std::optional<Fit>& fit) {
  std::vector<double> ys;
  for (const Json& column : sweep.records)
    for (const char* key : {"y", "low", "high", "predicted"}) ys.push_back(number_at(column, key));
  const auto [low, high] = range(sweep.y, ys);
  const auto [left, right] = range(sweep.x, sweep.x.values);

  Table table({"x", "y", "low", "high", "predicted", "crossed", "seeds"}, sweep.x.name + " and " + sweep.y.name);
  for (const Json& column : sweep.records) {
    const double y = number(column["y"]);
    const bool interval = !column["low"].is_null() || !column["high"].is_null();
    const auto end = [&](const char* key, double open) {
      if (!interval || std::isnan(y)) return y;
      return column[key].is_null() ? open : number(column[key]);
    };
    table.add({number(column["x"]), y, end("low", low), end("high", high), number_at(column, "predicted"),
               number(column["crossed"]), number(column["seeds"])});
  }

  Figure figure;
  figure.name = "border";
  figure.width = 820, figure.height = 600;
  figure.add(std::move(table));
  figure.script =
      "set datafile missing 'nan'\nset border lc '#555555'\nset tics textcolor '#000000'\n"
      "set grid lt 1 lc '#dddddd'\nset lmargin 13\nset bmargin 8.5\nset key at screen 0.5,screen 0.13 center top "
      "vertical Left reverse samplen 3\n"
      "set title " +
      quoted(title(sweep)) + ".\"\\n\"." + quoted(sweep.setting()) + "\n" + axis_setting('x', sweep.x, left, right) +
      axis_setting('y', sweep.y, low, high) + "plot ";
  if (std::any_of(sweep.records.begin(), sweep.records.end(),
                  [](const Json& column) { return std::isfinite(number_at(column, "predicted")); }))
    figure.script +=
        figure.plot(0, {"x", "predicted"}) + " with lines lw 2.5 lc rgb '" + blue + "' title 'predicted', \\\n     ";
  if (fit)
    figure.script += figure.plot(figure.add(power_block(sweep, fit->exponent)), {"x", "y"}) +
                     " with lines lw 2 dt 2 lc rgb '#555555' title " + quoted(fit_legend(sweep, *fit)) + ", \\\n     ";
  const std::string seeds =
      sweep.seeds == 1 ? "one seed" : "median of " + std::to_string(sweep.seeds) + " seeds, 95 % interval";
  figure.script += figure.plot(0, {"x", "y", "low", "high"}) + " with yerrorbars pt 7 ps 0.9 lw 2 lc rgb '" +
                   vermillion + "' title 'measured: " + seeds + "'\n";
  return figure;
}

}  // namespace benign::plots
