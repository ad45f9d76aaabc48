// What the checker's enclosures begin with: sums of products without any error, and the length of W₀.

#include "proofs_check/checker/arithmetic/fixed_point.hpp"
#include "proofs_check/checker/descent/inner_products.hpp"
#include "theory/numbers/real.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace benign;

TEST_CASE("checker: sums of products are exact, and cut towards 0", "[checker]") {
  std::mt19937_64 draw(1);
  for (const std::size_t limbs : {std::size_t{1}, std::size_t{2}, std::size_t{4}}) {
    // Two thousand products of nearly the largest numbers, with all their bits, do not fit in twice the words.
    constexpr std::size_t size = 2000;
    checker::FixedPoints x(size, limbs), y(size, limbs), z(1, limbs);
    mpz_t one, sum, product;
    mpz_inits(one, sum, product, nullptr);
    gmp_randstate_t state;
    gmp_randinit_default(state);
    std::vector<std::string> texts;
    for (std::size_t k = 0; k < size; ++k)
      for (const auto set : {&x, &y}) {
        mpz_urandomb(one, state, 64 * limbs);
        if (k % 3) mpz_setbit(one, 64 * limbs - 1);
        if (k % 5 == 4) mpz_neg(one, one);
        set->set(k, one, -set->fraction());
        if (set == &x)
          mpz_set(product, one);
        else
          mpz_addmul(sum, product, one);
      }
    const checker::WorkingBits bits(64 * 10);
    checker::ExactSum total(limbs);
    const checker::Interval found = total.add_products(x, 0, 1, y).interval();
    const checker::Interval expected = checker::Interval::dyadic(sum, -2 * x.fraction());
    CHECK(mpfr_equal_p(found.low(), expected.low()));
    CHECK(mpfr_equal_p(found.high(), expected.low()));
    CHECK_THROWS_AS(checker::ExactSum(limbs).add_products(x, 0, 1, y).take(z, 0), checker::TooLarge);

    // x_0 2^−8, x_1 2^−8 of which the product fits: cut, and by less than a unit.
    for (const int sign : {1, -1}) {
      checker::FixedPoints small(2, limbs);
      for (const std::size_t k : {0U, 1U}) small.set(k, x.interval(k).low(), -6 * static_cast<long>(limbs));
      checker::ExactSum(limbs).add(small, 0, sign).add_product(small, 0, small, 1, sign).take(z, 0);
      const checker::Interval exact =
          small.interval(0) * (checker::Interval(1) + small.interval(1)) * checker::Interval(sign);
      const checker::Interval unit =
          checker::Interval(1) /
          checker::Interval::dyadic(
              (mpz_set_ui(one, 1), mpz_mul_2exp(one, one, static_cast<mp_bitcnt_t>(z.fraction())), one), 0);
      const checker::Interval cut = abs(exact) - abs(z.interval(0));
      CHECK_FALSE(cut.negative());
      CHECK(checker::certainly_less(cut, unit));
      CHECK(z.rounded(0) == Approx(z.interval(0).middle()).epsilon(1e-14));
    }
    gmp_randclear(state);
    mpz_clears(one, sum, product, nullptr);
  }
}

TEST_CASE("checker: the bound of W0's length is its length, and little more", "[checker]") {
  for (const auto init : {theory::Init::uniform, theory::Init::gaussian}) {
    theory::Parameters p;
    p.n = 4, p.T = 3, p.d = 10, p.init = init;
    const auto instance = sim::draw_instance(p, sim::DataKind::dense, 5);
    mp100 squares = 0;
    for (Eigen::Index i = 0; i < p.d; ++i) {
      const auto row = instance.W0.block(i, 1, 0, p.d);
      for (Eigen::Index j = 0; j < p.d; ++j) squares += mp100(row(0, j)) * row(0, j);
    }
    const mp100 length = sqrt(squares);
    const double bound = checker::inner_products(instance, false).W0_norm;
    CHECK(length <= bound);
    CHECK(bound <= length * (1 + 2e-9));
  }
}
