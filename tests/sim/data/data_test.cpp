// Random numbers and data: known answers, moments, counts, and what may and may not be shared.

#include "tests/support/compare.hpp"
#include "sim/random/box_muller.hpp"
#include "sim/data/data.hpp"
#include "sim/data/initial_weights.hpp"

#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <set>

using namespace benign;
using namespace benign::sim;
using theory::Decimal;
using theory::Parameters;

namespace {

Parameters six_samples() {
  Parameters p;
  p.n = 6, p.T = 5, p.d = 50;
  return p;
}

/// The noise of a token: the token less its signal, which is where THEORY section 1.1 puts it.
Eigen::VectorXd noise_of(const Data& data, const Parameters& p, Index i, Index t) {
  Eigen::VectorXd x = data.tokens.row(i * p.T + t);
  const double mu = p.mu.as<double>(), rho = p.rho.as<double>();
  const Index own = data.true_label[static_cast<std::size_t>(i)] > 0 ? 0 : 1;
  if (t == 0) x[own] -= mu;
  if (t == 1) x[own] -= rho * mu;
  if (t == 2) x[1 - own] -= rho * mu;
  return x;
}

}  // namespace

TEST_CASE("Philox gives the published test vectors", "[random]") {
  // Random123's kat_vectors: philox4x64, 10 rounds, counter 0, key 0.
  CHECK(random_words(0, static_cast<Stream>(0), 0, 0) ==
        std::array<std::uint64_t, 4>{0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b});
}

TEST_CASE("a row does not depend on how much of it is asked for, nor where one begins", "[random]") {
  for (const auto fill : {fill_normal, fill_uniform}) {
    std::array<double, 1023> whole, part;
    fill(7, Stream::test_noise, 3, 1.0, whole, 0);
    for (const std::size_t size : {1, 9, 255, 256, 257, 703})
      for (const std::size_t first : {0, 8, 300}) {
        fill(7, Stream::test_noise, 3, 1.0, std::span(part).first(size), first);
        CHECK(std::equal(part.begin(), part.begin() + static_cast<std::ptrdiff_t>(size),
                         whole.begin() + static_cast<std::ptrdiff_t>(first)));
      }
  }
}

