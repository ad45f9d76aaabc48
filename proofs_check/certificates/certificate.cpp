#include "proofs_check/certificates/certificate.hpp"

#include "proofs_check/certificates/family.hpp"
#include "proofs_check/text/format.hpp"
#include "sim/runs/data_hash.hpp"

#include <algorithm>

namespace benign::proofs {
namespace {

using sim::Json;

Json end_or_null(const std::optional<std::string>& end) { return end ? Json(*end) : Json(nullptr); }

/// With what stays undecided.
Json decision_json(const Decision& d) {
  const auto [lower, upper] = printed_ends(d);
  Json claim = {{"claim", d.claim.text}, {"verdict", theory::name(d.verdict)}, {"lower", lower}, {"upper", upper}};
  if (d.count) claim["samples"] = {d.count->least, d.count->most};
  if (!d.limit.empty()) claim["limit"] = d.limit;
  return claim;
}

/// The parameters along which a family is one, as a piece of it has them.
std::vector<std::pair<const char*, const theory::Decimal*>> ranges_of(const Proof& family, const Proof::Piece& piece) {
  const auto &there = piece.config.parameters, &all = family.config.parameters;
  std::vector<std::pair<const char*, const theory::Decimal*>> ranges;
  if (all.mu.is_range()) ranges.emplace_back("mu", &there.mu);
  if (all.rho.is_range()) ranges.emplace_back("rho", &there.rho);
  if (all.lr.is_range()) ranges.emplace_back("lr", &there.lr);
  return ranges;
}

/// {"mu": [LOW, HIGH]}; of a member both are the same.
Json part_json(const Proof& family, const Proof::Piece& piece) {
  Json part;
  for (const auto& [name, range] : ranges_of(family, piece)) part[name] = {range->low().text(), range->high().text()};
  return part;
}

/// Which part of a family's box decides a claim so.
bool decides(const Proof::Piece& piece, const Decision& claim) {
  return std::any_of(piece.decisions.begin(), piece.decisions.end(), [&](const Decision& here) {
    return here.claim.text == claim.claim.text && here.verdict == claim.verdict;
  });
}

/// The first part of a family's box that refutes a claim.
const Proof::Piece& refuting(const Proof& family, const Decision& violated) {
  return *std::find_if(family.pieces.begin(), family.pieces.end(),
                       [&](const Proof::Piece& piece) { return decides(piece, violated); });
}

/// The pieces on which a claim that is proved is so: all of the box. Where none is, the box itself.
Json pieces_json(const Proof& family) {
  Json pieces = Json::array();
  for (const Decision& d : family.decisions) {
    if (d.verdict != theory::Verdict::proved) continue;
    for (const Proof::Piece& piece : family.pieces)
      if (decides(piece, d)) pieces.push_back(part_json(family, piece));
    break;
  }
  if (pieces.empty()) pieces.push_back(part_json(family, {family.config, {}}));
  return pieces;
}

}  // namespace

Json certificate_json(const Proof& proof) {
  Json json = {{"benign_certificate", 2},
               {"made_by", sim::build_info_json()},
               {"config", sim::config_json(proof.config)},
               {"data_hash", proof.data_hash.empty() ? Json(nullptr) : Json(proof.data_hash)}};
  for (const auto& [name, path] : sim::token_files(proof.config)) json["files"][name] = sim::sha256_of_file(path);
  const bool family = is_family(proof.config);
  if (family) json["pieces"] = pieces_json(proof);
  json["claims"] = Json::array();
  for (const auto& d : proof.decisions) {
    if (d.verdict == theory::Verdict::undecided) continue;
    Json claim = {{"claim", d.claim.text}, {"verdict", theory::name(d.verdict)}};
    if (d.count)
      claim["lower"] = d.count->least, claim["upper"] = d.count->most;
    else if (d.claim.of_test())  // its bounds are no statement: the checker has others
      claim["lower"] = nullptr, claim["upper"] = nullptr;
    else
      claim["lower"] = end_or_null(d.lower), claim["upper"] = end_or_null(d.upper);
    if (family && d.verdict == theory::Verdict::violated) claim["where"] = part_json(proof, refuting(proof, d));
    json["claims"].push_back(claim);
  }
  return json;
}

namespace {

/// The members of a family that refute a claim, as "mu = 3.1".
std::string refuting_text(const Proof& family, const Decision& violated) {
  std::string text;
  for (const auto& [name, range] : ranges_of(family, refuting(family, violated)))
    text += std::string(text.empty() ? "" : ", ") + name + (range->is_range() ? " in " : " = ") + range->text();
  return text;
}

}  // namespace

Json proof_json(const Proof& proof) {
  Json json = {{"config", sim::config_json(proof.config)},
               {"data_hash", proof.data_hash},
               {"bits", proof.bits},
               {"digits", proof.digits},
               {"claims", Json::array()}};
  for (const Decision& d : proof.decisions) json["claims"].push_back(decision_json(d));
  for (const Proof::Piece& piece : proof.pieces) {
    Json one = {{"claims", Json::array()}};
    one.update(part_json(proof, piece));
    for (const Decision& d : piece.decisions) one["claims"].push_back(decision_json(d));
    json["pieces"].push_back(one);
  }
  json["moments"] = proof.moments;
  return json;
}

std::string proof_table(const Proof& proof, double wall_s) {
  const auto& p = proof.config.parameters;
  std::string text = format("d = %ld, |mu| = %s, n = %ld, T = %ld, seed %llu, ", p.d, p.mu.text().c_str(), p.n, p.T,
                            static_cast<unsigned long long>(proof.config.seed)) +
                     (proof.config.flow ? std::string("gradient flow") : format("%ld steps of descent", p.steps)) +
                     "\n";
  for (const auto& [name, range] : {std::pair{"rho", &p.rho}, {"lr", &p.lr}})
    if (range->is_range()) text += std::string("for every ") + name + " in " + range->text() + "\n";
  for (const auto& d : proof.decisions) {
    text += format("%-12s%-36s ", theory::name(d.verdict), d.claim.text.c_str());
    if (d.count && d.count->least == d.count->most)
      text += format("%ld of %ld\n", d.count->least, d.claim.samples);
    else if (d.count)
      text += format("%ld to %ld of %ld\n", d.count->least, d.count->most, d.claim.samples);
    else
      text += std::string(d.claim.trend == Trend::none          ? ""
                          : d.claim.trend == Trend::never_falls ? "least rise in one step "
                                                                : "least fall in one step ") +
              "in [" + d.lower.value_or("-inf") + ", " + d.upper.value_or("inf") + "]\n";
    if (d.verdict == theory::Verdict::violated && !proof.pieces.empty())
      text += format("%-12sof ", "") + refuting_text(proof, d) + "\n";
    if (!d.limit.empty()) text += format("%-12swhat limits it: ", "") + d.limit + "\n";
  }
  if (!proof.pieces.empty())
    text += format("%zu piece%s of the range looked at; ", proof.pieces.size(), proof.pieces.size() == 1 ? "" : "s");
  return text + format("%ld digits (%ld bits), %.3g s\n", proof.digits, proof.bits, wall_s);
}

}  // namespace benign::proofs
