#include "proofs_check/terminal/options.hpp"

#include "proofs_check/terminal/usage_error.hpp"
#include "sim/tokens/token_files.hpp"

#include <CLI/Config.hpp>
#include <algorithm>
#include <fstream>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

namespace benign::proofs {
namespace {

using sim::RunConfig;
using theory::Decimal;

constexpr long any_integer = std::numeric_limits<long>::max();

struct SharedOption {
  const char* name;
  const char* default_text;
  const char* help;
  std::function<void(RunConfig&, const std::string& where, const std::string& text)> set;
};

auto integer(long theory::Parameters::*field) {
  return [field](RunConfig& config, const std::string& where, const std::string& text) {
    config.parameters.*field = parse_integer(where, text, -any_integer, any_integer);
  };
}

auto decimal(Decimal theory::Parameters::*field) {
  return [field](RunConfig& config, const std::string& where, const std::string& text) {
    config.parameters.*field = parse_decimal(where, text);
  };
}

template <class Enum, std::size_t Count>
Enum choose(const sim::Choice<Enum> (&choices)[Count], const std::string& where, const std::string& text,
            const char* or_else = "") {
  std::string allowed;
  for (const auto& choice : choices) {
    if (text == choice.text) return choice.value;
    allowed += std::string(allowed.empty() ? "" : " | ") + choice.text;
  }
  throw UsageError(where, text, allowed + or_else);
}

auto path(std::string sim::TokenFiles::*field) {
  return [field](RunConfig& config, const std::string& where, const std::string& text) {
    if (text.empty()) throw UsageError(where, text, "the name of a .npy file");
    config.files.*field = text;
  };
}

void set_test(RunConfig& config, const std::string& where, const std::string& text) {
  constexpr const char* allowed = "population, or sample:M with a whole number M from 2 to 10^8";
  if (text == "population") {
    config.test_sample.reset();
  } else if (text.starts_with("sample:")) {
    const auto size = Decimal::parse(text.substr(7));
    if (!size || size->exact() < 2 || size->exact() > 100'000'000 || denominator(size->exact()) != 1)
      throw UsageError(where, text, allowed);
    config.test_sample = parse_integer(where, text.substr(7), 2, 100'000'000);
  } else {
    throw UsageError(where, text, allowed);
  }
}

const std::vector<SharedOption>& shared_options() {
  using P = theory::Parameters;
  static const std::vector<SharedOption> options = {
      {"n", "20", "training samples, half of each class (even)", integer(&P::n)},
      {"T", "8", "tokens in a sample", integer(&P::T)},
      {"d", "2000", "dimension of a token", integer(&P::d)},
      {"mu", "20", "length of the two signals", decimal(&P::mu)},
      {"rho", "0.1", "strength of the weakly relevant tokens", decimal(&P::rho)},
      {"eta", "0.2", "share of flipped training labels, at most 1/2", decimal(&P::eta)},
      {"sigma", "1", "standard deviation of the noise", decimal(&P::sigma)},
      {"seed", "42", "seed of all random numbers",
       [](RunConfig& c, const std::string& where, const std::string& text) {
         c.seed = static_cast<std::uint64_t>(parse_integer(where, text, 0, any_integer));
       }},
      {"data", "dense",
       "dense: disjoint train and test noise; peer: as in the published script; gram: only inner products, at any d; "
       "FILE.npy: tokens of one's own, of shape (n,T,d); fashion-mnist[:A,B]",
       [](RunConfig& c, const std::string& where, const std::string& text) {
         if (sim::names_tokens(text)) {
           c.data = sim::DataKind::brought;
           c.files.data = text;
           return;
         }
         c.data = choose(sim::data_choices, where, text, " | FILE.npy | fashion-mnist | fashion-mnist:A,B");
       }},
      {"labels", "", "labels of FILE.npy: whole numbers, of shape (n)", path(&sim::TokenFiles::labels)},
      {"head", "", "its head, of shape (d) or (d,classes); without it one is trained", path(&sim::TokenFiles::head)},
      {"test-data", "", "test tokens of shape (m,T,d)", path(&sim::TokenFiles::test_data)},
      {"test-labels", "", "their labels", path(&sim::TokenFiles::test_labels)},
      {"surrogate", "", "tokens without a departure from the model: answers, isotropic, positions, places, or several",
       path(&sim::TokenFiles::surrogate)},
      {"init", "uniform", "W0: uniform, gaussian or identity; with gram gaussian",
       [](RunConfig& c, const std::string& where, const std::string& text) {
         c.parameters.init = choose(sim::init_choices, where, text);
       }},
      {"sigma-w", "1/sqrt(3d)", "standard deviation of an entry of W0",
       [](RunConfig& c, const std::string& where, const std::string& text) {
         c.parameters.sigma_w = parse_decimal(where, text);
       }},
      {"sigma-p", "0", "standard deviation of a coordinate of p0", decimal(&P::sigma_p)},
      {"steps", "1000", "steps of descent; parts of a flow's horizon", integer(&P::steps)},
      {"lr", "5e-3", "step of gradient descent", decimal(&P::lr)},
      {"lr-unit", "absolute", "unit of the step: absolute, or tau0 = n/(kappa sigma^2 d)",
       [](RunConfig& c, const std::string& where, const std::string& text) {
         c.parameters.lr_unit = choose(sim::lr_unit_choices, where, text);
       }},
      {"precision", "double", "double, float128, mp50 or mp100; auto: simulate --flow finds the lowest that is enough",
       [](RunConfig& c, const std::string& where, const std::string& text) {
         c.escalate = text == "auto";
         c.precision = c.escalate ? Precision::binary64 : choose(sim::precision_choices, where, text);
       }},
      {"route", "coefficients", "direct, coefficients or statistics; limit: of infinite d at fixed n SNR^2",
       [](RunConfig& c, const std::string& where, const std::string& text) {
         c.route = choose(sim::route_choices, where, text);
       }},
      {"train", "W,p", "what is trained, the rest staying as drawn: W,p, p or W (which needs --sigma-p)",
       [](RunConfig& c, const std::string& where, const std::string& text) {
         c.train = choose(sim::train_choices, where, text);
       }},
      {"test", "population", "test error over the population, or over M inputs: sample:M", set_test},
      {"tau-max", "5", "horizon of the flow in tau",
       [](RunConfig& c, const std::string& where, const std::string& text) { c.tau_max = parse_decimal(where, text); }},
      {"log-s-max", "", "horizon of the flow in log(tau/tau0)",
       [](RunConfig& c, const std::string& where, const std::string& text) {
         c.log_s_max = parse_decimal(where, text);
       }},
  };
  return options;
}

using Texts = std::map<std::string, std::string>;

/// Collects the members of the outermost object, and of its member "config", as texts: numbers as they are written.
class OptionReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit OptionReader(std::string where) : where_(std::move(where)) {}

