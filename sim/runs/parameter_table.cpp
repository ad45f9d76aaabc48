#include "sim/runs/parameter_table.hpp"

#include "sim/models/model.hpp"
#include "theory/model/layout_text.hpp"

namespace benign::sim {
namespace {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;
using theory::Decimal;
using P = theory::Parameters;

/// Beyond these an N×N matrix, or a d-dimensional index, no longer fits a machine; they also keep n·T from overflowing.
constexpr long most_samples = 1'000'000, most_tokens = 10'000, most_steps = 1'000'000'000'000;
constexpr long largest_dimension = 1'000'000'000'000'000;

/// Wide, but such that no product of a few of them leaves the doubles.
bool positive(const Decimal& x) {
  static const cpp_rational largest = pow(cpp_int(10), 30);
  return x.exact() >= 1 / largest && x.exact() <= largest;
}
constexpr const char* positive_range = "a number from 1e-30 to 1e30";

Parameter whole(Parameter entry, long P::*field) {
  entry.whole = true;
  entry.parse = [field](RunConfig& c, const std::string& text) { c.parameters.*field = read_whole_number(text); };
  entry.print = [field](const RunConfig& c) { return Json(c.parameters.*field); };
  return entry;
}

Parameter real(Parameter entry, Decimal P::*field) {
  entry.parse = [field](RunConfig& c, const std::string& text) { c.parameters.*field = read_number(text); };
  entry.print = [field](const RunConfig& c) { return decimal_json(c.parameters.*field); };
  return entry;
}

Parameter positive_real(Parameter entry, Decimal P::*field) {
  entry = real(std::move(entry), field);
  entry.in_range = [field](const RunConfig& c) { return positive(c.parameters.*field); };
  entry.range = positive_range;
  return entry;
}

template <class Enum, std::size_t Count>
Parameter choice(Parameter entry, const Choice<Enum> (&choices)[Count], Enum P::*field) {
  entry.parse = [&choices, field](RunConfig& c, const std::string& text) {
    c.parameters.*field = read_choice(choices, text);
  };
  entry.print = [&choices, field](const RunConfig& c) { return Json(text_of(choices, c.parameters.*field)); };
  return entry;
}

template <class Enum, std::size_t Count>
Parameter choice(Parameter entry, const Choice<Enum> (&choices)[Count], Enum RunConfig::*field) {
  entry.parse = [&choices, field](RunConfig& c, const std::string& text) { c.*field = read_choice(choices, text); };
  entry.print = [&choices, field](const RunConfig& c) { return Json(text_of(choices, c.*field)); };
  return entry;
}

/// A record names it only where it is not the default: the hash of a record without it stays what it was.
Parameter unless_default(Parameter entry) {
  entry.print = [print = entry.print](const RunConfig& c) {
    Json value = print(c);
    return value == print(RunConfig()) ? Json() : value;
  };
  return entry;
}

/// An entry that one model alone has: of others it says nothing unless it is given, which they refuse.
Parameter of_model(const char* model, Parameter entry) {
  entry.model = model;
  entry.print = [print = entry.print, model, otherwise = entry.print(RunConfig())](const RunConfig& c) {
    Json value = print(c);
    return c.model == model || value != otherwise ? value : Json();
  };
  return entry;
}

Parameter file(const char* name, const char* help, std::string TokenFiles::*field) {
  Parameter entry{name, "", help};
  entry.parse = [field](RunConfig& c, const std::string& text) {
    if (text.empty()) throw NotAllowed("the name of a .npy or .npz file");
    c.files.*field = text;
  };
  entry.print = [field](const RunConfig& c) {
    return c.brought && !(c.files.*field).empty() ? Json(c.files.*field) : Json();
  };
  return entry;
}

void parse_flow(RunConfig& c, const std::string& text) {
  if (text != "true" && text != "false") throw NotAllowed("true or false");
  c.flow = text == "true";
}

std::vector<Parameter> make_table() {
  using C = const RunConfig;
  std::vector<Parameter> table;
  const auto in = [](auto in_range, const char* range, Parameter entry) {
    entry.in_range = in_range, entry.range = range;
    return entry;
  };
  table = {
      {.name = "model",
       .default_text = "token-selection",
       .help = "what is trained, on which data: a name of 'benign list --models'",
       .parse = parse_model,
       .print = [](C& c) { return c.model.empty() ? Json() : Json(c.model); }},
      in([](C& c) { return c.parameters.n >= 2 && c.parameters.n <= most_samples && c.parameters.n % 2 == 0; },
         "an even integer from 2 to 1000000",
         whole({"n", "20", "training samples, half of each class (even)", "n", "training samples, n"}, &P::n)),
      in([](C& c) { return c.parameters.T >= (c.parameters.layout ? 2 : 3) && c.parameters.T <= most_tokens; },
         "an integer from 3 to 10000", whole({"T", "8", "tokens in a sample", "T", "tokens of a sample, T"}, &P::T)),
      in([](C& c) { return c.parameters.d >= 2 && c.parameters.d <= largest_dimension; }, "an integer from 2 to 10^15",
         whole({"d", "2000", "dimension of a token", "d", "dimension of a token, d"}, &P::d)),
      positive_real({"mu", "20", "length of the two signals", "‖μ‖", "length of the signals, ‖μ‖"}, &P::mu),
      in([](C& c) { return c.parameters.rho.exact() >= 0 && c.parameters.rho.exact() < 1; }, "a number in [0, 1)",
         real(
             {"rho", "0.1", "strength of the weakly relevant tokens", "ρ", "strength of the weakly relevant tokens, ρ"},
             &P::rho)),
      in([](C& c) { return c.parameters.eta.exact() >= 0 && 2 * c.parameters.eta.exact() <= 1; },
         "a number in [0, 1/2]",
         real({"eta", "0.2", "share of flipped training labels, at most 1/2", "η",
               "share of flipped training labels, η"},
              &P::eta)),
      unless_default(choice({"flips", "exact",
                             "flipped labels: exact, ceil(eta n) of them; independent, each with "
                             "probability eta"},
                            flips_choices, &P::flips)),
      unless_default(in([](C& c) { return c.parameters.plus_share.exact() > 0 && c.parameters.plus_share.exact() < 1; },
                        "a number in (0, 1)",
                        real({"plus-share", "0.5", "share of samples of the class +1, in training and test", "",
                              "share of the class +1"},
                             &P::plus_share))),
      {.name = "layout",
       .default_text = "paper",
       .help = "tokens of a sample: paper, two-tokens, strong-noise, FILE.toml, or kinds in one line",
       .parse = parse_layout,
       .print = [](C& c) { return c.parameters.layout ? Json(theory::line_of(*c.parameters.layout)) : Json(); }},
      positive_real({"sigma", "1", "standard deviation of the noise", "", "noise of a coordinate, σ"}, &P::sigma),
      {.name = "seed",
       .default_text = "42",
       .help = "seed of all random numbers",
       .parse = [](RunConfig& c,
                   const std::string& text) { c.seed = static_cast<std::uint64_t>(read_whole_number(text, 0)); },
       .print = [](C& c) { return Json(c.seed); },
       .range = "a whole number from 0 to 9223372036854775807"},
      {.name = "data",
       .default_text = "dense",
       .help =
           "dense: disjoint train and test noise; peer: as in the published script; gram: only inner products, at any "
           "d; FILE.npy, FILE.npz: tokens of one's own, of shape (n,T,d); fashion-mnist[:A,B]",
       .parse = parse_data,
       .print = [](C& c) { return Json(c.brought ? c.files.data : text_of(data_choices, c.data)); }},
      file("labels", "labels of FILE.npy: whole numbers, of shape (n)", &TokenFiles::labels),
      file("head", "its head, of shape (d) or (d,classes); without it one is trained", &TokenFiles::head),
      file("test-data", "test tokens of shape (m,T,d)", &TokenFiles::test_data),
      file("test-labels", "their labels", &TokenFiles::test_labels),
      file("surrogate", "tokens without a departure from the model: answers, isotropic, positions, places, or several",
           &TokenFiles::surrogate),
      file("mask", "which of FILE.npy's positions are tokens, of shape (n,T): 1 a token, 0 padding, which is left out",
           &TokenFiles::mask),
      file("test-mask", "the same of the test tokens", &TokenFiles::test_mask),
      choice({"init", "uniform", "W0: uniform, gaussian or identity; with gram gaussian"}, init_choices, &P::init),
      {.name = "sigma-w",
       .default_text = "1/sqrt(3d)",
       .help = "standard deviation of an entry of W0",
       .parse = [](RunConfig& c, const std::string& text) { c.parameters.sigma_w = read_number(text); },
       .print = [](C& c) { return c.parameters.sigma_w ? decimal_json(*c.parameters.sigma_w) : Json(); },
       .in_range = [](C& c) { return !c.parameters.sigma_w || positive(*c.parameters.sigma_w); },
       .range = positive_range},
      in([](C& c) { return c.parameters.sigma_p.exact() == 0 || positive(c.parameters.sigma_p); },
         "0, or a number from 1e-30 to 1e30",
         real({"sigma-p", "0", "standard deviation of a coordinate of p0"}, &P::sigma_p)),
      of_model(keys_queries_name,
               in([](C& c) { return c.parameters.d_h >= 1 && c.parameters.d_h <= largest_dimension; },
                  "an integer from 1 to 10^15",
                  whole({"d-h", "64", "of keys-queries: columns of W_Q and W_K", "d_h", "columns of W_Q and W_K, d_h"},
                        &P::d_h))),
      of_model(keys_queries_name,
               {.name = "sigma-h",
                .default_text = "1/sqrt(250 T sigma^2 d sqrt(d_h))",
                .help = "of keys-queries: standard deviation of an entry of W_Q and W_K at the start",
                .axis_label = "entries of W_Q and W_K at the start, σ_h",
                .parse = [](RunConfig& c, const std::string& text) { c.parameters.sigma_h = read_number(text); },
                .print = [](C& c) { return c.parameters.sigma_h ? decimal_json(*c.parameters.sigma_h) : Json(); },
                .in_range = [](C& c) { return !c.parameters.sigma_h || positive(*c.parameters.sigma_h); },
                .range = positive_range}),
      of_model(keys_queries_name,
               in([](C& c) { return c.parameters.sigma_v.exact() == 0 || positive(c.parameters.sigma_v); },
                  "0, or a number from 1e-30 to 1e30",
                  real({"sigma-v", "0", "of keys-queries: standard deviation of an entry of W_V at the start"},
                       &P::sigma_v))),
      of_model(keys_queries_name,
               positive_real({"w-o", "1", "of keys-queries: length of w_O, the fixed vector behind W_V", "‖w_O‖",
                              "length of w_O"},
                             &P::w_o)),
      in([](C& c) { return c.parameters.steps >= 1 && c.parameters.steps <= most_steps; }, "an integer from 1 to 10^12",
         whole({"steps", "1000", "steps of descent; parts of a flow's horizon", "", "steps of gradient descent"},
               &P::steps)),
      positive_real({"lr", "5e-3", "step of gradient descent"}, &P::lr),
      choice({"lr-unit", "absolute", "unit of the step: absolute, or tau0 = n/(kappa sigma^2 d)"}, lr_unit_choices,
             &P::lr_unit),
      {.name = "precision",
       .default_text = "double",
       .help = "double, dd, mp50 or mp100; auto: simulate --flow finds the lowest that is enough",
       .parse = parse_precision,
       .print = [](C& c) { return Json(c.escalate ? "auto" : text_of(precision_choices, c.precision)); }},
      choice({"route", "coefficients", "direct, coefficients or statistics; limit: of infinite d at fixed n SNR^2"},
             route_choices, &RunConfig::route),
      choice({"train", "W,p", "what is trained, the rest staying as drawn: W,p, p or W (which needs --sigma-p)"},
             train_choices, &RunConfig::train),
      {.name = "method",
       .default_text = "gd",
       .help = "of training: gd, momentum:BETA, nesterov:BETA, normalised, sign, sgd:BATCH or decay:LAMBDA",
       .parse = parse_method_option,
       .print = [](C& c) { return c.method.kind == MethodKind::gd ? Json() : Json(text_of(c.method)); }},
      unless_default(
          {.name = "lr-schedule",
           .default_text = "constant",
           .help = "of the steps' lengths: constant, inverse-time:K or inverse-root:K, lr/(1 + k/K) and its root",
           .parse = parse_schedule_option,
           .print = [](C& c) { return Json(text_of(c.method.schedule)); }}),
      {.name = "test",
       .default_text = "population",
       .help = "test error over the population, over M inputs: sample:M, or (of simulate) not at all: none",
       .parse = parse_test,
       .print = print_test},
      {.name = "flow",
       .default_text = "",
       .help = "the gradient flow, in place of descent",
       .flag = true,
       .parse = parse_flow,
       .print = [](C& c) { return c.flow ? Json(true) : Json(); }},
      {.name = "tau-max",
       .default_text = "5",
       .help = "horizon of the flow in tau",
       .parse = [](RunConfig& c, const std::string& text) { c.tau_max = read_number(text); },
       .print = [](C& c) { return c.flow && !c.log_s_max ? decimal_json(c.tau_max) : Json(); },
       .in_range = [](C& c) { return c.tau_max.exact() > 0; },
       .range = "a number above 0"},
      {.name = "log-s-max",
       .default_text = "",
       .help = "horizon of the flow in log(tau/tau0)",
       .axis_label = "horizon, log(τ/τ₀)",
       .parse = [](RunConfig& c, const std::string& text) { c.log_s_max = read_number(text); },
       .print = [](C& c) { return c.flow && c.log_s_max ? decimal_json(*c.log_s_max) : Json(); },
       .in_range = [](C& c) { return !c.log_s_max || (c.log_s_max->exact() >= -50 && c.log_s_max->exact() <= 10000); },
       .range = "a number from -50 to 10000"},
  };
  return table;
}

std::vector<Parameter>& table() {
  static std::vector<Parameter> all = make_table();
  return all;
}

}  // namespace

std::span<const Parameter> parameter_table() { return table(); }

void add_parameter(Parameter parameter) { table().push_back(std::move(parameter)); }

const Parameter* find_parameter(const std::string& name) {
  for (const Parameter& one : table())
    if (one.name == name) return &one;
  return nullptr;
}

}  // namespace benign::sim
