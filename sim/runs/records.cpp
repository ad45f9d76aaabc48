#include "sim/runs/records.hpp"

#include "sim/data/fnv1a.hpp"
#include "sim/runs/build_info.hpp"

#include <cmath>
#include <cstdio>
#include <limits>

namespace benign::sim {
namespace {

template <class Real>
Json number(const Real& x) {
  if (!std::isfinite(representative(x)) && !isfinite(x)) return nullptr;
  if constexpr (std::is_same_v<Real, double>)
    return x;
  else
    return x.str(std::numeric_limits<Real>::max_digits10, std::ios_base::scientific);
}

template <class Real>
Json number(const std::optional<Real>& x) {
  return x ? number(*x) : Json(nullptr);
}

template <class Real>
Json numbers(const Vector<Real>& x) {
  Json list = Json::array();
  for (Index i = 0; i < x.size(); ++i) list.push_back(number(x[i]));
  return list;
}

/// train_accuracy … test_loss_stderr and the attention on the relevant token, as both kinds of records have them.
template <class Real>
void add_summary(Json& json, const Observation<Real>& seen) {
  const auto test = [&](double TestError::*part) { return seen.test ? number((*seen.test).*part) : Json(nullptr); };
  const auto share = [](const std::optional<GroupAttention<Real>>& group) {
    return group ? number(group->share[theory::relevant]) : Json(nullptr);
  };
  json["train_accuracy"] = seen.train_accuracy;
  json["train_loss"] = number(seen.train_loss);
  json["test_accuracy"] = test(&TestError::accuracy);
  json["test_loss"] = test(&TestError::loss);
  json["test_accuracy_stderr"] = test(&TestError::accuracy_error);
  json["test_loss_stderr"] = test(&TestError::loss_error);
  json["attention"] = {
      {"clean", share(seen.clean)}, {"noisy", share(seen.noisy)}, {"test", test(&TestError::attention)}};
  json["mu_plus_q"] = number(seen.readout.mu_plus_q);
  json["mu_minus_q"] = number(seen.readout.mu_minus_q);
  json["q_norm2"] = number(seen.readout.q_norm2);
}

/// An event that is true from the start has no time: null, and its name in "from_the_start", which is there only then.
template <class Real>
Json events_json(const Events<Real>& events) {
  Json json, from_the_start = Json::array();
  for (const auto& [name, log_s] : {std::pair{"log_s_fit", &events.fit},
                                    {"log_s_gap", &events.gap},
                                    {"log_s_half_loss", &events.half_loss},
                                    {"log_s_memorised", &events.memorised}}) {
    json[name] = number(*log_s);
    if (*log_s && **log_s == -std::numeric_limits<Real>::infinity()) from_the_start.push_back(name);
  }
  if (!from_the_start.empty()) json["from_the_start"] = from_the_start;
  return json;
}

}  // namespace

std::string config_hash(const RunConfig& config) {
  Fnv1a hash;
  hash.add(config_json(config).dump());
  if (config.brought) hash.add(config.brought->fingerprint);  // paths alone do not name numbers
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash.value()));
  return text;
}

std::string draw_hash(const RunConfig& config) {
  RunConfig draw;
  draw.model = config.model;
  draw.parameters = config.parameters;
  draw.parameters.steps = theory::Parameters().steps, draw.parameters.lr = theory::Parameters().lr;
  draw.parameters.lr_unit = theory::Parameters().lr_unit;
  draw.seed = config.seed, draw.data = config.data, draw.files = config.files, draw.brought = config.brought;
  return config_hash(draw);
}

Json finite(double x) { return std::isfinite(x) ? Json(x) : Json(nullptr); }

Json provenance_json(const RunConfig& config) {
  return {{"format", record_format},
          {"seed", config.seed},
          {"version", BENIGN_VERSION},
          {"build", BENIGN_BUILD},
          {"compiler", BENIGN_COMPILER},
          {"hash", config_hash(config)},
          {"route", text_of(route_choices, config.route)},
          {"precision", text_of(precision_choices, config.precision)}};
}

Json build_info_json() {
  const BuildInfo& info = build_info();
  return {{"version", info.version}, {"source", info.source}, {"flags", info.flags}, {"compiler", info.compiler}};
}

template <class Real>
Json observation_json(const Observation<Real>& seen, const theory::TokenLayout& layout) {
  Json json = {{"part", seen.part}, {"tau", number(seen.tau)}, {"log_s", number(seen.log_s)}};
  add_summary(json, seen);
  for (const auto& [name, group] : {std::pair{"clean", &seen.clean}, std::pair{"noisy", &seen.noisy}}) {
    if (!*group) continue;
    const auto& share = (*group)->share;
    for (std::size_t kind = 0; kind < share.size(); ++kind)
      json["attention_by_token"][name][layout.kinds[kind].name] = number(share[kind]);
    json["gap"][name] = number((*group)->gap);
  }
  for (const auto& [name, sample] : {std::pair{"clean", &seen.clean_sample}, std::pair{"noisy", &seen.noisy_sample}})
    if (*sample) json["sample"][name] = {{"index", (*sample)->index}, {"attention", numbers((*sample)->attention)}};
  return json;
}

template <class Real>
Json result_json(const RunConfig& config, const Result<Real>& result) {
  Json json = {{"config", config_json(config)}};
  json.update(provenance_json(config));
  add_summary(json, result.last);
  if (config.flow) json["events"] = events_json(result.events);
  json["setup_s"] = result.setup_s;
  json["run_s"] = result.run_s;
  json["test_s"] = result.test_s;
  json["wall_s"] = result.setup_s + result.run_s + result.test_s;
  return json;
}

#define BENIGN_INSTANTIATE(Real)                                                              \
  template Json observation_json<Real>(const Observation<Real>&, const theory::TokenLayout&); \
  template Json result_json<Real>(const RunConfig&, const Result<Real>&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
