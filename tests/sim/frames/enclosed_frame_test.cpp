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

namespace {

/// The instance that the factors name, in full: F the first coordinates, G all of them.
struct Named {
  Matrix<mp100> S, W0;
  Vector<mp100> p0;
};

Named named_by(const GramFactors& factors, const Instance& instance) {
  const theory::Parameters& p = instance.parameters;
  const Index N = factors.L.rows(), rank = factors.L.cols() + probes, across = factors.L.cols(),
              columns = factors.R.cols();
  const mp100 sigma = p.sigma.as<mp100>(), sigma_w = theory::sigma_w<mp100>(p), mu = p.mu.as<mp100>(),
              rho = p.rho.as<mp100>();
  Named named{Matrix<mp100>::Zero(N + probes, p.d), Matrix<mp100>::Zero(p.d, p.d), Vector<mp100>::Zero(p.d)};
  named.S.topLeftCorner(N, across) = sigma * factors.L.cast<mp100>();
  named.S.block(0, across, N, probes) = sigma * factors.E.cast<mp100>();
  for (Index i = 0; i < p.n; ++i) {  // x₁ is the own signal, x₂ weakly the own one, x₃ weakly the other
    const bool plus = instance.train.true_label[static_cast<std::size_t>(i)] > 0;
    const Index own = across + (plus ? 0 : 1), other = across + (plus ? 1 : 0);
    named.S(i * p.T, own) += mu, named.S(i * p.T + 1, own) += rho * mu, named.S(i * p.T + 2, other) += rho * mu;
  }
  for (Index probe = 0; probe < probes; ++probe) named.S(N + probe, across + probe) = mu;
  named.W0.topLeftCorner(rank, columns) = sigma_w * factors.R.bottomRows(rank).cast<mp100>();
  named.W0.block(rank, 0, factors.A.cols(), columns) = sigma_w * factors.A.transpose().cast<mp100>();
  named.p0[0] = p.sigma_p.as<mp100>() * mp100(factors.R(0, 0));
  return named;
}

}  // namespace

TEST_CASE("drawn inner products are those of the instance that their factors name", "[frame]") {
  const WorkingPrecision bits(160);
  for (const long d : {18, 23, 60}) {  // with W₀'s part across the tokens as large as there is room, and small
    theory::Parameters p;
    p.n = 4, p.T = 4, p.d = d, p.mu = theory::Decimal("2.7"), p.sigma = theory::Decimal("1.3");
    p.init = theory::Init::gaussian, p.sigma_p = theory::Decimal("0.3");
    const Instance instance = draw_instance(p, DataKind::gram, 11);
    const auto factors = std::make_shared<const GramFactors>(draw_gram_factors(p, 11));
    const ExactFrame exact(instance, factors, QNorm::needed);
    const Frame<Enclosure> frame = exact.frame();
    const Named named = named_by(*factors, instance);
    const theory::Scales<mp100> scales = theory::scales<mp100>(p);
    const mp100 unit_K = scales.token_norm2, unit_H = scales.kappa * unit_K;
    const Index N = p.tokens();
    const Matrix<mp100> SW = named.S * named.W0, SWW = SW * named.W0.transpose(), tokens = named.S.topRows(N);
    check_encloses(frame.K, named.S * tokens.transpose() / unit_K);
    check_encloses(frame.H, SW * SW.topRows(N).transpose() / unit_H);
    check_encloses(frame.J, SWW.topRows(N) * SWW.topRows(N).transpose() / (unit_H * unit_H));
    check_encloses(Matrix<Enclosure>(frame.h), SW * named.p0);
    check_encloses(Matrix<Enclosure>(frame.k), SWW.topRows(N) * (named.W0 * named.p0) / unit_H);
    const double norm = static_cast<double>(named.W0.norm());
    CHECK(exact.weights_norm() >= norm);
    CHECK(exact.weights_norm() <= norm * (1 + 1e-12));
  }
}
