// Data in another layout: the paper's under other names has the paper's bits; means, lengths and zeros are those that the
// layout says; classes and flips by their shares.

#include "tests/support/compare.hpp"
#include "tests/support/laws.hpp"
#include "tests/support/random_layout.hpp"
#include "sim/data/data.hpp"
#include "sim/data/layout_file.hpp"

using namespace benign;
using namespace benign::sim;
using benign::tests::laid_out;
using benign::tests::RandomInput;
using theory::Decimal;
using theory::Parameters;

namespace {

Parameters of_line(Parameters p, const std::string& line) {
  p.layout = std::make_shared<const theory::TokenLayout>(theory::layout_from_line(line));
  return p;
}

}  // namespace

TEST_CASE("the layouts that are shipped are those that the files say", "[layout][data]") {
  CHECK(read_layout("paper") == theory::paper_layout());
  CHECK(theory::line_of(read_layout("two-tokens")) == "signal: own=1, noise=0; noise: projected");
  CHECK(theory::line_of(read_layout("strong-noise")) ==
        "signal: own=1, noise=0; strong: noise=5*sqrt(T), projected; noise: count=rest, projected");
  CHECK_THROWS_WITH(read_layout("no-such"), Catch::Contains("paper, two-tokens, strong-noise, FILE.toml"));
  CHECK_THROWS_WITH(read_layout("no-such.toml"), Catch::Contains("a file that is there"));
}

TEST_CASE("the paper's layout under other names draws the paper's bits", "[layout][data]") {
  Parameters p;
  p.n = 6, p.T = 5, p.d = 40, p.rho = Decimal("0.3"), p.sigma = Decimal("0.7");
  const Parameters same = of_line(p, "a: own=1; b: own=rho; c: other=rho; d: count=rest");
  for (const DataKind kind : {DataKind::dense, DataKind::peer}) {
    const Data mine = draw_train(same, kind, 5), papers = draw_train(p, kind, 5);
    CHECK(mine.tokens == papers.tokens);
    CHECK(mine.label == papers.label);
    CHECK(draw_test(same, kind, 5, 12, 3, 7).tokens == draw_test(p, kind, 5, 12, 3, 7).tokens);
  }
}

TEST_CASE("tokens of any layout have its means, its noise and its zeros", "[layout][data]") {
  RandomInput random(9);
  for (int round = 0; round < 20; ++round) {
    Parameters p;
    p.n = 20, p.d = 30, p.sigma = Decimal("0.7"), p.mu = Decimal("3"), p.rho = Decimal("0.4");
    p = laid_out(p, tests::random_layout(random));
    INFO(theory::line_of(*p.layout));
    const auto kinds = theory::layout<double>(p);
    const auto of_token = theory::kinds_of_tokens(*p.layout, p.T);
    tests::Standardised along, across;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const Data data = draw_train(p, DataKind::dense, seed);
      for (Index i = 0; i < p.n; ++i)
        for (Index t = 0; t < p.T; ++t) {
          const auto& kind = kinds[of_token[static_cast<std::size_t>(t)]];
          Eigen::VectorXd x = data.tokens.row(i * p.T + t);
          const Index own = own_signal(data.true_label[static_cast<std::size_t>(i)]);
          x[own] -= kind.own * 3, x[1 - own] -= kind.other * 3;
          const double size = 0.7 * kind.noise;
          if (kind.noise == 0 || kind.projected) CHECK(x.head(2).cwiseAbs().maxCoeff() < 1e-15);
          if (kind.noise == 0) CHECK(x.cwiseAbs().maxCoeff() < 1e-15);
          if (kind.noise == 0) continue;
          if (!kind.projected) along.add(x[own] / size);
          across.add((x.tail(p.d - 2).squaredNorm() / (size * size) - 28) / std::sqrt(2 * 28.0));
        }
    }
    along.require("noise along the signals");
    across.require("squared noise across them");
  }
}

TEST_CASE("classes have their share of samples and of flipped labels", "[layout][data]") {
  Parameters p;
  p.n = 40, p.d = 4, p.plus_share = Decimal("0.3"), p.eta = Decimal("0.25");
  const Data data = draw_train(p, DataKind::gram, 3);
  long plus = 0, flipped[2] = {0, 0};
  for (Index i = 0; i < p.n; ++i) {
    const int y = data.true_label[static_cast<std::size_t>(i)];
    plus += y > 0, flipped[y > 0] += data.noisy(i);
  }
  CHECK(plus == 12);
  CHECK(flipped[1] == 3);
  CHECK(flipped[0] == 7);
  const Data test = draw_test(p, DataKind::dense, 3, 100, 0, 100);
  CHECK(std::count(test.label.begin(), test.label.end(), 1) == 30);
}

TEST_CASE("independent flips turn each label with probability eta, whatever the others are", "[layout][data]") {
  Parameters p;
  p.n = 50, p.d = 4, p.eta = Decimal("0.3"), p.flips = theory::Flips::independent;
  tests::Standardised each, pairs, all;
  constexpr int draws = 2000;
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    const Data data = draw_train(p, DataKind::gram, seed);
    const double deviation = std::sqrt(0.3 * 0.7);
    Eigen::ArrayXXd z(p.n, 1), products(p.n - 1, 1);
    for (Index i = 0; i < p.n; ++i) z(i, 0) = (data.noisy(i) - 0.3) / deviation;
    for (Index i = 0; i + 1 < p.n; ++i) products(i, 0) = z(i, 0) * z(i + 1, 0);
    each.add(z), pairs.add(products), all.add(z.sum() / std::sqrt(50.0));
    Parameters exact = p;
    exact.flips = theory::Flips::exact;
    CHECK(draw_train(exact, DataKind::gram, seed).true_label == data.true_label);
  }
  each.require("a flip");
  pairs.require("two neighbours' flips");
  all.require("the number of flips");
}
