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

template <class S>
Merged<S> run(const S& sweep, int threads = 2) {
  const Cluster alone;
  return run_sweep(sweep, alone, EngineOptions<S>{.folder = {}, .threads = threads}).merged;
}

double mean(const Cell& cell, Quantity quantity) { return cell.over_seeds[quantity].mean.value(); }

/// The merged lines as they would be written.
template <class S>
std::vector<std::string> written(const S& sweep, int threads) {
  std::vector<std::string> lines;
  for (const auto& line : run(sweep, threads).lines) lines.push_back(sweep.line_json(line).dump());
  return lines;
}

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
  for (const Cell& cell :
       run(CellSweep({gram_config(), axis("d", "3000", "5000", 3), axis("mu", "5", "5", 1)}, 2)).lines)
    CHECK(mean(cell, Quantity::test_loss) > 0.6);
  for (const Cell& cell :
       run(CellSweep({gram_config(), axis("d", "250", "500", 2), axis("mu", "75", "100", 2)}, 2)).lines)
    CHECK(mean(cell, Quantity::train_loss) > 0.5);
  for (const Cell& cell :
       run(CellSweep({gram_config(), axis("d", "2000", "4000", 2), axis("mu", "50", "60", 2)}, 2)).lines) {
    CHECK(mean(cell, Quantity::test_loss) - test_floor < 0.02);
    CHECK(std::abs(mean(cell, Quantity::train_loss) - train_floor) < 0.02);
    CHECK(cell.count(theory::Outcome::benign) == 2);
  }
}

TEST_CASE("a cell is the mean over its seeds, and knows what came of them", "[sweep]") {
  RunConfig base = gram_config();
  base.parameters.n = 4, base.parameters.T = 4, base.parameters.steps = 20;
  const CellSweep sweep({base, axis("d", "100", "200", 2), axis("mu", "5", "20", 3)}, 3);
  const auto cells = run(sweep).lines;
  REQUIRE(cells.size() == 6);
  for (std::size_t k = 0; k < cells.size(); ++k) {
    CHECK(cells[k].column == static_cast<long>(k % 2));
    CHECK(cells[k].row == static_cast<long>(k / 2));
    double sum = 0, squares = 0;
    long outcomes = 0;
    for (std::uint64_t seed = base.seed; seed < base.seed + 3; ++seed) {
      RunConfig one = Grid{base, axis("d", "100", "200", 2), axis("mu", "5", "20", 3)}.config(static_cast<long>(k % 2),
                                                                                              static_cast<long>(k / 2));
      one.seed = seed;
      const double loss = simulate<double>(one, 0, {}).last.train_loss;
      sum += loss, squares += loss * loss;
    }
    CHECK(mean(cells[k], Quantity::train_loss) == Approx(sum / 3).epsilon(1e-15));
    CHECK(cells[k].over_seeds[Quantity::train_loss].standard_error.value() ==
          Approx(std::sqrt((squares - sum * sum / 3) / 6)).epsilon(1e-6));
    for (const long count : cells[k].outcomes) outcomes += count;
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
  for (const Cell& cell : run(sweep).lines) {
    const double error = cell.over_seeds[Quantity::infinite_time_error].standard_error.value();
    CHECK(std::abs(mean(cell, Quantity::infinite_time_error) - sweep.infinite_time_law(cell).value()) <
          4 * error + 0.01);
    CHECK(error < 0.02);
  }
  RunConfig first = sweep.config(0);
  first.parameters.init = theory::Init::identity;  // q* does not know W₀
  const CellSweep one({base, axis("d", "1000", "1000", 1), axis("mu", "8", "8", 1)}, 1, true);
  CHECK(mean(run(one).lines[0], Quantity::infinite_time_error) == infinite_time(first)->error);
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
    CHECK(written(sweep, 1) == written(sweep, 3));
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
  for (const BorderPoint& point : result.lines) {
    CHECK(point.crossed == 3);
    CHECK(point.low.value() <= point.y.value());
    CHECK(point.high.value() >= point.y.value());
  }
  const BorderSlope motion = result.conclusion.value().motion.value();
  CHECK(motion.predicted.value() == Approx(theory::delay_slope(base.parameters)));
  CHECK(motion.value.value() == Approx(motion.predicted.value()).epsilon(0.03));
}

TEST_CASE("a border outside the grid is open, and says on which side", "[sweep]") {
  RunConfig base = gram_config();
  base.parameters.n = 4, base.parameters.T = 4, base.parameters.d = 10000;
  base.flow = true, base.log_s_max = Decimal("10");
  const Grid low{base, axis("d", "1e4", "1e4", 1), axis("nsnr2", "1e-4", "1e-3", 2, true)};
  const BorderSweep sweep(low, 1, {BorderKind::gap, 0});
  const BorderPoint point = run(sweep).lines.front();
  CHECK_FALSE(point.y);
  CHECK(point.crossed == 0);
  SharedDraws shared;
  CHECK(sweep.run(0, shared).beyond == Beyond::high);
  const Grid high{base, axis("d", "1e4", "1e4", 1), axis("nsnr2", "5", "10", 2, true)};
  CHECK(BorderSweep(high, 1, {BorderKind::gap, 0}).run(0, shared).beyond == Beyond::low);
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
      worst = std::max(worst, std::abs(std::log(sweep.run(0, shared).y.value() / 0.1)));
    }
  CHECK(worst < 0.6e-3);
}

