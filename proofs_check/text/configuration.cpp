#include "proofs_check/text/configuration.hpp"

#include "proofs_check/text/format.hpp"
#include "proofs_check/text/option_texts.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/files/utf8.hpp"
#include "sim/runs/parameter_table.hpp"
#include "sim/tokens/token_files.hpp"
#include "theory/model/layout_text.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs {
namespace {

using sim::RunConfig;
using theory::Decimal;

AllGiven all_given(const std::string& where, const Texts& texts) {
  AllGiven given;
  for (const auto& [name, text] : texts) given[name] = {text, where + ": " + name};
  return given;
}

/// Reads the files; what the data model would fix is taken from them unless it is given: n, T, d, and for σ and ‖μ‖,
/// which set units and what reports call SNR, the estimates. No label is flipped unless --eta says so.
void bring_tokens(RunConfig& config, const AllGiven& given) {
  const auto where_of = [&](const std::string& option) {
    const auto found = given.find(option);
    return found == given.end() ? "--" + option : found->second.where + " " + found->second.text;
  };
  try {
    config.brought = sim::bring(config.files);
  } catch (const sim::BadTokens& bad) {
    throw UsageError(where_of(bad.option) + ": " + bad.what());
  }
  auto& p = config.parameters;
  const auto unless_given = [&](const char* option, auto& field, auto value) {
    if (!given.contains(option)) field = value;
  };
  // Their signal is estimated from the tokens. A configuration that was printed has the estimate, to a few roundings.
  const auto refuse_other = [&](const char* option, const Decimal& value, double estimate) {
    if (!given.contains(option) || std::abs(value.as<double>() - estimate) <= 1e-6 * std::abs(estimate)) return;
    throw UsageError(given.at(option).where, given.at(option).text,
                     "nothing with tokens from a file, which have a signal of their own");
  };
  refuse_other("mu", p.mu, std::max(config.brought->mu, 1e-30));
  refuse_other("rho", p.rho, 0);
  const auto positive = [](double x) { return sim::decimal_of(std::max(x, 1e-30)); };
  unless_given("n", p.n, static_cast<long>(config.brought->train.n));
  unless_given("T", p.T, static_cast<long>(config.brought->train.T));
  unless_given("d", p.d, static_cast<long>(config.brought->train.d));
  unless_given("mu", p.mu, positive(config.brought->mu));
  unless_given("sigma", p.sigma, positive(config.brought->sigma));
  unless_given("rho", p.rho, Decimal("0"));
  unless_given("eta", p.eta, Decimal("0"));
  unless_given("route", config.route, sim::cheaper_route(p.tokens(), p.d, p.steps));
}

/// Options that mean something only beside others.
void refuse_strays(const RunConfig& config, const AllGiven& given) {
  for (const auto& [name, value] : given)
    if (!sim::find_parameter(name)) throw UsageError(value.where + ": there is no such option");
  for (const char* horizon : {"tau-max", "log-s-max"})
    if (given.contains(horizon) && !config.flow)
      throw UsageError(given.at(horizon).where, given.at(horizon).text, "only together with --flow");
  if (given.contains("tau-max") && given.contains("log-s-max"))
    throw UsageError(given.at("log-s-max").where, given.at("log-s-max").text, "either --tau-max or --log-s-max");
  if (config.data == sim::DataKind::brought) return;
  for (const char* file : {"labels", "head", "test-data", "test-labels", "surrogate", "mask", "test-mask"})
    if (given.contains(file))
      throw UsageError(given.at(file).where, given.at(file).text, "only together with --data FILE.npy");
}

}  // namespace

AllGiven given_in_json(const std::string& where, const std::string& json) {
  return all_given(where, read_json(where, json));
}

AllGiven given_in_file(const std::string& where, const std::string& path) {
  return all_given(where, read_config_file(where, path));
}

RunConfig configuration(AllGiven given) {
  RunConfig config;
  for (const auto& parameter : sim::parameter_table())
    if (const auto found = given.find(parameter.name); found != given.end()) {
      const auto& [text, where] = found->second;
      if (!sim::is_utf8(text))
        throw UsageError(where, text, "text in UTF-8, which records are written in; a link gives a file such a name");
      try {
        parameter.parse(config, text);
      } catch (const sim::NotAllowed& bad) {
        throw UsageError(where, text, parameter.range.empty() ? bad.what() : parameter.range);
      }
    }
  if (const auto& layout = config.parameters.layout; layout && !layout->has_rest() && !given.contains("T"))
    config.parameters.T = layout->counted();
  if (config.data == sim::DataKind::gram && !given.contains("init")) config.parameters.init = theory::Init::gaussian;
  for (const auto& [name, only] : sim::settled_by_model(config))
    if (!given.contains(name) && only != "null") sim::find_parameter(name)->parse(config, only);
  refuse_strays(config, given);
  if (config.data == sim::DataKind::brought) bring_tokens(config, given);

  if (const auto violations = sim::validate(config); !violations.empty()) {
    const auto& first = violations.front();
    const auto found = given.find(first.symbol);
    if (found == given.end()) throw UsageError("--" + first.symbol, first.value, first.allowed);
    throw UsageError(found->second.where, found->second.text, first.allowed);
  }
  return config;
}

RunConfig config_from_json(const std::string& where, const std::string& json) {
  return configuration(given_in_json(where, json));
}

namespace {

std::string trained_by(const sim::MethodChoice& method) {
  return text_of(method) +
         (method.schedule.constant() ? "" : " with steps of the schedule " + text_of(method.schedule));
}

}  // namespace

std::string setting_line(const RunConfig& config) {
  const auto& p = config.parameters;
  return format("d = %ld, |mu| = %s, n = %ld, T = %ld, rho = %s, eta = %s, sigma = %s, seed %llu, %s", p.d,
                p.mu.text().c_str(), p.n, p.T, p.rho.text().c_str(), p.eta.text().c_str(), p.sigma.text().c_str(),
                static_cast<unsigned long long>(config.seed),
                sim::text_of(sim::precision_choices, config.precision).c_str()) +
         (config.model.empty() ? "" : ", model " + config.model) +
         (p.layout ? ", tokens " + theory::line_of(*p.layout) : "") +
         (2 * p.plus_share.exact() == 1 ? "" : ", share of the class +1 " + p.plus_share.text()) +
         (p.flips == theory::Flips::exact ? "" : ", independent flips") +
         (config.method.plain() ? "" : ", trained by " + trained_by(config.method));
}

void refuse_what_simulate_alone_takes(const RunConfig& config) {
  if (config.test_left_out) throw UsageError("--test", "none", "population or sample:M; none is for simulate");
  if (config.escalate) throw UsageError("--precision", "auto", "double, dd, mp50 or mp100; auto is for simulate");
}

}  // namespace benign::proofs
