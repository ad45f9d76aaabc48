#include "proofs_check/commands/sweep_report.hpp"

#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/format.hpp"
#include "theory/model/outcome.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs {
namespace {

using sim::Json;

std::string interval(const Json& of) {
  return shown(of["value"]) + " [" + shown(of["low"]) + ", " + shown(of["high"]) + "], predicted " +
         shown(of["predicted"]);
}

/// How far seeds and law stand apart at infinite time, if that was asked for.
std::string infinite_time_table(const std::vector<Json>& lines) {
  double low = HUGE_VAL, high = -HUGE_VAL, apart = 0;
  for (const Json& line : lines) {
    if (!line.contains("infinite_time_error") || !line["infinite_time_error"]["mean"].is_number()) continue;
    const double error = line["infinite_time_error"]["mean"];
    low = std::min(low, error), high = std::max(high, error);
    if (line["infinite_time_law"].is_number())
      apart = std::max(apart, std::abs(error - line["infinite_time_law"].get<double>()));
  }
  if (!(low <= high)) return "";
  return format("%-18s %12.6g %12.6g, from the law's by at most %.3g\n", "error at s = inf", low, high, apart);
}

}  // namespace

std::string cells_table(const Json& description, const std::vector<Json>& lines) {
  std::string text = format("%-18s %12s %12s\n", "", "smallest", "largest");
  for (const char* quantity : {"train_accuracy", "train_loss", "test_accuracy", "test_loss", "attention_noisy"}) {
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (const Json& line : lines)
      if (const Json& mean = line[quantity]["mean"]; mean.is_number())
        low = std::min(low, mean.get<double>()), high = std::max(high, mean.get<double>());
    if (low <= high) text += format("%-18s %12.6g %12.6g\n", quantity, low, high);
  }
  text += infinite_time_table(lines);
  text += "Runs by outcome:";
  for (const char* outcome : theory::outcome_names) {
    long count = 0;
    for (const Json& line : lines) count += line["regimes"][outcome]["count"].get<long>();
    text += format(" %s %ld,", outcome, count);
  }
  text.back() = '\n';
  const auto& x = description["x"];
  const auto& y = description["y"];
  return format("%zu x %zu cells over %s and %s\n", x["values"].size(), y["values"].size(),
                x["name"].get<std::string>().c_str(), y["name"].get<std::string>().c_str()) +
         text;
}

std::string border_table(const Json& description, const std::vector<Json>& lines, const Json& conclusion) {
  const auto name = [&](const char* axis) { return description[axis]["name"].get<std::string>(); };
  std::string text = format("%14s %14s %14s %14s %14s %14s %10s\n", name("x").c_str(), name("y").c_str(), "low", "high",
                            "predicted", "n SNR^2", "crossed");
  for (const Json& line : lines)
    text += format("%14s %14s %14s %14s %14s %14s %6ld/%ld\n", shown(line["x"]).c_str(), shown(line["y"]).c_str(),
                   shown(line["low"]).c_str(), shown(line["high"]).c_str(), shown(line["predicted"]).c_str(),
                   shown(line["n_snr2"]).c_str(), line["crossed"].get<long>(), line["seeds"].get<long>());
  if (conclusion.is_null()) return text;
  text += "exponent in " + conclusion["law"].get<std::string>() + ": " + interval(conclusion["exponent"]) + "\n";
  if (conclusion.contains("motion"))
    text += "slope of " + conclusion["motion"]["slope_of"].get<std::string>() + ": " + interval(conclusion["motion"]) +
            "\n";
  return text;
}

}  // namespace benign::proofs
