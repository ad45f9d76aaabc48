// Proofs about all runs between two parameters, against runs at points between.

#include "proofs_check/certificates/family.hpp"
#include "proofs_check/text/format.hpp"
#include "tests/support/compare.hpp"

using namespace benign;
using theory::Decimal;
using theory::Verdict;

namespace {

sim::RunConfig family_member(const char* mu, const char* rho, const char* lr, std::uint64_t seed,
                             const char* sigma_p = "0") {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 4, p.d = 30, p.eta = Decimal("0.5"), p.steps = 12;
  p.mu = Decimal(mu), p.rho = Decimal(rho), p.lr = Decimal(lr), p.sigma_p = Decimal(sigma_p);
  config.seed = seed;
  return config;
}

proofs::Proof family_proof(const sim::RunConfig& config, const std::vector<std::string>& texts) {
  std::vector<proofs::Claim> claims;
  for (const std::string& text : texts) claims.push_back(proofs::parse_claim("--claim", text, config));
  sim::SharedDraws shared;
  const auto silent = [](long, long, long) {};
  return proofs::is_family(config) ? proofs::prove_family(config, claims, proofs::bits_of_digits(31), silent, shared)
                                   : proofs::prove(config, claims, {}, proofs::bits_of_digits(100), silent, shared);
}

const std::vector<std::string> always{"train_loss<9", "mu_plus_q>-99", "mu_minus_q>-99", "attention_clean<2",
                                      "q_norm2>=0",   "logit[1,2]<99", "margin[0]<99",   "train_accuracy>=0"};

}  // namespace

TEST_CASE("what is enclosed of a family holds each of its runs", "[family]") {
  struct Setting {
    const char *low[3], *high[3];
    const char* sigma_p;
  };
  // of ‖μ‖, of ρ, of α, and of all three
  for (const Setting& of : {Setting{{"3", "0.1", "0.1"}, {"3.02", "0.1", "0.1"}, "0"},
                            Setting{{"3", "0.1", "0.1"}, {"3", "0.11", "0.1"}, "0.2"},
                            Setting{{"3", "0.1", "0.1"}, {"3", "0.1", "0.101"}, "0.2"},
                            Setting{{"8", "0.3", "0.05"}, {"8.01", "0.301", "0.0501"}, "0"}})
    for (const std::uint64_t seed : {1, 2}) {
      sim::RunConfig family = family_member(of.low[0], of.low[1], of.low[2], seed, of.sigma_p);
      auto& p = family.parameters;
      Decimal* const parameters[] = {&p.mu, &p.rho, &p.lr};
      for (int k = 0; k < 3; ++k)
        if (std::string(of.low[k]) != of.high[k])
          *parameters[k] = Decimal::between(Decimal(of.low[k]), Decimal(of.high[k]));
      const proofs::Proof whole = family_proof(family, always);
      // Both ends, and a point between.
      for (const int at : {0, 1, 2}) {
        sim::RunConfig point = family_member(of.low[0], of.low[1], of.low[2], seed, of.sigma_p);
        Decimal* const own[] = {&point.parameters.mu, &point.parameters.rho, &point.parameters.lr};
        for (int k = 0; k < 3; ++k)
          if (parameters[k]->is_range())
            *own[k] = at == 0   ? parameters[k]->low()
                      : at == 2 ? parameters[k]->high()
                                : Decimal(proofs::format("%.8f", 0.6 * parameters[k]->low().as<double>() +
                                                                     0.4 * parameters[k]->high().as<double>()));
        const proofs::Proof there = family_proof(point, always);
        for (std::size_t c = 0; c < always.size(); ++c) {
          INFO(always[c] << ", point " << at);
          CHECK(whole.decisions[c].verdict == Verdict::proved);
          if (whole.decisions[c].count) {
            CHECK(whole.decisions[c].count->least <= there.decisions[c].count->least);
            CHECK(whole.decisions[c].count->most >= there.decisions[c].count->most);
            continue;
          }
          CHECK(proofs::exact_decimal(*whole.decisions[c].lower) <= proofs::exact_decimal(*there.decisions[c].upper));
          CHECK(proofs::exact_decimal(*whole.decisions[c].upper) >= proofs::exact_decimal(*there.decisions[c].lower));
        }
      }
    }
}

TEST_CASE("the pieces of a family are all of it, and its claims are those of the pieces", "[family]") {
  sim::RunConfig family = family_member("3", "0.1", "0.1", 1);
  family.parameters.mu = Decimal::between(Decimal("3"), Decimal("3.005"));
  const proofs::Proof point = family_proof(family_member("3.005", "0.1", "0.1", 1), {"train_loss<9"});
  // A bound that the wide box does not reach, and its pieces do.
  const proofs::Proof wide = family_proof(family, {"train_loss<9"});
  const double most = std::stod(*wide.decisions[0].upper), there = std::stod(*point.decisions[0].upper);
  REQUIRE(wide.pieces.size() == 1);
  const proofs::Proof halved =
      family_proof(family, {"train_loss<" + proofs::format("%.8f", there + 0.5 * (most - there))});
  CHECK(halved.decisions[0].verdict == Verdict::proved);
  REQUIRE(halved.pieces.size() > 1);
  CHECK(halved.pieces.front().config.parameters.mu.low() == Decimal("3"));
  CHECK(halved.pieces.back().config.parameters.mu.high() == Decimal("3.005"));
  for (std::size_t k = 0; k < halved.pieces.size(); ++k) {
    CHECK(halved.pieces[k].decisions[0].verdict == Verdict::proved);
    if (k > 0) CHECK(halved.pieces[k].config.parameters.mu.low() == halved.pieces[k - 1].config.parameters.mu.high());
  }
}

TEST_CASE("a family's claim that one run refutes is violated, and one that is true of some stays open", "[family]") {
  sim::RunConfig family = family_member("3", "0.1", "0.1", 1);
  family.parameters.mu = Decimal::between(Decimal("3"), Decimal("3.01"));
  CHECK(family_proof(family, {"train_loss>5"}).decisions[0].verdict == Verdict::violated);
  const proofs::Proof at = family_proof(family_member("3.004", "0.1", "0.1", 1), {"train_loss<9"});
  const proofs::Proof open = family_proof(family, {"train_loss<" + *at.decisions[0].lower, "train_loss<9"});
  CHECK(open.decisions[0].verdict == Verdict::violated);  // it is false on one side of 3.004
  CHECK(open.decisions[1].verdict == Verdict::proved);
  const proofs::Proof both = family_proof(family, {"train_loss>5", "train_loss<9"});
  CHECK(both.decisions[0].verdict == Verdict::violated);  // by the run at the lower end
  REQUIRE(!both.pieces.empty());
  CHECK(both.pieces.front().config.parameters.mu == Decimal("3"));
  CHECK(both.decisions[1].verdict == Verdict::proved);  // and the other claim goes on
  sim::RunConfig wide = family;
  wide.parameters.mu = Decimal::between(Decimal("1"), Decimal("1000"));
  wide.parameters.steps = 60;
  const proofs::Proof lost = family_proof(wide, {"train_loss<0.5"});
  CHECK(lost.decisions[0].verdict != Verdict::proved);
}
