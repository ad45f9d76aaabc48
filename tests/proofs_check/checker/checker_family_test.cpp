// Certificates of ranges: what is enclosed of a family holds each of its runs, pieces are all of a range, and what is false for one
// member is refused.

#include "tests/support/checker_writer.hpp"
#include "proofs_check/checker/descent/family.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/parameter_table.hpp"

#include <Eigen/SVD>
#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::tests;
using theory::Decimal;

namespace {

sim::RunConfig ranged_config(std::uint64_t seed, sim::Train train = sim::Train::W_and_p) {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 4, p.d = 30, p.steps = 50, p.mu = Decimal("3"), p.eta = Decimal("0.5"), p.lr = Decimal("0.03");
  if (seed % 2 == 0 || train == sim::Train::W) p.sigma_p = Decimal("0.4");
  if (seed % 3 == 0) p.init = theory::Init::identity;
  if (seed % 3 == 1) config.data = sim::DataKind::peer;
  config.seed = seed, config.train = train;
  return config;
}

using Parameter = Decimal theory::Parameters::*;

bool within(const checker::Interval& inner, const checker::Interval& outer) {
  return mpfr_cmp(outer.low(), inner.low()) <= 0 && mpfr_cmp(inner.high(), outer.high()) <= 0;
}

/// Everything that is known of a member at a step lies within what is known of the family.
void compare_moments(const checker::Moment& member, const checker::Moment& family) {
  for (std::size_t k = 0; k < member.logits.size(); ++k) CHECK(within(member.logits[k], family.logits[k]));
  for (std::size_t k = 0; k < member.attention.size(); ++k) CHECK(within(member.attention[k], family.attention[k]));
  for (std::size_t k = 0; k < member.outputs.size(); ++k) CHECK(within(member.outputs[k], family.outputs[k]));
  CHECK(within(member.loss, family.loss));
  CHECK(within(*member.q_norm2, *family.q_norm2));
  if (member.least_fall) CHECK(within(*member.least_fall, *family.least_fall));
}

Json range_certificate(const sim::RunConfig& config, const char* name, const std::vector<std::string>& ends) {
  const auto instance = sim::draw_instance(config.parameters, config.data, config.seed);
  Json certificate = certificate_without_claims(config, &instance);
  for (std::size_t k = 0; k + 1 < ends.size(); ++k) certificate["pieces"].push_back({{name, {ends[k], ends[k + 1]}}});
  return certificate;
}

Json stated(const std::string& claim, const char* verdict, const char* lower, const char* upper) {
  return {{"claim", claim}, {"verdict", verdict}, {"lower", lower}, {"upper", upper}};
}

double loss_at(sim::RunConfig config, Parameter parameter, const char* place, long step) {
  config.parameters.*parameter = Decimal(place);
  return static_cast<double>(descent_truth(sim::Run<mp100>(config))[static_cast<std::size_t>(step)].at("train_loss"));
}

}  // namespace

TEST_CASE("checker: what is enclosed of a family holds its members", "[checker]") {
  struct Setting {
    Parameter parameter;
    const char *low, *high;
  };
  const checker::WorkingBits bits(128);
  std::mt19937_64 draw(11);
  for (const Setting& of : {Setting{&theory::Parameters::mu, "2.99", "3.01"},
                            {&theory::Parameters::mu, "3", "3.0000001"},
                            {&theory::Parameters::rho, "0", "0.01"},
                            {&theory::Parameters::rho, "0.29", "0.3"},
                            {&theory::Parameters::lr, "0.028", "0.0285"}})
    for (const auto& [seed, train] : {std::pair{1U, sim::Train::W_and_p},
                                      {2U, sim::Train::W_and_p},
                                      {3U, sim::Train::W_and_p},
                                      {4U, sim::Train::W},
                                      {5U, sim::Train::p}}) {
      sim::RunConfig config = ranged_config(seed, train);
      config.parameters.*of.parameter = Decimal::between(Decimal(of.low), Decimal(of.high));
      INFO(sim::config_json(config).dump());
      const auto lowest = sim::draw_instance(config.parameters, config.data, config.seed);
      const checker::Common common(lowest, true);
      const checker::Members members(common, config.parameters);
      checker::FamilyDescent family(common, members, train);
      std::vector<std::unique_ptr<sim::Instance>> instances;
      std::vector<std::unique_ptr<checker::InnerProducts>> products;
      std::vector<std::unique_ptr<checker::Descent>> points;
      const double low = Decimal(of.low).as<double>(), high = Decimal(of.high).as<double>();
      for (const double at : {0.0, 1.0, std::uniform_real_distribution(0.0, 1.0)(draw), 0.5}) {
        theory::Parameters p = config.parameters;
        p.*of.parameter = at == 0   ? Decimal(of.low)
                          : at == 1 ? Decimal(of.high)
                                    : sim::decimal_of(low + at * (high - low));
        instances.push_back(std::make_unique<sim::Instance>(sim::draw_instance(p, config.data, config.seed)));
        products.push_back(std::make_unique<checker::InnerProducts>(checker::inner_products(*instances.back(), true)));
        points.push_back(std::make_unique<checker::Descent>(*instances.back(), *products.back(), train));
      }
      for (long step = 0; step <= 20; ++step) {
        REQUIRE_FALSE(family.lost());
        if (step % 5 == 0 || step == 1)
          for (const auto& point : points) compare_moments(point->moment(true), family.moment(true));
        family.step();
        for (const auto& point : points) point->step();
      }
    }
}

