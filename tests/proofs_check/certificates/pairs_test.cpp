// Pairs of a faulty prover and a checker that refuses it: settings in which a planted fault of the prover
// (faults.cmake) writes a certificate that is false. Each case makes a certificate in memory, holds its intervals to a
// run in 50 or 100 digits or to a closed form, and gives it to the checker. The right prover's is true and verified; of
// a faulty one's the case says that it is false, and what the checker says. Steps of low order are a setting like any
// other: they are what a proof with few bits takes, and what a missing remainder shows in.

#include "tests/support/pairs.hpp"
#include "proofs_check/terminal/options.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/data_hash.hpp"
#include "sim/enclosures/flow/enclosed_flow.hpp"
#include "sim/enclosures/enclosed_limit.hpp"
#include "sim/routes/flow.hpp"
#include "sim/runs/method.hpp"
#include "sim/generalisation/test_error.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::tests;

namespace {

sim::RunConfig pair_config(const char* json) { return proofs::config_from_json("pair", json); }

constexpr const char* pair_flow =
    R"({"n":2,"T":3,"d":23,"mu":2.5,"rho":0.1,"eta":0.25,"init":"identity","seed":7,"flow":true,"tau-max":0.05})";

}  // namespace

TEST_CASE("pair: a flow by steps of first order", "[pairs]") {
  const auto config = pair_config(pair_flow);
  const RunEnd end(config);
  const std::vector<ClaimAndTruth> known{{"margin[0]>-9", end.margin(0)}, {"train_loss<9", end.loss()}};
  const WorkingPrecision precision(64);
  const sim::ExactInstance exact(config);
  const auto found = sim::enclose_flow(exact, {}, {1e-3, 1, 0x1p-7});
  REQUIRE(found.moment);
  auto proof =
      proof_from(config, known, [&](const Claim& claim) { return proofs::value_of(claim, *found.moment, exact); });
  proof.data_hash = sim::data_hash(exact.instance, config);
  hand_over(proof, known);
}

namespace {

// The flipped label is fitted at s = 0.29 of 0.36.
constexpr const char* pair_event =
    R"({"n":4,"T":3,"d":24,"mu":3,"rho":0.1,"eta":0.25,"init":"identity","seed":7,"flow":true,"tau-max":0.06})";

const mp100& time_of_fit() {
  static const mp100 time = [] {
    const auto config = pair_config(pair_event);
    const auto events = sim::simulate<mp50>(sim::Run<mp50>(config, sim::QNorm::not_needed), 0, {}, {},
                                            sim::default_tolerance<mp50>(), sim::TestErrors::left_out)
                            .events;
    REQUIRE((events.fit && !events.gap));
    return mp100(*events.fit);
  }();
  return time;
}

}  // namespace

TEST_CASE("pair: an event in a flow's first step", "[pairs]") {
  const auto config = pair_config(pair_event);
  const std::vector<ClaimAndTruth> known{{"log_s_fit<9", time_of_fit(), 1e-30}};
  const WorkingPrecision precision(64);
  const sim::ExactInstance exact(config, sim::QNorm::not_needed);
  // Up to its end the flow is at no distance from the known one: what its terms leave out is all that is uncertain.
  const auto found = sim::enclose_flow(exact, {}, {1e-2, 4, 0.35}, {.fit = true, .end = false});
  REQUIRE(found.steps == 1);
  REQUIRE(found.events.fit.event().log_s);
  CHECK(width(*found.events.fit.event().log_s) > 1e-8);
  auto proof = proof_from(config, known, [&](const Claim&) { return *found.events.fit.event().log_s; });
  proof.data_hash = sim::data_hash(exact.instance, config);
  hand_over(proof, known);
}

TEST_CASE("pair: events of a flow on either side of a claim", "[pairs]") {
  const auto config = pair_config(pair_event);
  const mp100 fit = time_of_fit();
  const std::vector<ClaimAndTruth> known{{"log_s_fit<-1.2231", fit, 1e-30}, {"log_s_fit>-1.2231", fit, 1e-30}};
  const Proof proof = proofs::prove(config, claims_of(config, known), {}, 400, [](long, long, long) {});
  CHECK(proof.decisions[0].verdict == Verdict::proved);
  CHECK(proof.decisions[1].verdict == Verdict::violated);
  hand_over(proof, known);

  const auto status_with = [&](const char* claim, const sim::Json& lower, const sim::Json& upper) {
    sim::Json certificate = proofs::certificate_json(proof);
    certificate["claims"] = {{{"claim", claim}, {"verdict", "proved"}, {"lower", lower}, {"upper", upper}}};
    return checker::check("certificate", certificate.dump(1)).status;
  };
  const auto near = [&](const char* off) { return mp100(fit + mp100(off)).str(20, std::ios_base::scientific); };
  CHECK(status_with("log_s_fit<0", near("-1e-9"), near("1e-9")) == 0);
  CHECK(status_with("log_s_fit<0", near("1e-6"), near("2e-6")) == 1);
  CHECK(status_with("log_s_fit<0", near("-2e-6"), near("-1e-6")) == 1);
  CHECK(status_with("log_s_fit>-2", near("-1e-6"), nullptr) == 0);
  CHECK(status_with("log_s_fit>-2", near("1e-6"), nullptr) == 1);
  CHECK(status_with("log_s_gap>-2", "-1.1e+00", nullptr) == 0);  // the horizon is -1.02
  CHECK(status_with("log_s_gap<0", nullptr, "-1.1e+00") == 1);
  CHECK(status_with("log_s_gap<9", nullptr, "8.0e+00") == 3);
}

