#include "proofs_check/checker/form/claim.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <vector>

namespace benign::checker {
namespace {

struct Name {
  Quantity quantity;
  const char* name;
  int positions;
  const char* meaning;
};

const std::vector<Name>& names() {
  using Q = Quantity;
  static const std::vector<Name> list{
      {Q::train_accuracy, "train_accuracy", 0, "the number of training labels predicted right"},
      {Q::train_loss, "train_loss", 0, "the training loss"},
      {Q::loss_fall, "loss_fall", 0, "the least fall of the training loss in one step so far"},
      {Q::least_margin, "least_margin", 0, "the least of the margins Y_i f_i"},
      {Q::margin_clean_min, "margin_clean_min", 0, "the least margin Y_i f_i of a clean sample"},
      {Q::margin_noisy_min, "margin_noisy_min", 0, "the least margin Y_i f_i of a noisy sample"},
      {Q::margin_noisy_max, "margin_noisy_max", 0, "the largest margin Y_i f_i of a noisy sample"},
      {Q::attention_clean, "attention_clean", 0, "the mean attention of clean samples on their relevant token"},
      {Q::attention_clean_min, "attention_clean_min", 0, "the least attention of a clean sample on its relevant token"},
      {Q::attention_clean_max, "attention_clean_max", 0,
       "the largest attention of a clean sample on its relevant token"},
      {Q::attention_noisy, "attention_noisy", 0, "the mean attention of noisy samples on their relevant token"},
      {Q::attention_noisy_min, "attention_noisy_min", 0, "the least attention of a noisy sample on its relevant token"},
      {Q::attention_noisy_max, "attention_noisy_max", 0,
       "the largest attention of a noisy sample on its relevant token"},
      {Q::mu_plus_q, "mu_plus_q", 0, "mu+.q"},
      {Q::mu_minus_q, "mu_minus_q", 0, "mu-.q"},
      {Q::q_norm2, "q_norm2", 0, "|q|^2"},
      {Q::test_error, "test_error", 0, "the population test error"},
      {Q::test_loss, "test_loss", 0, "the population test loss"},
      {Q::log_s_fit, "log_s_fit", 0, "log(tau/tau0) at which all training labels are right for the first time"},
      {Q::log_s_gap, "log_s_gap", 0, "log(tau/tau0) at which mu+.q and mu-.q reach log T for the first time"},
      {Q::margin, "margin", 1, "the margin Y_i f_i"},
      {Q::logit, "logit", 2, "the logit x_t.q"},
      {Q::attention, "attention", 2, "the attention"},
  };
  return list;
}

const Name& name_of(Quantity quantity) {
  return *std::find_if(names().begin(), names().end(), [&](const Name& one) { return one.quantity == quantity; });
}

/// Of digits alone.
std::optional<long> whole(const std::string& text, long most) {
  long value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.starts_with('-') || error != std::errc{} || stop != end || value > most) return std::nullopt;
  return value;
}

/// What may stand in place of a claim that this kind of run has not; null where the claim may stand.
const char* allowed_instead(const Claim& claim, const Run& run, bool at_step) {
  if (claim.of_event() && run.kind == Run::descent) return "log_s_fit and log_s_gap with \"flow\": true alone";
  if (!claim.of_event() && run.kind == Run::limit) return "log_s_fit or log_s_gap with \"route\": \"limit\"";
  if (run.kind != Run::descent && at_step) return "no @STEP with \"flow\": true";
  if (claim.quantity == Quantity::loss_fall && run.kind != Run::descent) return "loss_fall of a descent alone";
  if (claim.quantity == Quantity::loss_fall && claim.step == 0) return "loss_fall at a step of at least 1";
  if (claim.trend != Trend::none && run.kind != Run::descent) return "a trend of a descent alone";
  if (claim.trend != Trend::none && claim.step == 0) return "a trend up to a step of at least 1";
  if (claim.trend != Trend::none && (claim.quantity == Quantity::loss_fall || claim.of_test()))
    return "a trend of another quantity than loss_fall, test_error and test_loss";
  if (claim.of_test() && run.brought) return "quantities of the training set: the law of brought tokens is not known";
  return nullptr;
}

/// Reads what is said of the quantity behind its name and positions, which are returned; or what is allowed there.
std::pair<std::string, const char*> read_relation(Claim& claim, const std::string& text) {
  if (const auto never = text.find(" never "); never != std::string::npos) {
    const std::string way = text.substr(never + 7);
    if (way != "falls" && way != "rises") return {"", "QUANTITY never falls, or QUANTITY never rises"};
    claim.trend = way == "falls" ? Trend::never_falls : Trend::never_rises;
    claim.below = false, claim.strict = false, claim.bound = 0;
    return {text.substr(0, never), nullptr};
  }
  const auto relation = text.find_first_of("<>");
  if (relation == std::string::npos)
    return {"",
            "QUANTITY<VALUE, with <, <=, > or >=, or QUANTITY never falls, or never rises, and @STEP behind it or not"};
  claim.below = text[relation] == '<';
  std::string value = text.substr(relation + 1);
  if (value.starts_with('=')) claim.strict = false, value.erase(0, 1);
  const auto bound = rational(value);
  if (!bound) return {"", "a decimal number behind < or >"};
  claim.bound = *bound;
  return {text.substr(0, relation), nullptr};
}

}  // namespace