TEST_CASE("checker: functions of t lie within what their jets say", "[checker]") {
  // Of x = 0.3 − 0.2t + 0.1t² at points of [−1, 1]; MPFR's functions of points for comparison.
  const checker::WorkingBits bits(128);
  const auto number = [](double x) { return checker::Interval::exactly(x); };
  checker::Functions x;
  x.add_polynomial(number(0.3), number(-0.2), number(0.1), number(0));
  const auto apply = [](auto&& function, const checker::Functions& of) {
    return checker::range_of(function(of.at[0]), function(of.all[0]));
  };
  const auto quotient = [](const auto& y) { return y * y / (decltype(y + y)(2) + y); };
  for (const double t : {-1.0, -0.5, 0.0, 0.25, 1.0}) {
    const checker::Interval at = number(0.3) + number(-0.2) * number(t) + number(0.1) * number(t) * number(t);
    CHECK(within(exp(at), apply([](const checker::Jet& y) { return exp(y); }, x)));
    CHECK(within(log1p(at), apply([](const checker::Jet& y) { return log1p(y); }, x)));
    CHECK(within(quotient(at), apply(quotient, x)));
  }
  // What is left is of second order: no more than (|f''|/2 + the spread of f'') of x ± 0.01.
  checker::Functions narrow;
  narrow.add_polynomial(number(0.3), number(0.01), number(0), number(0));
  const checker::Interval e = apply([](const checker::Jet& y) { return exp(y); }, narrow);
  CHECK(mpfr_get_d(e.high(), MPFR_RNDU) - std::exp(0.31) < 1e-5);
  CHECK(mpfr_get_d(e.high(), MPFR_RNDU) >= std::exp(0.31) * (1 - 1e-15));
}

