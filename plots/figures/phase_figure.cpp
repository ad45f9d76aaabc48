#include "plots/figures/phase_figure.hpp"

#include "plots/drawing/heatmap.hpp"
#include "sim/models/model.hpp"
#include "theory/model/outcome.hpp"
#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace benign::plots {
namespace {

using Json = nlohmann::json;

/// A boundary between cells: positive on one side, negative on the other.
struct Boundary {
  const char *legend, *colour, *dash;
  bool predicted;
  enum { any, papers, others } of_model;  ///< whose it is
  double (*quantity)(const Json& cell, const theory::Parameters& parameters);
};

double fit(const Json& cell, const theory::Parameters& parameters) {
  if (theory::noise_count(parameters) == 0 || parameters.flips == theory::Flips::independent) return std::nan("");
  return mean(cell, "train_accuracy") - theory::half_fitted_accuracy(parameters);
}

double generalisation(const Json& cell, const theory::Parameters&) {
  return mean(cell, "test_loss") - theory::generalisation_level();
}

double rare_error(const Json& cell, const theory::Parameters&) { return mean(cell, "test_accuracy") - 0.75; }

double harmful(const Json&, const theory::Parameters& parameters) {
  return std::log(theory::snr(parameters) / theory::borders(parameters).harmful);
}

double not_overfitting(const Json&, const theory::Parameters& parameters) {
  return std::log(theory::snr(parameters) / theory::borders(parameters).not_overfitting);
}

double turning(const Json&, const theory::Parameters& parameters) {
  return std::log(theory::n_snr2(parameters) / theory::turning_point(parameters));
}

constexpr const char* white = "#FFFFFF";
constexpr Boundary boundaries[] = {
    {"measured: half of the flipped labels fitted", train_colour, "solid", false, Boundary::any, fit},
    {"measured: test loss half way to its floor", sky, "solid", false, Boundary::papers, generalisation},
    {"measured: test error of 1/4", sky, "solid", false, Boundary::others, rare_error},
    {"predicted: SNR = d^{−1/4}", white, "(30,10)", true, Boundary::papers, harmful},
    {"predicted: SNR = n^{−1/2}", white, "(3,7)", true, Boundary::papers, not_overfitting},
    {"predicted: n SNR² = x_c", white, "(16,6,3,6,3,6)", true, Boundary::papers, turning}};

/// Of a sweep's boundaries those that cross it, as blocks of the figure.
struct Drawn {
  const Boundary* boundary;
  std::size_t block;
};

/// Whose data and training are not the paper's; the encoder's data are.
bool of_another_model(const Sweep& sweep) {
  if (!sweep.config.contains("model")) return false;
  const sim::Model* model = sim::find_model(sweep.config["model"].get<std::string>());
  return model && !model->selects_tokens && model->draw;
}

std::vector<Drawn> add_boundaries(Figure& figure, const Sweep& sweep) {
  std::vector<theory::Parameters> parameters;
  for (const Json& cell : sweep.records) parameters.push_back(parameters_of(cell["config"]));
  std::vector<Drawn> drawn;
  const auto not_of = of_another_model(sweep) ? Boundary::papers : Boundary::others;
  for (const Boundary& boundary : boundaries) {
    if (boundary.of_model == not_of) continue;
    std::vector<double> quantity;
    for (std::size_t k = 0; k < parameters.size(); ++k) {
      const bool known = !boundary.predicted || theory::papers_data(parameters[k]);
      const double value = known ? boundary.quantity(sweep.records[k], parameters[k]) : std::nan("");
      quantity.push_back(std::isfinite(value) ? value : std::nan(""));
    }
    // Predictions are powers of the parameters: straight lines where both axes are logarithmic.
    Table lines = line_block(sweep, boundary.legend, quantity, boundary.predicted);
    if (!lines.empty()) drawn.push_back({&boundary, figure.add(std::move(lines))});
  }
  return drawn;
}

/// Dark beneath and light above, to be seen on every colour of the palette.
std::array<std::string, 2> strokes(const Boundary& boundary) {
  return {"lw 4.5 dt solid lc rgb '#000000'",
          std::string("lw 2.2 dt ") + boundary.dash + " lc rgb '" + boundary.colour + "'"};
}

/// The plots of all boundaries, what was measured over what was predicted.
std::string curves(const Figure& figure, const std::vector<Drawn>& drawn) {
  std::string text;
  for (const bool predicted : {true, false})
    for (const auto& [boundary, block] : drawn) {
      if (boundary->predicted != predicted) continue;
      for (const std::string& style : strokes(*boundary))
        text += ", \\\n     " + figure.plot(block, {"x", "y"}) + " with lines " + style + " notitle";
    }
  return text;
}

/// One legend for all panels, at the foot of the figure: what was measured to the left, what was predicted to the
/// right.
std::string legend(const Figure& figure, const std::vector<Drawn>& drawn) {
  std::string text;
  int rows[2] = {0, 0}, tag = 100;
  for (const auto& [boundary, block] : drawn) {
    const double left = boundary->predicted ? 0.58 * figure.width : 0.10 * figure.width;
    const double height = 72 - 24 * rows[boundary->predicted]++;
    const auto at = [&](double x) {
      return "screen " + format("%.5f", x / figure.width) + ",screen " + format("%.5f", height / figure.height);
    };
    for (const std::string& style : strokes(*boundary))
      text += "set arrow " + std::to_string(++tag) + " from " + at(left) + " to " + at(left + 76) + " nohead front " +
              style + "\n";
    text += "set label " + std::to_string(tag) + " " + quoted(boundary->legend) + " at " + at(left + 88) + " left\n";
  }
  return text;
}

std::string frame(const std::string& title) {
  return "set multiplot title " + quoted(title) +
         "\nset datafile missing 'nan'\nset border lc '#555555' front\nset tics textcolor '#000000' front\nunset key\n";
}

std::string losses_title(const Sweep& sweep) {
  const bool unknown = std::any_of(sweep.records.begin(), sweep.records.end(), [](const Json& cell) {
    return std::isnan(mean(cell, "train_loss")) || std::isnan(mean(cell, "test_loss"));
  });
  return sweep.setting() + ", " +
         (sweep.seeds == 1 ? "one seed" : "mean of " + std::to_string(sweep.seeds) + " seeds") +
         (unknown ? " (grey: not known)" : "");
}

/// After the first panel: each would draw the legend again.
constexpr const char* once = "unset arrow\nunset label\n";

constexpr const char* missing =
    "set object 1 rectangle from graph 0,0 to graph 1,1 behind fc rgb '#d8d8d8' fs noborder\n";

/// Losses that are known, with a margin: multiples of 0.05 around them.
std::pair<double, double> loss_range(const Sweep& sweep) {
  double low = std::log(2.0), high = std::log(2.0);
  for (const Json& cell : sweep.records)
    for (const char* quantity : {"train_loss", "test_loss"})
      if (const double loss = mean(cell, quantity); std::isfinite(loss))
        low = std::min(low, loss), high = std::max(high, loss);
  return {std::floor(low * 20 + 1e-9) / 20, std::ceil(high * 20 - 1e-9) / 20};
}

const std::vector<std::string> loss_names = {"train loss", "test loss", "train accuracy", "test accuracy"};

double loss(const Json& cell, std::size_t column) {
  constexpr const char* quantities[] = {"train_loss", "test_loss", "train_accuracy", "test_accuracy"};
  return mean(cell, quantities[column]);
}

struct Outcome {
  const char *key, *title;
};
constexpr Outcome outcomes[] = {{"harmful", "harmful overfitting"},
                                {"benign", "benign overfitting"},
                                {"not_overfitting", "not overfitting"},
                                {"neither", "none of the three"}};

}  // namespace

