// The hunt finds the corner where a planted claim is false, and asks the same on any number of threads.

#include "proofs_check/hunt/hunt.hpp"
#include "proofs_check/hunt/hunt_report.hpp"
#include "proofs_check/hunt/search.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

namespace benign::proofs {
namespace {

using theory::Decimal;

/// Distance from the corner (1, 0, 1, 0) in the largest of four coordinates; the claim is false within 10^{−3/4} of it, a
/// thousandth of the cube, and true at all of 9⁴ points of a grid of the inner 9/10.
constexpr double reach = 0.17782794100389229;
double margin_of(const std::vector<double>& x) { return std::max({1 - x[0], x[1], 1 - x[2], x[3]}) - reach; }

Box planted_box() {
  Box box;
  box.base.data = sim::DataKind::gram;
  box.base.parameters.init = theory::Init::gaussian;
  for (const char* side : {"mu=1:100:log", "rho=0:0.4", "sigma=0.5:2:log", "eta=0.1:0.4"})
    box.sides.push_back(parse_side(side));
  return box;
}

Check planted_check(bool speaks_everywhere) {
  Check check{.id = "planted.claim"};
  check.evaluate = [speaks_everywhere](const Laboratory& laboratory, double) {
    const auto& p = laboratory.config.parameters;
    const std::vector<double> x{std::log(p.mu.as<double>()) / std::log(100.0), p.rho.as<double>() / 0.4,
                                std::log(p.sigma.as<double>() / 0.5) / std::log(4.0), (p.eta.as<double>() - 0.1) / 0.3};
    Finding finding;
    finding.hypotheses = {{"mu is large", speaks_everywhere || x[0] >= 0.5}};
    finding.margin = {margin_of(x), 1e-9};
    return finding;
  };
  return check;
}

TEST_CASE("hunt: each random search alone finds a false corner in nine of ten seeds", "[hunt]") {
  constexpr long default_share = 125;  // of 500
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    double least = 1;
    search_once(Method::random, 4, default_share, seed, [&](const std::vector<double>& x) {
      least = std::min(least, margin_of(x));
      return margin_of(x);
    });
    found += least < 0;
  }
  CHECK(found >= 9);
}

TEST_CASE("hunt: a counterexample in a thousandth of the box is found, whether or not half of the box is vacuous",
          "[hunt]") {
  for (const bool speaks_everywhere : {true, false}) {
    const Check check = planted_check(speaks_everywhere);
    Hunt hunt(check, planted_box(), 1, Laboratory());
    hunt.search(500, sim::Cluster(), 2, [](const Seen&) {});
    REQUIRE(hunt.worst());
    CHECK(hunt.worst()->verdict == theory::Verdict::violated);
    // Every point that speaks is no worse, and the vacuous ones are told apart.
    for (const auto& [key, seen] : hunt.seen()) {
      CHECK(hunt.score(seen) >= hunt.score(*hunt.worst()));
      CHECK((seen.speaking == 0) == (seen.verdict == theory::Verdict::vacuous));
    }
    if (!speaks_everywhere) CHECK(hunt.worst()->values[0].as<double>() >= 10);
  }
}

TEST_CASE("hunt: the same points on any number of threads, and none twice", "[hunt]") {
  const Check check = planted_check(true);
  std::vector<std::set<std::string>> asked;
  for (const int threads : {1, 2, 4}) {
    Hunt hunt(check, planted_box(), 1, Laboratory());
    long told = 0;
    hunt.search(200, sim::Cluster(), threads, [&](const Seen&) { ++told; });
    CHECK(told == static_cast<long>(hunt.seen().size()));
    auto& keys = asked.emplace_back();
    for (const auto& [key, seen] : hunt.seen()) keys.insert(key);
  }
  CHECK(asked[0] == asked[1]);
  CHECK(asked[0] == asked[2]);
}

TEST_CASE("hunt: the worst of the seeds counts, and what a seed leaves open does not", "[hunt]") {
  Check check{.id = "planted.seeds"};
  check.evaluate = [](const Laboratory& laboratory, double) {
    Finding finding;
    finding.hypotheses = {{"the seed is even", laboratory.config.seed % 2 == 0}};
    finding.margin = {laboratory.config.seed == 46 ? -2.0 : 5.0, laboratory.config.seed == 44 ? HUGE_VAL : 0.5};
    return finding;
  };
  Hunt hunt(check, planted_box(), 6, Laboratory());  // 42 to 47
  const Seen& seen = hunt.at({Decimal("2"), Decimal("0.1"), Decimal("1"), Decimal("0.2")});
  CHECK(seen.speaking == 2);  // 42 and 46
  CHECK(seen.seed == 46);
  CHECK(seen.verdict == theory::Verdict::violated);
  CHECK_FALSE(hunt.at({Decimal("2"), Decimal("0.1"), Decimal("1"), Decimal("0.8")}).allowed);  // eta above 1/2
}

TEST_CASE("hunt: an exponent of the C needed is that of a power law", "[hunt]") {
  Check check{.id = "planted.power", .C = 1};
  check.evaluate = [](const Laboratory& laboratory, double C) {
    const auto& p = laboratory.config.parameters;
    Finding finding;
    finding.constant = 3 * std::pow(p.mu.as<double>(), 1.5) / p.sigma.as<double>();
    finding.margin = {C - *finding.constant, 0};
    return finding;
  };
  Hunt hunt(check, planted_box(), 1, Laboratory());
  const auto along = hunt.along(hunt.at({Decimal("10"), Decimal("0.1"), Decimal("1"), Decimal("0.2")}));
  REQUIRE(along.size() == 4);
  CHECK(*along[0].exponent == Approx(1.5).epsilon(1e-4));  // values have five digits
  CHECK(*along[2].exponent == Approx(-1).epsilon(1e-4));
  CHECK(std::abs(*along[3].exponent) < 1e-9);
  // rho = 0 has no logarithm; eight points are left.
  CHECK(std::abs(*along[1].exponent) < 1e-9);
}

TEST_CASE("hunt: where the C needed cannot be told, its row has no number", "[hunt]") {
  Check check{.id = "planted.untold", .C = 16};
  check.evaluate = [](const Laboratory& laboratory, double) {
    Finding finding;
    finding.margin = {18.875, 0};
    if (laboratory.config.parameters.mu.as<double>() < 20) finding.constant = 2.125;
    return finding;
  };
  Hunt hunt(check, planted_box(), 1, Laboratory());
  HuntResult result;
  const std::vector<Decimal> values{Decimal("10"), Decimal("0.1"), Decimal("1"), Decimal("0.2")};
  hunt.at(values);
  result.along = hunt.along(*hunt.worst()), result.worst = hunt.worst();
  result.judgement = hunt.judge(*result.worst, Precision::binary64);
  const std::string text = hunt_text(hunt, 1, result);
  CHECK(text.find(" 2.12 ") != std::string::npos);
  CHECK(text.find("18.9") == text.rfind("18.9"));  // the margin at the worst point alone
  CHECK(text.find(" -\n") != std::string::npos);
}

TEST_CASE("hunt: of a constant that is the largest with which a claim holds the smallest is the worst", "[hunt]") {
  Check check{.id = "planted.largest", .C = 1};
  check.evaluate = [](const Laboratory& laboratory, double C) {
    Finding finding;
    finding.constant = 0.5 + laboratory.config.parameters.rho.as<double>();
    finding.margin = {*finding.constant - C, 0};
    return finding;
  };
  Hunt hunt(check, planted_box(), 1, Laboratory());
  const auto at = [&](const char* rho) -> const Seen& {
    return hunt.at({Decimal("10"), Decimal(rho), Decimal("1"), Decimal("0.2")});
  };
  at("0.1"), at("0.2"), at("0.4");
  CHECK(hunt.worst()->values[1] == Decimal("0.1"));
}

TEST_CASE("hunt: a point in a file is the point that was seen, also where the C needed is infinite", "[hunt]") {
  const Check check = planted_check(true);
  const Hunt hunt(check, planted_box(), 1, Laboratory());
  const std::vector<Decimal> values{Decimal("2"), Decimal("0.1"), Decimal("1"), Decimal("0.2")};
  Seen infinite{.values = values, .speaking = 1, .seed = 7, .margin = {-0.5, 1e-9}, .scale = 3};
  infinite.constant = HUGE_VAL, infinite.verdict = theory::Verdict::violated;
  Seen none{.values = values, .seed = 7, .margin = {std::nan(""), HUGE_VAL}};
  none.unmet = {"a hypothesis"};
  Seen refused{.values = values, .allowed = false};
  for (const Seen& seen : {infinite, none, refused}) {
    const Seen read = read_seen(hunt, sim::Json::parse(seen_json(hunt, seen).dump()));
    CHECK(read.values == seen.values);
    CHECK(read.allowed == seen.allowed);
    if (!seen.allowed) continue;
    CHECK(read.speaking == seen.speaking);
    CHECK(read.seed == seen.seed);
    CHECK(read.verdict == seen.verdict);
    CHECK(read.constant == seen.constant);
    CHECK(read.unmet == seen.unmet);
    CHECK(read.margin.error == seen.margin.error);
    CHECK((read.margin.value == seen.margin.value || std::isnan(seen.margin.value)));
    CHECK(hunt.score(read) == hunt.score(seen));
  }
}

TEST_CASE("hunt: values of a side are in its range, whole where they must be, and n even", "[hunt]") {
  Box box;
  for (const char* side : {"n=4:40", "T=3:16", "d=200:1e10:log", "nsnr2=0.01:10:log"})
    box.sides.push_back(parse_side(side));
  for (double place = 0; place <= 1; place += 1.0 / 64) {
    CHECK(numerator(box.value(0, place).exact()) % 2 == 0);
    for (std::size_t side = 0; side < 3; ++side) CHECK(denominator(box.value(side, place).exact()) == 1);
    for (std::size_t side = 0; side < 4; ++side) {
      CHECK(box.value(side, place).exact() >= box.sides[side].low.exact());
      CHECK(box.value(side, place).exact() <= box.sides[side].high.exact());
    }
  }
  CHECK(box.value(0, 0.0).text() == "4");
  CHECK(box.value(2, 1.0).exact() == Decimal("1e10").exact());
  const auto config = box.config({Decimal("8"), Decimal("4"), Decimal("1000"), Decimal("2")});
  CHECK(config.parameters.n == 8);
  CHECK(config.parameters.mu.as<double>() ==
        Approx(std::sqrt(2.0 / 8 * 1000)).epsilon(1e-14));  // n SNR² = 2, sigma = 1
}

}  // namespace
}  // namespace benign::proofs
