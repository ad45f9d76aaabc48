#include "sim/runs/config_json.hpp"

#include "sim/data/layout_file.hpp"
#include "sim/models/model.hpp"
#include "sim/runs/parameter_table.hpp"

#include <charconv>

namespace benign::sim {

theory::Decimal decimal_of(double x) {
  char text[40];
  return theory::Decimal(
      std::string_view(text, static_cast<std::size_t>(std::to_chars(text, text + sizeof text, x).ptr - text)));
}

theory::Decimal read_number(const std::string& text) {
  auto value = theory::Decimal::parse(text);
  if (!value) throw NotAllowed("a decimal number");
  return *std::move(value);
}

long read_whole_number(const std::string& text, long low) {
  const auto value = theory::Decimal::parse(text);
  if (!value || denominator(value->exact()) != 1 || value->exact() < low ||
      value->exact() > std::numeric_limits<long>::max())
    throw NotAllowed(low == 0 ? "a whole number of at least 0" : "a whole number");
  return static_cast<long>(numerator(value->exact()));
}

Json decimal_json(const theory::Decimal& x) {
  if (x.is_range()) return x.text();
  if (denominator(x.exact()) == 1 && abs(numerator(x.exact())) < (1L << 53))
    return static_cast<long>(numerator(x.exact()));
  const Json value = x.as<double>();
  const auto read = theory::Decimal::parse(value.dump());
  return read && *read == x ? value : Json(x.text());
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

void parse_data(RunConfig& c, const std::string& text) {
  if (names_tokens(text)) {
    c.data = DataKind::brought;
    c.files.data = text;
    return;
  }
  c.data = read_choice(data_choices, text, " | FILE.npy | FILE.npz | fashion-mnist | fashion-mnist:A,B");
}

void parse_precision(RunConfig& c, const std::string& text) {
  c.escalate = text == "auto";
  if (c.escalate)
    c.precision = Precision::binary64;
  else  // the name that the precision of 32 digits had
    c.precision = text == "float128" ? Precision::pairs : read_choice(precision_choices, text);
}

void parse_model(RunConfig& c, const std::string& text) {
  const Model* model = find_model(text);
  if (!model) throw NotAllowed(model_names());
  c.model = model->selects_tokens ? "" : model->name;
}

void parse_layout(RunConfig& c, const std::string& text) {
  try {
    auto layout = std::make_shared<const theory::TokenLayout>(read_layout(text));
    c.parameters.layout = *layout == theory::paper_layout() ? nullptr : std::move(layout);
  } catch (const theory::BadLayout& bad) {
    throw NotAllowed(bad.what());
  }
}

void parse_method_option(RunConfig& c, const std::string& text) {
  auto method = parse_method(text);
  if (!method) throw NotAllowed(method_forms);
  method->schedule = c.method.schedule;
  c.method = *method;
}

void parse_schedule_option(RunConfig& c, const std::string& text) {
  const auto schedule = parse_schedule(text);
  if (!schedule) throw NotAllowed(schedule_forms);
  c.method.schedule = *schedule;
}

constexpr long most_test_inputs = 100'000'000;

void parse_test(RunConfig& c, const std::string& text) {
  c.test_sample.reset();
  c.test_left_out = text == "none";
  if (text == "population" || text == "none") return;
  const auto size = text.starts_with("sample:") ? theory::Decimal::parse(text.substr(7)) : std::nullopt;
  if (!size || size->exact() < 2 || size->exact() > most_test_inputs || denominator(size->exact()) != 1)
    throw NotAllowed("population, none, or sample:M with a whole number M from 2 to 10^8");
  c.test_sample = static_cast<long>(numerator(size->exact()));
}

Json print_test(const RunConfig& c) {
  return c.test_left_out ? "none" : c.test_sample ? "sample:" + std::to_string(*c.test_sample) : "population";
}

Json config_json(const RunConfig& config) {
  Json json;
  for (const Parameter& parameter : parameter_table())
    if (Json value = parameter.print(config); !value.is_null()) json[parameter.name] = std::move(value);
  return json;
}

}  // namespace benign::sim
