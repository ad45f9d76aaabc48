// "QUANTITY never falls" and "never rises", on random small descents, against every step of them in 100 digits, and
// before the checker.

#include "proofs_check/certificates/certificate.hpp"
#include "proofs_check/checker/check.hpp"
#include "sim/runs/method.hpp"
#include "tests/support/random_input.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace benign;
using theory::Verdict;

namespace {

sim::RunConfig small_descent(tests::RandomInput& draw) {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 2 * draw.whole(1, 2), p.T = draw.whole(3, 4), p.d = draw.whole(4, 40);
  p.mu = draw.decimal(0.5, 5), p.eta = theory::Decimal("0.5");
  config.seed = static_cast<std::uint64_t>(draw.whole(1, 1'000'000));
  p.lr_unit = theory::LrUnit::tau0, p.lr = draw.decimal(0.01, 8), p.steps = draw.whole(2, 25);
  return config;
}

constexpr std::array quantities{"train_loss", "mu_plus_q", "least_margin", "attention[0,1]", "train_accuracy"};

/// Of one moment, in the order of `quantities`; of an accuracy the number of right samples.
std::array<mp100, quantities.size()> values(const sim::Run<mp100>& run, const Vector<mp100>& state) {
  const auto readout = run.route().read(state);
  const auto& samples = run.frame().samples;
  const auto s = theory::attention(samples, readout.logits), f = theory::outputs(samples, s);
  mp100 least = samples.labels[0] * f[0], right = 0;
  for (Index i = 0; i < samples.n; ++i) {
    const mp100 margin = samples.labels[static_cast<std::size_t>(i)] * f[i];
    least = std::min(least, margin), right += margin > 0 ? 1 : 0;
  }
  return {theory::loss(samples, f), readout.mu_plus_q, least, s[1], right};
}

}  // namespace

TEST_CASE("trends: verdicts and intervals against every step in 100 digits, and before the checker", "[prove]") {
  tests::RandomInput draw(11);
  int proved = 0, violated = 0;
  for (int k = 0; k < 20; ++k) {
    const auto config = small_descent(draw);
    const sim::Run<mp100> run(config);
    std::vector<std::array<mp100, quantities.size()>> seen;
    auto descent = sim::descent(run);
    train(descent, config.parameters.steps, [&](long) { seen.push_back(values(run, descent.state())); });

    std::vector<proofs::Claim> claims;
    std::vector<mp100> least;
    for (std::size_t q = 0; q < quantities.size(); ++q)
      for (const int sign : {1, -1}) {
        const long last = draw.whole(1, config.parameters.steps);
        claims.push_back(proofs::parse_claim(
            "claim", std::string(quantities[q]) + (sign > 0 ? " never falls@" : " never rises@") + std::to_string(last),
            config));
        mp100 smallest = sign * (seen[1][q] - seen[0][q]);
        for (long j = 2; j <= last; ++j)
          smallest = std::min<mp100>(
              smallest, sign * (seen[static_cast<std::size_t>(j)][q] - seen[static_cast<std::size_t>(j - 1)][q]));
        least.push_back(smallest);
      }
    const auto proof = proofs::prove(config, claims, {}, 400, [](long, long, long) {});
    for (std::size_t c = 0; c < claims.size(); ++c) {
      const auto& decision = proof.decisions[c];
      INFO(sim::config_json(config).dump() << "\n" << claims[c].text << ": " << least[c].str(20));
      CHECK(decision.verdict == (least[c] >= 0 ? Verdict::proved : Verdict::violated));
      REQUIRE((decision.lower && decision.upper));
      const mp100 rounding = 1e-80;  // of the run in 100 digits
      CHECK(mp100(*decision.lower) <= least[c] + rounding);
      CHECK(mp100(*decision.upper) >= least[c] - rounding);
      proved += decision.verdict == Verdict::proved, violated += decision.verdict == Verdict::violated;
    }
    const sim::Json certificate = proofs::certificate_json(proof);
    CHECK(proof.moments.size() <= claims.size() + 1);  // not of every step
    CHECK(checker::check("certificate", certificate.dump()).status == 0);

    sim::Json turned = certificate;  // the other trend, with this one's interval
    for (auto& claim : turned["claims"]) {
      std::string text = claim["claim"];
      const bool falls = text.find("falls") != std::string::npos;
      claim["claim"] = text.replace(text.find(falls ? "falls" : "rises"), 5, falls ? "rises" : "falls");
    }
    CHECK(checker::check("certificate", turned.dump()).status != 0);
  }
  CHECK(proved > 20);
  CHECK(violated > 20);
}

TEST_CASE("trends: a change below the doubles is decided, and alone as in company", "[prove]") {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 4, p.T = 4, p.d = 30, p.mu = theory::Decimal("1"), p.lr = theory::Decimal("100"), p.steps = 60;
  p.eta = theory::Decimal("0.5");
  const auto verdict_of_first = [&](const std::vector<const char*>& texts) {
    std::vector<proofs::Claim> claims;
    for (const char* text : texts) claims.push_back(proofs::parse_claim("claim", text, config));
    const auto proof = proofs::prove(config, claims, {}, proofs::bits_of_digits(300), [](long, long, long) {});
    const sim::Json certificate = proofs::certificate_json(proof);
    if (!certificate["claims"].empty()) CHECK(checker::check("certificate", certificate.dump()).status == 0);
    return proof.decisions.front().verdict;
  };
  // Saturated attention: a least rise or fall of 1e-514 and of 1e-585.
  for (const auto& [seed, verdict] : {std::pair{20, Verdict::proved}, {31, Verdict::violated}}) {
    config.seed = static_cast<std::uint64_t>(seed);
    CHECK(verdict_of_first({"attention[0,1] never rises@20"}) == verdict);
    CHECK(verdict_of_first({"attention[0,1] never rises@20", "attention[1,1] never rises@59",
                            "logit[2,1] never falls@59"}) == verdict);
  }
}
