// Decimals, parameters, regimes and verdicts against numbers worked out by hand.

#include "tests/support/compare.hpp"
#include "theory/numbers/decimal.hpp"
#include "theory/laws/good_event.hpp"
#include "theory/model/model.hpp"
#include "theory/model/parameters.hpp"
#include "theory/laws/delay.hpp"
#include "theory/laws/rates.hpp"
#include "theory/laws/regime.hpp"
#include "theory/model/verdict.hpp"

#include <rapidcheck.h>

using namespace benign;
using namespace benign::theory;
using benign::tests::require_close;

TEST_CASE("decimals are exact", "[decimal]") {
  using boost::multiprecision::cpp_rational;
  CHECK(Decimal("0.1").exact() == cpp_rational(1, 10));
  CHECK(Decimal("5e-3").exact() == cpp_rational(1, 200));
  CHECK(Decimal("-12.50E1").exact() == -125);
  CHECK(Decimal("+1e15").exact() == cpp_rational(1'000'000'000'000'000));
  CHECK(Decimal("0.1").as<double>() == 0.1);
  // One tenth to 50 digits, not the double 0.1 promoted.
  CHECK(Decimal("0.1").as<mp50>() == mp50(1) / 10);
  CHECK(mp50(0.1) != mp50(1) / 10);
  CHECK(Decimal("0.10") == Decimal("1e-1"));
  CHECK(Decimal("-0").text() == "0");
}

TEST_CASE("what is not a finite decimal is refused", "[decimal]") {
  for (const char* text : {"", "nan", "inf", "-inf", "1e999", "1e-999", "0x10", "1,5", "1 ", " 1", "1e", "--1", "1e+-3",
                           "abc", ".", "1..2", "++1"}) {
    INFO(text);
    CHECK_FALSE(Decimal::parse(text).has_value());
  }
}

TEST_CASE("a printed double is read back as itself", "[decimal][property]") {
  CHECK(rc::check([](double x) {
    RC_PRE(std::isfinite(x) && (x == 0 || std::abs(x) > 1e-300));
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", x);
    const auto decimal = Decimal::parse(text);
    RC_ASSERT(decimal.has_value());
    RC_ASSERT(decimal->as<double>() == x);
    RC_ASSERT(static_cast<double>(decimal->exact()) == x);
  }));
}

TEST_CASE("noise counts come from the exact decimals", "[parameters]") {
  Parameters p;
  const auto counts = [&](long n, const char* eta) {
    p.n = n;
    p.eta = Decimal(eta);
    return std::array{noise_count(p), noise_count(p, +1), noise_count(p, -1)};
  };
  CHECK(counts(20, "0.2") == std::array{4L, 2L, 2L});
  CHECK(counts(100, "0.07") == std::array{7L, 4L, 3L});  // in doubles 0.07 · 100 = 7.000000000000001
  CHECK(counts(20, "0.05") == std::array{1L, 1L, 0L});
  CHECK(counts(20, "0.051") == std::array{2L, 1L, 1L});
  CHECK(counts(20, "0.15") == std::array{3L, 2L, 1L});
  CHECK(counts(20, "0") == std::array{0L, 0L, 0L});
  CHECK(counts(20, "0.5") == std::array{10L, 5L, 5L});
}

TEST_CASE("natural units at the defaults", "[parameters]") {
  // κ = 1/3, σ²d = 2000: τ₀ = 20/(2000/3) = 0.03, ε = 9/2000, α/τ₀ = 1/6.
  const auto s = scales<mp50>(Parameters{});
  require_close(s.tau0, ratio<mp50>(3, 100), 1e-49);
  require_close(s.epsilon, ratio<mp50>(9, 2000), 1e-49);
  require_close(s.step, ratio<mp50>(1, 6), 1e-49);
  Parameters p;
  p.init = Init::identity;
  p.lr_unit = LrUnit::tau0;
  CHECK(scales<double>(p).kappa == 1);
  CHECK(scales<double>(p).step == 5e-3);
  p.init = Init::gaussian;
  p.sigma_w = Decimal("0.5");
  CHECK(scales<double>(p).kappa == 500);
}

TEST_CASE("regimes and slacks at settings whose numbers are known", "[regime]") {
  Parameters p;
  p.d = 10000, p.n = 100, p.mu = Decimal("100");
  CHECK(snr(p) == Approx(1).epsilon(1e-15));
  CHECK(borders(p).harmful == Approx(0.1).epsilon(1e-15));
  CHECK(borders(p).not_overfitting == Approx(0.1).epsilon(1e-15));
  CHECK(regime(p) == Regime::not_overfitting);
  p.mu = Decimal("5");
  CHECK(regime(p) == Regime::harmful);
  p.d = 1'000'000;  // borders 0.0316 and 0.1
  p.mu = Decimal("50");
  CHECK(regime(p) == Regime::benign);

  // THEORY section 2.2: n = 20, d = 50,000, ‖μ‖ = 48, δ = 0.01 meets A1 and A2 with C = 1. log(160/0.01) = 9.6803…
  p = Parameters{};
  p.d = 50000, p.mu = Decimal("48");
  CHECK(slack_A1(p, 0.01) == Approx(50000.0 / (20 * 48 * 48)).epsilon(1e-14));
  CHECK(slack_A2(p, 0.01) == Approx(48 / (std::pow(50000, 0.25) * std::sqrt(9.680344001))).epsilon(1e-9));
  CHECK(slack_A2(p, 0.01) > 1);
}

TEST_CASE("first rates and the turning point at the defaults", "[rates]") {
  // Worked out from w_c = 0.477917, w_n = 0.522083, N_c = 8, N_n = 2, γ = 1/√2.
  Parameters p;
  CHECK(turning_point(p) == Approx(4.550131).epsilon(1e-6));
  CHECK(n_snr2(p) == Approx(4).epsilon(1e-15));
  const Rates rates = first_rates(p);
  CHECK(rates.signal == Approx(0.2 * std::sqrt(0.5) * 6.8 / 64 * (8 * 0.4779171 - 2 * 0.5220829)).epsilon(1e-6));
  CHECK(rates.noise_clean == Approx(0.4779171 * std::sqrt(0.5) * 7 / 64).epsilon(1e-6));
  CHECK(rates.noise_noisy == Approx(-0.5220829 * std::sqrt(0.5) * 7 / 64).epsilon(1e-6));
  CHECK(rates.gap_noisy < 0);  // just below the turning point
  p.mu = Decimal("22");
  CHECK(first_rates(p).gap_noisy > 0);  // and just above
  p.eta = Decimal("0.5");
  CHECK(std::isinf(turning_point(p)));
  // log T / c* = 6.207 (THEORY section 5.13) at n SNR² = 1.
  p = Parameters{};
  p.d = 8000;
  CHECK(delay(p) - 2.55 == Approx(6.207).epsilon(1e-4));
}

TEST_CASE("the effective gap is the one for which attention is a sigmoid", "[rates][property]") {
  CHECK(rc::check([] {
    const auto T = *rc::gen::inRange<long>(2, 12);
    const auto logits = *rc::gen::container<std::vector<double>>(
        static_cast<std::size_t>(T), rc::gen::map(rc::gen::inRange(-3000, 3000), [](int k) { return k / 100.0; }));
    const Samples<double> samples{1, T, Vector<double>::Zero(T), {1}};
    const double s = attention<double>(samples, Eigen::Map<const Eigen::VectorXd>(logits.data(), T))[0];
    const double gap = effective_gap(logits.data(), T);
    RC_ASSERT(std::abs(1 / (1 + static_cast<double>(T - 1) * std::exp(-gap)) - s) <= 1e-13);
  }));
}

TEST_CASE("the good event's bounds at numbers worked out by hand", "[good_event]") {
  Parameters p;  // N = 160, d = 2000; δ_j = 0.0025: log(2N/δ_j) = 11.7598, log(N(N−1)/2/δ_j) = 15.4424
  CHECK(norm_bound(p, 0.0025) == Approx(2 * std::sqrt(11.7598 / 2000) + 2 * 11.7598 / 2000).epsilon(1e-5));
  CHECK(noise_product_bound(p, 0.0025) == Approx(std::sqrt(2 * 15.4424)).epsilon(1e-5));
  CHECK(signal_product_bound(p, 0.0025) == Approx(std::sqrt(2 * 11.7598)).epsilon(1e-5));
  // M = 13,200 pairs: log(4M/δ_j) = 16.8657; the uniform law's lower tail decides.
  CHECK(initial_weights_bound(p, 0.0025) == Approx(std::sqrt(6 * 16.8657 / 2000)).epsilon(1e-5));
  p.init = Init::gaussian;
  CHECK(initial_weights_bound(p, 0.0025) == Approx(2 * std::sqrt(16.8657 / 2000) + 2 * 16.8657 / 2000).epsilon(1e-5));
  p.init = Init::identity;
  CHECK(initial_weights_bound(p, 0.0025) == 0);
}

TEST_CASE("verdicts", "[verdict]") {
  CHECK(decide(true, {1, 0.5}) == Verdict::holds);
  CHECK(decide(true, {-1, 0.5}) == Verdict::violated);
  CHECK(decide(true, {0.4, 0.5}) == Verdict::undecided);
  CHECK(decide(true, {-0.4, 0.5}) == Verdict::undecided);
  CHECK(decide(true, {0, 0}) == Verdict::undecided);
  CHECK(decide(true, {std::nan(""), 0}) == Verdict::undecided);
  CHECK(decide(true, {1, std::nan("")}) == Verdict::undecided);
  CHECK(decide(true, {1, HUGE_VAL}) == Verdict::undecided);
  CHECK(decide(false, {1, 0}) == Verdict::vacuous);
  CHECK(decide(false, {-1, 0}) == Verdict::vacuous);
}

// (T − 1)/T (1 − 2η)/2 of the class with more flipped labels (THEORY section 5.13): 3 of 20 are 2 and 1, so η = 1/5 there.
TEST_CASE("the delay without weak tokens is that of the class with more flipped labels", "[theory]") {
  Parameters p;
  p.rho = Decimal("0");
  for (const char* eta : {"0.15", "0.2"}) {
    p.eta = Decimal(eta);
    CHECK(delay_strength(p) == Approx(7.0 / 8 * 3 / 5 / 2).epsilon(1e-12));
  }
}
