// The borders that a diagram's cells show, against those that --border finds by refinement.

#include "tests/support/cli.hpp"

#include <cmath>

TEST_CASE("phase: borders between cells are those of --border, within a row", "[cli]") {
  const std::string grid = "--x d=300:1200:3 --y mu=3:30:28 --seed 5 --n 10 --T 4 ";
  const Json diagram = Json::parse(benign("phase --json " + grid).out);
  int compared = 0;
  for (const Json& border : diagram["borders"]) {
    const std::string option = border["border"];
    CHECK(border["y"].size() == 3);
    if (option.empty() || border["again"] != 0) continue;
    const Json refined = Json::parse(benign("phase --json " + grid + "--border " + option).out);
    for (std::size_t k = 0; k < 3; ++k) {
      const Json &here = border["y"][k], &there = refined["columns"][k]["y"];
      INFO(option << " in column " << k << ": " << here << ", " << refined["columns"][k]);
      if (there.is_null() || here.is_null()) continue;
      CHECK(std::abs(here.get<double>() - there.get<double>()) <= 1);
      ++compared;
    }
  }
  CHECK(compared >= 3);
  // Of SNR = d^(-1/4) it is mu = d^(1/4), of SNR = n^(-1/2) sqrt(d/n), whatever the rows.
  for (const Json& border : diagram["borders"]) {
    if (border["name"] == "SNR = d^(-1/4)") CHECK(std::abs(border["y"][0].get<double>() - std::pow(300, 0.25)) < 1e-12);
    if (border["name"] == "SNR = n^(-1/2)") CHECK(std::abs(border["y"][0].get<double>() - std::sqrt(30.0)) < 1e-12);
  }
  const std::string text = benign("phase " + grid).out;
  CHECK(text.find("Borders: mu at") != std::string::npos);
  CHECK(text.find("--border test_loss") != std::string::npos);
}

TEST_CASE("phase: a property that is not monotone in y is said to be", "[cli]") {
  // Cells of steps so long that the descent jumps about: labels are fitted, lost and fitted again.
  const std::string grid = "--x d=100:200:4 --y mu=1:60:40 --n 4 --T 4 --lr 60 --steps 12 --border fit ";
  const Outcome outcome = benign("phase " + grid);
  CHECK(outcome.out.find("is not monotone in mu") != std::string::npos);
}
