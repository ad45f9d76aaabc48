#include "proofs_check/terminal/options.hpp"

#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/parameter_table.hpp"

namespace benign::proofs {
namespace {

constexpr const char* group = "Setting and run (with defaults)";

}  // namespace

const std::map<std::string, std::string> defaults_of_given_tokens = {
    {"data", "FILE"}, {"n", "the file's"}, {"T", "the file's"},    {"d", "the file's"},      {"mu", "estimated"},
    {"rho", "0"},     {"eta", "0"},        {"sigma", "estimated"}, {"route", "the cheaper"},
};

SharedOptions::SharedOptions(CLI::App& command, const std::map<std::string, std::string>& defaults)
    : command_(command) {
  const auto add = [&](const sim::Parameter& parameter) {
    const std::string flag = "--" + parameter.name;
    const auto own = defaults.find(parameter.name);
    const std::string& default_text = own == defaults.end() ? parameter.default_text : own->second;
    if (parameter.flag)
      command.add_flag(flag, flags_[parameter.name], parameter.help)->group(group);
    else
      command.add_option(flag, given_[parameter.name], parameter.help)->type_name(default_text)->group(group);
  };
  for (const auto& parameter : sim::parameter_table()) add(parameter);
  command.add_option("--config", file_, "read options from FILE: TOML with these names, or JSON that simulate printed")
      ->type_name("FILE")
      ->group(group);
}

std::string SharedOptions::text(const std::string& option) const {
  if (on_line(option)) return given_.at(option);
  if (!on_line("config")) return "";
  const auto file = given_in_file("--config " + file_, file_);
  const auto found = file.find(option);
  return found == file.end() ? "" : found->second.text;
}

sim::RunConfig SharedOptions::config(const std::string& where, const std::string& json, const AllGiven& fixed) const {
  AllGiven given;
  if (!json.empty()) given = given_in_json(where, json);
  const auto take = [&](const AllGiven& stronger) {
    for (const auto& [name, value] : stronger) given[name] = value;
  };
  if (on_line("config")) take(given_in_file("--config " + file_, file_));
  for (const auto& parameter : sim::parameter_table())
    if (on_line(parameter.name))
      given[parameter.name] = {
          parameter.flag ? (flags_.at(parameter.name) ? "true" : "false") : given_.at(parameter.name),
          "--" + parameter.name};
  take(fixed);

  const auto decided = [&](const std::string& name) { return on_line(name) || fixed.contains(name); };
  for (const auto& [mine, other] : {std::pair{"tau-max", "log-s-max"}, {"log-s-max", "tau-max"}})
    if (decided(mine) && !decided(other)) given.erase(other);  // wins over a file's horizon of the other kind
  return configuration(std::move(given));
}

sim::RunConfig SharedOptions::config_or_family() const {
  AllGiven low, high;
  for (const char* name : {"mu", "rho", "lr"}) {
    const std::string given = text(name);
    const auto colon = given.find(':');
    if (colon == std::string::npos) continue;
    const std::string where = std::string("--") + name;
    low[name] = {given.substr(0, colon), where}, high[name] = {given.substr(colon + 1), where};
  }
  sim::RunConfig run = config("", "", low);
  if (low.empty()) return run;
  const sim::RunConfig end = config("", "", high);
  for (theory::Decimal theory::Parameters::*one :
       {&theory::Parameters::mu, &theory::Parameters::rho, &theory::Parameters::lr}) {
    const theory::Decimal &from = run.parameters.*one, to = end.parameters.*one;
    if (from == to) continue;
    if (to.exact() < from.exact())
      throw UsageError("--mu, --rho or --lr", from.text() + ":" + to.text(), "LOW:HIGH, LOW below HIGH");
    run.parameters.*one = theory::Decimal::between(from, to);
  }
  return run;
}

void SharedOptions::take_route_of_proofs(sim::RunConfig& config) const {
  if (config.brought && text("route").empty()) config.route = sim::RouteKind::coefficients;
}

bool SharedOptions::need_tokens() const {
  return text("init").starts_with("uniform") || text("route").starts_with("direct") ||
         text("test").starts_with("sample");
}

}  // namespace benign::proofs
