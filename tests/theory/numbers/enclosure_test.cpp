// Enclosures of any precision: containment and tightness, exact inner products, and what is proved with them.

#include "tests/support/compare.hpp"
#include "sim/routes/coefficients.hpp"
#include "sim/enclosures/flow/enclosed_flow.hpp"
#include "sim/enclosures/enclosed_limit.hpp"
#include "sim/enclosures/enclosed_run.hpp"
#include "sim/generalisation/enclosed_test.hpp"
#include "sim/runs/method.hpp"
#include "theory/numbers/exact_text.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <functional>
#include <random>

using namespace benign;

namespace {

struct Function {
  const char* name;
  std::function<Enclosure(const Enclosure&, const Enclosure&)> enclosed;
  std::function<mp100(const mp100&, const mp100&)> exact;
  bool positive = false;
};

#define BENIGN_FUNCTION(name, expression, ...)                                                             \
  Function {                                                                                               \
    name, [](const Enclosure& x, [[maybe_unused]] const Enclosure& y) -> Enclosure { return expression; }, \
        [](const mp100& x, [[maybe_unused]] const mp100& y) -> mp100 { return expression; }, __VA_ARGS__   \
  }

const std::vector<Function>& functions() {
  static const std::vector<Function> list{
      BENIGN_FUNCTION("+", x + y),
      BENIGN_FUNCTION("-", x - y),
      BENIGN_FUNCTION("*", x * y),
      BENIGN_FUNCTION("/", x / y),
      BENIGN_FUNCTION("exp", exp(x)),
      BENIGN_FUNCTION("log", log(x), true),
      BENIGN_FUNCTION("log1p", log1p(x), true),
      BENIGN_FUNCTION("expm1", expm1(x)),
      BENIGN_FUNCTION("sqrt", sqrt(x), true),
  };
  return list;
}

void check_functions(int count) {
  const WorkingPrecision precision(64);
  for (const auto& f : functions()) {
    INFO(f.name);
    std::mt19937_64 draw(11);
    long outside = 0, wide = 0;
    const auto number = [&] {
      const double size =
          std::ldexp(std::uniform_real_distribution(0.5, 1.0)(draw), static_cast<int>(draw() % 16) - 10);
      return f.positive || draw() % 2 ? size : -size;
    };
    for (int i = 0; i < count; ++i) {
      const double x = number(), y = number();
      const mp100 exact = f.exact(mp100(x), mp100(y));
      const Enclosure z = f.enclosed(Enclosure(x), Enclosure(y));
      outside += !contains(z, exact);
      wide += !(width(z) <= std::ldexp(std::abs(static_cast<double>(exact)), -62));
      const double other = number();
      const Enclosure over = f.enclosed(enclosure(std::min(x, other), std::max(x, other)), Enclosure(y));
      outside += !contains(over, exact) || !contains(over, mp100(f.exact(mp100(other), mp100(y))));
    }
    CHECK(outside == 0);
    CHECK(wide == 0);
  }
}

sim::RunConfig small_config() {
  sim::RunConfig config;
  config.parameters.n = 4, config.parameters.T = 4, config.parameters.d = 30, config.parameters.steps = 60;
  config.parameters.mu = theory::Decimal("2.3");
  config.parameters.lr = theory::Decimal("0.1");
  return config;
}

}  // namespace

