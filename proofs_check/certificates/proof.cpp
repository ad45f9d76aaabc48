#include "proofs_check/certificates/proof.hpp"

#include "proofs_check/certificates/decided_moment.hpp"
#include "proofs_check/text/format.hpp"
#include "sim/runs/data_hash.hpp"
#include "sim/enclosures/flow/enclosed_flow.hpp"
#include "sim/enclosures/enclosed_limit.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

namespace benign::proofs {
namespace {

using sim::Json;

long more_bits(const sim::RunConfig& config, long bits) {
  for (const long next : sim::orbit_bits)
    if (sim::near_orbits(config) && bits < next) return next;
  return bits < 256 ? bits + 64 : bits * 3 / 2;
}

/// Calls attempt(proof, digits to print, decisions of the attempt before) with more and more bits until all claims are decided or
/// limited; from the attempt on that `state`, unless it is null, is of.
template <class Attempt>
Proof with_rising_precision(const sim::RunConfig& config, const std::vector<Claim>& claims, long most_bits,
                            const Attempt& attempt, const Json& state = {}) {
  Proof proof;
  std::vector<Decision> before;
  long bits = std::min(first_bits(config), most_bits);
  if (!state.is_null()) bits = state.at("bits"), before = decisions_of(state.at("before"), claims);
  for (;; bits = std::min(more_bits(config, bits), most_bits)) {
    const WorkingPrecision precision(bits);
    proof = Proof{.config = config,
                  .bits = bits,
                  .digits = static_cast<long>(static_cast<double>(bits) / std::log2(10.0)),
                  .data_hash = {},
                  .decisions = {},
                  .moments = Json::array(),
                  .stopped = {}};
    for (const auto& claim : claims) proof.decisions.emplace_back().claim = claim;
    attempt(proof, static_cast<int>(proof.digits) + 1, before);
    bool open = false;
    for (std::size_t k = 0; k < claims.size(); ++k) {
      Decision& now = proof.decisions[k];
      if (now.verdict != theory::Verdict::undecided) continue;
      // Below a double's normal numbers widths are rounded to few bits, and say nothing of how they shrink.
      if (now.limit.empty() && !before.empty() && std::isnormal(before[k].width) && now.width > before[k].width / 2)
        now.limit = "an enclosure that more digits do not narrow";
      if (now.limit.empty() && bits >= most_bits)
        now.limit = format("%ld digits; --digits-max allows no more", proof.digits) +
                    (proof.stopped.empty() ? "" : " (the run stopped: " + proof.stopped + ")") +
                    (now.claim.trend == Trend::none ? "" : "; where two steps are equal no number of digits decides");
      open = open || now.limit.empty();
    }
    if (!open) return proof;
    before = proof.decisions;
  }
}

/// Decides a claim about an event: by its time, or by that before which it does not happen, which may be the horizon.
void decide_event(Decision& decision, const sim::EnclosedEvent& event, bool before_horizon,
                  const sim::RunConfig& config, int digits) {
  if (event.log_s) return decide(decision, *event.log_s, digits);
  Enclosure later = event.not_before;
  mpfr_set_inf(&later.data()->right, 1);
  decide(decision, later, digits);
  if (decision.verdict == theory::Verdict::undecided && before_horizon)
    decision.limit =
        "the horizon, " +
        (config.log_s_max ? "--log-s-max " + config.log_s_max->text() : "--tau-max " + config.tau_max.text()) +
        ", before which it does not happen";
}

Proof prove_limit(const sim::RunConfig& config, const std::vector<Claim>& claims, long most_bits,
                  const ProofProgress& progress) {
  const long last = static_cast<long>(std::max(config.log_s_max->as<double>(), 0.0)) + 2;  // about, in u
  return with_rising_precision(config, claims, most_bits, [&](Proof& proof, int digits, const auto&) {
    const auto events = sim::enclose_limit_flow(config.parameters, *config.log_s_max, [&](double u, double) {
      progress(proof.bits, static_cast<long>(u), last);
    });
    for (auto& decision : proof.decisions)
      decide_event(decision, decision.claim.quantity == "log_s_fit" ? events.fit : events.gap, events.stopped.empty(),
                   config, digits);
    proof.stopped = events.stopped;
    proof.moments.push_back({{"steps", events.steps}, {"width", events.width}, {"stopped", events.stopped}});
  });
}

/// An event of a flow as a claim names it, a question asks for it, and what is found of it.
struct FlowEvent {
  const char* name;
  bool sim::FlowQuestion::*asked;
  sim::FirstTime sim::FlowEvents::*first;
};
constexpr FlowEvent flow_events[] = {{"log_s_fit", &sim::FlowQuestion::fit, &sim::FlowEvents::fit},
                                     {"log_s_gap", &sim::FlowQuestion::gap, &sim::FlowEvents::gap},
                                     {"log_s_half_loss", &sim::FlowQuestion::half_loss, &sim::FlowEvents::half_loss}};

const FlowEvent& event_of(const Claim& claim) {
  return *std::find_if(std::begin(flow_events), std::end(flow_events),
                       [&](const FlowEvent& event) { return claim.quantity == event.name; });
}

/// What the claims ask of a flow.
sim::FlowQuestion question_of(const std::vector<Claim>& claims) {
  sim::FlowQuestion asked{.end = false};
  for (const Claim& claim : claims) asked.*(claim.of_event() ? event_of(claim).asked : &sim::FlowQuestion::end) = true;
  return asked;
}

void decide_first_time(Decision& decision, const sim::EnclosedFlowEnd& end, const sim::RunConfig& config, int digits) {
  const sim::FirstTime& first = end.events.*event_of(decision.claim).first;
  if (first.from_the_start())
    decision.limit = "it is so from the start, and has no time";
  else
    decide_event(decision, first.event(), end.stopped.empty() && first.excluded(), config, digits);
}

Proof prove_flow(const sim::RunConfig& config, const std::vector<Claim>& claims, long most_bits,
                 const ProofProgress& progress, sim::SharedDraws& shared, ProofFolder* folder) {
  const sim::ExactInstance exact(config, q_norm_for(claims), shared);
  const Json stood = folder ? folder->state() : Json();
  bool goes_on = !stood.is_null();
  const auto attempt_it = [&](Proof& attempt, int digits, const std::vector<Decision>& before) {
    const auto shown = [&](double s, double last) {
      const auto thousandths = [](double time) { return std::lround(1000 * elementary::log1p(time)); };
      progress(attempt.bits, thousandths(s), thousandths(last));  // steps are in proportion to 1 + s
    };
    sim::Resumption resumption;
    if (std::exchange(goes_on, false)) resumption.from = stood.at("flow");
    if (folder)
      resumption.keep = [&](const Json& flow) {
        folder->keep({{"bits", attempt.bits}, {"before", records_of(before)}, {"flow", flow}});
      };
    const auto end = sim::enclose_flow(exact, shown, {}, question_of(claims), resumption);
    Json moment = {{"taylor_steps", end.steps}, {"s", end.s}, {"distance", end.distance}, {"stopped", end.stopped}};
    for (auto& decision : attempt.decisions)
      if (decision.claim.of_event()) decide_first_time(decision, end, config, digits);
    if (end.moment) {
      for (auto& decision : attempt.decisions)
        if (!decision.claim.of_event()) decide_at(decision, *end.moment, exact, digits);
      moment.update(moment_json(*end.moment, digits));
      moment.erase("step");
    }
    attempt.moments.push_back(moment);
    attempt.stopped = end.stopped;
  };
  Proof proof = with_rising_precision(config, claims, most_bits, attempt_it, stood);
  proof.data_hash = sim::data_hash(exact.instance, config);
  return proof;
}

/// A descent that sees all its claims' steps, at one precision.
class SeenDescent {
 public:
  SeenDescent(const sim::ExactInstance& exact, const std::vector<Claim>& claims, const std::vector<long>& extra_steps)
      : exact_(exact), claims_(claims), told_(extra_steps.begin(), extra_steps.end()) {
    for (const auto& claim : claims) told_.insert(claim.step);
    steps_ = told_;
    for (const auto& claim : claims)  // a trend is one of all steps up to its own
      for (long step = 0; claim.trend != Trend::none && step < claim.step; ++step) steps_.insert(step);
  }

