// Grids, the cells of the paper's Figure 5, borders against what is known of them, and who does which unit.

#include "sim/sweeps/border.hpp"
#include "sim/sweeps/cells.hpp"
#include "sim/sweeps/engine.hpp"
#include "sim/late/infinite_time.hpp"
#include "theory/model/outcome.hpp"
#include "theory/laws/delay.hpp"
#include "theory/laws/rates.hpp"

#include <boost/math/distributions/binomial.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

using namespace benign;
using namespace benign::sim;
using theory::Decimal;

namespace {

RunConfig gram_config() {
  RunConfig config;
  config.data = DataKind::gram;
  config.parameters.init = theory::Init::gaussian;
  return config;
}

Axis axis(const char* name, const char* low, const char* high, long count, bool log = false) {
  return spaced_axis(name, Decimal(low), Decimal(high), count, log);
}

SweepResult run(const Sweep& sweep, int threads = 2) {
  const Cluster alone;
  return run_sweep(sweep, alone, {.folder = {}, .threads = threads});
}

double mean(const Json& cell, const char* quantity) { return cell[quantity]["mean"]; }

}  // namespace

TEST_CASE("an axis takes exact decimals, whole numbers and even ones", "[sweep]") {
  const Axis d = axis("d", "250", "5000", 39), mu = axis("mu", "5", "100", 39);
  for (std::size_t k = 0; k < 39; ++k) {  // d = 250 + 125 i, |mu| = 5 + 2.5 j
    CHECK(d.values[k] == Decimal(std::to_string(250 + 125 * k)));
    CHECK(2 * mu.values[k].exact() == 10 + 5 * static_cast<long>(k));
  }
  const Axis rho = axis("rho", "0", "0.3", 7);
  CHECK(rho.values[3].text() == "0.15");
  const Axis decades = axis("d", "1e3", "1e12", 10, true);
  for (int k = 0; k < 10; ++k)
    CHECK(decades.values[static_cast<std::size_t>(k)].exact() == std::llround(std::pow(10, k + 3)));
  for (const auto& n : axis("n", "8", "800", 5, true).values) CHECK(numerator(n.exact()) % 2 == 0);
}

TEST_CASE("an axis of SNR sets the length of the signals, whichever axis comes first", "[sweep]") {
  const Axis snr = axis("snr", "0.1", "1", 2), d = axis("d", "400", "10000", 2), x = axis("nsnr2", "2", "4", 2);
  for (const Grid& grid : {Grid{gram_config(), snr, d}, Grid{gram_config(), d, snr}}) {
    const RunConfig corner = grid.config(1, 1);
    CHECK(corner.parameters.d == 10000);
    CHECK(corner.parameters.mu.as<double>() == 100);
  }
  const RunConfig at = Grid{gram_config(), d, x}.config(0, 1);
  CHECK(theory::n_snr2(at.parameters) == Approx(4).epsilon(1e-14));
  const RunConfig kappa = Grid{gram_config(), axis("kappa", "0.5", "2", 2), d}.config(1, 1);
  CHECK(theory::scales<double>(kappa.parameters).kappa == Approx(2).epsilon(1e-14));
}

// The paper's Figure 5 [P, A]: its corners, and the flat land between. With all tokens selected as they should be,
// clean samples are at log(1 + e^{-gamma}) and flipped ones, on token 3, at log(1 + e^{-rho gamma}).
TEST_CASE("the three regimes lie where the paper's diagram has them", "[sweep]") {
  const double gamma = theory::head_scale<double>(), test_floor = theory::loss_floor<double>();
  const double train_floor = 0.8 * test_floor + 0.2 * std::log1p(std::exp(-0.1 * gamma));
  for (const Json& cell :
       run(CellSweep({gram_config(), axis("d", "3000", "5000", 3), axis("mu", "5", "5", 1)}, 2)).lines)
    CHECK(mean(cell, "test_loss") > 0.6);
  for (const Json& cell :
       run(CellSweep({gram_config(), axis("d", "250", "500", 2), axis("mu", "75", "100", 2)}, 2)).lines)
    CHECK(mean(cell, "train_loss") > 0.5);
  for (const Json& cell :
       run(CellSweep({gram_config(), axis("d", "2000", "4000", 2), axis("mu", "50", "60", 2)}, 2)).lines) {
    CHECK(mean(cell, "test_loss") - test_floor < 0.02);
    CHECK(std::abs(mean(cell, "train_loss") - train_floor) < 0.02);
    CHECK(cell["regimes"]["benign"]["count"] == 2);
  }
}

