#pragma once
// The configuration in a certificate: exactly what config_json prints of the run that it describes.

#include "proofs_check/checker/form/claim.hpp"
#include "proofs_check/checker/form/form.hpp"
#include "sim/runs/run_config.hpp"

namespace benign::checker {

class ConfigReader : Form {
 public:
  /// Looks at keys and types alone; nothing is read, drawn or computed yet. Throws UsageError.
  ConfigReader(const Place& place, const JsonValue& config);

  Run run() const;

  /// A parameter of which the text is LOW:HIGH, one of mu, rho and lr.
  struct Range {
    std::string name;
    theory::Decimal theory::Parameters::*parameter;
    theory::Decimal all;
    std::size_t place;
  };
  std::vector<Range> ranges() const;

  long dimension() const { return number("d"); }
  bool identity() const { return text_of("init") == "identity"; }

  /// Reads it out of the certificate's text, and the files that it names.
  sim::RunConfig read(const std::string& certificate) const;

 private:
  struct Key;
  static const Key keys[];
  sim::RunConfig read_text(const std::string& text) const;
  void check_kind(const Key& key, const JsonValue& value) const;
  long number(const char* key) const;
  const std::string& text_of(const char* key) const { return config_.find(key)->text; }

  const JsonValue& config_;
};

}  // namespace benign::checker