  long last() const { return *steps_.rbegin(); }

  /// Goes on from `state` unless that is null, and tells `keep`, if there is one, of states to go on from.
  void run(Proof& attempt, int digits, const std::function<void(long)>& progress, const Json& state,
           const std::function<void(const Json&)>& keep) const {
    std::vector<Change> changes(claims_.size());
    sim::Resumption resumption;
    if (!state.is_null()) {
      attempt.decisions = decisions_of(state.at("decisions"), claims_), attempt.moments = state.at("moments");
      for (std::size_t k = 0; k < changes.size(); ++k) changes[k].resume(state.at("changes").at(k));
      resumption.from = state.at("descent");
    }
    if (keep)
      resumption.keep = [&](const Json& descent) {
        Json now = {
            {"decisions", records_of(attempt.decisions)}, {"changes", Json::array()}, {"moments", attempt.moments}};
        for (const Change& change : changes) now["changes"].push_back(change.record());
        now["descent"] = descent;
        keep(now);
      };
    sim::enclose_descent(
        exact_, {steps_.begin(), steps_.end()},
        [&](const sim::EnclosedMoment& moment) { see(moment, attempt, digits, changes); }, progress, resumption);
  }

 private:
  void see(const sim::EnclosedMoment& moment, Proof& attempt, int digits, std::vector<Change>& changes) const {
    for (std::size_t k = 0; k < claims_.size(); ++k) {
      const Claim& claim = claims_[k];
      if (moment.step > claim.step) continue;
      if (claim.trend != Trend::none) changes[k].see(claim, value_of(claim, moment, exact_));
      if (moment.step < claim.step) continue;
      if (claim.trend != Trend::none)
        decide(attempt.decisions[k], changes[k].least(), digits);
      else
        decide_at(attempt.decisions[k], moment, exact_, digits);
    }
    if (told_.contains(moment.step)) attempt.moments.push_back(moment_json(moment, digits));
  }

