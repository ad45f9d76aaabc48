// The border and the time of a trained head's memorisation, at numbers worked out by hand.

#include "theory/laws/trained_head.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace benign;

TEST_CASE("a trained head memorises at the time, and up to the border, that its rates say", "[model]") {
  theory::Parameters p;  // n = 20, T = 8, η = 0.2: two flipped samples and eight clean ones of either class
  p.d = 1'000'000, p.init = theory::Init::gaussian;
  // γ/T = 0.7071/8, so that w_n = σ(0.08839) = 0.522083 and w_c = 0.477917; N_c w_c − N_n w_n = 2.77917.
  CHECK(theory::head_border(p) == Approx(20 * 8 * 0.522083 / 2.77917).epsilon(1e-5));
  p.mu = theory::Decimal("223.606797749979");  // n SNR² = 1
  CHECK(std::log(theory::head_memorisation_time(p)) ==
        Approx(std::log(0.707107 / 3 / (0.522083 - 2.77917 / 160))).margin(1e-5));
  p.mu = theory::Decimal("1300");  // n SNR² = 33.8
  CHECK(std::isinf(theory::head_memorisation_time(p)));
}