TEST_CASE("a cell is the mean over its seeds, and knows what came of them", "[sweep]") {
  RunConfig base = gram_config();
  base.parameters.n = 4, base.parameters.T = 4, base.parameters.steps = 20;
  const CellSweep sweep({base, axis("d", "100", "200", 2), axis("mu", "5", "20", 3)}, 3);
  const auto cells = run(sweep).lines;
  REQUIRE(cells.size() == 6);
  for (std::size_t k = 0; k < cells.size(); ++k) {
    CHECK(cells[k]["index"] == k);
    double sum = 0, squares = 0;
    long outcomes = 0;
    for (std::uint64_t seed = base.seed; seed < base.seed + 3; ++seed) {
      RunConfig one = Grid{base, axis("d", "100", "200", 2), axis("mu", "5", "20", 3)}.config(static_cast<long>(k % 2),
                                                                                              static_cast<long>(k / 2));
      one.seed = seed;
      const double loss = simulate<double>(one, 0, {}).last.train_loss;
      sum += loss, squares += loss * loss;
    }
    CHECK(mean(cells[k], "train_loss") == Approx(sum / 3).epsilon(1e-15));
    CHECK(cells[k]["train_loss"]["stderr"] == Approx(std::sqrt((squares - sum * sum / 3) / 6)).epsilon(1e-6));
    for (const char* outcome : theory::outcome_names) outcomes += cells[k]["regimes"][outcome]["count"].get<long>();
    CHECK(outcomes == 3);
  }
}

// Where the flow has gone on for ever the error is the one along q*, whatever the runs' own end was.
TEST_CASE("cells tell their error at infinite time, beside the law's", "[sweep]") {
  RunConfig base = gram_config();
  base.parameters.n = 4, base.parameters.T = 4, base.parameters.steps = 1;
  const Grid grid{base, axis("d", "1000", "4000", 2), axis("mu", "8", "9", 2)};
  const CellSweep sweep(grid, 30, true);
  CHECK(sweep.description().at("infinite_time") == true);
  CHECK_FALSE(CellSweep(grid, 30).description().contains("infinite_time"));
  for (const Json& cell : run(sweep).lines) {
    const double error = cell["infinite_time_error"]["stderr"];
    CHECK(std::abs(mean(cell, "infinite_time_error") - cell["infinite_time_law"].get<double>()) < 4 * error + 0.01);
    CHECK(error < 0.02);
  }
  RunConfig first = sweep.config(0);
  first.parameters.init = theory::Init::identity;  // q* does not know W₀
  const CellSweep one({base, axis("d", "1000", "1000", 1), axis("mu", "8", "8", 1)}, 1, true);
  CHECK(mean(run(one).lines[0], "infinite_time_error") == infinite_time(first)->error);
}

TEST_CASE("every unit of a sweep is done once, on any number of threads, with the same numbers", "[sweep]") {
  RunConfig base = gram_config();
  base.parameters.n = 4, base.parameters.T = 4, base.parameters.steps = 5;
  for (const Grid& grid : {Grid{base, axis("d", "100", "300", 3), axis("mu", "5", "20", 4)},
                           Grid{base, axis("mu", "5", "20", 4), axis("eta", "0", "0.5", 2)}}) {
    const CellSweep sweep(grid, 2);
    std::set<std::string> hashes;
    for (long unit = 0; unit < sweep.units(); ++unit) hashes.insert(config_hash(sweep.config(unit)));
    CHECK(hashes.size() == static_cast<std::size_t>(sweep.units()));
    CHECK(run(sweep, 1).lines == run(sweep, 3).lines);
  }
}