// The median of a resample of n = 21 values is at most the k-th of them if 11 of 21 draws of probability k/21 are.
TEST_CASE("the interval of a border is the bootstrap's at 95%", "[sweep]") {
  constexpr long n = 21;
  std::vector<BorderRun> found;
  for (long seed = 0; seed < n; ++seed) found.push_back({static_cast<double>((seed * 8) % n + 1), {}, 1, 0});
  const BorderSweep sweep({gram_config(), axis("d", "1000", "1000", 1), axis("mu", "1", "30", 2)}, n,
                          {BorderKind::gap, 0});
  const BorderPoint point = sweep.merge(found).front();
  CHECK(point.y == (n + 1) / 2);
  const auto at_most = [&](long k) {
    const boost::math::binomial draws(n, static_cast<double>(k) / n);
    return 1 - cdf(draws, n / 2);
  };
  long low = 1, high = 1;
  while (at_most(low) < 0.025) ++low;
  while (at_most(high) < 0.975) ++high;
  CHECK(std::abs(point.low.value() - static_cast<double>(low)) <= 1);
  CHECK(std::abs(point.high.value() - static_cast<double>(high)) <= 1);
  CHECK(high - low >= 6);
}

// What is read back from a shard or from merged records is what was written, with each kind of gap in it.
TEST_CASE("runs, cells, borders and fits survive the way through their records", "[sweep]") {
  RunConfig base = gram_config();
  base.parameters.n = 4, base.parameters.T = 4, base.parameters.steps = 5;
  const Grid grid{base, axis("d", "100", "300", 3), axis("mu", "5", "20", 2)};
  const CellSweep cells(grid, 2, true);
  SharedDraws shared;
  CellRun run = cells.run(1, shared);
  for (const bool gap : {false, true}) {
    if (gap) run.at_end[Quantity::attention_noisy] = std::nullopt, run.outcome = std::nullopt;
    const CellRun back = cells.read_found(Json::parse(cells.found_json(run).dump()));
    CHECK(back.at_end.values == run.at_end.values);
    CHECK(back.outcome == run.outcome);
  }
  const auto merged = cells.merge(std::vector<CellRun>(static_cast<std::size_t>(cells.units()), run));
  for (const Cell& cell : merged) {
    const std::string line = cells.line_json(cell).dump();
    CHECK(cells.line_json(cells.read_line(Json::parse(line))).dump() == line);
  }
  CHECK_THROWS_AS(cells.read_found(Json{{"outcome", "benign"}}), Json::exception);
  Json wrong = cells.found_json(run);
  wrong["outcome"] = "malignant";
  CHECK_THROWS_AS(cells.read_found(wrong), Json::exception);

  const BorderSweep borders(grid, 2, {BorderKind::test_loss, 0.5});
  for (const BorderRun& found : {BorderRun{7.5, {}, 2, 9}, BorderRun{{}, Beyond::low, 0, 2}}) {
    const std::string line = borders.found_json(found).dump();
    CHECK(borders.found_json(borders.read_found(Json::parse(line))).dump() == line);
  }
  CHECK_THROWS_AS(borders.read_found(Json{{"y", nullptr}, {"crossings", 0}, {"runs", 2}}), Json::exception);
  for (const BorderPoint& point : {BorderPoint{2, 7.5, {}, 9.25, 2, 1}, BorderPoint{0, {}, {}, {}, 0, 0}}) {
    const std::string line = borders.line_json(point).dump();
    CHECK(borders.line_json(borders.read_line(Json::parse(line))).dump() == line);
  }
  for (const BorderFit& fit : {BorderFit{"mu ~ d^exponent", {0.5, 0.25, {}, 0.5}, 3, {}, {}},
                               BorderFit{"a", {}, 4, BorderSlope{1, 2, 3, {}}, "log s against n SNR^2"}}) {
    const std::string json = borders.conclusion_json(fit).dump();
    CHECK(borders.conclusion_json(borders.read_conclusion(Json::parse(json))).dump() == json);
  }
}
