// A certificate is checked by other formulas and other code than those that made it:
//
//     inner products   each product of two doubles added to the 128-bit sum of its exponent, exactly
//     the descent      the second closure of THEORY section 3, of ℓ, H = SWWᵀSᵀ and r = ‖p‖², with ‖q‖² where a claim
//                      needs it (checker_replay.hpp); the prover follows the coefficients a and Φ unless it is told
//                      to follow ℓ, H and r in its own units
//     the gradient     g_t = −(Y/n) σ(−Yf) s_t Σ_j s_j (v_t − v_j), as it stands
//     intervals        MPFI itself
//
// Shared with the prover: the drawing of the data, whose hash is compared, and the reading of claims.

#include "proofs_check/certificate.hpp"
#include "proofs_check/checker_replay.hpp"
#include "proofs_check/options.hpp"
#include "proofs_check/usage_error.hpp"

#include <algorithm>

namespace benign::proofs {
namespace {

using sim::Json;

bool intersects(const Enclosure& x, const std::string& low, const std::string& high) {
  return !certainly_less(x, Enclosure(low)) && !certainly_less(Enclosure(high), x);
}

}  // namespace

std::vector<std::string> verify(const std::string& path) {
  const std::string where = "--verify " + path, text = read_text(where, path);
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object() || json.value("benign_certificate", 0) != 1)
    throw UsageError(where + ": not a certificate");
  const sim::RunConfig config = config_from_json(where, text);
  std::vector<Claim> claims;
  std::vector<Json> stated;
  long bits = 0;
  std::string hash;
  try {
    bits = json.at("bits").get<long>();
    hash = json.at("data_hash").get<std::string>();
    for (const Json& claim : json.at("claims")) {
      claims.push_back(parse_claim(where, claim.at("claim").get<std::string>(), config));
      for (const char* key : {"verdict", "lower", "upper"}) claim.at(key).get<std::string>();
      stated.push_back(claim);
    }
  } catch (const nlohmann::json::exception& error) {
    throw UsageError(where + ": " + error.what());
  }
  if (bits < 2 || bits > 100'000) throw UsageError(where + ": bits", std::to_string(bits), "from 2 to 100000");
  if (config.train != sim::Train::W_and_p || config.parameters.sigma_p.exact() != 0 || config.flow)
    throw UsageError(where + ": the checker knows descents of W and p from p0 = 0 alone");

  std::vector<std::string> objections;
  const sim::Instance instance = sim::draw_instance(config.parameters, config.data, config.seed, config.brought);
  if (sim::data_hash(instance) != hash) return {"the data have another hash: " + sim::data_hash(instance)};

  const bool with_q = std::any_of(claims.begin(), claims.end(), [](const Claim& claim) {
    return claim.quantity == "q_norm2" || claim.quantity == "test_error";
  });
  const CheckerData data(instance, with_q);
  std::vector<bool> done(claims.size(), false);
  constexpr int attempts = 4;
  for (int attempt = 0; attempt < attempts && std::count(done.begin(), done.end(), false) > 0; ++attempt, bits += 64) {
    const WorkingPrecision precision(bits);
    Replay replay(instance, data, bits);
    Enclosure before, fall;
    long last = 0;
    for (std::size_t c = 0; c < claims.size(); ++c)
      if (!done[c]) last = std::max(last, claims[c].step);
    for (long step = 0; step <= last; ++step) {
      if (step > 0) replay.step();
      auto moment = replay.moment();
      if (step > 0) fall = step == 1 ? before - moment.loss : lesser(fall, before - moment.loss);
      before = moment.loss, moment.least_fall = fall;
      for (std::size_t c = 0; c < claims.size(); ++c) {
        if (done[c] || claims[c].step != step) continue;
        const std::string verdict = stated[c]["verdict"].get<std::string>();
        const Enclosure value = value_of(claims[c], moment, instance);
        const theory::Verdict mine = verdict_of(claims[c], value);
        if (mine == theory::Verdict::undecided && verdict != "undecided" && attempt + 1 < attempts) continue;
        done[c] = true;
        if (verdict != theory::name(mine))
          objections.push_back(claims[c].text + ": " + theory::name(mine) + ", not " + verdict);
        else if (!intersects(value, stated[c]["lower"].get<std::string>(), stated[c]["upper"].get<std::string>()))
          objections.push_back(claims[c].text + ": the enclosure is [" + lower_text(value, 20) + ", " +
                               upper_text(value, 20) + "], which has nothing in common with the certificate's");
      }
    }
  }
  return objections;
}

}  // namespace benign::proofs