TEST_CASE("normals are those of Box and Muller to 4 units in the last place, and the same one pair at a time",
          "[random]") {
  // Words at random, and where u, log u, an octant or a quarter turn begins or ends.
  std::vector<std::uint64_t> words(200'000);
  for (std::size_t k = 0; k < words.size(); k += 4)
    std::ranges::copy(random_words(5, Stream::labels, 0, k), words.begin() + static_cast<std::ptrdiff_t>(k));
  std::vector<std::uint64_t> ends = {0, 2047, 2048, ~std::uint64_t{0}, 0xb504f333f9de6484};  // the last: u = √½
  for (std::uint64_t eighth = 1; eighth < 8; ++eighth)
    for (const std::uint64_t at : {(eighth << 61) - 1, eighth << 61, (eighth << 61) + 2048}) ends.push_back(at);
  for (const std::uint64_t u : ends)
    for (const std::uint64_t turn : ends) words.insert(words.end(), {u, turn});

  std::vector<double> numbers(words.size());
  box_muller(words.size() / 2, words.data(), 3.0, numbers.data());
  const mp50 two_pi = 2 * boost::math::constants::pi<mp50>();
  double worst = 0;
  bool same = true;
  for (std::size_t k = 0; k < words.size(); k += 2) {
    std::array<double, 2> alone;
    box_muller(1, words.data() + k, 3.0, alone.data());
    same = same && std::equal(alone.begin(), alone.end(), numbers.begin() + static_cast<std::ptrdiff_t>(k));
    const mp50 u = ldexp(mp50(words[k] >> 11) + 1, -53), t = ldexp(mp50(words[k + 1] >> 11), -53);
    const mp50 radius = 3 * sqrt(-2 * log(u));
    if (radius == 0) {
      CHECK((numbers[k] == 0 && numbers[k + 1] == 0));
      continue;
    }
    const double unit = std::ldexp(1.0, std::ilogb(static_cast<double>(radius)) - 52);
    worst = std::max({worst, std::abs(static_cast<double>(numbers[k] - radius * cos(two_pi * t))) / unit,
                      std::abs(static_cast<double>(numbers[k + 1] - radius * sin(two_pi * t))) / unit});
  }
  CHECK(same);
  CHECK(worst < 4);
}

TEST_CASE("normals and uniforms have the moments of their laws", "[random]") {
  constexpr std::size_t count = 1'000'000;
  std::vector<double> x(count);
  const auto moment = [&](int power) {
    double sum = 0;
    for (const double value : x) sum += std::pow(value, power);
    return sum / count;
  };
  // Five standard errors of each sample moment: √((m_{2k} − m_k²)/count).
  fill_normal(1, Stream::train_noise, 0, 2.0, x);
  CHECK(std::abs(moment(1)) < 5 * 2 / 1e3);
  CHECK(std::abs(moment(2) - 4) < 5 * 4 * std::sqrt(2) / 1e3);
  CHECK(std::abs(moment(3)) < 5 * 8 * std::sqrt(15) / 1e3);
  CHECK(std::abs(moment(4) - 48) < 5 * 16 * std::sqrt(96) / 1e3);
  fill_uniform(1, Stream::train_noise, 0, 2.0, x);
  CHECK(std::abs(moment(1)) < 5 * std::sqrt(4.0 / 3) / 1e3);
  CHECK(std::abs(moment(2) - 4.0 / 3) < 5 * std::sqrt(16.0 / 5 - 16.0 / 9) / 1e3);
  CHECK(*std::max_element(x.begin(), x.end()) < 2);
  CHECK(*std::min_element(x.begin(), x.end()) >= -2);
}

TEST_CASE("training data carry their signals on the tokens of the model", "[data]") {
  Parameters p = six_samples();
  p.n = 200, p.mu = Decimal("3"), p.rho = Decimal("0.5"), p.eta = Decimal("0.07");
  const Data data = draw_train(p, DataKind::dense, 5);
  // Means over the 100 samples of a class of every token's first three coordinates: standard error 0.1.
  for (const int y : {+1, -1}) {
    Matrix<double> mean = Matrix<double>::Zero(p.T, 3);
    for (Index i = 0; i < p.n; ++i)
      if (data.true_label[static_cast<std::size_t>(i)] == y) mean += data.tokens.block(i * p.T, 0, p.T, 3) / 100;
    Matrix<double> expected = Matrix<double>::Zero(p.T, 3);
    const Index own = y > 0 ? 0 : 1;
    expected(0, own) = 3, expected(1, own) = 1.5, expected(2, 1 - own) = 1.5;
    INFO(mean);
    CHECK((mean - expected).cwiseAbs().maxCoeff() < 0.45);
  }
}

TEST_CASE("the number of flipped labels is exact in each class", "[data]") {
  Parameters p = six_samples();
  p.n = 100, p.d = 4, p.eta = Decimal("0.07");
  std::set<std::vector<int>> orders;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Data data = draw_train(p, DataKind::dense, seed);
    int positive = 0, flipped[2] = {0, 0};
    for (Index i = 0; i < p.n; ++i) {
      positive += data.true_label[static_cast<std::size_t>(i)] > 0;
      flipped[data.true_label[static_cast<std::size_t>(i)] > 0] += data.noisy(i);
    }
    CHECK(positive == 50);
    CHECK(flipped[1] == 4);
    CHECK(flipped[0] == 3);
    orders.insert(data.label);
  }
  CHECK(orders.size() == 20);  // in a random order
}

