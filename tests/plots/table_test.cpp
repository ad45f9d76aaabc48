// The data of figures: columns by their names, and blocks as gnuplot counts them.

#include "plots/drawing/figure.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

namespace benign::plots {
namespace {

TEST_CASE("a figure asks for columns by their names, whatever stands between them", "[plot]") {
  Table table({"time", "train loss", "test loss"}, "a run");
  table.add({0, 0.5, std::nan("")}, "begin");
  table.add({1e10, 0.25, -3});
  CHECK(table.text() == "# a run: time; train loss; test loss\n0\t0.5\tnan\t# begin\n1e+10\t0.25\t-3\n");
  CHECK(table.columns({"test loss", "time"}) == "3:1");
  CHECK_THROWS_AS(table.columns({"loss"}), std::logic_error);
  CHECK_THROWS_AS(table.add({1, 2}), std::logic_error);
  Figure figure;
  CHECK(figure.add(Table({"x"})) == 0);
  CHECK(figure.add(table) == 1);
  CHECK(figure.plot(1, {"time", "test loss"}) == "'@DATA' index 1 using 1:3");
}

TEST_CASE("a block is one block for gnuplot: an empty one has a row, and lines are one empty line apart", "[plot]") {
  Table table({"x", "y"});
  CHECK(table.empty());
  CHECK(table.text() == "# x; y\nnan\tnan\n");
  table.add({1, 2});
  table.gap();
  table.gap();
  table.add({3, 4});
  table.gap();
  CHECK(table.text() == "# x; y\n1\t2\n\n3\t4\n");
}

}  // namespace
}  // namespace benign::plots
