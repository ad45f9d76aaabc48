// The loss and its gradient, over every Real: known values, finite differences, and the end of softmax.

#include "tests/support/compare.hpp"
#include "theory/model/model.hpp"

#include <rapidcheck.h>

using namespace benign;
using namespace benign::theory;
using benign::tests::digits;
using benign::tests::require_close;

namespace {

/// Two samples of five tokens with reproducible, unremarkable numbers.
template <class Real>
Samples<Real> some_samples() {
  Samples<Real> samples{2, 5, Vector<Real>(10), {+1, -1}};
  for (Index k = 0; k < 10; ++k) samples.values[k] = ratio<Real>((k * 37) % 11 - 5, 7);
  return samples;
}

template <class Real>
Vector<Real> some_logits(const Real& scale) {
  Vector<Real> logits(10);
  for (Index k = 0; k < 10; ++k) logits[k] = scale * ratio<Real>((k * 53) % 13 - 6, 4);
  return logits;
}

template <class Real>
Real loss_at(const Samples<Real>& samples, const Vector<Real>& logits) {
  return loss(samples, outputs(samples, attention(samples, logits)));
}

/// The gradient as a textbook has it, through v_t − f: what `gradient` must not be.
template <class Real>
Vector<Real> gradient_by_subtraction(const Samples<Real>& samples, const Vector<Real>& logits) {
  const Vector<Real> s = attention(samples, logits), f = outputs(samples, s);
  Vector<Real> g(logits.size());
  for (Index i = 0; i < samples.n; ++i) {
    const Real Y(samples.labels[static_cast<std::size_t>(i)]);
    for (Index k = i * samples.T; k < (i + 1) * samples.T; ++k)
      g[k] = -Y * sigmoid<Real>(-Y * f[i]) * s[k] * (samples.values[k] - f[i]);
  }
  return g;
}

/// The largest relative error of a gradient's entries.
Vector<double> to_double(const Vector<mp100>& x) {
  return x.unaryExpr([](const mp100& y) { return representative(y); });
}

double worst_entry(const Vector<double>& computed, const Vector<double>& expected) {
  return ((computed - expected).array() / expected.array()).abs().maxCoeff();
}

}  // namespace

TEST_CASE("head scale and loss floor", "[model]") {
  // 50 digits of 1/√2 and of log(1 + e^{−1/√2}), from an independent arbitrary-precision computation (python's
  // decimal).
  require_close(head_scale<mp50>(), mp50("0.70710678118654752440084436210484903928483593768847"), 1e-49);
  require_close(loss_floor<mp50>(), mp50("0.40083352647070237183792958422937969287829251309502"), 1e-48);
}

TEMPLATE_TEST_CASE("logistic loss does not overflow and sigmoids add up to one", "[model]", double, dd, mp50, mp100) {
  const double u = unit_roundoff<TestType>();
  require_close(logistic_loss(TestType(0)), TestType(log(TestType(2))), 4 * u);
  CHECK(logistic_loss(TestType(-5000)) == TestType(5000));
  CHECK(logistic_loss(TestType(5000)) >= 0);
  for (int k = -20; k <= 20; ++k) {
    const TestType x = ratio<TestType>(k, 3);
    require_close(TestType(sigmoid(x) + sigmoid<TestType>(-x)), TestType(1), 4 * u);
    require_close(TestType(logistic_loss(x) - logistic_loss<TestType>(-x)), TestType(-x), 32 * u, 1);
  }
}

TEMPLATE_TEST_CASE("the gradient is the derivative of the loss", "[model]", double, dd, mp50, mp100) {
  const auto samples = some_samples<TestType>();
  const auto logits = some_logits(TestType(1));
  const auto g = gradient(samples, logits);
  // Central differences of order 2: the best step is u^{1/3}, the error u^{2/3}.
  const TestType h = std::cbrt(unit_roundoff<TestType>());
  for (Index k = 0; k < logits.size(); ++k) {
    Vector<TestType> up = logits, down = logits;
    up[k] += h, down[k] -= h;
    const TestType difference = (loss_at(samples, up) - loss_at(samples, down)) / (2 * h) * TestType(samples.n);
    require_close(g[k], difference, 20 * representative<TestType>(h * h), 1);
  }
}

TEMPLATE_TEST_CASE("every sample's gradient sums to zero", "[model]", double, dd, mp50, mp100) {
  for (const int scale : {0, 1, 10, 100}) {
    const auto g = gradient(some_samples<TestType>(), some_logits(TestType(scale)));
    for (Index i = 0; i < 2; ++i) {
      const Vector<TestType> part = g.segment(5 * i, 5);
      require_close<TestType>(part.sum(), TestType(0), 16 * unit_roundoff<TestType>(),
                              representative<TestType>(part.template lpNorm<1>()));
    }
  }
}

