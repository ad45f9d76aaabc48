#include "proofs_check/certificates/default_claims.hpp"

#include "proofs_check/certificates/in_double.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/simulate.hpp"

#include <cmath>

namespace benign::proofs {
namespace {

using Claims = std::vector<std::string>;

/// mantissa · 10^exponent as people write it.
std::string plain(long mantissa, long exponent) {
  if (mantissa == 0) return "0";
  std::string digits = std::to_string(std::labs(mantissa));
  const long point = static_cast<long>(digits.size()) + exponent;  // digits before the point
  const std::string sign = mantissa < 0 ? "-" : "";
  if (point < -3 || exponent > 3) {
    while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
    if (digits.size() > 1) digits.insert(1, ".");
    return sign + digits + "e" + std::to_string(point - 1);
  }
  if (exponent >= 0) return sign + digits + std::string(static_cast<std::size_t>(exponent), '0');
  if (point <= 0) digits.insert(0, static_cast<std::size_t>(1 - point), '0');
  digits.insert(digits.size() - static_cast<std::size_t>(-exponent), ".");
  return sign + digits;
}

/// That `name` is within one unit of the last of so many digits of a value.
void add_bounds(Claims& claims, const std::string& name, double value, int digits) {
  if (!std::isfinite(value)) return;
  const std::string text = format("%.*e", digits - 1, value);  // d.dde±dd
  const auto e = text.find('e');
  std::string mantissa = text.substr(0, e);
  if (const auto point = mantissa.find('.'); point != std::string::npos) mantissa.erase(point, 1);
  const long number = std::stol(mantissa), exponent = std::stol(text.substr(e + 1)) - (digits - 1);
  claims.push_back(name + ">" + plain(number - 1, exponent));
  claims.push_back(name + "<" + plain(number + 1, exponent));
}

/// A small test error is only below a bound, and never below one that the checker has no means to see.
void add_test_error(Claims& claims, double value) {
  constexpr double small = 1e-3, least = 1e-5;
  if (value >= small) return add_bounds(claims, "test_error", value, 3);
  Claims bounds;
  add_bounds(bounds, "test_error", std::max(value, least), 1);
  claims.push_back(value < least / 2 ? "test_error<1e-5" : bounds.back());
}

Claims claims_of_limit(const sim::RunConfig& config) {
  const auto run = sim::simulate<double>(config, 0, [](const sim::Observation<double>&) {});
  Claims claims;
  const auto add = [&](const char* name, const std::optional<double>& log_s) {
    if (!log_s)
      claims.push_back(name + (">" + config.log_s_max->text()));
    else
      add_bounds(claims, name, *log_s, 7);
  };
  if (theory::noise_count(config.parameters) > 0) add("log_s_fit", run.events.fit);
  add("log_s_gap", run.events.gap);
  return claims;
}

}  // namespace

std::vector<std::string> default_claims(const sim::RunConfig& config, sim::SharedDraws& shared) {
  if (config.route == sim::RouteKind::limit) return claims_of_limit(config);
  // Those that have a meaning here, each as a claim whose value is asked for.
  std::vector<Claim> asked;
  for (const char* name : {"train_accuracy", "margin_clean_min", "margin_noisy_min", "margin_noisy_max", "train_loss",
                           "attention_clean", "attention_clean_min", "attention_noisy", "attention_noisy_max",
                           "mu_plus_q", "mu_minus_q", "q_norm2", "test_error", "test_loss"})
    try {
      asked.push_back(parse_claim("--claim", std::string(name) + "<0", config));
    } catch (const UsageError&) {
      continue;  // no flipped sample, no law of the tokens, or no ‖q‖²
    }
  const auto values = values_in_double(config, asked, shared);
  Claims claims, numbers;
  bool all_right = true;
  for (std::size_t k = 0; k < asked.size(); ++k) {
    const std::string& name = asked[k].quantity;
    if (!values[k]) continue;
    const double value = values[k]->value;
    if (name == "train_accuracy") {
      all_right = value == 1;
    } else if (name.starts_with("margin")) {
      claims.push_back(name + (value > 0 ? ">0" : "<=0"));
    } else if (name == "test_error") {
      add_test_error(numbers, value);
    } else {
      add_bounds(numbers, name, value, name == "test_loss" ? 2 : 3);
    }
  }
  claims.insert(claims.begin(), all_right ? "train_accuracy>=1" : "train_accuracy<1");
  if (!config.flow && config.parameters.steps > 0) claims.push_back("loss_fall>0");
  claims.insert(claims.end(), numbers.begin(), numbers.end());
  return claims;
}

}  // namespace benign::proofs