TEST_CASE("checker: a step of a slope misses no more than it says", "[checker]") {
  // Two steps by y₀ ± y₁ in dense matrices, and the point at t = ±1. The first misses nothing, the second most in p where p₀ is
  // large, and most in W where it is small.
  const checker::WorkingBits bits(128);
  std::mt19937_64 draw(3);
  std::normal_distribution<double> normal;
  for (const char* sigma_p : {"0.4", "0.004"}) {
    sim::RunConfig config = ranged_config(2);
    config.parameters.sigma_p = Decimal(sigma_p);
    const auto instance = sim::draw_instance(config.parameters, config.data, config.seed);
    const auto products = checker::inner_products(instance, false);
    checker::Path path(products, sim::Train::W_and_p, 2);
    checker::Slope slope(path);
    const Eigen::MatrixXd S = instance.train.tokens, W0 = instance.W0.block(0, S.cols(), 0, S.cols());
    Eigen::MatrixXd M(S.rows() + 1, S.cols());
    M << S * W0, instance.p0.transpose();
    const double norm_of_S = Eigen::JacobiSVD<Eigen::MatrixXd>(S).singularValues()[0];
    Eigen::MatrixXd W[2] = {W0, W0};
    Eigen::VectorXd p[2] = {instance.p0, instance.p0};
    double said = 0;
    checker::Intervals y0, y1;
    Eigen::VectorXd y[2] = {Eigen::VectorXd(S.rows()), Eigen::VectorXd(S.rows())};
    for (Index k = 0; k < S.rows(); ++k) {
      const double at = 1e-4 * normal(draw), along = 0.01 * normal(draw);
      y0.push_back(checker::Interval::exactly(at)), y1.push_back(checker::Interval::exactly(along));
      y[0][k] = at - along, y[1][k] = at + along;
    }
    for (int step = 0; step < 2; ++step) {
      said += mpfr_get_d(slope.step(path, y0, y1).value(), MPFR_RNDU);
      path.step(y0, checker::Size());
      slope.look(path);
      if (step == 0) CHECK(said < 1e-20);
      for (const int side : {0, 1}) {
        const Eigen::VectorXd push = S.transpose() * y[side], before = p[side];
        p[side] -= W[side].transpose() * push, W[side] -= push * before.transpose();
      }
    }
    const checker::Intervals a = path.of_M(), a1 = slope.of_M(path);
    for (const int side : {0, 1}) {
      const double t = side == 0 ? -1 : 1;
      Eigen::VectorXd of_M(M.rows()), logits(S.rows());
      for (Index k = 0; k < M.rows(); ++k) {
        const auto at = static_cast<std::size_t>(k);
        of_M[k] = a[at].middle() + t * a1[at].middle();
        if (k < S.rows())
          logits[k] = path.logits()[at].middle() + t * slope.first()[at].middle() + slope.second()[at].middle();
      }
      const Eigen::VectorXd point = M.transpose() * of_M;
      CHECK((p[side] - point).norm() <= said + 1e-12);
      CHECK((S * W[side] * point - logits).norm() <= norm_of_S * said * point.norm() + 1e-12);
    }
  }
}

TEST_CASE("checker: the distance from a family is of second order in its width", "[checker]") {
  const checker::WorkingBits bits(128);
  double distances[2];
  for (const int k : {0, 1}) {
    sim::RunConfig config = ranged_config(1);
    config.parameters.mu = Decimal::between(Decimal("3"), Decimal(k == 0 ? "3.02" : "3.002"));
    const checker::Common common(sim::draw_instance(config.parameters, config.data, config.seed), false);
    const checker::Members members(common, config.parameters);
    checker::FamilyDescent family(common, members, sim::Train::W_and_p);
    for (int step = 0; step < 20; ++step) family.step();
    distances[k] = mpfr_get_d(family.distance().value(), MPFR_RNDU);
  }
  CHECK(distances[0] / distances[1] == Approx(100).epsilon(0.1));
}

TEST_CASE("checker: a certificate of a range has pieces that are all of it", "[checker]") {
  sim::RunConfig config = ranged_config(5);
  config.parameters.mu = Decimal::between(Decimal("2.9"), Decimal("3.1"));
  const auto with = [&](const std::vector<std::string>& ends) {
    Json certificate = range_certificate(config, "mu", ends);
    certificate["claims"].push_back(stated("train_loss<9", "proved", "0e+00", "9e-01"));
    return certificate;
  };
  CHECK(check_json(with({"2.9", "3.1"})).status == 0);
  CHECK(check_json(with({"2.90", "3", "3.05", "31e-1"})).status == 0);
  for (const std::vector<std::string>& ends : std::vector<std::vector<std::string>>{
           {"2.9", "3"}, {"2.95", "3.1"}, {"2.9", "3.2"}, {"2.9", "3", "2.95", "3.1"}, {"2.9"}, {"2.9", "2.9", "3.1"}})
    CHECK_THROWS_AS(check_json(with(ends)), proofs::UsageError);
  Json gap = with({"2.9", "3", "3.05", "3.1"});
  gap["pieces"].erase(1);
  CHECK_THROWS_AS(check_json(gap), proofs::UsageError);
  Json overlap = with({"2.9", "3", "3.1"});
  overlap["pieces"][1]["mu"][0] = "2.99";
  CHECK_THROWS_AS(check_json(overlap), proofs::UsageError);
  Json none = with({"2.9", "3.1"});
  none.erase("pieces");
  CHECK_THROWS_AS(check_json(none), proofs::UsageError);
  Json others = with({"2.9", "3.1"});
  others["config"]["mu"] = "2.9:3.2";
  others["pieces"][0]["mu"][1] = "3.2";
  CHECK(check_json(others).status == 1);  // of other data by its hash
  Json several = with({"2.9", "3.1"});
  several["config"]["rho"] = "0.1:0.2";
  CHECK(check_json(several).status == 3);
  Json backwards = with({"2.9", "3.1"});
  backwards["config"]["mu"] = "3.1:2.9";
  CHECK_THROWS_AS(check_json(backwards), proofs::UsageError);
}

