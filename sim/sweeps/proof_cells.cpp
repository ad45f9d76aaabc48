#include "sim/sweeps/proof_cells.hpp"

#include "theory/numbers/element.hpp"

#include <algorithm>

namespace benign::sim {
namespace {

using theory::Verdict;

/// The place of a value in a list of all, or their number.
template <class List, class Value>
std::size_t place_in(const List& list, const Value& value) {
  return static_cast<std::size_t>(std::find(std::begin(list), std::end(list), value) - std::begin(list));
}

std::size_t place_of_regime(const std::string& regime) { return place_in(regime_names, regime); }

/// What is worse to have in a cell comes later.
int weight(const std::optional<Verdict>& verdict) {
  return !verdict ? 0 : *verdict == Verdict::proved ? 1 : *verdict == Verdict::violated ? 2 : 3;
}

bool contradicts(const ProvedClaim& claim) {
  if (!claim.holds || !claim.verdict || *claim.verdict == Verdict::undecided) return false;
  return *claim.holds != (*claim.verdict == Verdict::proved);
}

Json claim_json(const std::string& text, const ProvedClaim& claim) {
  Json json = {{"claim", text},
               {"verdict", claim.verdict ? Json(theory::name(*claim.verdict)) : Json(nullptr)},
               {"lower", claim.lower},
               {"upper", claim.upper},
               {"computed", number_json(claim.computed)},
               {"computed_holds", claim.holds ? Json(*claim.holds) : Json(nullptr)}};
  if (!claim.limit.empty()) json["limit"] = claim.limit;
  return json;
}

ProvedClaim read_claim(const Json& json) {
  ProvedClaim claim{{}, json.at("lower"), json.at("upper"), json.value("limit", ""), read_number(json.at("computed")),
                    {}};
  if (!json.at("computed_holds").is_null()) claim.holds = json.at("computed_holds").get<bool>();
  if (json.at("verdict").is_null()) return claim;
  for (const Verdict one : proof_verdicts)
    if (json.at("verdict") == theory::name(one)) claim.verdict = one;
  if (!claim.verdict) throw Json::other_error::create(501, "no verdict of a proof", &json);
  return claim;
}

template <std::size_t Count>
Json counts_json(const std::array<long, Count>& counts, const char* const (&names)[Count]) {
  Json json = Json::object();
  for (std::size_t k = 0; k < Count; ++k) json[names[k]] = counts[k];
  return json;
}

}  // namespace

/// Where x is one of those that draw anew, which y may not be.
bool ProofSweep::down_columns() const {
  constexpr const char* draws_anew[] = {"d", "n", "T", "sigma", "kappa"};
  return place_in(draws_anew, grid_.x.name) < std::size(draws_anew);
}

long ProofSweep::unit(long column, long row, long seed) const {
  return seed * lines() + (down_columns() ? column * grid_.rows() + row : row * grid_.columns() + column);
}

RunConfig ProofSweep::config(long unit) const {
  const long cell = unit % lines(), columns = grid_.columns(), rows = grid_.rows();
  RunConfig config =
      down_columns() ? grid_.config(cell / rows, cell % rows) : grid_.config(cell % columns, cell / columns);
  config.seed += static_cast<std::uint64_t>(unit / lines());
  return config;
}

std::vector<ProofCell> ProofSweep::merge(std::span<const ProvedRun> found) const {
  std::vector<ProofCell> cells;
  for (long k = 0; k < lines(); ++k) {
    ProofCell cell{k % grid_.columns(), k / grid_.columns(), {}, {}, {}};
    cell.claims.resize(asked_.claims.size());
    for (long seed = 0; seed < seeds_; ++seed) {
      const ProvedRun& run = element(found, unit(cell.column, cell.row, seed));
      if (run.claims.size() != cell.claims.size()) continue;  // not there yet
      for (std::size_t c = 0; c < cell.claims.size(); ++c) {
        ProofCell::OfClaim& of = cell.claims[c];
        const ProvedClaim& one = run.claims[c];
        if (one.verdict) ++of.runs[place_in(proof_verdicts, *one.verdict)];
        of.contradicted += contradicts(one);
        if (weight(one.verdict) > weight(of.worst.verdict)) of.worst = one;
      }
      if (const auto at = place_of_regime(run.regime); at < cell.regimes.size()) ++cell.regimes[at];
      if (const auto at = place_of_regime(run.computed_regime); at < cell.computed_regimes.size())
        ++cell.computed_regimes[at];
    }
    cells.push_back(std::move(cell));
  }
  return cells;
}

Json ProofSweep::found_json(const ProvedRun& found) const {
  Json json = {{"regime", found.regime}, {"computed_regime", found.computed_regime}, {"digits", found.digits}};
  json["claims"] = Json::array();
  for (std::size_t k = 0; k < found.claims.size(); ++k)
    json["claims"].push_back(claim_json(asked_.claims[k], found.claims[k]));
  return json;
}

ProvedRun ProofSweep::read_found(const Json& json) const {
  ProvedRun run{{}, json.at("regime"), json.at("computed_regime"), json.at("digits")};
  for (const Json& claim : json.at("claims")) run.claims.push_back(read_claim(claim));
  if (run.claims.size() != asked_.claims.size()) throw Json::other_error::create(501, "other claims", &json);
  return run;
}

Json ProofSweep::line_json(const ProofCell& cell) const {
  const RunConfig config = grid_.config(cell.column, cell.row);
  Json line = {{"index", cell.row * grid_.columns() + cell.column},
               {"x", element(grid_.x.values, cell.column).as<double>()},
               {"y", element(grid_.y.values, cell.row).as<double>()},
               {"config", config_json(config)}};
  line.update(provenance_json(config));
  line["seeds"] = seeds_;
  line["claims"] = Json::array();
  for (std::size_t k = 0; k < cell.claims.size(); ++k) {
    Json claim = claim_json(asked_.claims[k], cell.claims[k].worst);
    for (std::size_t v = 0; v < std::size(proof_verdicts); ++v)
      claim["verdicts"][theory::name(proof_verdicts[v])] = cell.claims[k].runs[v];
    claim["contradicted"] = cell.claims[k].contradicted;
    line["claims"].push_back(claim);
  }
  line["proved_regimes"] = counts_json(cell.regimes, regime_names);
  line["computed_regimes"] = counts_json(cell.computed_regimes, regime_names);
  return line;
}

ProofCell ProofSweep::read_line(const Json& json) const {
  const long index = json.at("index");
  ProofCell cell{index % grid_.columns(), index / grid_.columns(), {}, {}, {}};
  for (const Json& claim : json.at("claims")) {
    ProofCell::OfClaim of{{}, claim.at("contradicted"), read_claim(claim)};
    for (std::size_t v = 0; v < std::size(proof_verdicts); ++v)
      of.runs[v] = claim.at("verdicts").at(theory::name(proof_verdicts[v]));
    cell.claims.push_back(std::move(of));
  }
  if (cell.claims.size() != asked_.claims.size()) throw Json::other_error::create(501, "other claims", &json);
  for (std::size_t k = 0; k < std::size(regime_names); ++k) {
    cell.regimes[k] = json.at("proved_regimes").at(regime_names[k]);
    cell.computed_regimes[k] = json.at("computed_regimes").at(regime_names[k]);
  }
  return cell;
}

Json ProofSweep::description() const {
  Json json = grid_description(grid_, seeds_);
  json["prove"] = asked_.claims, json["digits_max"] = asked_.most_digits;
  return json;
}

}  // namespace benign::sim
