#include "proofs_check/text/option_texts.hpp"

#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <CLI/Config.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

namespace benign::proofs {
namespace {

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

}  // namespace

Texts read_json(const std::string& where, const std::string& text) {
  OptionReader reader(where);
  if (!nlohmann::json::sax_parse(text, &reader)) throw UsageError(where + ": not a JSON object of options");
  return reader.take();
}

Texts read_config_file(const std::string& where, const std::string& path) {
  const std::string text = read_text(where, path);
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '{' ? read_json(where, text) : read_toml(where, text);
}

}  // namespace benign::proofs