TEST_CASE("checker: what is false for one member of a range is refused", "[checker]") {
  // By a strong α the loss at this step first falls and then rises with it: true at both ends, and false between.
  sim::RunConfig config = ranged_config(5);
  config.parameters.lr = Decimal::between(Decimal("0.02"), Decimal("0.04"));
  const auto low = loss_at(config, &theory::Parameters::lr, "0.02", 20),
             high = loss_at(config, &theory::Parameters::lr, "0.04", 20);
  REQUIRE(high < low);
  const auto with = [&](Json claim) {
    Json certificate = range_certificate(config, "lr", {"0.02", "0.03", "0.04"});
    certificate["claims"].push_back(std::move(claim));
    return certificate;
  };
  const auto text = [](double x) { return end_text(mp100(x)); };
  const double wide = low - high, middle = (low + high) / 2;
  CHECK(check_json(with(stated("train_loss<9@20", "proved", text(high - wide).c_str(), text(low + wide).c_str())))
            .status == 0);
  // An interval that leaves members out, at an end or on both sides, and one that is nowhere.
  CHECK(check_json(with(stated("train_loss<9@20", "proved", text(high - wide).c_str(), text(middle).c_str()))).status ==
        1);
  CHECK(check_json(with(stated("train_loss<9@20", "proved", text(middle).c_str(), text(low + wide).c_str()))).status ==
        1);
  CHECK(check_json(with(stated("train_loss<9@20", "proved", text(low + wide).c_str(), text(low + 2 * wide).c_str())))
            .status == 1);
  // A member, and a part, that refute a claim; and ones that do not.
  const auto at = [&](const char* from, const char* to, double least, double most) {
    Json claim = stated("train_loss<" + decimal_text(mp100(high + wide / 100)) + "@20", "violated", text(least).c_str(),
                        text(most).c_str());
    claim["where"] = {{"lr", {from, to}}};
    return with(claim);
  };
  CHECK(check_json(at("0.02", "0.02", low - wide / 100, low + wide / 100)).status == 0);
  CHECK(check_json(at("0.02", "0.021", middle, low + wide)).status == 0);
  CHECK(check_json(at("0.04", "0.04", middle, low + wide)).status == 1);
  CHECK(check_json(at("0.02", "0.04", middle, low + wide)).status == 1);
  CHECK_THROWS_AS(check_json(at("0.01", "0.02", middle, low + wide)), proofs::UsageError);
  Json nowhere = at("0.02", "0.02", middle, low + wide);
  nowhere["claims"][0].erase("where");
  CHECK_THROWS_AS(check_json(nowhere), proofs::UsageError);
}

TEST_CASE("checker: a claim that is true at both ends of a range and false between is refused", "[checker]") {
  // Of one step the loss falls with α and then rises: 0.604, 0.601 and 0.606.
  sim::RunConfig config = ranged_config(5);
  config.parameters.steps = 1;
  const Parameter lr = &theory::Parameters::lr;
  REQUIRE(loss_at(config, lr, "16", 1) > 0.603);
  REQUIRE(loss_at(config, lr, "24", 1) < 0.6015);
  REQUIRE(loss_at(config, lr, "40", 1) > 0.603);
  config.parameters.lr = Decimal::between(Decimal("16"), Decimal("40"));
  const auto of = [&](const char* claim, const char* lower) {
    Json certificate = range_certificate(config, "lr", {"16", "28", "40"});
    certificate["claims"].push_back(stated(claim, "proved", lower, "6.2e-01"));
    return check_json(certificate).status;
  };
  CHECK(of("train_loss>0.602", "6.021e-01") == 1);
  CHECK(of("train_loss>0.6", "6.001e-01") == 0);
}
