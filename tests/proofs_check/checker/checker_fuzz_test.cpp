// Damaged certificates: no crash, and none is accepted whose statement is false. The truth comes from 100 digits.

#include "tests/support/checker_writer.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::tests;

namespace {

struct Run {
  sim::RunConfig config;
  std::vector<Truth> truth;
  Json certificate;
};

Run make_run(std::uint64_t seed) {
  Run run{small_config(seed, 6), {}, {}};
  const sim::Run<mp100> simulation(run.config);
  run.truth = descent_truth(simulation);
  run.certificate = certificate_without_claims(run.config, &simulation.instance());
  std::mt19937_64 draw(seed);
  for (int k = 0; k < 6; ++k) {
    const std::size_t step = draw() % run.truth.size();
    const Truth& truth = run.truth[step];
    auto chosen = truth.begin();
    std::advance(chosen, static_cast<long>(draw() % truth.size()));
    const char* relations[] = {"<", "<=", ">", ">="};
    const mp100 distance = mp100(draw() % 2 ? 1 : -1) / mp100(draw() % 2 ? 50 : 1000000);
    run.certificate["claims"].push_back(
        claim_json(chosen->first, chosen->second, mp100("1e-30"), relations[draw() % 4],
                   chosen->second / (chosen->first == "train_accuracy" ? run.config.parameters.n : 1) + distance,
                   run.config.parameters.n, "@" + std::to_string(step)));
  }
  return run;
}

/// Whether what a certificate states of this run is true: claims, verdicts and intervals, by the 100 digits.
bool true_of(const Run& run, const Json& certificate) {
  for (const Json& claim : certificate["claims"]) {
    const std::string text = claim["claim"];
    const auto relation = text.find_first_of("<>"), at = text.find('@');
    const bool strict = text[relation + 1] != '=';
    const std::string name = text.substr(0, relation);
    const auto step = at == std::string::npos ? run.truth.size() - 1 : std::stoul(text.substr(at + 1));
    const auto found = run.truth.at(step).find(name);
    if (found == run.truth[step].end()) return false;
    const mp100 bound(
        text.substr(relation + (strict ? 1 : 2), at == std::string::npos ? at : at - relation - (strict ? 1 : 2)));
    const mp100 value = name == "train_accuracy" ? mp100(found->second / run.config.parameters.n) : found->second;
    const bool holds =
        text[relation] == '<' ? (strict ? value < bound : value <= bound) : (strict ? value > bound : value >= bound);
    if (holds != (claim["verdict"] == "proved")) return false;
    const auto end = [&](const char* key) {
      return claim[key].is_string() ? mp100(claim[key].get<std::string>()) : mp100(claim[key].get<long>());
    };
    if (!claim["lower"].is_null() && found->second < end("lower")) return false;
    if (!claim["upper"].is_null() && found->second > end("upper")) return false;
  }
  return true;
}

class Damage {
 public:
  explicit Damage(std::uint64_t seed) : draw_(seed) {}

  /// One change that leaves the form as it is.
  void well_formed(Json& json, const Run& other) {
    Json& claim = json["claims"][draw_() % json["claims"].size()];
    switch (draw_() % 9) {
      case 0: return digit(claim, "lower");
      case 1: return digit(claim, "upper");
      case 2: return moved(claim);
      case 3: {  // intervals exchanged
        Json& second = json["claims"][draw_() % json["claims"].size()];
        if (claim["lower"].type() == second["lower"].type())
          std::swap(claim["lower"], second["lower"]), std::swap(claim["upper"], second["upper"]);
        return;
      }
      case 4: claim["verdict"] = claim["verdict"] == "proved" ? "violated" : "proved"; return;
      case 5: {  // another step
        std::string text = claim["claim"];
        text = text.substr(0, text.find('@')) + "@" + std::to_string(draw_() % 7);
        claim["claim"] = text;
        return;
      }
      case 6: {  // a digit of the bound, or the relation
        std::string text = claim["claim"];
        const auto at = text.find_first_of("<>");
        if (draw_() % 2)
          text[at] = text[at] == '<' ? '>' : '<';
        else
          change_digit(text, at);
        claim["claim"] = text;
        return;
      }
      case 7: claim[draw_() % 2 ? "lower" : "upper"] = nullptr; return;
      default: break;
    }
    static constexpr const char* keys[] = {"seed", "lr", "steps", "mu", "eta", "init", "data", "sigma"};
    const char* key = keys[draw_() % std::size(keys)];
    json["config"][key] = other.certificate["config"][key];
  }