TEST_CASE("enclosures contain and are tight: 2000 random numbers a function", "[enclosure]") { check_functions(2000); }
TEST_CASE("enclosures contain and are tight: 1e5 random numbers a function", "[enclosure][long]") {
  check_functions(100'000);
}

TEST_CASE("enclosures decide nothing that overlaps", "[enclosure]") {
  const Enclosure tenth("0.1"), x = enclosure(1, 2), y = enclosure(2, 3), nothing;
  CHECK(!contains(Enclosure(0.1), tenth));
  CHECK(width(tenth) > 0);
  CHECK(!certainly_less(x, y));
  CHECK(certainly_less_equal(x, y));
  CHECK(!certainly_less(nothing, x));
  CHECK(!certainly_less(x, nothing));
  CHECK(sign_of(enclosure(0, 1)) == Sign::unknown);
  CHECK(sign_of(nothing) == Sign::unknown);
  CHECK(is_nan(lesser(x, nothing)));
  CHECK(lower(greater(x, y)) == 2);
  CHECK(is_nan(Enclosure("one tenth")));
}

TEST_CASE("a sum that takes a product is that of MPFI, to the last bit", "[enclosure]") {
  const WorkingPrecision precision(70);
  const auto third = [&](int k) { return Enclosure(static_cast<double>(k)) / 3; };
  std::vector<Enclosure> all;
  for (const auto& [low, high] :
       {std::pair{1, 2}, {-2, -1}, {-1, 2}, {-2, 1}, {0, 2}, {-2, 0}, {0, 0}, {5, 5}, {-5, -5}})
    all.push_back(hull(third(low), third(high)));
  const double infinity = std::numeric_limits<double>::infinity();
  all.insert(all.end(),
             {enclosure(0, infinity), enclosure(-infinity, 1), enclosure(-infinity, infinity), Enclosure(NAN)});
  for (const Enclosure& x : all)
    for (const Enclosure& y : all)
      for (const Enclosure& before : {Enclosure(0), third(-7), hull(third(-100), third(1)), Enclosure(1e30)}) {
        INFO(lower_text(x, 5) << " " << upper_text(x, 5) << " times " << lower_text(y, 5) << " " << upper_text(y, 5));
        Enclosure sum = before, product;
        add_product(sum, x, y, product);
        const Enclosure expected = before + x * y;
        if (is_nan(expected)) {
          CHECK(is_nan(sum));
          continue;
        }
        CHECK(mpfr_equal_p(sum.left(), expected.left()));
        CHECK(mpfr_equal_p(sum.right(), expected.right()));
      }
}

TEST_CASE("a normal tail is enclosed", "[enclosure]") {
  const WorkingPrecision precision(60);
  for (const double a : {-3.0, 0.0, 0.1, 1.0, 7.5}) {
    const mp100 exact = boost::math::erfc(mp100(a) / sqrt(mp100(2))) / 2;
    CHECK(contains(normal_tail(Enclosure(a)), exact));
    CHECK(width(normal_tail(Enclosure(a))) < 1e-15);
    CHECK(contains(normal_tail(enclosure(a, a + 0.5)), exact));
    CHECK(lower(normal_tail(enclosure(a, a + 0.5))) < upper(normal_tail(enclosure(a, a + 0.5))));
  }
}

TEST_CASE("exact inner products are exact", "[enclosure]") {
  const auto config = small_config();
  const auto instance = sim::draw_instance(config.parameters, config.data, config.seed);
  const WorkingPrecision precision(600);
  const int bits = sim::digit_bits(30);
  const auto S = sim::exact(instance.train.tokens, bits);
  const auto K = sim::exact_product_transposed(S, S);
  const auto M = sim::exact_product(S, instance.W0);
  const auto R = sim::exact_product_transposed(M, instance.W0);
  const RowMajor W0 = instance.W0.block(0, 30, 0, 30);
  for (const Index i : {0, 5, 15})
    for (const Index j : {0, 3, 14}) {
      Enclosure k(0), m(0), r(0);
      for (Index a = 0; a < 30; ++a) {
        k += Enclosure(instance.train.tokens(i, a)) * Enclosure(instance.train.tokens(j, a));
        m += Enclosure(instance.train.tokens(i, a)) * Enclosure(W0(a, j));
        r += M.entry(i, a) * Enclosure(W0(j, a));
      }
      REQUIRE(width(k) == 0);
      CHECK(width(K.entry(i, j) - k) == 0);
      CHECK(sign_of<Enclosure>(K.entry(i, j) - k) == Sign::zero);
      CHECK(sign_of<Enclosure>(M.entry(i, j) - m) == Sign::zero);
      CHECK(sign_of<Enclosure>(R.entry(i, j) - r) == Sign::zero);
    }
}

TEST_CASE("enclosed descents contain the trajectory of 100 digits at every step", "[enclosure]") {
  for (const char* sigma_p : {"0", "0.1"}) {
    auto config = small_config();
    config.parameters.sigma_p = theory::Decimal(sigma_p);
    const sim::Run<mp100> run(config);
    std::vector<sim::Readout<mp100>> expected;
    std::vector<long> steps;
    auto descent = sim::descent(run);
    train(descent, config.parameters.steps, [&](long step) {
      expected.push_back(run.route().read(descent.state()));
      steps.push_back(step);
    });
    const sim::ExactInstance exact(config);
    for (const long bits : {64L, sim::orbit_bits[0], sim::orbit_bits[1]}) {  // by plain intervals, and by an orbit
      const WorkingPrecision precision(bits);
      long outside = 0;
      double widest = 0;
      CHECK(sim::enclose_descent(exact, steps, [&](const sim::EnclosedMoment& m) {
        const auto& q = expected[static_cast<std::size_t>(m.step)];
        for (Index k = 0; k < q.logits.size(); ++k) {
          outside += !contains(m.readout.logits[k], q.logits[k]);
          widest = std::max(widest, width(m.readout.logits[k]));
        }
        outside += !contains(m.readout.mu_plus_q, q.mu_plus_q) + !contains(*m.readout.q_norm2, *q.q_norm2);
      }));
      CHECK(outside == 0);
      CHECK(widest < std::ldexp(1.0, static_cast<int>(52 - bits)));
    }
  }
}

TEST_CASE("enclosed flows contain the flow in 50 digits", "[enclosure]") {
  for (const char* init : {"uniform", "identity"}) {
    auto config = small_config();
    config.flow = true, config.tau_max = theory::Decimal(*init == 'u' ? "0.25" : "0.08");
    if (*init == 'i') config.parameters.init = theory::Init::identity;
    const auto end = sim::simulate<mp50>(config, 0, {}).last;
    const WorkingPrecision precision(150);  // as proofs of flows begin
    const auto found = sim::enclose_flow(sim::ExactInstance(config));
    INFO(init << ": " << found.stopped);
    REQUIRE(found.moment);
    CHECK(found.steps > 3);
    const auto contains_nearly = [](const Enclosure& x, const mp50& point) {  // but for the flow's own error
      return contains(x + enclosure(-1e-30, 1e-30), mp50(point));
    };
    for (Index k = 0; k < end.readout.logits.size(); ++k) {
      CHECK(contains_nearly(found.moment->readout.logits[k], end.readout.logits[k]));
      CHECK(width(found.moment->readout.logits[k]) < 1e-18);
    }
    CHECK(contains_nearly(*found.moment->readout.q_norm2, *end.readout.q_norm2));
    CHECK(contains_nearly(found.moment->loss, end.train_loss));
  }
}

TEST_CASE("the test error is within its bounds", "[enclosure]") {
  const WorkingPrecision precision(53);
  theory::Parameters p;
  const sim::PopulationTest test(p);
  for (const auto& [plus, minus, norm2] : {std::tuple{3.6, 3.8, 0.35}, {0.2, 0.25, 0.3}, {6.0, 6.1, 0.02}}) {
    const Enclosure error = sim::enclosed_test_error(p, {Enclosure(plus), Enclosure(minus), Enclosure(norm2)});
    const auto estimate = test({plus, minus, norm2});
    CHECK(lower(error) <= 1 - estimate.accuracy + 5 * estimate.accuracy_error);
    CHECK(upper(error) >= 1 - estimate.accuracy - 5 * estimate.accuracy_error);
  }
  CHECK(upper(sim::enclosed_test_error(p, {Enclosure(6.0), Enclosure(6.1), Enclosure(0.02)})) < 1e-10);
}

TEST_CASE("the limit flow by steps of low order encloses the one of high order", "[enclosure]") {
  theory::Parameters p;
  p.d = 2'000'000, p.mu = theory::Decimal("100");
  const auto at = [&](long bits, sim::TaylorSteps taylor) {
    const WorkingPrecision precision(bits);
    return sim::enclose_limit_flow(p, theory::Decimal("0"), {}, taylor);
  };
  const auto fine = at(96, {}), coarse = at(64, {1e-9, 5});
  REQUIRE(fine.stopped.empty());
  REQUIRE(coarse.stopped.empty());
  for (std::size_t i = 0; i < fine.state.size(); ++i) CHECK(contains(coarse.state[i], fine.state[i]));
}

TEST_CASE("delayed generalisation of an instance of the limit is proved", "[enclosure][long]") {
  theory::Parameters p;
  p.d = 2'000'000, p.mu = theory::Decimal("100");  // nSNR² = 0.1
  const WorkingPrecision precision(192);
  const auto events = sim::enclose_limit_flow(p, theory::Decimal("70"));
  INFO(events.stopped);
  REQUIRE((events.fit.log_s && events.gap.log_s));
  CHECK(width(*events.fit.log_s) < 1e-6);
  CHECK(width(*events.gap.log_s) < 1e-6);
  CHECK(certainly_less(Enclosure("64.5290"), *events.gap.log_s));
  CHECK(certainly_less(*events.gap.log_s, Enclosure("64.5291")));
  CHECK(certainly_less(*events.fit.log_s, Enclosure("4.72")));
}

TEST_CASE("an interval's text reads back as the same, with the working precision where it has room", "[enclosure]") {
  const WorkingPrecision precision(100);
  const Enclosure third = Enclosure(1) / 3;
  for (const long bits : {40L, 100L, 300L}) {
    const WorkingPrecision now(bits);
    const Enclosure read = from_exact_text<Enclosure>(exact_text(third));
    CHECK(mpfr_equal_p(read.left(), third.left()));
    CHECK(mpfr_equal_p(read.right(), third.right()));
    if (bits >= 100) CHECK(mpfi_get_prec(read.data()) == static_cast<mpfr_prec_t>(bits));
  }
}