TEST_CASE("pair: the limit by steps of second order", "[pairs]") {
  const auto config =
      pair_config(R"({"n":8,"T":4,"d":100000,"mu":190,"rho":0.125,"eta":0.25,"route":"limit","flow":true,
                                "log-s-max":8})");
  const auto events = sim::simulate<mp50>(config, 0, {}).events;
  REQUIRE((events.fit && events.gap));
  const std::vector<ClaimAndTruth> known{{"log_s_fit>1", mp100(*events.fit), 1e-30},
                                         {"log_s_gap>1", mp100(*events.gap), 1e-30}};
  const WorkingPrecision precision(64);
  // The right prover's box becomes too wide before either event, and its certificate says that neither was before.
  const auto found = sim::enclose_limit_flow(config.parameters, *config.log_s_max, {}, {1e-5, 2, 0x1p-6});
  const auto time_of = [&](const Claim& claim) {
    const auto& event = claim.quantity == "log_s_fit" ? found.fit : found.gap;
    if (event.log_s) return *event.log_s;
    Enclosure later = event.not_before;
    mpfr_set_inf(&later.data()->right, 1);
    return later;
  };
  hand_over(proof_from(config, known, time_of), known);
}

TEST_CASE("pair: the horizon of a flow is a decimal", "[pairs]") {
  const auto config = pair_config(pair_flow);
  const RunEnd end(config);
  prove_and_check(config, {{"margin[0]>-9", end.margin(0)}});
}

TEST_CASE("pair: the head of a descent is no double", "[pairs]") {
  const auto config = pair_config(R"({"n":2,"T":3,"d":12,"mu":2,"rho":0.1,"seed":5,"steps":3,"lr":0.05})");
  const RunEnd end(config);
  prove_and_check(config, {{"margin[0]>-9", end.margin(0)}, {"margin[1]>-9", end.margin(1)}});
}

TEST_CASE("pair: inner products to the last digit", "[pairs]") {
  const auto config = pair_config(R"({"n":2,"T":3,"d":31,"mu":2,"rho":0.1,"seed":5,"steps":3,"lr":0.05})");
  const RunEnd end(config);
  const mp100 just_below = end.margin(0) - mp100("1e-35");
  prove_and_check(config, {{"margin[0]>" + just_below.str(45, std::ios_base::scientific), end.margin(0)}});
}

TEST_CASE("pair: an unstable descent far from where it began", "[pairs]") {
  // Its steps drive neighbours 24 digits apart.
  const auto config = pair_config(
      R"({"n":4,"T":3,"d":14,"mu":20,"rho":0.1,"eta":0.5,"init":"gaussian","sigma-w":0.01,"seed":1,"steps":100,"lr":1})");
  const RunEnd end(config);
  const auto q = end.run.route().read(end.state);
  prove_and_check(config, {{"logit[0,0]>-99", q.logits[0], 1e-60},
                           {"logit[3,1]>-99", q.logits[10], 1e-60},
                           {"mu_plus_q>-99", q.mu_plus_q, 1e-60}});
}

TEST_CASE("pair: the test error before the first step", "[pairs]") {
  // At q = 0 it is Φ̄(γ‖μ‖/(σ√T)), next to 1/2. The claim is false by 5e-21, and an erfc of 64 bits that is rounded the
  // wrong way is 1.8e-20 above the truth.
  const auto config = pair_config(R"({"n":2,"T":3,"d":8,"mu":1e-5,"rho":0.1,"seed":5,"steps":1})");
  const mp100 x = mp100("1e-5") / sqrt(mp100(2)) / sqrt(mp100(3));
  const mp100 truth = mp100(erfc(mp100(x / sqrt(mp100(2))))) / 2, just_above = truth + mp100("5e-21");
  const ClaimAndTruth tight{"test_error>" + just_above.str(45, std::ios_base::scientific) + "@0", truth};
  prove_and_check(config, {tight});
  prove_and_check(config, {tight, {"test_error<0.6@0", truth}}, 64);  // the right prover decides the other alone
}

TEST_CASE("pair: a seventh is not more than its own digits", "[pairs]") {
  const auto config = pair_config(R"({"n":2,"T":7,"d":8,"mu":2,"rho":0.1,"seed":5,"steps":1})");
  const ClaimAndTruth tight{"attention[0,0]>=0.14285714285714285715@0", mp100(1) / 7};
  prove_and_check(config, {tight});
  prove_and_check(config, {tight, {"attention[0,0]>=0.14@0", mp100(1) / 7}},
                  64);  // the right prover decides the other alone
}