  /// One change of a text that may be anything.
  void any(std::string& text) {
    const auto at = draw_() % text.size();
    switch (draw_() % 6) {
      case 0: text[at] = static_cast<char>(draw_()); break;
      case 1: text.erase(at, 1 + draw_() % 20); break;
      case 2: text.insert(at, text.substr(draw_() % text.size(), draw_() % 60)); break;
      case 3: text.resize(at); break;
      case 4: text.insert(at, std::string(1 + draw_() % 300, "[{\"0-9"[draw_() % 6])); break;
      default: change_digit(text, at); break;
    }
  }

  std::mt19937_64& engine() { return draw_; }

 private:
  void change_digit(std::string& text, std::size_t from) {
    std::vector<std::size_t> places;
    for (std::size_t k = from; k < text.size() && text[k] != '@'; ++k)
      if (text[k] >= '0' && text[k] <= '9') places.push_back(k);
    if (!places.empty()) text[places[draw_() % places.size()]] = static_cast<char>('0' + draw_() % 10);
  }
  void digit(Json& claim, const char* key) {
    if (!claim[key].is_string()) return;
    std::string text = claim[key];
    change_digit(text, 0);
    claim[key] = text;
  }
  void moved(Json& claim) {
    const char* key = draw_() % 2 ? "lower" : "upper";
    if (!claim[key].is_string()) return;
    claim[key] = end_text(mp100(claim[key].get<std::string>()) + mp100(draw_() % 2 ? "1e-20" : "-1e-20"));
  }

  std::mt19937_64 draw_;
};

struct Outcome {
  long accepted = 0, refused = 0, undecided = 0, malformed = 0, wrong = 0;
};

Outcome campaign(long count, std::uint64_t seed) {
  constexpr std::size_t runs = 12;
  std::vector<Run> all;
  for (std::size_t k = 0; k < runs; ++k) all.push_back(make_run(100 + seed + k));
  Damage damage(seed);
  Outcome outcome;
  for (long k = 0; k < count; ++k) {
    const Run &run = all[damage.engine()() % runs], &other = all[damage.engine()() % runs];
    Json json = run.certificate;
    std::string text;
    if (damage.engine()() % 4 != 0) {
      damage.well_formed(json, other);
      if (damage.engine()() % 4 == 0) damage.well_formed(json, other);
      text = json.dump(1);
    } else {
      text = json.dump(1);
      damage.any(text);
    }
    int status = 2;
    try {
      status = checker::check("fuzz", text).status;
    } catch (const proofs::UsageError&) {
    }
    outcome.accepted += status == 0, outcome.refused += status == 1, outcome.malformed += status == 2;
    outcome.undecided += status == 3;
    if (status != 0) continue;
    // Accepted: what it says has to be true. Its configuration is that of the run unless it was changed, which the
    // hash, or another simulation, has to settle.
    const Json parsed = Json::parse(text);
    if (parsed["config"] == run.certificate["config"]) {
      if (!true_of(run, parsed)) ++outcome.wrong, UNSCOPED_INFO(text);
    } else {
      Run changed = run;
      auto& p = changed.config.parameters;
      p.lr = theory::Decimal(parsed["config"]["lr"].is_string() ? parsed["config"]["lr"].get<std::string>()
                                                                : parsed["config"]["lr"].dump());
      p.steps = parsed["config"]["steps"];
      Json same = sim::config_json(changed.config);
      for (const char* key : {"precision", "route", "test"}) same[key] = parsed["config"][key];
      // Nothing but these may differ with the same hash.
      if (same != parsed["config"]) {
        ++outcome.wrong, UNSCOPED_INFO(text);
        continue;
      }
      changed.truth = descent_truth(sim::Run<mp100>(changed.config));
      if (!true_of(changed, parsed)) ++outcome.wrong, UNSCOPED_INFO(text);
    }
  }
  return outcome;
}

void report(const Outcome& o) {
  WARN("accepted (true) " << o.accepted << ", refused " << o.refused << ", undecided " << o.undecided << ", malformed "
                          << o.malformed << ", accepted though false " << o.wrong);
}

}  // namespace

TEST_CASE("checker: no damaged certificate is accepted whose statement is false", "[checker]") {
  const Outcome o = campaign(600, 1);
  CHECK(o.wrong == 0);
  CHECK(o.accepted > 20);
  CHECK(o.refused > 200);
  CHECK(o.malformed > 50);
}

TEST_CASE("checker: 10^5 damaged certificates", "[checker][long]") {
  Outcome all;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Outcome o = campaign(5000, 1000 * seed);
    all.accepted += o.accepted, all.refused += o.refused, all.undecided += o.undecided, all.malformed += o.malformed,
        all.wrong += o.wrong;
  }
  report(all);
  CHECK(all.wrong == 0);
}