std::optional<Rational> rational(const std::string& text) {
  constexpr std::size_t longest = 100'000;
  if (text.size() > longest) return std::nullopt;
  std::size_t at = text.starts_with('+') || text.starts_with('-') ? 1 : 0;
  std::string digits;
  long exponent = 0;
  bool point = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !point) {
      point = true;
    } else if (text[at] >= '0' && text[at] <= '9') {
      digits += text[at];
      exponent -= point;
    } else {
      break;
    }
  }
  if (digits.empty()) return std::nullopt;
  if (at < text.size()) {
    if (text[at] != 'e' && text[at] != 'E') return std::nullopt;
    const bool negative = at + 1 < text.size() && text[at + 1] == '-';
    const std::size_t first = at + (negative || (at + 1 < text.size() && text[at + 1] == '+') ? 2 : 1);
    const std::string part = text.substr(std::min(first, text.size()));
    if (part.empty() || part.size() > 5 || part.find_first_not_of("0123456789") != std::string::npos)
      return std::nullopt;
    exponent += (negative ? -1 : 1) * std::atol(part.c_str());
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));  // which would mean octal
  boost::multiprecision::mpz_int mantissa(digits), scale;
  mpz_ui_pow_ui(scale.backend().data(), 10, static_cast<unsigned long>(std::labs(exponent)));
  if (text[0] == '-') mantissa = -mantissa;
  return exponent < 0 ? Rational(mantissa, scale) : Rational(mantissa * scale);
}

Claim parse_claim(const Place& place, std::size_t at, const std::string& text, const Run& run) {
  const auto refuse = [&](const std::string& allowed) {
    place.refuse(at, "the claim '" + text + "' is not allowed; allowed: " + allowed);
  };
  constexpr std::size_t longest = 2000;
  if (text.size() > longest)
    place.refuse(at, "a claim of " + std::to_string(text.size()) + " characters is not allowed; allowed: 2000");
  Claim claim;
  claim.text = text, claim.step = run.steps;
  const auto step = text.find('@');
  if (step != std::string::npos) {
    const auto found = whole(text.substr(step + 1), run.steps);
    if (!found) refuse("after @ a step from 0 to " + std::to_string(run.steps) + ", in digits");
    claim.step = *found;
  }
  const auto [name_and_positions, allowed_relation] = read_relation(claim, text.substr(0, step));
  if (allowed_relation) refuse(allowed_relation);
  std::string name = name_and_positions;
  std::vector<std::size_t> positions;
  if (const auto open = name.find('['); open != std::string::npos) {
    if (!name.ends_with(']')) refuse("NAME[i] or NAME[i,t]");
    std::string list = name.substr(open + 1, name.size() - open - 2) + ",";
    for (std::size_t comma; (comma = list.find(',')) != std::string::npos; list.erase(0, comma + 1)) {
      const long most = (positions.empty() ? run.n : run.T) - 1;
      const auto position = whole(list.substr(0, comma), most);
      if (!position) refuse("positions from 0 to " + std::to_string(most) + ", in digits");
      positions.push_back(static_cast<std::size_t>(*position));
      if (positions.size() > 2) refuse("at most two positions");
    }
    name.erase(open);
  }
  const auto found = std::find_if(names().begin(), names().end(), [&](const Name& one) { return name == one.name; });
  if (found == names().end()) {
    std::string all;
    for (const Name& one : names()) all += std::string(all.empty() ? "" : ", ") + one.name;
    refuse(all);
  }
  // attention[i,t] has the name of no other quantity, but needs both positions.
  if (static_cast<int>(positions.size()) != found->positions)
    refuse(std::string(found->name) + (found->positions == 0   ? " without a position"
                                       : found->positions == 1 ? "[i]"
                                                               : "[i,t]"));
  claim.quantity = found->quantity;
  if (!positions.empty()) claim.sample = positions[0];
  if (positions.size() > 1) claim.token = positions[1];

  if (const char* allowed = allowed_instead(claim, run, step != std::string::npos)) refuse(allowed);
  return claim;
}

std::string in_words(const Claim& claim, const Run& run) {
  const Name& name = name_of(claim.quantity);
  std::string words = name.meaning;
  if (name.positions > 0) words += " of sample " + std::to_string(claim.sample);
  if (name.positions > 1) words += ", token " + std::to_string(claim.token);
  if (claim.quantity == Quantity::train_accuracy) words += ", of " + std::to_string(run.n) + ",";
  if (claim.trend != Trend::none)
    return std::string("the least ") + (claim.trend == Trend::never_falls ? "rise" : "fall") + " in one step of " +
           words + " over steps 1 to " + std::to_string(claim.step);
  if (claim.of_event()) return words;
  return words + (run.kind == Run::flow ? " at the horizon" : " at step " + std::to_string(claim.step));
}

bool follows(const Stated& stated, long n) {
  const Claim& claim = stated.claim;
  const Rational bound = claim.quantity == Quantity::train_accuracy ? Rational(claim.bound * n) : claim.bound;
  // The claim holds of all numbers up to `bound`, or of all from there on; which of them decide is one end each.
  const bool from_above = claim.below == (stated.verdict == Verdict::proved);
  const std::optional<Rational>& end = from_above ? stated.upper : stated.lower;
  if (!end) return false;
  const bool strict = claim.strict == (stated.verdict == Verdict::proved);
  if (from_above) return strict ? *end < bound : *end <= bound;
  return strict ? *end > bound : *end >= bound;
}

}  // namespace benign::checker
