#pragma once
// Certificates for tests of the checker, made without the prover: numbers come from a simulation in 100 digits, and an
// interval is one of them with a margin on both sides.

#include "proofs_check/checker/check.hpp"
#include "sim/runs/data_hash.hpp"
#include "sim/runs/records.hpp"
#include "sim/runs/simulate.hpp"
#include "theory/model/model.hpp"

#include <map>
#include <random>
#include <string>

namespace benign::tests {

using Json = nlohmann::ordered_json;

/// −d.d…e±dd of a number of 100 digits, which is rounded to nearest: add a margin first.
inline std::string end_text(const mp100& x) {
  const std::string raw = x.str(80, std::ios_base::scientific);
  const auto e = raw.find('e');
  std::string mantissa = raw.substr(0, e), power = e == std::string::npos ? "+00" : raw.substr(e + 1);
  if (power[0] != '+' && power[0] != '-') power = '+' + power;
  if (power.size() < 3) power.insert(1, "0");
  return mantissa + "e" + power;
}
inline std::string decimal_text(const mp100& x) { return x.str(60, std::ios_base::scientific); }

/// What a run's quantities are, by the names of claims, at every step of a descent or at a flow's end.
using Truth = std::map<std::string, mp100>;

template <class Real>
Truth truth_of(const sim::Run<Real>& run, const sim::Observation<Real>& seen) {
  const auto& samples = run.frame().samples;
  const auto& noisy = run.frame().noisy;
  const Vector<Real> s = theory::attention(samples, seen.readout.logits);
  Truth truth;
  const auto set = [&](const std::string& name, const Real& x) { truth[name] = mp100(x); };
  set("train_loss", seen.train_loss), set("mu_plus_q", seen.readout.mu_plus_q);
  set("mu_minus_q", seen.readout.mu_minus_q);
  if (seen.readout.q_norm2) set("q_norm2", *seen.readout.q_norm2);
  std::map<std::string, std::vector<mp100>> groups;
  mp100 least = 1e9, right = 0;
  for (Index i = 0; i < samples.n; ++i) {
    const mp100 margin = mp100(Real(samples.labels[static_cast<std::size_t>(i)] * seen.outputs[i]));
    truth["margin[" + std::to_string(i) + "]"] = margin;
    least = std::min(least, margin), right += margin > 0;
    groups[noisy[static_cast<std::size_t>(i)] ? "attention_noisy" : "attention_clean"].push_back(
        mp100(s[i * samples.T]));
    for (Index t = 0; t < samples.T; ++t) {
      const std::string at = "[" + std::to_string(i) + "," + std::to_string(t) + "]";
      set("logit" + at, seen.readout.logits[i * samples.T + t]), set("attention" + at, s[i * samples.T + t]);
    }
  }
  truth["least_margin"] = least, truth["train_accuracy"] = right;
  for (const auto& [name, all] : groups) {
    mp100 sum = 0;
    for (const mp100& one : all) sum += one;
    truth[name] = sum / mp100(all.size());
    truth[name + "_min"] = *std::min_element(all.begin(), all.end());
    truth[name + "_max"] = *std::max_element(all.begin(), all.end());
  }
  return truth;
}

/// Of steps 0, 1, … of a descent.
inline std::vector<Truth> descent_truth(const sim::Run<mp100>& run) {
  std::vector<Truth> all;
  mp100 before = 0, fall = 0;
  sim::simulate<mp100>(run, 1, [&](const sim::Observation<mp100>& seen) {
    Truth truth = truth_of(run, seen);
    const mp100 change = before - truth["train_loss"];
    if (!all.empty()) truth["loss_fall"] = fall = all.size() == 1 ? change : std::min(fall, change);
    before = truth["train_loss"];
    all.push_back(truth);
  });
  return all;
}

/// A claim that the number, known to `margin`, is below, or above, a bound.
inline Json claim_json(const std::string& name, const mp100& value, const mp100& margin, const std::string& relation,
                       const mp100& bound, long n, const std::string& at = "") {
  const bool accuracy = name == "train_accuracy";
  const mp100 x = accuracy ? value / n : value;
  const bool below = relation[0] == '<', strict = relation.size() == 1;
  const mp100 b(decimal_text(bound));
  const bool holds = below ? (strict ? x < b : x <= b) : (strict ? x > b : x >= b);
  Json claim = {{"claim", name + relation + decimal_text(bound) + at}, {"verdict", holds ? "proved" : "violated"}};
  if (accuracy)
    claim["lower"] = claim["upper"] = static_cast<long>(value);
  else
    claim["lower"] = end_text(value - margin), claim["upper"] = end_text(value + margin);
  return claim;
}

/// Everything but the claims.
inline Json certificate_without_claims(const sim::RunConfig& config, const sim::Instance* instance) {
  Json certificate = {{"benign_certificate", 2},
                      {"made_by", {{"version", "0.1.0"}, {"source", "a test"}, {"flags", ""}, {"compiler", ""}}},
                      {"config", sim::config_json(config)},
                      {"data_hash", instance ? Json(sim::data_hash(*instance, config)) : Json(nullptr)}};
  const auto files = sim::token_files(config);
  for (const auto& [name, path] : files) certificate["files"][name] = sim::sha256_of_file(path);
  certificate["claims"] = Json::array();
  return certificate;
}

inline sim::RunConfig small_config(std::uint64_t seed, long steps = 12) {
  std::mt19937_64 draw(seed);
  const auto pick = [&](auto... options) {
    const std::array all{options...};
    return all[draw() % all.size()];
  };
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = pick(2L, 4L), p.T = pick(3L, 4L), p.d = pick(8L, 20L, 30L), p.steps = steps;
  p.mu = theory::Decimal(pick("0.7", "2.3", "5")), p.rho = theory::Decimal(pick("0", "0.1", "0.3"));
  p.eta = theory::Decimal(pick("0", "0.2", "0.5")), p.sigma = theory::Decimal(pick("0.3", "1"));
  p.init = pick(theory::Init::uniform, theory::Init::gaussian, theory::Init::identity);
  p.lr = theory::Decimal(pick("0.02", "0.3", "2")), p.lr_unit = pick(theory::LrUnit::absolute, theory::LrUnit::tau0);
  config.seed = draw() % 1000;
  config.data = pick(sim::DataKind::dense, sim::DataKind::peer);
  return config;
}

inline checker::Report check_json(const Json& certificate) { return checker::check("test", certificate.dump(1)); }

}  // namespace benign::tests