  const sim::ExactInstance& exact_;
  const std::vector<Claim>& claims_;
  std::set<long> told_, steps_;
};

Proof prove_descent(const sim::RunConfig& config, const std::vector<Claim>& claims,
                    const std::vector<long>& extra_steps, long most_bits, const ProofProgress& progress,
                    sim::SharedDraws& shared, ProofFolder* folder) {
  const sim::ExactInstance exact(config, q_norm_for(claims), shared);
  const SeenDescent descent(exact, claims, extra_steps);
  Json state = folder ? folder->state() : Json();
  Proof proof = with_rising_precision(
      config, claims, most_bits,
      [&](Proof& attempt, int digits, const std::vector<Decision>& before) {
        std::function<void(const Json&)> keep;
        if (folder)
          keep = [&](Json now) {
            now["bits"] = attempt.bits, now["before"] = records_of(before);
            folder->keep(now);
          };
        descent.run(
            attempt, digits, [&](long step) { progress(attempt.bits, step, descent.last()); },
            std::exchange(state, Json()), keep);
      },
      state);
  proof.data_hash = sim::data_hash(exact.instance, config);
  return proof;
}

}  // namespace

sim::QNorm q_norm_for(const std::vector<Claim>& claims) {
  const bool asked = std::any_of(claims.begin(), claims.end(), [](const Claim& claim) { return claim.needs_q_norm(); });
  return asked ? sim::QNorm::needed : sim::QNorm::not_needed;
}

/// Some products of an N × N matrix for each step, in intervals twice, and the products of the digits of N and of d rows.
ProofSeconds expected_proof_seconds(const sim::RunConfig& config) {
  const auto& p = config.parameters;
  const double N = static_cast<double>(p.tokens()), d = static_cast<double>(p.d);
  constexpr double of_a_product = 9e-10, of_enclosures = 1e-7;
  const double of_an_entry = sim::near_orbits(config) ? 5e-8 : 1.5e-6;
  const double products = config.data == sim::DataKind::gram ? 5 * N * N * N * of_enclosures
                          : p.init == theory::Init::identity ? N * d * N * of_a_product
                                                             : N * d * d * of_a_product;
  return {products, static_cast<double>(p.steps) * N * N * of_an_entry};
}

long bits_of_digits(long digits) { return static_cast<long>(std::ceil(static_cast<double>(digits) * std::log2(10.0))); }

/// By s attention has come within 1/s of 1, which an instance's flow has to tell from it.
long first_bits(const sim::RunConfig& config) {
  if (config.flow && config.route == sim::RouteKind::limit) return 128;
  if (config.flow) {
    constexpr long least = 150, beside = 30;
    constexpr double bits_of_one = 1.4426950408889634;  // of log s
    const double late = config.log_s_max ? config.log_s_max->as<double>() * bits_of_one : 0;
    return std::max(least, static_cast<long>(std::min(late, 1e6)) + beside);
  }
  return sim::near_orbits(config) ? sim::orbit_bits[0] : 64;
}

/// An enclosure is two numbers of MPFR, each 32 bytes, its limbs, and what the allocator adds to these: 16 bytes. A
/// proof keeps K̂, Ĥ, Ĵ and Φ̂, twice where a step moves them; the digits of S, SW₀ and SW₀W₀ᵀ as doubles, some four,
/// eight and twelve of them, and as many again while they are made; and those of the N × N products; of `gram` some
/// more enclosures. A flow keeps its Taylor terms, 11/50 bits of N entries, several times. Measured at d from 1500 to
/// 16,000, N = 160: 22 to 32 numbers for each coordinate of a token, and 12 more where ‖q‖² is asked for.
double proof_bytes(const sim::RunConfig& config, long bits) {
  if (config.route == sim::RouteKind::limit) return 0;
  const double N = static_cast<double>(config.parameters.tokens()) + 2, d = static_cast<double>(config.parameters.d);
  const double enclosure = 2 * (32 + 16 + 8 * std::ceil(static_cast<double>(bits) / 64));
  const double terms = config.flow ? static_cast<double>(bits) * 11 / 50 * N * 40 : 0;
  const bool tokens = config.data != sim::DataKind::gram;
  return enclosure * ((tokens ? 6 : 14) * N * N + terms) + 8 * ((tokens ? 48 * N * d : 0) + 40 * N * N);
}

Proof prove(const sim::RunConfig& config, const std::vector<Claim>& claims, const std::vector<long>& extra_steps,
            long most_bits, const ProofProgress& progress, sim::SharedDraws& shared, ProofFolder* folder) {
  if (!config.flow) return prove_descent(config, claims, extra_steps, most_bits, progress, shared, folder);
  return config.route == sim::RouteKind::limit ? prove_limit(config, claims, most_bits, progress)
                                               : prove_flow(config, claims, most_bits, progress, shared, folder);
}

}  // namespace benign::proofs
