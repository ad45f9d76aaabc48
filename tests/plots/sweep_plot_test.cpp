// What the figures of sweeps compute, and what they refuse to read.

#include "plots/drawing/contour.hpp"
#include "plots/drawing/heatmap.hpp"
#include "plots/records/sweep.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <unistd.h>

namespace benign::plots {
namespace {

Grid sample(std::size_t count, double (*f)(double, double)) {
  Grid grid;
  for (std::size_t k = 0; k < count; ++k)
    grid.x.push_back(-1 + 2 * static_cast<double>(k) / static_cast<double>(count - 1));
  grid.y = grid.x;
  for (const double y : grid.y)
    for (const double x : grid.x) grid.values.push_back(f(x, y));
  return grid;
}

struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / ("benign_sweep_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const char* name, const std::string& text) const { std::ofstream(path / name) << text; }

  std::filesystem::path path;
};

std::string cell(int index, const std::string& mu = "20") {
  return R"({"index": )" + std::to_string(index) + R"(, "seeds": 1, "config": {"n": 20, "T": 8, "d": 2000, "mu": )" +
         mu +
         R"(, "rho": 0.1, "eta": 0.2, "sigma": 1}, "train_accuracy": {"mean": 1}, "train_loss": {"mean": 0.5},
            "test_accuracy": {"mean": 1}, "test_loss": {"mean": null}})";
}

std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text + "\n";
}

}  // namespace

TEST_CASE("a plane's zero line is straight and in one piece", "[plots]") {
  const auto lines = zero_lines(sample(9, [](double x, double y) { return x + y / 2 - 0.1; }));
  REQUIRE(lines.size() == 1);
  for (const auto& [x, y] : lines[0]) CHECK(std::abs(x + y / 2 - 0.1) < 1e-14);
}

TEST_CASE("a circle's zero line closes", "[plots]") {
  const auto lines = zero_lines(sample(41, [](double x, double y) { return x * x + y * y - 0.49; }));
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].front() == lines[0].back());
  for (const auto& [x, y] : lines[0]) CHECK(std::abs(std::hypot(x, y) - 0.7) < 2e-3);
}

TEST_CASE("no line passes a corner that is not known, none is a single place, and at a saddle lines do not cross",
          "[plots]") {
  Grid plane = sample(9, [](double x, double) { return x - 0.1; });
  plane.values[4 * 9 + 5] = std::nan("");
  CHECK(zero_lines(plane).size() == 2);
  CHECK(zero_lines(sample(3, [](double x, double y) { return x * x + y * y; })).empty());
  const auto saddle =
      zero_lines({{0, 1}, {0, 1}, {1, -2, -2, 1}});  // its centre is negative: it cuts off both positives
  REQUIRE(saddle.size() == 2);
  for (const Line& line : saddle) {
    REQUIRE(line.size() == 2);
    CHECK(std::abs(line[0].first - line[1].first) < 0.5);
  }
}

TEST_CASE("cells tile either scale", "[plots]") {
  const auto close = [](const std::vector<double>& a, const std::vector<double>& b) {
    REQUIRE(a.size() == b.size());
    for (std::size_t k = 0; k < a.size(); ++k) CHECK(std::abs(a[k] - b[k]) < 1e-12 * std::abs(b[k]));
  };
  close(cell_edges({"d", false, {250, 375, 500}}), {187.5, 312.5, 437.5, 562.5});
  close(cell_edges({"d", true, {100, 400}}), {50, 200, 800});
}

TEST_CASE("a sweep with a cell missing, out of order or bad is refused with file and line", "[plots]") {
  const Folder folder;
  folder.write("phase.json", R"({"config": {}, "seeds": 1, "x": {"name": "d", "log": false, "values": [2000, 3000]},
                                 "y": {"name": "mu", "log": false, "values": [20]}})");
  folder.write("cells.jsonl", one_line(cell(0)) + one_line(cell(1)));
  const Sweep sweep = read_cells(folder.path);
  CHECK(sweep.records.size() == 2);
  CHECK(std::isnan(mean(sweep.records[0], "test_loss")));
  CHECK(parameters_of(sweep.records[1]["config"]).d == 2000);
  for (const auto& [cells, message] :
       {std::pair{one_line(cell(0)), "1 records of 2"},
        std::pair{one_line(cell(1)) + one_line(cell(0)), "cells.jsonl:1: index 1, not 0"},
        std::pair{one_line(cell(0)) + one_line(cell(1, "\"x\"")), "cells.jsonl:2: not a record"}}) {
    folder.write("cells.jsonl", cells);
    CHECK_THROWS_WITH(read_cells(folder.path), Catch::Contains(message));
  }
}

}  // namespace benign::plots