Figure phase_figure(const Sweep& sweep) {
  Figure figure;
  figure.name = "phase";
  figure.width = 1180, figure.height = 630;
  figure.add(cell_block(sweep, loss_names, loss));
  const auto drawn = add_boundaries(figure, sweep);
  const auto [low, high] = loss_range(sweep);
  figure.script = frame(losses_title(sweep)) + missing + viridis + cell_axes(sweep) + legend(figure, drawn) +
                  "set cbrange [" + format("%g", low) + ":" + format("%g", high) +
                  "]\nset cblabel 'logistic loss (nats)'\n";
  constexpr const char* titles[] = {"training loss", "test loss"};
  for (int k = 0; k < 2; ++k) {
    const Place place = {90 + 500 * k, 165, 410, 390};
    figure.script += placement(figure, place) + (k ? "set colorbox\nset ylabel ''\n" : "unset colorbox\n") +
                     "set title '" + titles[k] + "'\nplot " + cells_plot(figure, sweep, place, element(loss_names, k)) +
                     curves(figure, drawn) + "\n" + (k ? "" : once);
  }
  figure.script += "unset multiplot\n";
  return figure;
}

bool is_papers(const Sweep& sweep) {
  return (sweep.x.name == "d" && sweep.y.name == "mu") || (sweep.x.name == "mu" && sweep.y.name == "d");
}

