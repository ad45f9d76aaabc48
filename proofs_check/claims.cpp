#include "proofs_check/claims.hpp"

#include "proofs_check/options.hpp"
#include "proofs_check/usage_error.hpp"
#include "sim/enclosed_test.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <sstream>

namespace benign::proofs {
namespace {

/// The share of samples whose Y_i f_i > 0 for certain, and that for which Y_i f_i ≤ 0 is not certain.
Enclosure accuracy(const sim::EnclosedMoment& m, const sim::Data& data) {
  long right = 0, wrong = 0;
  for (Index i = 0; i < data.n; ++i) {
    const Sign sign = sign_of<Enclosure>(data.label[static_cast<std::size_t>(i)] * m.outputs[i]);
    right += sign == Sign::positive;
    wrong += sign == Sign::negative || sign == Sign::zero;
  }
  return hull(ratio<Enclosure>(right, data.n), ratio<Enclosure>(data.n - wrong, data.n));
}

using Join = Enclosure (*)(const Enclosure&, const Enclosure&);
Enclosure sum(const Enclosure& x, const Enclosure& y) { return x + y; }

/// The attentions of the clean, or of the noisy, samples on their relevant token, joined; NaN where there are none.
Enclosure attention(const sim::EnclosedMoment& m, const sim::Instance& instance, bool noisy, Join join,
                    long* count = nullptr) {
  const sim::Data& data = instance.train;
  const std::vector<Index> best = sim::relevant_tokens(instance);
  Enclosure joined;
  long seen = 0;
  for (Index i = 0; i < data.n; ++i) {
    if (data.noisy(i) != noisy) continue;
    const Enclosure& s = m.attention[i * data.T + (best.empty() ? 0 : best[static_cast<std::size_t>(i)])];
    joined = seen++ == 0 ? s : join(joined, s);
  }
  if (count) *count = seen;
  return joined;
}

Enclosure mean_attention(const sim::EnclosedMoment& m, const sim::Instance& instance, bool noisy) {
  long count = 0;
  const Enclosure total = attention(m, instance, noisy, sum, &count);
  return total / std::max(count, 1L);
}

Enclosure margin(const sim::EnclosedMoment& m, const sim::Data& data, Index i) {
  return data.label[static_cast<std::size_t>(i)] * m.outputs[i];
}

Enclosure least_margin(const sim::EnclosedMoment& m, const sim::Data& data) {
  Enclosure least = margin(m, data, 0);
  for (Index i = 1; i < data.n; ++i) least = lesser(least, margin(m, data, i));
  return least;
}

}  // namespace

const std::vector<Quantity>& quantities() {
  static const std::vector<Quantity> list{
      {"train_accuracy", 0, "share of training labels predicted right"},
      {"train_loss", 0, "training loss"},
      {"loss_fall", 0, "the least fall of the loss in one step so far"},
      {"least_margin", 0, "min_i Y_i f_i"},
      {"attention_clean", 0, "mean attention of clean samples on their relevant token"},
      {"attention_clean_min", 0, "the least of them"},
      {"attention_clean_max", 0, "the largest of them"},
      {"attention_noisy", 0, "mean attention of noisy samples on their relevant token"},
      {"attention_noisy_min", 0, "the least of them"},
      {"attention_noisy_max", 0, "the largest of them"},
      {"mu_plus_q", 0, "mu+.q"},
      {"mu_minus_q", 0, "mu-.q"},
      {"q_norm2", 0, "|q|^2"},
      {"test_error", 0, "population test error, between bounds of a few lines"},
      {"log_s_fit", 0, "log(tau/tau0) at which all training labels are right (--flow --route limit)"},
      {"log_s_gap", 0, "log(tau/tau0) at which the test gap reaches log T (the same)"},
      {"margin", 1, "margin[i]: Y_i f_i"},
      {"logit", 2, "logit[i,t]: x_t.q of sample i, both from 0"},
      {"attention", 2, "attention[i,t]"},
  };
  return list;
}

Claim parse_claim(const std::string& where, const std::string& text, const sim::RunConfig& config) {
  const auto refuse = [&](const std::string& allowed) { return UsageError(where, text, allowed); };
  const auto relation = text.find_first_of("<>");
  if (relation == std::string::npos) throw refuse("QUANTITY<VALUE, with <, <=, > or >=, and @STEP behind it or not");
  Claim claim;
  claim.text = text;
  claim.below = text[relation] == '<';
  std::string value = text.substr(relation + 1);
  if (value.starts_with('=')) claim.strict = false, value.erase(0, 1);
  claim.step = config.parameters.steps, claim.samples = config.parameters.n;
  if (const auto at = value.find('@'); at != std::string::npos) {
    claim.step = parse_integer(where + " '" + text + "'", value.substr(at + 1), 0, config.parameters.steps);
    value.erase(at);
  }
  claim.bound = parse_decimal(where + " '" + text + "'", value);

  std::string name = text.substr(0, relation);
  if (const auto open = name.find('['); open != std::string::npos) {
    if (!name.ends_with(']')) throw refuse("NAME[i] or NAME[i,t]");
    std::stringstream list(name.substr(open + 1, name.size() - open - 2) + ",");
    for (std::string item; std::getline(list, item, ',');)
      claim.position.push_back(parse_integer(where + " '" + text + "'", item, 0,
                                             (claim.position.empty() ? config.parameters.n : config.parameters.T) - 1));
    name.erase(open);
  }
  claim.quantity = name;
  std::string names;
  for (const auto& quantity : quantities()) {
    if (name == quantity.name) {
      if (static_cast<int>(claim.position.size()) != quantity.positions) throw refuse(quantity.meaning);
      if (name == "test_error" && config.brought)
        throw refuse("quantities of the training set: the law of brought tokens is not known");
      if ((name == "test_error" || name == "q_norm2") && config.route == sim::RouteKind::statistics)
        throw refuse("quantities of the logits: --route statistics has no |q|^2");
      if (name == "loss_fall" && claim.step == 0) throw refuse("loss_fall at a step of at least 1");
      const bool limit = config.route == sim::RouteKind::limit;
      if (name.starts_with("log_s") != limit)
        throw refuse(limit ? "log_s_fit or log_s_gap with --route limit"
                           : "log_s_fit and log_s_gap with --route limit alone");
      if (config.flow && (name == "loss_fall" || text.find('@') != std::string::npos))
        throw refuse("quantities at the end of the flow, without @STEP and loss_fall");
      return claim;
    }
    names += std::string(names.empty() ? "" : ", ") + quantity.name;
  }
  throw refuse(names);
}

Enclosure value_of(const Claim& claim, const sim::EnclosedMoment& m, const sim::Instance& instance) {
  const sim::Data& data = instance.train;
  const std::string& name = claim.quantity;
  if (name == "train_accuracy") return accuracy(m, data);
  if (name == "train_loss") return m.loss;
  if (name == "loss_fall") return m.least_fall;
  if (name == "least_margin") return least_margin(m, data);
  for (const bool noisy : {false, true}) {
    const std::string group = noisy ? "attention_noisy" : "attention_clean";
    if (name == group) return mean_attention(m, instance, noisy);
    if (name == group + "_min") return attention(m, instance, noisy, lesser);
    if (name == group + "_max") return attention(m, instance, noisy, greater);
  }
  if (name == "mu_plus_q") return m.readout.mu_plus_q;
  if (name == "mu_minus_q") return m.readout.mu_minus_q;
  if (name == "q_norm2") return *m.readout.q_norm2;
  if (name == "test_error") {
    const auto& q = m.readout;
    return sim::enclosed_test_error(instance.parameters, q.mu_plus_q, q.mu_minus_q, *q.q_norm2);
  }
  if (name == "margin") return margin(m, data, claim.position[0]);
  const Index at = claim.position[0] * data.T + claim.position[1];
  return name == "logit" ? m.readout.logits[at] : m.attention[at];
}

namespace {

/// k/n as the whole number k between two that it is known to lie between, and the bound times n, so that 18 of 20 is
/// 0.9.
std::pair<Enclosure, Enclosure> in_samples(const Claim& claim, const Enclosure& share) {
  const auto n = static_cast<double>(claim.samples);
  const boost::multiprecision::cpp_rational bound = claim.bound.exact() * claim.samples;
  return {enclosure(std::round(n * lower(share)), std::round(n * upper(share))),
          Enclosure(numerator(bound).str()) / Enclosure(denominator(bound).str())};
}

}  // namespace

theory::Verdict verdict_of(const Claim& claim, const Enclosure& given) {
  const auto [value, bound] =
      claim.quantity == "train_accuracy" ? in_samples(claim, given) : std::pair{given, claim.bound.as<Enclosure>()};
  const Enclosure &small = claim.below ? value : bound, &large = claim.below ? bound : value;
  if (claim.strict ? certainly_less(small, large) : certainly_less_equal(small, large)) return theory::Verdict::proved;
  if (claim.strict ? certainly_less_equal(large, small) : certainly_less(large, small))
    return theory::Verdict::violated;
  return theory::Verdict::undecided;
}

}  // namespace benign::proofs