TEST_CASE("dense train and test sets share no noise, and peer sets share the first n inputs", "[data]") {
  const Parameters p = six_samples();
  for (const DataKind kind : {DataKind::dense, DataKind::peer}) {
    const Data train = draw_train(p, kind, 9), test = draw_test(p, kind, 9, 40, 0, 40);
    Index shared = 0;
    for (Index i = 0; i < p.n; ++i)
      for (Index k = 0; k < test.n; ++k)
        for (Index t = 0; t < p.T; ++t)
          shared += (noise_of(train, p, i, t) - noise_of(test, p, k, t)).norm() < 1e-12 * p.mu.as<double>();
    CHECK(shared == (kind == DataKind::peer ? p.n * p.T : 0));
    for (Index k = 0; k < test.n; ++k) {
      CHECK_FALSE(test.noisy(k));
      CHECK(test.label[static_cast<std::size_t>(k)] == (k < 20 ? +1 : -1));
    }
  }
}

TEST_CASE("different seeds, samples and tokens share no noise", "[data]") {
  const Parameters p = six_samples();
  const Data a = draw_train(p, DataKind::dense, 1), b = draw_train(p, DataKind::dense, 2);
  RowMajor both(2 * a.tokens.rows(), p.d);
  both << a.tokens, b.tokens;
  both.leftCols(2).setZero();
  const Eigen::MatrixXd gram = both * both.transpose() / 48;
  // Correlations of independent rows are N(0, 1/48); the largest of 1770 stays below 6 standard deviations.
  for (Index i = 0; i < gram.rows(); ++i)
    for (Index j = 0; j < i; ++j) CHECK(std::abs(gram(i, j)) < 6 / std::sqrt(48.0));
}

TEST_CASE("peer data: order of the labels and rounding of the noise as in the published script", "[data]") {
  Parameters p;
  p.d = 4;
  const auto noisy = [&](const char* eta) {
    p.eta = Decimal(eta);
    const Data data = draw_train(p, DataKind::peer, 3);
    std::vector<Index> found;
    for (Index i = 0; i < p.n; ++i) {
      CHECK(data.true_label[static_cast<std::size_t>(i)] == (i < 10 ? +1 : -1));
      if (data.noisy(i)) found.push_back(i);
    }
    return found;
  };
  CHECK(noisy("0.2") == std::vector<Index>{0, 1, 10, 11});  // THEORY section 1.4
  CHECK(noisy("0.05").empty());
  CHECK(noisy("0.15") == std::vector<Index>{0, 10});
}

TEST_CASE("a test set does not depend on the batches it is drawn in", "[data]") {
  const Parameters p = six_samples();
  const Data whole = draw_test(p, DataKind::peer, 4, 30, 0, 30), part = draw_test(p, DataKind::peer, 4, 30, 3, 11);
  CHECK(part.tokens == whole.tokens.middleRows(3 * p.T, 11 * p.T));
}

TEST_CASE("blocks of W0 are windows of one matrix with the variance asked for", "[data]") {
  Parameters p;
  p.d = 200;
  for (const auto init : {theory::Init::uniform, theory::Init::gaussian}) {
    p.init = init;
    const InitialWeights W0(p, 11);
    const RowMajor whole = W0.block(0, 200, 0, 200);
    CHECK(W0.block(17, 30, 40, 90) == whole.block(17, 40, 30, 90));
    // 40,000 entries: the variance to five standard errors, √2/200 for Gaussian entries and less for uniform ones.
    CHECK(std::abs(whole.squaredNorm() / 40000 * 3 * 200 - 1) < 5 * std::sqrt(2) / 200);
    if (init == theory::Init::uniform) CHECK(whole.cwiseAbs().maxCoeff() <= 1 / std::sqrt(200.0) * (1 + 1e-15));
    const Eigen::VectorXd x = whole.col(3);
    CHECK((W0.times(x) - whole * x).norm() < 1e-14);
    CHECK((W0.transposed_times(x) - whole.transpose() * x).norm() < 1e-14);
  }
}
