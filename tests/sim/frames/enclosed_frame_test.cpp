// The exact inner products of tokens as polynomials in what lies along the signals.

#include "tests/support/compare.hpp"
#include "sim/frames/frame.hpp"
#include "sim/frames/shared_draws.hpp"

using namespace benign;
using namespace benign::sim;

namespace {

struct Moved {
  const char *mu, *rho, *eta;
};

Instance instance_at(const Moved& moved, theory::Init init, const char* sigma_p) {
  theory::Parameters p;
  p.n = 4, p.T = 4, p.d = 30;
  p.mu = theory::Decimal(moved.mu), p.rho = theory::Decimal(moved.rho), p.eta = theory::Decimal(moved.eta);
  p.init = init, p.sigma_p = theory::Decimal(sigma_p);
  return draw_instance(p, DataKind::dense, 7);
}

/// Every entry of the enclosure meets the number of 100 digits, and is hardly wider than its own digits.
void check_encloses(const Matrix<Enclosure>& enclosed, const Matrix<mp100>& exact) {
  REQUIRE((enclosed.rows() == exact.rows() && enclosed.cols() == exact.cols()));
  for (Index j = 0; j < exact.cols(); ++j)
    for (Index i = 0; i < exact.rows(); ++i) {
      const Enclosure x(exact(i, j).str(90));
      CHECK(!certainly_less(x, enclosed(i, j)));
      CHECK(!certainly_less(enclosed(i, j), x));
      CHECK(width(enclosed(i, j)) <= 1e-42 * (1 + std::abs(representative(x))));
    }
}

}  // namespace

TEST_CASE("products drawn once serve all lengths of the signals", "[frame][shared]") {
  const WorkingPrecision bits(160);
  for (const theory::Init init : {theory::Init::uniform, theory::Init::identity})
    for (const char* sigma_p : {"0", "0.3"}) {
      SharedDraws shared;
      const ExactProducts* first = nullptr;
      for (const Moved& moved : {Moved{"3", "0.1", "0.25"}, Moved{"200", "0.1", "0.25"}, Moved{"0.125", "0.4", "0"}}) {
        const Instance instance = instance_at(moved, init, sigma_p);
        const auto products = shared.exact_products(instance, QNorm::needed);
        if (!first) first = products.get();
        CHECK(products.get() == first);
        const Frame<Enclosure> enclosed = ExactFrame(instance, products).frame();
        const Frame<mp100> exact = make_frame<mp100>(instance);
        check_encloses(enclosed.K, exact.K);
        check_encloses(enclosed.H, exact.H);
        check_encloses(enclosed.J, exact.J);
        check_encloses(Matrix<Enclosure>(enclosed.h), Matrix<mp100>(exact.h));
        check_encloses(Matrix<Enclosure>(enclosed.k), Matrix<mp100>(exact.k));
        check_encloses(Matrix<Enclosure>(enclosed.samples.values), Matrix<mp100>(exact.samples.values));
      }
    }
}

TEST_CASE("the frame of a family holds those of its members", "[frame][family]") {
  const WorkingPrecision bits(160);
  const auto between = [](const char* low, const char* high) {
    return theory::Decimal::between(theory::Decimal(low), theory::Decimal(high));
  };
  for (const theory::Init init : {theory::Init::uniform, theory::Init::identity}) {
    Instance family = instance_at({"3", "0.1", "0.25"}, init, "0.3");
    SharedDraws shared;
    const auto products = shared.exact_products(family, QNorm::needed);
    family.parameters.mu = between("3", "3.5"), family.parameters.rho = between("0.1", "0.2");
    const Frame<Enclosure> whole = ExactFrame(family, products).frame();
    for (const Moved& moved : {Moved{"3", "0.1", "0.25"}, Moved{"3.5", "0.2", "0.25"}, Moved{"3.3", "0.13", "0.25"}}) {
      const Instance member = instance_at(moved, init, "0.3");
      const Frame<Enclosure> one = ExactFrame(member, shared.exact_products(member, QNorm::needed)).frame();
      const auto check_inside = [](const Matrix<Enclosure>& inner, const Matrix<Enclosure>& outer) {
        for (Index k = 0; k < inner.size(); ++k) {
          CHECK(mpfr_lessequal_p(outer.data()[k].left(), inner.data()[k].left()));
          CHECK(mpfr_lessequal_p(inner.data()[k].right(), outer.data()[k].right()));
        }
      };
      check_inside(one.K, whole.K), check_inside(one.H, whole.H), check_inside(one.J, whole.J);
      check_inside(one.h, whole.h), check_inside(one.k, whole.k);
      check_inside(one.samples.values, whole.samples.values);
    }
  }
}

TEST_CASE("products of other noise or weights are computed anew", "[frame][shared]") {
  SharedDraws shared;
  const Instance one = instance_at({"3", "0.1", "0.25"}, theory::Init::uniform, "0");
  const auto before = shared.exact_products(one, QNorm::needed);
  theory::Parameters p = one.parameters;
  p.sigma = theory::Decimal("2");
  CHECK(shared.exact_products(draw_instance(p, DataKind::dense, 7), QNorm::needed) != before);
  CHECK(shared.exact_products(draw_instance(one.parameters, DataKind::dense, 8), QNorm::needed) != before);
  CHECK(shared.exact_products(one, QNorm::not_needed)->J.rows == 0);
}
