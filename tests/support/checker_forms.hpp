#pragma once
// A good certificate in text, and what the checker says of one that is not.

#include "tests/support/checker_writer.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <catch2/catch.hpp>

namespace benign::tests {

inline sim::RunConfig one_config() {
  sim::RunConfig config;
  auto& p = config.parameters;
  p.n = 2, p.T = 3, p.d = 8, p.mu = theory::Decimal("2"), p.steps = 3, p.lr = theory::Decimal("0.1");
  p.eta = theory::Decimal("0");
  return config;
}

inline Json good_certificate(const sim::RunConfig& config = one_config()) {
  const bool limit = config.route == sim::RouteKind::limit;
  Json certificate;
  if (limit) {
    certificate = certificate_without_claims(config, nullptr);
    certificate["claims"].push_back(
        {{"claim", "log_s_fit>4"}, {"verdict", "proved"}, {"lower", "4.5e+00"}, {"upper", nullptr}});
  } else {
    const auto instance = sim::draw_instance(config.parameters, config.data, config.seed, config.brought);
    certificate = certificate_without_claims(config, &instance);
    certificate["claims"].push_back(
        {{"claim", "train_loss<2"}, {"verdict", "proved"}, {"lower", "1.0e-01"}, {"upper", "1.9e+00"}});
  }
  return certificate;
}

/// The message, or nothing where the text is read.
inline std::string refusal(const std::string& text) {
  try {
    checker::check("F", text);
  } catch (const proofs::UsageError& error) {
    return error.what();
  }
  return "";
}

inline void check_refused(const std::string& text, const std::string& names) {
  const std::string message = refusal(text);
  INFO(text.substr(0, 3000) << "\n" << message);
  CHECK(message.starts_with("F:"));
  CHECK(message.find('\n') == std::string::npos);
  CHECK(message.find(names) != std::string::npos);
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

using Change = std::function<void(Json&)>;

}  // namespace benign::tests