TEST_CASE("a gradient's entries keep their digits when softmax saturates, and subtraction loses them",
          "[model][late]") {
  // The best two logits of a sample differ by scale/4: at scale 200 the losing tokens have at most e^{−50}.
  const auto samples = some_samples<double>();
  const auto exact = some_samples<mp100>();
  for (const int scale : {1, 4, 12, 40, 100, 200}) {
    Samples<mp100> promoted = exact;
    promoted.values = samples.values.cast<mp100>();  // the same data in both precisions
    const Vector<double> expected = to_double(gradient(promoted, some_logits(mp100(scale))));
    INFO("scale " << scale);
    CHECK(worst_entry(gradient(samples, some_logits(double(scale))), expected) < 1e-13);
    if (scale >= 200)  // the planted fault: no digit of the winning token's entry is right
      CHECK(worst_entry(gradient_by_subtraction(samples, some_logits(double(scale))), expected) > 0.5);
  }
}

TEMPLATE_TEST_CASE("the gradient's derivative along a direction", "[model]", double, dd, mp50, mp100) {
  const auto samples = some_samples<TestType>();
  const auto logits = some_logits(TestType(1));
  Vector<TestType> z(10);
  for (Index k = 0; k < 10; ++k) z[k] = ratio<TestType>((k * 29) % 17 - 8, 5);
  const TestType h = std::cbrt(unit_roundoff<TestType>());
  const Vector<TestType> difference =
      (gradient<TestType>(samples, logits + h * z) - gradient<TestType>(samples, logits - h * z)) / (2 * h);
  const auto derivative = gradient_derivative(samples, logits, z);
  for (Index k = 0; k < 10; ++k) require_close(derivative[k], difference[k], 100 * representative<TestType>(h * h), 1);
  const auto gained = gradient_derivative(samples, logits, z, TestType(3));
  for (Index k = 0; k < 10; ++k) {
    using std::exp;
    require_close<TestType>(gained[k], derivative[k] * exp(TestType(3)), 200 * unit_roundoff<TestType>(), 1);
  }
}

TEST_CASE("the gradient's derivative keeps its digits when softmax saturates", "[model][late]") {
  const auto samples = some_samples<double>();
  Samples<mp100> promoted = some_samples<mp100>();
  promoted.values = samples.values.cast<mp100>();
  Vector<double> z(10);
  for (Index k = 0; k < 10; ++k) z[k] = static_cast<double>((k * 29) % 17 - 8);
  for (const int scale : {1, 12, 40, 200}) {
    const Vector<double> expected =
        to_double(gradient_derivative<mp100>(promoted, some_logits(mp100(scale)), z.cast<mp100>()));
    INFO("scale " << scale);
    CHECK(worst_entry(gradient_derivative(samples, some_logits(double(scale)), z), expected) < 1e-12);
  }
  CHECK(gradient_derivative(samples, some_logits(400.0), z, 800.0).allFinite());
}

TEST_CASE("the gain enters as a logarithm", "[model][late]") {
  const auto samples = some_samples<double>();
  const auto logits = some_logits(100.0);
  const auto plain = gradient(samples, logits), gained = gradient(samples, logits, 200.0);
  for (Index k = 0; k < logits.size(); ++k) require_close(gained[k], plain[k] * std::exp(200.0), 1e-12);
  // e^{800} is no double; times e^{-800} it is.
  const auto far = gradient(samples, some_logits(400.0), 800.0);
  CHECK(far.allFinite());
  CHECK(far.cwiseAbs().maxCoeff() > 0);
}

TEST_CASE("gradients over random samples: zero sums, equivariance, agreement with subtraction", "[model][property]") {
  CHECK(rc::check([] {
    const Index T = *rc::gen::inRange(3, 12);
    Samples<double> samples{1, T, Vector<double>(T), {*rc::gen::element(-1, +1)}};
    Vector<double> logits(T);
    for (Index t = 0; t < T; ++t) {
      samples.values[t] = *rc::gen::inRange(-1000, 1000) / 1000.0;
      logits[t] = *rc::gen::inRange(-3000, 3000) / 1000.0;
    }
    const auto g = gradient(samples, logits);
    RC_ASSERT(std::abs(g.sum()) <= 1e-14);
    RC_ASSERT((g - gradient_by_subtraction(samples, logits)).cwiseAbs().maxCoeff() <= 1e-13);
    auto turned = samples;
    turned.values.reverseInPlace();
    const Vector<double> back = gradient<double>(turned, logits.reverse()).reverse();
    RC_ASSERT((g - back).cwiseAbs().maxCoeff() <= 1e-14);
  }));
}
