#include "proofs_check/certificate.hpp"

#include "sim/enclosed_flow.hpp"

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

}  // namespace

namespace {

/// What a flow's claim is about: unbounded where the event was not reached, NaN where the run could not go on.
Enclosure event_of(const Claim& claim, const sim::EnclosedEvents& events) {
  const auto& found = claim.quantity == "log_s_fit" ? events.fit : events.gap;
  if (found) return *found;
  Enclosure later;
  if (!events.stopped.empty()) return later;
  later = log(expm1(events.u));
  mpfr_set_inf(&later.data()->right, 1);
  return later;
}

}  // namespace

Proof prove_flow(const sim::RunConfig& config, const std::vector<Claim>& claims, long most_bits,
                 const std::function<void(long, long)>& progress) {
  Proof proof;
  const double horizon = config.log_s_max->as<double>();
  for (long bits = std::min(128L, most_bits);; bits = std::min(more_bits(bits), most_bits)) {
    const WorkingPrecision precision(bits);
    proof.bits = bits;
    proof.digits = static_cast<long>(static_cast<double>(bits) / std::log2(10.0));
    const int digits = static_cast<int>(proof.digits) + 1;
    proof.decisions.clear();
    const auto events = sim::enclose_limit_flow(config.parameters, horizon, [&](double u, double) {
      if (progress) progress(bits, static_cast<long>(u));
    });
    bool decided = true;
    for (const auto& claim : claims) {
      const Enclosure value = event_of(claim, events);
      Decision decision{claim, verdict_of(claim, value)};
      if (!is_nan(value)) decision.lower = lower_text(value, digits), decision.upper = upper_text(value, digits);
      decided = decided && decision.verdict != theory::Verdict::undecided;
      proof.decisions.push_back(std::move(decision));
    }
    proof.moments = {{"steps", events.steps}, {"width", events.width}, {"stopped", events.stopped}};
    if (decided || bits >= most_bits) return proof;
  }
}

long bits_of_digits(long digits) { return static_cast<long>(std::ceil(static_cast<double>(digits) * std::log2(10.0))); }

Proof prove(const sim::RunConfig& config, const std::vector<Claim>& claims, const std::vector<long>& extra_steps,
            long most_bits, const std::function<void(long, long)>& progress) {
  const sim::EnclosedDescent descent(config);
  Proof proof;
  proof.data_hash = sim::data_hash(descent.instance());
  std::set<long> steps(extra_steps.begin(), extra_steps.end());
  for (const auto& claim : claims) steps.insert(claim.step);

  for (long bits = std::min(64L, most_bits);; bits = std::min(more_bits(bits), most_bits)) {
    const WorkingPrecision precision(bits);
    proof.bits = bits;
    proof.digits = static_cast<long>(static_cast<double>(bits) / std::log2(10.0));
    const int digits = static_cast<int>(proof.digits) + 1;
    proof.decisions.clear();
    proof.moments = Json::array();
    for (const auto& claim : claims) proof.decisions.push_back({claim});
    bool stopped = false;  // no use to go on with so few bits
    const bool whole = descent.run(
        {steps.begin(), steps.end()},
        [&](const sim::EnclosedMoment& moment) {
          for (auto& decision : proof.decisions) {
            if (decision.claim.step != moment.step) continue;
            const Enclosure value = value_of(decision.claim, moment, descent.instance());
            decision.verdict = verdict_of(decision.claim, value);
            if (is_nan(value)) continue;
            decision.lower = lower_text(value, digits), decision.upper = upper_text(value, digits);
          }
          proof.moments.push_back(moment_json(moment, digits));
        },
        [&](long step) {
          if (progress) progress(bits, step);
        });
    stopped = !whole;
    const bool decided =
        !stopped && std::all_of(proof.decisions.begin(), proof.decisions.end(), [](const Decision& decision) {
          return decision.verdict != theory::Verdict::undecided;
        });
    if (decided || bits >= most_bits) return proof;
  }
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