// The delay law with its constant: at log s = 40 the border of the test gap lies at n SNR^2 = log T/(c* (40 − 2.55)).
TEST_CASE("the border of the test gap is the delay law's", "[sweep]") {
  RunConfig base = gram_config();
  base.parameters.n = 10, base.parameters.T = 4, base.parameters.d = 100'000'000;
  base.flow = true;
  const BorderSweep sweep({base, axis("log-s-max", "20", "40", 3), axis("nsnr2", "0.02", "2", 3, true)}, 3,
                          {BorderKind::gap, 0});
  const auto result = run(sweep);
  for (const Json& column : result.lines) {
    CHECK(column["crossed"] == 3);
    CHECK(column["low"].get<double>() <= column["y"].get<double>());
    CHECK(column["high"].get<double>() >= column["y"].get<double>());
  }
  const Json& motion = result.conclusion["motion"];
  CHECK(motion["predicted"].get<double>() == Approx(theory::delay_slope(base.parameters)));
  CHECK(motion["value"].get<double>() == Approx(motion["predicted"].get<double>()).epsilon(0.03));
}

TEST_CASE("a border outside the grid is open, and says on which side", "[sweep]") {
  RunConfig base = gram_config();
  base.parameters.n = 4, base.parameters.T = 4, base.parameters.d = 10000;
  base.flow = true, base.log_s_max = Decimal("10");
  const Grid low{base, axis("d", "1e4", "1e4", 1), axis("nsnr2", "1e-4", "1e-3", 2, true)};
  const BorderSweep sweep(low, 1, {BorderKind::gap, 0});
  const Json column = run(sweep).lines.front();
  CHECK(column["y"].is_null());
  CHECK(column["crossed"] == 0);
  SharedDraws shared;
  CHECK(sweep.run(0, shared)["beyond"] == "high");
  const Grid high{base, axis("d", "1e4", "1e4", 1), axis("nsnr2", "5", "10", 2, true)};
  CHECK(BorderSweep(high, 1, {BorderKind::gap, 0}).run(0, shared)["beyond"] == "low");
}

// The limit at n SNR^2 = 0.1 opens its gap at log s = 64.5290406….
TEST_CASE("a border is where it is said to be to 1e-3, whatever bracket it was found in", "[sweep]") {
  RunConfig base = gram_config();
  base.route = RouteKind::limit;
  base.parameters.d = 2'000'000;
  base.flow = true, base.log_s_max = Decimal("64.5290406");
  double worst = 0;
  for (const char* low : {"0.03", "0.0411", "0.0567", "0.0713", "0.09"})
    for (const char* high : {"0.113", "0.19", "0.37", "1.1"}) {
      const BorderSweep sweep({base, axis("d", "2e6", "2e6", 1), axis("nsnr2", low, high, 2, true)}, 1,
                              {BorderKind::gap, 0});
      SharedDraws shared;
      worst = std::max(worst, std::abs(std::log(sweep.run(0, shared)["y"].get<double>() / 0.1)));
    }
  CHECK(worst < 0.6e-3);
}

// The median of a resample of n = 21 values is at most the k-th of them if 11 of 21 draws of probability k/21 are.
TEST_CASE("the interval of a border is the bootstrap's at 95%", "[sweep]") {
  constexpr long n = 21;
  std::vector<Json> found;
  for (long seed = 0; seed < n; ++seed) found.push_back({{"y", (seed * 8) % n + 1}, {"crossings", 1}});
  const BorderSweep sweep({gram_config(), axis("d", "1000", "1000", 1), axis("mu", "1", "30", 2)}, n,
                          {BorderKind::gap, 0});
  const Json line = sweep.merge(found).front();
  CHECK(line["y"] == (n + 1) / 2);
  const auto at_most = [&](long k) {
    const boost::math::binomial draws(n, static_cast<double>(k) / n);
    return 1 - cdf(draws, n / 2);
  };
  long low = 1, high = 1;
  while (at_most(low) < 0.025) ++low;
  while (at_most(high) < 0.975) ++high;
  CHECK(std::abs(line["low"].get<long>() - low) <= 1);
  CHECK(std::abs(line["high"].get<long>() - high) <= 1);
  CHECK(high - low >= 6);
}
