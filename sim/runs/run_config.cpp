#include "sim/runs/run_config.hpp"

#include "sim/frames/frame.hpp"
#include "sim/runs/memory.hpp"
#include "sim/runs/parameter_table.hpp"
#include "sim/runs/simulate.hpp"
#include "sim/generalisation/test_error.hpp"
#include "theory/model/layout.hpp"
#include "theory/model/layout_text.hpp"
#include "theory/numbers/elementary.hpp"

#include <algorithm>
#include <functional>

namespace benign::sim {
namespace {

double bytes_of_real(Precision precision) {
  return with_precision(precision, []<class Real>(std::type_identity<Real>) { return double(sizeof(Real)); });
}

/// What the route keeps: the tokens and a few matrices of shape N×N and N×d, or W itself. A flow keeps up to some
/// sixty states, the table of its extrapolation (at 100 digits). Of keys and queries W is [W_Q, W_K], drawn with dense data
/// whatever the route.
double needed_bytes(const RunConfig& config) {
  if (config.route == RouteKind::limit) return 0;
  const double N = static_cast<double>(config.parameters.tokens()), d = static_cast<double>(config.parameters.d);
  const double states = config.flow ? 60 : config.method.has_momentum() ? 10 : 3;
  const bool direct = config.route == RouteKind::direct, gram = config.data == DataKind::gram;
  const bool keys = config.model == keys_queries_name;
  const double test = config.test_sample && !config.brought ? 16.0 * static_cast<double>(*config.test_sample) : 0;
  const double tokens = gram ? 10 * N * N : N * d;
  const double of_W = keys ? 2 * static_cast<double>(config.parameters.d_h) : d;
  const double drawn = keys && !gram ? 2 * d * of_W : 0, state = !keys ? N : gram ? std::min(of_W, 4 * N) : of_W;
  return test + 8 * (tokens + drawn) +
         bytes_of_real(config.precision) * (2 * tokens + (direct ? states * d * of_W : (5 * N + states * state) * N));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> settled_by_model(const RunConfig& config) {
  const Model* model = config.model.empty() ? nullptr : find_model(config.model);
  if (!model) return {};
  std::vector<std::pair<std::string, std::string>> found;
  RunConfig settled[2] = {RunConfig(), config};  // what differs from the default, or from what is asked for
  for (RunConfig& one : settled) model->settle(one.parameters);
  for (const Parameter& parameter : parameter_table()) {
    const Json only = parameter.print(settled[1]);
    if (only != parameter.print(config) || parameter.print(settled[0]) != parameter.print(RunConfig()))
      found.emplace_back(parameter.name, text_of(only));
  }
  return found;
}

RouteKind cheaper_route(long tokens, long d, long steps) {
  const double N = static_cast<double>(tokens), D = static_cast<double>(d), count = static_cast<double>(steps);
  const double direct = count * (2 * D * D + 2 * N * D);
  const double coefficients = count * 3 * N * N + 2 * N * D * D + N * N * D;
  return direct < coefficients ? RouteKind::direct : RouteKind::coefficients;
}

bool names_tokens(const std::string& data) {
  return data.ends_with(".npy") || data.ends_with(".npz") || data == "fashion-mnist" ||
         data.starts_with("fashion-mnist:");
}

namespace {

/// Another layout of tokens than the paper's, and classes of unequal size, where only others are allowed.
void refuse_other_data(const RunConfig& config, const std::string& layout, const std::string& share,
                       std::vector<Violation>& found) {
  const auto& p = config.parameters;
  if (p.layout) found.push_back({"layout", theory::line_of(*p.layout), layout});
  if (2 * p.plus_share.exact() != 1) found.push_back({"plus-share", p.plus_share.text(), share});
}

/// A layout must have T tokens, none of which answers better than a relevant one, and both classes must have samples.
void validate_data(const RunConfig& config, std::vector<Violation>& found) {
  const auto& p = config.parameters;
  const auto refuse = [&](const char* symbol, const std::string& value, const std::string& allowed) {
    found.push_back({symbol, value, allowed});
  };
  if (const long plus = theory::plus_count(p, p.n); p.n > 0 && plus == p.n)
    refuse("plus-share", p.plus_share.text(), "a share that leaves samples of the class -1");
  if (config.data == DataKind::peer) {
    refuse_other_data(config, "paper with --data peer, the published script's", "0.5 with --data peer", found);
    if (p.flips == theory::Flips::independent) refuse("flips", "independent", "exact with --data peer");
  }
  if (config.route == RouteKind::limit)
    refuse_other_data(config, "paper with --route limit, whose equations are those of its tokens",
                      "0.5 with --route limit", found);
  if (!p.layout) return;
  const long counted = p.layout->counted();
  if (p.layout->has_rest() ? p.T < counted : p.T != counted)
    refuse("T", std::to_string(p.T),
           (p.layout->has_rest() ? "at least " : "") + std::to_string(counted) + ", which the layout counts");
  for (const auto& kind : theory::layout<double>(p))
    if (kind.own - kind.other > 1)
      refuse("layout", theory::line_of(*p.layout), "kinds with own - other of at most 1, that of the relevant one");
}

/// What a model other than the paper's does not allow.
void validate_model(const RunConfig& config, std::vector<Violation>& found) {
  const Model* model = config.model.empty() ? nullptr : find_model(config.model);
  if (!model || !model->draw) return;
  const std::string with = " with --model " + model->name;
  for (const auto& one : settled_by_model(config)) {
    const auto& [name, only] = one;
    std::erase_if(found, [&one](const Violation& violation) { return violation.symbol == one.first; });
    if (const std::string given = text_of(find_parameter(name)->print(config)); given != only)
      found.push_back({name, given, only == "null" ? "nothing" + with : only + with});
  }
  const auto allows = [](const auto& all, auto one) { return std::find(all.begin(), all.end(), one) != all.end(); };
  if (!allows(model->routes, config.route))
    found.push_back({"route", text_of(route_choices, config.route), "direct or coefficients" + with});
  if (!allows(model->methods, config.method.kind))
    found.push_back({"method", text_of(config.method), "gd, momentum, nesterov or normalised" + with});
  if (config.train != Train::W_and_p)
    found.push_back({"train", text_of(train_choices, config.train), "nothing" + with});
  if (!model->any_layout) refuse_other_data(config, "paper" + with, "0.5" + with, found);
  if (config.data == DataKind::brought || config.data == DataKind::peer)
    found.push_back({"data", config.brought ? config.files.data : "peer", "dense or gram" + with});
  if (config.test_sample)
    found.push_back({"test", "sample:" + std::to_string(*config.test_sample), "population" + with});
}

/// What tokens from a file do not allow.
void validate_brought(const RunConfig& config, std::vector<Violation>& found) {
  refuse_other_data(config, "nothing with tokens from a file", "nothing with tokens from a file", found);
  if (config.parameters.flips == theory::Flips::independent)
    found.push_back({"flips", "independent", "exact with tokens from a file"});
  const auto& p = config.parameters;
  const Brought& brought = *config.brought;
  if (p.n < brought.classes || p.n > brought.train.n)
    found.push_back({"n", std::to_string(p.n),
                     "a whole number from the number of classes to the " + std::to_string(brought.train.n) +
                         " samples of the file"});
  for (const auto& [symbol, value, size] :
       {std::tuple{"T", p.T, brought.train.T}, std::tuple{"d", p.d, brought.train.d}})
    if (value != size)
      found.push_back({symbol, std::to_string(value), std::to_string(size) + ", as in the file of --data"});
  if (config.route == RouteKind::limit)
    found.push_back({"route", "limit", "direct, coefficients or statistics with tokens from a file"});
  if (config.test_sample)
    found.push_back({"test", "sample:" + std::to_string(*config.test_sample),
                     "nothing with tokens from a file: --test-data brings the test set"});
  if (config.escalate && brought.many())
    found.push_back({"precision", "auto", "double, dd, mp50 or mp100 with more than two classes"});
}

/// By the reduced routes W₀ and p₀ are divided by what is left of them, which has to stay a number.
void validate_decay(const RunConfig& config, const std::function<void(const std::string&)>& refuse) {
  const auto scales = theory::scales<double>(config.parameters);
  const double share = scales.step * scales.tau0 * config.method.number.as<double>();
  if (!(share < 1)) return refuse("a LAMBDA with lr * LAMBDA below 1, as the step --lr is taken");
  const double left = static_cast<double>(config.parameters.steps) * -elementary::log1p(-share);
  if (config.route != RouteKind::direct && !(left <= 300))
    refuse("a LAMBDA that leaves W0 at least e^-300 of itself after all steps; --route direct takes any");
}

/// Where a method says nothing, or cannot be reduced to inner products.
void validate_method(const RunConfig& config, std::vector<Violation>& found) {
  const MethodChoice& method = config.method;
  const auto refuse = [&](const std::string& allowed) { found.push_back({"method", text_of(method), allowed}); };
  if (config.flow && !method.schedule.constant())
    found.push_back({"lr-schedule", text_of(method.schedule), "constant with --flow, which takes no steps of --lr"});
  if (method.kind == MethodKind::gd) return;
  if (config.flow) return refuse("nothing with --flow, which is the flow of plain gradient descent");
  if (method.kind == MethodKind::sign && config.route != RouteKind::direct)
    return refuse("sign with --route direct alone: the signs of W's entries are no function of inner products");
  if (config.route == RouteKind::limit && (method.kind == MethodKind::sgd || method.kind == MethodKind::decay))
    return refuse("gd, momentum, nesterov or normalised with --route limit, which knows neither samples nor W");
  if (method.kind == MethodKind::sgd && method.number.exact() > config.parameters.n)
    return refuse("a batch of at most the " + std::to_string(config.parameters.n) + " samples");
  if (method.kind == MethodKind::decay) validate_decay(config, refuse);
}

/// Where no tokens are drawn: with the limit, and with inner products in their place.
void validate_drawn_inner_products(const RunConfig& config, std::vector<Violation>& found) {
  const auto& p = config.parameters;
  if (config.route == RouteKind::limit) {
    if (config.data == DataKind::peer) found.push_back({"data", "peer", "dense or gram with --route limit"});
    if (p.sigma_p.exact() != 0) found.push_back({"sigma-p", p.sigma_p.text(), "0 with --route limit"});
    if (config.test_sample)
      found.push_back({"test", "sample:" + std::to_string(*config.test_sample),
                       "population with --route limit, which draws no tokens"});
  } else if (config.data == DataKind::gram) {
    if (p.init == theory::Init::uniform)
      found.push_back(
          {"init", "uniform",
           "gaussian or identity where inner products are drawn in place of tokens (--data gram, phase's default)"});
    if (p.d < p.tokens() + probes)
      found.push_back({"d", std::to_string(p.d),
                       "at least nT + 2 = " + std::to_string(p.tokens() + probes) +
                           " where inner products are drawn in place of tokens (--data gram, phase's default)"});
    if (config.route == RouteKind::direct)
      found.push_back(
          {"route", "direct", "coefficients or statistics where no tokens are drawn (--data gram, phase's default)"});
    if (config.test_sample)
      found.push_back({"test", "sample:" + std::to_string(*config.test_sample),
                       "population where no tokens are drawn (--data gram, phase's default)"});
  }
}

}  // namespace

std::vector<Violation> validate(const RunConfig& config) {
  std::vector<Violation> found;
  const auto& p = config.parameters;
  for (const auto& parameter : parameter_table()) {
    if (parameter.in_range && !parameter.in_range(config))
      found.push_back({parameter.name, text_of(parameter.print(config)), parameter.range});
    else if (!parameter.model.empty() && parameter.model != config.model && !parameter.print(config).is_null())
      found.push_back({parameter.name, text_of(parameter.print(config)), "nothing without --model " + parameter.model});
  }
  if (p.sigma_w && p.init == theory::Init::identity)
    found.push_back({"sigma-w", p.sigma_w->text(), "nothing with --init identity"});
  validate_model(config, found);
  if (!config.brought) {
    validate_data(config, found);
  } else {
    // Halves of two classes are the data model's alone; of T it takes what it gets.
    std::erase_if(found, [](const Violation& one) { return one.symbol == "n" || one.symbol == "T"; });
    validate_brought(config, found);
  }
  if (!found.empty()) return found;
  validate_drawn_inner_products(config, found);
  if (config.escalate && !config.flow)
    found.push_back({"precision", "auto", "double, dd, mp50 or mp100 without --flow"});
  validate_method(config, found);
  if (config.train == Train::W && p.sigma_p.exact() == 0)
    found.push_back({"train", "W", "W,p or p where --sigma-p is 0: p = 0 would stay, and nothing would move"});
  if (found.empty() && !(horizon<double>(config) <= 10000)) {
    const bool flow = config.flow;
    found.push_back({flow ? "tau-max" : "lr", flow ? config.tau_max.text() : p.lr.text(),
                     "what keeps log(1 + tau/tau0) of the horizon below 10000"});
  }
  const double machine = machine_bytes();
  if (const double needed = needed_bytes(config); needed > 0.9 * machine)
    found.push_back({"d", std::to_string(p.d),
                     "what fits in memory: with n = " + std::to_string(p.n) + " and T = " + std::to_string(p.T) +
                         " this takes " + gigabytes(needed) + ", the machine has " + gigabytes(machine) +
                         (config.data == DataKind::dense ? "; --data gram draws no vector of length d" : "")});
  return found;
}

}  // namespace benign::sim