  /// The options: those of "config" where there is one.
  Texts take() {
    if (in_config_) return std::move(config_);
    if (!nested_.empty())
      throw UsageError(where_ + ": " + nested_, "a list or object", "one number, string or boolean");
    return std::move(outer_);
  }

  bool null() override { return value("null"); }
  bool boolean(bool x) override { return value(x ? "true" : "false"); }
  bool number_integer(number_integer_t x) override { return value(std::to_string(x)); }
  bool number_unsigned(number_unsigned_t x) override { return value(std::to_string(x)); }
  bool number_float(number_float_t, const string_t& text) override { return value(text); }
  bool string(string_t& x) override { return value(x); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(); }
  bool end_object() override { return --depth_, true; }
  bool start_array(std::size_t) override { return open(); }
  bool end_array() override { return --depth_, true; }
  bool key(string_t& x) override {
    if (depth_ == 1) outer_key_ = x;
    key_ = x;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override { return false; }

 private:
  bool inside_config() const { return depth_ == 2 && outer_key_ == "config"; }
  bool open() {
    if (depth_ == 1 && outer_key_ == "config")
      in_config_ = true;
    else if (depth_ == 1)
      nested_ = outer_key_;
    ++depth_;
    return true;
  }
  bool value(const std::string& text) {
    if (depth_ == 0) return false;
    if (depth_ != 1 && !inside_config()) return true;
    if (!(depth_ == 1 ? outer_ : config_).emplace(key_, text).second)
      throw UsageError(where_ + ": '" + key_ + "' is given twice");
    return true;
  }

  std::string where_, key_, outer_key_, nested_;
  int depth_ = 0;
  bool in_config_ = false;
  Texts outer_, config_;
};

Texts read_json(const std::string& where, const std::string& text) {
  OptionReader reader(where);
  if (!nlohmann::json::sax_parse(text, &reader)) throw UsageError(where + ": not a JSON object of options");
  return reader.take();
}

Texts read_toml(const std::string& where, const std::string& text) {
  Texts texts;
  std::istringstream input(text);
  std::vector<CLI::ConfigItem> items;
  try {
    items = CLI::ConfigTOML().from_config(input);
  } catch (const CLI::Error& error) {
    throw UsageError(where + ": " + error.what());
  }
  for (const auto& item : items) {
    if (!item.parents.empty()) throw UsageError(where + ": sections such as [" + item.parents[0] + "] are not allowed");
    if (item.inputs.size() != 1) throw UsageError(where + ": '" + item.name + "' needs one value, as in n = 20");
    if (!texts.emplace(item.name, item.inputs[0]).second)
      throw UsageError(where + ": '" + item.name + "' is given twice");
  }
  return texts;
}

/// TOML, or the JSON of a simulation's `config` (or of the whole simulation).
Texts read_config_file(const std::string& where, const std::string& path) {
  const std::string text = read_text(where, path);
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '{' ? read_json(where, text) : read_toml(where, text);
}

using Given = SharedOptions::Given;
using AllGiven = std::map<std::string, Given>;

void add(AllGiven& given, const std::string& where, const Texts& texts) {
  for (const auto& [name, text] : texts) given[name] = {text, where + ": " + name};
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
  const auto decimal = [](double x) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", std::max(x, 1e-30));
    return Decimal(text);
  };
  unless_given("n", p.n, static_cast<long>(config.brought->train.n));
  unless_given("T", p.T, static_cast<long>(config.brought->train.T));
  unless_given("d", p.d, static_cast<long>(config.brought->train.d));
  unless_given("mu", p.mu, decimal(config.brought->mu));
  unless_given("sigma", p.sigma, decimal(config.brought->sigma));
  unless_given("rho", p.rho, Decimal("0"));
  unless_given("eta", p.eta, Decimal("0"));
  unless_given("route", config.route, sim::cheaper_route(p.tokens(), p.d, p.steps));
}

RunConfig config_of(AllGiven given) {
  RunConfig config;
  if (const auto flow = given.extract("flow")) {
    const auto& [text, where] = flow.mapped();
    if (text != "true" && text != "false") throw UsageError(where, text, "true or false");
    config.flow = text == "true";
  }
  for (const auto& option : shared_options())
    if (const auto found = given.find(option.name); found != given.end())
      option.set(config, found->second.where, found->second.text);

  if (config.data == sim::DataKind::gram && !given.contains("init")) config.parameters.init = theory::Init::gaussian;

  for (const auto& [name, value] : given) {
    bool known = false;
    for (const auto& option : shared_options()) known = known || name == option.name;
    if (!known) throw UsageError(value.where + ": there is no such option");
  }
  for (const char* horizon : {"tau-max", "log-s-max"})
    if (given.contains(horizon) && !config.flow)
      throw UsageError(given.at(horizon).where, given.at(horizon).text, "only together with --flow");
  if (given.contains("tau-max") && given.contains("log-s-max"))
    throw UsageError(given.at("log-s-max").where, given.at("log-s-max").text, "either --tau-max or --log-s-max");

  if (config.data == sim::DataKind::brought)
    bring_tokens(config, given);
  else
    for (const char* file : {"labels", "head", "test-data", "test-labels", "surrogate"})
      if (given.contains(file))
        throw UsageError(given.at(file).where, given.at(file).text, "only together with --data FILE.npy");

  if (const auto violations = sim::validate(config); !violations.empty()) {
    const auto& first = violations.front();
    const auto found = given.find(first.symbol);
    if (found == given.end()) throw UsageError("--" + first.symbol, first.value, first.allowed);
    throw UsageError(found->second.where, found->second.text, first.allowed);
  }
  return config;
}

}  // namespace