TEST_CASE("pair: no accuracy is more than one", "[pairs]") {
  const auto config = pair_config(R"({"n":2,"T":3,"d":40,"mu":20,"rho":0.1,"eta":0,"seed":5,"steps":1})");
  const RunEnd end(config);
  REQUIRE((end.margin(0) > 0 && end.margin(1) > 0));
  prove_and_check(config, {{"train_accuracy>1", 1}, {"train_accuracy>=1", 1}});
}

TEST_CASE("pair: the least attention is the least", "[pairs]") {
  const auto config = pair_config(R"({"n":4,"T":3,"d":12,"mu":2,"rho":0.1,"eta":0,"seed":5,"steps":3,"lr":0.05})");
  const RunEnd end(config);
  const auto s = theory::attention(end.run.frame().samples, end.run.route().read(end.state).logits);
  mp100 least = 1;
  for (Index i = 0; i < 4; ++i) least = std::min(least, s[3 * i]);
  prove_and_check(config, {{"attention_clean_min>0", least}});
}

TEST_CASE("pair: a weak token of the other class does not help", "[pairs]") {
  // After a step so short that all attention is 1/T to five digits, as the error is: Φ̄(γ‖μ‖/(σ√T)), with c near 0.
  const auto config = pair_config(R"({"n":2,"T":3,"d":400,"mu":5,"rho":0.4,"eta":0,"seed":2,"steps":1,"lr-unit":"tau0",
                                      "lr":0.001})");
  const RunEnd end(config);
  const mp100 x = 5 / sqrt(mp100(2)) / sqrt(mp100(3));
  prove_and_check(config,
                  {{"margin[0]>-9", end.margin(0)}, {"test_error<0.01", erfc(mp100(x / sqrt(mp100(2)))) / 2, 1e-3}});
}

TEST_CASE("pair: a slab is bounded from its right side", "[pairs]") {
  // Small logits and c next to 0, where the lower bound is tight but for its slabs. The truth is a mean over points, to
  // 3e-5; the claim is false by 2e-4.
  const auto config = pair_config(R"({"n":2,"T":30,"d":16,"mu":7.7,"rho":0,"eta":0,"seed":10802,"steps":1,
                                      "lr-unit":"tau0","lr":3})");
  const RunEnd end(config);
  const auto q = end.run.route().read(end.state);
  const auto truth = sim::PopulationTest(config.parameters)(
      {static_cast<double>(q.mu_plus_q), static_cast<double>(q.mu_minus_q), static_cast<double>(*q.q_norm2)});
  REQUIRE(truth.accuracy_error < 3e-5);
  prove_and_check(config, {{"margin[0]>-9", end.margin(0)}, {"test_error>0.1253", mp100(truth.wrong), 1e-3}});
}

TEST_CASE("pair: a range is all of its pieces", "[pairs]") {
  // A bound that the wide box does not reach, and its halves do.
  sim::RunConfig config =
      pair_config(R"({"n":4,"T":4,"d":30,"mu":3,"rho":0.1,"eta":0.5,"seed":1,"steps":12,"lr":0.1})");
  config.parameters.mu = theory::Decimal::between(theory::Decimal("3"), theory::Decimal("3.005"));
  const auto of = [&](const std::string& claim) {
    sim::SharedDraws shared;
    return proofs::prove_family(
        config, claims_of(config, {{claim, 0}}), proofs::bits_of_digits(31), [](long, long, long) {}, shared);
  };
  sim::RunConfig end = config;
  end.parameters.mu = theory::Decimal("3.005");
  const mp100 most(*of("train_loss<9").decisions[0].upper), there = RunEnd(end).loss();
  const Proof proof = of("train_loss<" + mp100((there + most) / 2).str(12, std::ios_base::scientific));
  REQUIRE(proof.decisions[0].verdict == Verdict::proved);
  // Whether the pieces that the certificate lists are all of the range, as decimals.
  const auto certificate = proofs::certificate_json(proof);
  auto reached = proofs::exact_decimal("3");
  bool whole = true;
  for (const auto& piece : certificate["pieces"]) {
    whole = whole && proofs::exact_decimal(piece["mu"][0].get<std::string>()) == reached;
    reached = proofs::exact_decimal(piece["mu"][1].get<std::string>());
  }
  whole = whole && reached == proofs::exact_decimal("3.005");
  std::string checked;
  try {
    const auto report = checker::check("certificate", certificate.dump(1));
    checked = report.verified() ? "verified" : report.status == 1 ? "refused" : "left undecided";
  } catch (const proofs::UsageError&) {
    checked = "refused";
  }
  INFO((whole ? "true" : "false") << ", and " << checked << " by the checker");
  CHECK((whole && checked == "verified"));
}
