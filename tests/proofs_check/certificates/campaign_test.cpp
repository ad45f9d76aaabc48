// The prover and the checker on random small instances, held to each other and to the run in 100 digits: a claim and
// its negation are never both proved, nothing is proved against the truth, and what one proves the other verifies.

#include "proofs_check/certificates/certificate.hpp"
#include "proofs_check/checker/check.hpp"
#include "tests/support/random_input.hpp"
#include "sim/routes/flow.hpp"
#include "sim/runs/method.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>

using namespace benign;
using proofs::Claim;
using theory::Decimal;
using theory::Verdict;

namespace {

sim::RunConfig small_instance(tests::RandomInput& draw) {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 2 * draw.whole(1, 2), p.T = draw.whole(3, 4), p.d = draw.whole(4, 40);
  p.mu = draw.decimal(0.5, 5), p.rho = draw.decimal(0, 0.4), p.eta = draw.decimal(0, 0.5);
  p.init = static_cast<theory::Init>(draw.whole(0, 2));
  config.seed = static_cast<std::uint64_t>(draw.whole(1, 1'000'000));
  p.lr_unit = theory::LrUnit::tau0, p.lr = draw.decimal(0.01, 1), p.steps = draw.whole(1, 25);
  return config;
}

/// A quantity with its true value.
struct Known {
  std::string name;
  mp100 value;
};

/// Of the flows that truths are taken from: a claim of 20 digits is at least 10⁻²⁶ away from what it is about.
constexpr double truths_tolerance = 1e-35;

/// Of a state: what claims can be about, a few tokens and samples of each.
std::vector<Known> known_of(const sim::Run<mp100>& run, const Vector<mp100>& state, tests::RandomInput& draw,
                            const mp100& fall) {
  const auto readout = run.route().read(state);
  const auto& samples = run.frame().samples;
  const auto s = theory::attention(samples, readout.logits), f = theory::outputs(samples, s);
  const Index i = draw.whole(0, samples.n - 1), t = draw.whole(0, samples.T - 1);
  const std::string sample = std::to_string(i), token = sample + "," + std::to_string(t);
  std::vector<Known> known{{"train_loss", theory::loss(samples, f)},
                           {"mu_plus_q", readout.mu_plus_q},
                           {"mu_minus_q", readout.mu_minus_q},
                           {"q_norm2", *readout.q_norm2},
                           {"margin[" + sample + "]", samples.labels[static_cast<std::size_t>(i)] * f[i]},
                           {"logit[" + token + "]", readout.logits[i * samples.T + t]},
                           {"attention[" + token + "]", s[i * samples.T + t]}};
  if (isfinite(fall)) known.push_back({"loss_fall", fall});
  mp100 least = samples.labels[0] * f[0], right = 0;
  for (Index k = 0; k < samples.n; ++k) {
    const mp100 margin = samples.labels[static_cast<std::size_t>(k)] * f[k];
    least = std::min(least, margin), right += margin > 0 ? 1 : 0;
  }
  known.push_back({"least_margin", least});
  known.push_back({"train_accuracy", right / samples.n});
  for (const bool noisy : {false, true}) {
    mp100 sum = 0, low = 2, high = -1;
    long count = 0;
    for (Index k = 0; k < samples.n; ++k) {
      if (run.frame().noisy[static_cast<std::size_t>(k)] != noisy) continue;
      const mp100 x = s[k * samples.T];
      sum += x, low = std::min(low, x), high = std::max(high, x), ++count;
    }
    const std::string name = noisy ? "attention_noisy" : "attention_clean";
    if (count > 0) known.insert(known.end(), {{name, sum / count}, {name + "_min", low}, {name + "_max", high}});
  }
  return known;
}

/// The value moved by 10^{−digits} of its size, up or down.
std::string near(const mp100& value, long digits, tests::RandomInput& draw) {
  const mp100 moved = value + (draw.whole(0, 1) ? 1 : -1) * pow(mp100(10), -digits) * (abs(value) + mp100("1e-6"));
  return moved.str(40, std::ios_base::scientific);
}

struct Tally {
  long claims = 0, proved = 0, undecided = 0, both = 0, untrue = 0, not_verified = 0, instances = 0;
  long left_open = 0;  ///< undecided at 12 digits or fewer; an event's time may be enclosed no better than to 15
};

/// Proves a claim near the truth for each quantity, and its negation, and has the checker look at what came of it.
void look(const sim::RunConfig& config, const std::vector<Known>& known, tests::RandomInput& draw, Tally& tally,
          long most_digits = 20) {
  std::vector<Claim> claims;
  std::vector<bool> truth, easy;
  for (const auto& [name, value] : known) {
    const long digits = draw.whole(2, most_digits);
    const std::string bound = near(value, digits, draw);
    const bool less = value < mp100(bound);
    for (const auto& [relation, holds] : {std::pair{"<", less}, {">=", !less}})
      claims.push_back(proofs::parse_claim("claim", name + relation + bound, config)), truth.push_back(holds),
          easy.push_back(digits <= 12);
  }
  const auto proof = proofs::prove(config, claims, {}, 400, [](long, long, long) {});
  ++tally.instances;
  std::string text;
  for (std::size_t k = 0; k < claims.size(); ++k) {
    const auto& decision = proof.decisions[k];
    ++tally.claims, tally.proved += decision.verdict == Verdict::proved;
    tally.undecided += decision.verdict == Verdict::undecided;
    tally.left_open += decision.verdict == Verdict::undecided && easy[k];
    if (k % 2 == 1 && decision.verdict == proof.decisions[k - 1].verdict && decision.verdict != Verdict::undecided)
      ++tally.both, text += "both: " + decision.claim.text + "\n";
    if ((decision.verdict == Verdict::proved && !truth[k]) || (decision.verdict == Verdict::violated && truth[k]))
      ++tally.untrue, text += "untrue: " + decision.claim.text + "\n";
  }
  const auto report = checker::check("certificate", proofs::certificate_json(proof).dump(1));
  if (report.status != 0) {
    ++tally.not_verified;
    for (const auto& finding : report.findings)
      if (finding.found != checker::Found::verified)
        text += finding.claim + " in [" + finding.stated_lower + ", " + finding.stated_upper + "], the checker has [" +
                finding.lower + ", " + finding.upper + "] " + finding.remark + "\n";
    for (const auto& objection : report.objections) text += objection + "\n";
  }
  INFO(sim::config_json(config).dump() << "\n" << text);
  CHECK(text.empty());
}

void report_of(const Tally& tally) {
  WARN(tally.instances << " instances, " << tally.claims << " claims: " << tally.proved << " proved, "
                       << tally.undecided << " undecided (" << tally.left_open << " of them at 12 digits or fewer), "
                       << tally.both << " both, " << tally.untrue << " untrue, " << tally.not_verified
                       << " certificates not verified");
  CHECK(tally.both == 0);
  CHECK(tally.untrue == 0);
  CHECK(tally.not_verified == 0);
  CHECK(tally.left_open <= tally.claims / 100);
}

void check_descents(int count, std::uint64_t seed = 1) {
  tests::RandomInput draw(seed);
  Tally tally;
  for (int k = 0; k < count; ++k) {
    const auto config = small_instance(draw);
    const sim::Run<mp100> run(config);
    auto descent = sim::descent(run);
    mp100 before = 0, fall = std::numeric_limits<mp100>::infinity();
    train(descent, config.parameters.steps, [&](long step) {
      const mp100 loss = run.observe(descent.state()).train_loss;
      if (step > 0) fall = std::min(fall, mp100(before - loss));
      before = loss;
    });
    look(config, known_of(run, descent.state(), draw, fall), draw, tally);
  }
  report_of(tally);
}

void check_flows(int count, std::uint64_t seed = 2) {
  tests::RandomInput draw(seed);
  Tally tally;
  for (int k = 0; k < count; ++k) {
    auto config = small_instance(draw);
    config.flow = true, config.parameters.n = 2;
    const auto scales = theory::scales<double>(config.parameters);
    config.tau_max = Decimal(std::to_string(std::max(1e-3, draw.between(0.1, 1.5) * scales.tau0)));
    const sim::Run<mp100> run(config);
    const auto state = sim::flow_to(run.route(), sim::horizon<mp100>(config), truths_tolerance);
    look(config, known_of(run, state, draw, std::numeric_limits<mp100>::infinity()), draw, tally);
  }
  report_of(tally);
}

void check_limits(int count, std::uint64_t seed = 3) {
  tests::RandomInput draw(seed);
  Tally tally;
  for (int k = 0; k < count; ++k) {
    sim::RunConfig config;
    config.flow = true, config.route = sim::RouteKind::limit;
    auto& p = config.parameters;
    p.n = 2 * draw.whole(2, 20), p.T = draw.whole(3, 12), p.d = draw.whole(1000, 1'000'000);
    p.rho = draw.decimal(0, 0.4);
    p.eta = Decimal(std::to_string(static_cast<double>(2 * draw.whole(1, p.n / 4)) / static_cast<double>(p.n) - 1e-6));
    if (theory::noise_count(p, +1) != theory::noise_count(p, -1)) continue;
    p.mu =
        Decimal(std::to_string(std::sqrt(draw.between(0.3, 3) * static_cast<double>(p.d) / static_cast<double>(p.n))));
    config.log_s_max = Decimal("9");
    const auto events = sim::simulate<mp100>(sim::Run<mp100>(config), 0, {}, {}, truths_tolerance).events;
    std::vector<Known> known;
    if (events.fit && isfinite(*events.fit)) known.push_back({"log_s_fit", *events.fit});
    if (events.gap) known.push_back({"log_s_gap", *events.gap});
    if (!known.empty()) look(config, known, draw, tally, 14);  // of an event's time, digits that its enclosure has
  }
  report_of(tally);
}

}  // namespace

TEST_CASE("campaign: descents, a few", "[campaign]") { check_descents(60); }
TEST_CASE("campaign: flows, a few", "[campaign]") { check_flows(6); }
TEST_CASE("campaign: limits, a few", "[campaign]") { check_limits(2); }
// In parts, each of which reports what it found, and which `-c "part 3"` runs by itself.
void in_parts(int parts, const std::function<void(std::uint64_t)>& check) {
  for (int part = 0; part < parts; ++part) {
    DYNAMIC_SECTION("part " << part) check(static_cast<std::uint64_t>(part));
  }
}

TEST_CASE("campaign: 10^4 descents", "[campaign][long]") {
  in_parts(10, [](auto part) { check_descents(1000, 100 + part); });
}
TEST_CASE("campaign: 2000 flows", "[campaign][long]") {
  in_parts(20, [](auto part) { check_flows(100, 200 + part); });
}
TEST_CASE("campaign: 1000 limits", "[campaign][long]") {
  in_parts(10, [](auto part) { check_limits(100, 300 + part); });
}
