// Bounds of one sample near the limit, against derivatives by differences in 100 digits; and of matrices, against their
// eigenvalues in double.

#include "sim/theorem/definite.hpp"
#include "sim/theorem/sample_ball.hpp"
#include "tests/support/random_input.hpp"

#include <Eigen/Eigenvalues>
#include <catch2/catch.hpp>

using namespace benign;

namespace {

constexpr Index ball_T = 8;
using Logits = std::array<mp100, ball_T>;

/// log(1 + e^{−Yf}) from its definition.
mp100 loss_of(int Y, const Logits& logit, const Logits& value) {
  mp100 sum(0), f(0);
  for (Index t = 0; t < ball_T; ++t) {
    const mp100 e = exp(logit[static_cast<std::size_t>(t)]);
    sum += e, f += e * value[static_cast<std::size_t>(t)];
  }
  return log1p(exp(-Y * f / sum));
}

/// ∂L/∂ℓ_t by a central difference: exact to some 50 digits.
mp100 gradient_of(int Y, Logits logit, const Logits& value, std::size_t t) {
  const mp100 h = ldexp(mp100(1), -83), middle = logit[t];
  logit[t] = middle + h;
  const mp100 above = loss_of(Y, logit, value);
  logit[t] = middle - h;
  return (above - loss_of(Y, logit, value)) / (2 * h);
}

mp100 curvature_of(int Y, Logits logit, const Logits& value, std::size_t t, std::size_t u) {
  const mp100 h = ldexp(mp100(1), -56), middle = logit[u];
  logit[u] = middle + h;
  const mp100 above = gradient_of(Y, logit, value, t);
  logit[u] = middle - h;
  return (above - gradient_of(Y, logit, value, t)) / (2 * h);
}

bool holds(const Enclosure& x, const mp100& y) { return contains(x + enclosure(-1e-14, 1e-14), mp100(y)); }

/// A step of the path, the kinds of its tokens, and one number of each of its intervals.
struct Place {
  Place(double until, std::size_t g) : group(g), Y(g == 0 ? 1 : -1), path(parameters, Enclosure("0.1") / 20) {
    while (path.time() < until) step = path.advance(0x1p-6);
    pivot = sim::LimitSeries::pivot(g);
    kinds = theory::kinds_of_tokens(ball_T);
    const auto middle_of = [](const Enclosure& x) { return mp100(representative(x)); };
    // All numbers at the end of the step: a moment, at which the differences belong together.
    for (std::size_t t = 0; t < ball_T; ++t)
      logit[t] = middle_of(step.gap[g][kinds[t]][pivot]), value[t] = middle_of(layout[kinds[t]].answer());
  }
  /// The losers in the order of SampleBall's matrices.
  std::vector<std::size_t> losers() const {
    std::vector<std::size_t> found;
    for (std::size_t t = 0; t < ball_T; ++t)
      if (kinds[t] != static_cast<theory::Kind>(pivot)) found.push_back(t);
    return found;
  }

  theory::Parameters parameters;
  std::size_t group, pivot = 0;
  int Y;
  sim::LimitPath path;
  sim::LimitPath::Step step;
  theory::Layout<Enclosure> layout = theory::layout<Enclosure>(parameters);
  std::vector<theory::Kind> kinds;
  Logits logit, value;
};

/// Σ over tokens zero, and of length r.
std::array<double, ball_T> direction(tests::RandomInput& draw, double r) {
  std::array<double, ball_T> y;
  double mean = 0, length = 0;
  for (double& x : y) mean += x = draw.dyadic(-1, 1);
  for (double& x : y) x -= mean / ball_T, length += x * x;
  for (double& x : y) x *= r / std::sqrt(length);
  return y;
}

}  // namespace

