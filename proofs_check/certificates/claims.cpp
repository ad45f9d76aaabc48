#include "proofs_check/certificates/claims.hpp"

#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/data/data.hpp"

#include <sstream>
#include <string_view>

namespace benign::proofs {
namespace {

/// What keeps the quantity from having a meaning here, and what is allowed; empty where it has one.
std::string out_of_domain(const Claim& claim, const sim::RunConfig& config) {
  const std::string& name = claim.quantity;
  const long flipped = sim::flipped_labels(config.parameters, config.data);
  const std::string none = "with --eta " + config.parameters.eta.text() + " no label is flipped";
  if ((name.starts_with("attention_noisy") || name.starts_with("margin_noisy")) && flipped == 0)
    return "quantities of clean samples: " + none;
  if ((name.starts_with("attention_clean") || name == "margin_clean_min") && flipped == config.parameters.n)
    return "quantities of flipped samples: all labels are flipped";
  const bool limit = config.route == sim::RouteKind::limit;
  if (name == "log_s_fit" && limit && flipped == 0)
    return "log_s_gap: " + none + ", and all labels are right from the start";
  if (claim.of_test() && config.brought)
    return "quantities of the training set: the law of brought tokens is not known";
  if (claim.needs_q_norm() && config.route == sim::RouteKind::statistics)
    return "quantities of the logits: --route statistics has no |q|^2";
  if (name == "loss_fall" && claim.step == 0) return "loss_fall at a step of at least 1";
  if (claim.trend != Trend::none) {
    if (config.flow) return "a comparison with a number: steps are a descent's, without --flow";
    if (claim.step == 0) return "a step of at least 1";
    if (name == "loss_fall" || claim.of_test())
      return "other quantities: loss_fall is a trend itself, and the bounds of the test error are wider than its steps";
  }
  if (limit && (!claim.of_event() || name == "log_s_half_loss")) return "log_s_fit or log_s_gap with --route limit";
  if (!config.flow && claim.of_event()) return "log_s_fit, log_s_gap and log_s_half_loss with --flow alone";
  if (name == "log_s_half_loss" && config.brought)
    return "log_s_fit and log_s_gap of brought tokens, whose law is not known";
  if (config.flow && (name == "loss_fall" || claim.text.find('@') != std::string::npos))
    return "quantities at the end of the flow, without @STEP and loss_fall";
  return {};
}

/// Whether it is "NAME never falls" or "NAME never rises": the least rise or fall is then at least 0, and `name` NAME.
bool read_trend(Claim& claim, std::string& name) {
  for (const auto& [words, trend] :
       {std::pair{" never falls", Trend::never_falls}, std::pair{" never rises", Trend::never_rises}}) {
    if (!name.ends_with(words)) continue;
    name.erase(name.size() - std::string_view(words).size());
    claim.trend = trend, claim.below = false, claim.strict = false;
    return true;
  }
  return false;
}

/// Of digits alone, as a certificate has it.
long whole(const std::string& where, const std::string& text, long high) {
  if (text.find_first_not_of("0123456789") != std::string::npos)
    throw UsageError(where, text, "a whole number from 0 to " + std::to_string(high) + ", in digits");
  return parse_integer(where, text, 0, high);
}

}  // namespace

const std::vector<Quantity>& quantities() {
  static const std::vector<Quantity> list{
      {"train_accuracy", 0, "share of training labels predicted right"},
      {"train_loss", 0, "training loss"},
      {"loss_fall", 0, "the least fall of the loss in one step so far"},
      {"least_margin", 0, "min_i Y_i f_i; of many classes the cross-entropy's margins"},
      {"margin_clean_min", 0, "the least of clean samples"},
      {"margin_noisy_min", 0, "the least of noisy samples"},
      {"margin_noisy_max", 0, "the largest of them: below 0 no flipped label of two classes is fitted"},
      {"attention_clean", 0, "mean attention of clean samples on their relevant token"},
      {"attention_clean_min", 0, "the least of them"},
      {"attention_clean_max", 0, "the largest of them"},
      {"attention_noisy", 0, "mean attention of noisy samples on their relevant token"},
      {"attention_noisy_min", 0, "the least of them"},
      {"attention_noisy_max", 0, "the largest of them"},
      {"mu_plus_q", 0, "mu+.q"},
      {"mu_minus_q", 0, "mu-.q"},
      {"q_norm2", 0, "|q|^2"},
      {"test_error", 0, "population test error"},
      {"test_loss", 0, "population test loss"},
      {"log_s_fit", 0, "log(tau/tau0) at which all training labels are right (--flow)"},
      {"log_s_gap", 0, "log(tau/tau0) at which the test gap reaches log T (the same)"},
      {"log_s_half_loss", 0,
       "log(tau/tau0) at which the test loss is half way to its floor (the same, of an instance)"},
      {"margin", 1, "margin[i]: Y_i f_i"},
      {"logit", 2, "logit[i,t]: x_t.q of sample i, both from 0"},
      {"attention", 2, "attention[i,t]"},
  };
  return list;
}

Claim parse_claim(const std::string& where, const std::string& text, const sim::RunConfig& config) {
  const auto refuse = [&](const std::string& allowed) { return UsageError(where, text, allowed); };
  Claim claim;
  claim.text = text;
  claim.step = config.parameters.steps, claim.samples = config.parameters.n;
  std::string name = text.substr(0, text.find('@'));
  if (name.size() < text.size())
    claim.step = whole(where + " '" + text + "'", text.substr(name.size() + 1), claim.step);
  if (!read_trend(claim, name)) {
    const auto relation = name.find_first_of("<>");
    if (relation == std::string::npos)
      throw refuse(
          "QUANTITY<VALUE, with <, <=, > or >=, or QUANTITY never falls, QUANTITY never rises; with @STEP behind "
          "it or not");
    claim.below = name[relation] == '<';
    std::string value = name.substr(relation + 1);
    if (value.starts_with('=')) claim.strict = false, value.erase(0, 1);
    claim.bound = parse_decimal(where + " '" + text + "'", value);
    name.erase(relation);
  }
  if (const auto open = name.find('['); open != std::string::npos) {
    if (!name.ends_with(']')) throw refuse("NAME[i] or NAME[i,t]");
    for (const std::string& item : split(name.substr(open + 1, name.size() - open - 2)))
      claim.position.push_back(whole(where + " '" + text + "'", item,
                                     (claim.position.empty() ? config.parameters.n : config.parameters.T) - 1));
    name.erase(open);
  }
  claim.quantity = name;
  std::string names;
  for (const auto& quantity : quantities()) {
    if (name == quantity.name) {
      if (static_cast<int>(claim.position.size()) != quantity.positions) throw refuse(quantity.meaning);
      if (const std::string allowed = out_of_domain(claim, config); !allowed.empty()) throw refuse(allowed);
      return claim;
    }
    names += std::string(names.empty() ? "" : ", ") + quantity.name;
  }
  throw refuse(names);
}

}  // namespace benign::proofs