long parse_integer(const std::string& where, const std::string& text, long low, long high) {
  const auto value = Decimal::parse(text);
  if (!value || denominator(value->exact()) != 1 || value->exact() < low || value->exact() > high)
    throw UsageError(where, text,
                     high == any_integer
                         ? (low == 0 ? "a whole number of at least 0" : "a whole number")
                         : "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return static_cast<long>(numerator(value->exact()));
}

std::string read_text(const std::string& where, const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  if (!file || !(text << file.rdbuf())) throw UsageError(where + ": cannot be read, or is empty");
  return text.str();
}

Decimal parse_decimal(const std::string& where, const std::string& text, const char* allowed) {
  auto value = Decimal::parse(text);
  if (!value) throw UsageError(where, text, allowed);
  return *std::move(value);
}

SharedOptions::SharedOptions(CLI::App& command) : command_(command) {
  for (const auto& option : shared_options())
    command.add_option("--" + std::string(option.name), given_[option.name], option.help)
        ->type_name(option.default_text)
        ->group("Setting and run (with defaults)");
  command.add_flag("--flow", flow_, "the gradient flow, in place of descent")->group("Setting and run (with defaults)");
  command.add_option("--config", file_, "read options from FILE: TOML with these names, or JSON that simulate printed")
      ->type_name("FILE")
      ->group("Setting and run (with defaults)");
}

void refuse_auto(const RunConfig& config) {
  if (config.escalate) throw UsageError("--precision", "auto", "double, float128, mp50 or mp100; auto is for simulate");
}

RunConfig config_from_json(const std::string& where, const std::string& json) {
  AllGiven given;
  add(given, where, read_json(where, json));
  return config_of(std::move(given));
}

std::string SharedOptions::text(const std::string& option) const {
  if (command_.count("--" + option) > 0) return given_.at(option);
  if (command_.count("--config") == 0) return "";
  const Texts texts = read_config_file("--config " + file_, file_);
  const auto found = texts.find(option);
  return found == texts.end() ? "" : found->second;
}

RunConfig SharedOptions::config(const std::string& where, const std::string& json,
                                const std::map<std::string, Given>& fixed) const {
  AllGiven given;
  if (!json.empty()) add(given, where, read_json(where, json));
  if (command_.count("--config") > 0) add(given, "--config " + file_, read_config_file("--config " + file_, file_));
  for (const auto& option : shared_options()) {
    const std::string flag = "--" + std::string(option.name);
    if (command_.count(flag) > 0) given[option.name] = {given_.at(option.name), flag};
  }
  if (flow_) given["flow"] = {"true", "--flow"};
  for (const auto& [name, value] : fixed) given[name] = value;

  const auto on_line = [&](const std::string& name) { return command_.count("--" + name) > 0 || fixed.contains(name); };
  for (const auto& [mine, other] : {std::pair{"tau-max", "log-s-max"}, {"log-s-max", "tau-max"}})
    if (on_line(mine) && !on_line(other)) given.erase(other);  // wins over a file's horizon of the other kind
  return config_of(std::move(given));
}

}  // namespace benign::proofs
