#include "proofs_check/certificate.hpp"

#include "sim/enclosed_flow.hpp"
#include "sim/enclosed_limit.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace benign::proofs {
namespace {

using sim::Json;

Json ends(const Enclosure& x, int digits) { return {lower_text(x, digits), upper_text(x, digits)}; }

Json all_ends(const Vector<Enclosure>& x, int digits) {
  Json list = Json::array();
  for (Index k = 0; k < x.size(); ++k) list.push_back(ends(x[k], digits));
  return list;
}

Json moment_json(const sim::EnclosedMoment& m, int digits) {
  return {{"step", m.step},
          {"loss", ends(m.loss, digits)},
          {"mu_plus_q", ends(m.readout.mu_plus_q, digits)},
          {"mu_minus_q", ends(m.readout.mu_minus_q, digits)},
          {"outputs", all_ends(m.outputs, digits)},
          {"attention", all_ends(m.attention, digits)},
          {"logits", all_ends(m.readout.logits, digits)}};
}

long more_bits(long bits) { return bits < 256 ? bits + 64 : bits * 3 / 2; }

void decide(Decision& decision, const Enclosure& value, int digits) {
  decision.verdict = verdict_of(decision.claim, value);
  if (!is_nan(value)) decision.lower = lower_text(value, digits), decision.upper = upper_text(value, digits);
}

/// Calls attempt(proof, digits to print) with more and more bits until it has decided every claim.
template <class Attempt>
Proof with_rising_precision(const std::vector<Claim>& claims, long first_bits, long most_bits, const Attempt& attempt) {
  Proof proof;
  for (long bits = std::min(first_bits, most_bits);; bits = std::min(more_bits(bits), most_bits)) {
    const WorkingPrecision precision(bits);
    proof.bits = bits;
    proof.digits = static_cast<long>(static_cast<double>(bits) / std::log2(10.0));
    proof.moments = Json::array();
    proof.decisions.clear();
    for (const auto& claim : claims) proof.decisions.push_back({claim});
    attempt(proof, static_cast<int>(proof.digits) + 1);
    const bool decided = std::all_of(proof.decisions.begin(), proof.decisions.end(), [](const Decision& decision) {
      return decision.verdict != theory::Verdict::undecided;
    });
    if (decided || bits >= most_bits) return proof;
  }
}

/// What a claim about the limit is about: unbounded above where the event was not reached.
Enclosure event_of(const Claim& claim, const sim::EnclosedEvents& events) {
  const sim::EnclosedEvent& event = claim.quantity == "log_s_fit" ? events.fit : events.gap;
  if (event.log_s) return *event.log_s;
  Enclosure later = event.not_before;
  mpfr_set_inf(&later.data()->right, 1);
  return later;
}

Proof prove_limit(const sim::RunConfig& config, const std::vector<Claim>& claims, long most_bits,
                  const ProofProgress& progress) {
  const long last = static_cast<long>(std::log1p(std::exp(config.log_s_max->as<double>()))) + 1;  // in u
  return with_rising_precision(claims, 128, most_bits, [&](Proof& proof, int digits) {
    const auto events = sim::enclose_limit_flow(config.parameters, *config.log_s_max, [&](double u, double) {
      progress(proof.bits, static_cast<long>(u), last);
    });
    for (auto& decision : proof.decisions) decide(decision, event_of(decision.claim, events), digits);
    proof.moments.push_back({{"steps", events.steps}, {"width", events.width}, {"stopped", events.stopped}});
  });
}

Proof prove_flow(const sim::RunConfig& config, const std::vector<Claim>& claims, long most_bits,
                 const ProofProgress& progress) {
  const sim::ExactInstance exact(config);
  Proof proof = with_rising_precision(claims, 128, most_bits, [&](Proof& attempt, int digits) {
    const auto end = sim::enclose_flow(exact, [&](double s, double last) {
      progress(attempt.bits, static_cast<long>(s), static_cast<long>(last) + 1);
    });
    Json moment = {{"taylor_steps", end.steps}, {"s", end.s}, {"width", end.width}, {"stopped", end.stopped}};
    if (end.moment) {
      for (auto& decision : attempt.decisions)
        decide(decision, value_of(decision.claim, *end.moment, exact.instance), digits);
      moment.update(moment_json(*end.moment, digits));
      moment.erase("step");
    }
    attempt.moments.push_back(moment);
  });
  proof.data_hash = sim::data_hash(exact.instance);
  return proof;
}

Proof prove_descent(const sim::RunConfig& config, const std::vector<Claim>& claims,
                    const std::vector<long>& extra_steps, long most_bits, const ProofProgress& progress) {
  const sim::ExactInstance exact(config);
  std::set<long> steps(extra_steps.begin(), extra_steps.end());
  for (const auto& claim : claims) steps.insert(claim.step);
  Proof proof = with_rising_precision(claims, 64, most_bits, [&](Proof& attempt, int digits) {
    sim::enclose_descent(
        exact, {steps.begin(), steps.end()},
        [&](const sim::EnclosedMoment& moment) {
          for (auto& decision : attempt.decisions)
            if (decision.claim.step == moment.step)
              decide(decision, value_of(decision.claim, moment, exact.instance), digits);
          attempt.moments.push_back(moment_json(moment, digits));
        },
        [&](long step) { progress(attempt.bits, step, *steps.rbegin()); });
  });
  proof.data_hash = sim::data_hash(exact.instance);
  return proof;
}

}  // namespace

long bits_of_digits(long digits) { return static_cast<long>(std::ceil(static_cast<double>(digits) * std::log2(10.0))); }

Proof prove(const sim::RunConfig& config, const std::vector<Claim>& claims, const std::vector<long>& extra_steps,
            long most_bits, const ProofProgress& progress) {
  if (!config.flow) return prove_descent(config, claims, extra_steps, most_bits, progress);
  return config.route == sim::RouteKind::limit ? prove_limit(config, claims, most_bits, progress)
                                               : prove_flow(config, claims, most_bits, progress);
}

Json certificate_json(const sim::RunConfig& config, const Proof& proof) {
  Json certificate = {{"benign_certificate", 1},      {"config", sim::config_json(config)},
                      {"data_hash", proof.data_hash}, {"bits", proof.bits},
                      {"digits", proof.digits},       {"claims", Json::array()}};
  for (const auto& d : proof.decisions)
    certificate["claims"].push_back(
        {{"claim", d.claim.text}, {"verdict", theory::name(d.verdict)}, {"lower", d.lower}, {"upper", d.upper}});
  certificate["moments"] = proof.moments;
  return certificate;
}

}  // namespace benign::proofs