// Read in the authors' plot.ipynb [A]: two panels of equal size side by side, "Train Loss" and "Test Loss", drawn by
// seaborn's heatmap in viridis with one colour bar each; no range of colours is set, so that each bar goes from the
// smallest to the largest loss of its own panel, and no frame; "Signal Norm ‖μ‖₂" to the right and "Dimension d"
// upwards; the losses of one run each at the last step. Their cells are 39 values of d from 250 and 39 of ‖μ‖ from 5.
Figure paper_figure(const Sweep& sweep) {
  const bool transposed = sweep.x.name == "d";
  Figure figure;
  figure.name = "phase_paper";
  figure.width = 1280, figure.height = 640;
  figure.add(cell_block(sweep, loss_names, loss));
  figure.script = std::string("set multiplot\nset datafile missing 'nan'\nunset key\nset tics textcolor '#000000'\n") +
                  viridis + cell_axes(sweep, transposed) +
                  "unset border\nset autoscale cbfix\nset xlabel 'Signal Norm ‖μ‖_2' font ',17'\n"
                  "set ylabel 'Dimension d' font ',17'\n";
  constexpr const char* titles[] = {"Train Loss", "Test Loss"};
  for (int k = 0; k < 2; ++k) {
    const Place place = {105 + 630 * k, 90, 440, 470};
    figure.script += placement(figure, place) + "set colorbox noborder\nset title '" + titles[k] +
                     "' font ',26'\nplot " + cells_plot(figure, sweep, place, element(loss_names, k), transposed) +
                     "\n";
  }
  figure.script += "unset multiplot\n";
  return figure;
}

bool has_regimes(const Sweep& sweep) {
  return sweep.seeds > 1 && std::all_of(sweep.records.begin(), sweep.records.end(),
                                        [](const Json& cell) { return cell.contains("regimes"); });
}

Figure regimes_figure(const Sweep& sweep) {
  Figure figure;
  figure.name = "regimes";
  figure.width = 980, figure.height = 1080;
  std::vector<std::string> names;
  for (const Outcome& outcome : outcomes) names.emplace_back(outcome.title);
  figure.add(cell_block(sweep, names, [](const Json& cell, std::size_t column) {
    double known = 0;  // of an unfinished sweep, or without a test, fewer than its seeds
    for (const Json& regime : cell["regimes"]) known += number(regime["count"]);
    return known > 0 ? number(cell["regimes"][outcomes[column].key]["count"]) / known : std::nan("");
  }));
  const auto drawn = add_boundaries(figure, sweep);
  figure.script = frame(sweep.setting() + ", " + std::to_string(sweep.seeds) + " seeds" +
                        (sweep.units > 0 ? " (white: not known)" : "")) +
                  viridis + cell_axes(sweep) + legend(figure, drawn) +
                  "set cbrange [0:1]\nset cblabel 'share of seeds'\n";
  for (int k = 0; k < 4; ++k) {
    const Place place = {90 + 420 * (k % 2), 650 - 455 * (k / 2), 350, 350};
    const bool right = k % 2 == 1, below = k / 2 == 1;
    figure.script += placement(figure, place) + (right && below ? "set" : "unset") + " colorbox\n" +
                     (right ? "set ylabel ''\n" : "set ylabel " + quoted(sweep.y.label()) + "\n") +
                     (below ? "set xlabel " + quoted(sweep.x.label()) + "\n" : "set xlabel ''\n") + "set title '" +
                     outcomes[k].title + "'\nplot " + cells_plot(figure, sweep, place, outcomes[k].title) +
                     curves(figure, drawn) + "\n" + (k ? "" : once);
  }
  figure.script += "unset multiplot\n";
  return figure;
}

bool has_infinite_time(const Sweep& sweep) {
  return std::all_of(sweep.records.begin(), sweep.records.end(), [](const Json& cell) {
    return cell.contains("infinite_time_error") && has_keys(cell["infinite_time_error"], {"mean"}) &&
           cell.contains("infinite_time_law");
  });
}

Figure infinite_time_figure(const Sweep& sweep) {
  Figure figure;
  figure.name = "infinite_time";
  figure.width = 1300, figure.height = 600;
  const std::vector<std::string> error_names{"at the end of the runs", "at infinite time along q*",
                                             "at infinite time by the law"};
  figure.add(cell_block(sweep, error_names, [](const Json& cell, std::size_t column) {
    if (column == 0) return 1 - mean(cell, "test_accuracy");
    return column == 1 ? mean(cell, "infinite_time_error") : number(cell["infinite_time_law"]);
  }));
  const auto drawn = add_boundaries(figure, sweep);
  figure.script = frame(losses_title(sweep)) + missing + viridis + cell_axes(sweep) + legend(figure, drawn) +
                  "set cbrange [0:0.5]\nset cblabel 'test error'\n";
  for (int k = 0; k < 3; ++k) {
    const Place place = {90 + 390 * k, 165, 320, 340};
    figure.script += placement(figure, place) + (k == 2 ? "set" : "unset") + " colorbox\n" +
                     (k ? "set ylabel ''\n" : "") + "set title '" + element(error_names, k) + "'\nplot " +
                     cells_plot(figure, sweep, place, element(error_names, k)) + curves(figure, drawn) + "\n" +
                     (k ? "" : once);
  }
  figure.script += "unset multiplot\n";
  return figure;
}

}  // namespace benign::plots