TEST_CASE("a sample's gradient and its derivatives lie in the bounds of the ball", "[theorem]") {
  const WorkingPrecision bits(64);
  tests::RandomInput draw(5);
  long outside = 0, changed = 0, wrong = 0;
  for (const double u : {0.02, 2.5, 4.7, 7.0})
    for (const std::size_t g : {0u, 1u}) {
      const Place place(u, g);
      const double r = 0.05, eta = 0.01;
      const sim::SampleBall ball(place.layout, place.step, g, sqrt(Enclosure(2)) * r, Enclosure(0)),
          near(place.layout, place.step, g, sqrt(Enclosure(2)) * r, Enclosure(eta));
      const auto losers = place.losers();
      const auto G = ball.curvature(), J = near.by_values();
      const mp100 scale = exp(mp100(representative(place.step.u)));
      const auto size = static_cast<Index>(losers.size());
      for (int trial = 0; trial < 2; ++trial) {
        const auto y = direction(draw, 0.98 * r);
        Logits logit = place.logit, value = place.value;
        for (std::size_t t = 0; t < ball_T; ++t) logit[t] += y[t], value[t] += draw.dyadic(-eta, eta);
        mp100 f(0), sum(0), gradient2(0);
        for (std::size_t t = 0; t < ball_T; ++t) {
          const mp100 e = exp(logit[t]), slope = scale * gradient_of(place.Y, logit, value, t);
          f += e * value[t], sum += e, gradient2 += slope * slope;
        }
        outside += !holds(near.answer(), place.Y * f / sum);
        outside += mp100(upper(near.gradient2())) < gradient2;
        Eigen::MatrixXd dG(ball_T, ball_T);
        for (Index i = 0; i < size; ++i)
          for (Index j = 0; j < size; ++j) {
            const std::size_t t = losers[static_cast<std::size_t>(i)], w = losers[static_cast<std::size_t>(j)];
            outside += !holds(G(i, j), scale * curvature_of(place.Y, logit, place.value, t, w));
            Logits moved = value;
            const mp100 h = ldexp(mp100(1), -56);
            moved[w] += h;
            const mp100 above = gradient_of(place.Y, logit, moved, t);
            moved[w] -= 2 * h;
            outside += !holds(J(i, j), scale * (above - gradient_of(place.Y, logit, moved, t)) / (2 * h));
          }
        for (std::size_t t = 0; t < ball_T; ++t)
          for (std::size_t w = 0; w < ball_T; ++w)
            dG(static_cast<Index>(t), static_cast<Index>(w)) =
                static_cast<double>(scale * (curvature_of(place.Y, logit, place.value, t, w) -
                                             curvature_of(place.Y, place.logit, place.value, t, w)));
        const double most = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(dG).eigenvalues().cwiseAbs().maxCoeff();
        changed += most > upper(ball.curvature_change()) * 0.98 * r;
        wrong += most > 0.02 * upper(ball.curvature_change()) * r;
      }
    }
  CHECK(outside == 0);
  CHECK(changed == 0);
  CHECK(wrong > 4);  // the bound is of the size of what it bounds
}

TEST_CASE("the bounds of matrices between bounds, against eigenvalues", "[theorem]") {
  const WorkingPrecision bits(64);
  tests::RandomInput draw(6);
  for (int trial = 0; trial < 40; ++trial) {
    const Index size = draw.whole(1, 9), T = size + 1;
    Eigen::MatrixXd A(size, size), full = Eigen::MatrixXd::Zero(T, T);
    for (Index i = 0; i < size; ++i)
      for (Index j = 0; j <= i; ++j) A(i, j) = A(j, i) = draw.dyadic(-2, 2);
    Matrix<Enclosure> bounds(size, size);
    const double off = trial % 2 == 0 ? 0 : 0.01;
    for (Index i = 0; i < size; ++i)
      for (Index j = 0; j < size; ++j) bounds(i, j) = Enclosure(A(i, j)) + enclosure(-off, off);
    // zᵀGz of all T tokens, rows of sum zero, on Σz = 0.
    full.topLeftCorner(size, size) = A;
    full.row(size).head(size) = -A.colwise().sum(), full.col(size).head(size) = -A.rowwise().sum();
    full(size, size) = A.sum();
    const Eigen::MatrixXd all = Eigen::MatrixXd::Random(T, T);
    Eigen::MatrixXd basis = all;
    basis.col(0).setOnes();
    const Eigen::MatrixXd Q = Eigen::HouseholderQR<Eigen::MatrixXd>(basis).householderQ();
    const Eigen::MatrixXd on = Q.rightCols(size).transpose() * full * Q.rightCols(size);
    const double least = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(on).eigenvalues()[0];
    const double found = sim::least_curvature(bounds, draw.dyadic(-3, 3));
    CHECK(found <= least + 1e-12);
    if (off == 0) CHECK(found >= least - 0x1p-9 - std::abs(least) / 7);
    const Eigen::MatrixXd B = Eigen::MatrixXd::Random(size, size);
    Matrix<Enclosure> of_B(size, size);
    for (Index i = 0; i < size; ++i)
      for (Index j = 0; j < size; ++j) of_B(i, j) = Enclosure(B(i, j));
    const double norm = Eigen::JacobiSVD<Eigen::MatrixXd>(B).singularValues()[0],
                 above = upper(sim::operator_norm(of_B));
    CHECK(above >= norm - 1e-12);
    CHECK(above <= 1.34 * norm);
  }
  Matrix<Enclosure> edge(2, 2);
  edge(0, 0) = edge(1, 1) = Enclosure(1), edge(0, 1) = edge(1, 0) = Enclosure(1);
  CHECK(!sim::positive_definite(edge));
  edge(1, 1) = Enclosure(1.0009765625);
  CHECK(sim::positive_definite(edge));
  edge(1, 1) = enclosure(0.9990234375, 1.0009765625);
  CHECK(!sim::positive_definite(edge));
}
