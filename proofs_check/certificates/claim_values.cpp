#include "proofs_check/certificates/claims.hpp"
#include "sim/generalisation/enclosed_test.hpp"
#include "theory/numbers/element.hpp"
#include "theory/numbers/exact_text.hpp"

#include <algorithm>
#include <stdexcept>

namespace benign::proofs {
namespace {

using Join = Enclosure (*)(const Enclosure&, const Enclosure&);
Enclosure sum(const Enclosure& x, const Enclosure& y) { return x + y; }

/// What `of` says of the clean, or of the noisy, samples, joined; NaN where there are none.
template <class OfSample>
Enclosure joined(const sim::Data& data, bool noisy, Join join, const OfSample& of) {
  Enclosure all;
  bool first = true;
  for (Index i = 0; i < data.n; ++i) {
    if (data.noisy(i) != noisy) continue;
    all = first ? of(i) : join(all, of(i));
    first = false;
  }
  return all;
}

/// The attentions on the relevant token.
Enclosure attention(const sim::EnclosedMoment& m, const sim::ExactInstance& exact, bool noisy, Join join) {
  const sim::Data& data = exact.instance.train;
  const std::vector<Index> best = exact.exact.relevant();
  return joined(data, noisy, join, [&](Index i) { return m.attention[i * data.T + element(best, i)]; });
}

Enclosure mean_attention(const sim::EnclosedMoment& m, const sim::ExactInstance& exact, bool noisy) {
  const sim::Data& data = exact.instance.train;
  long count = 0;
  for (Index i = 0; i < data.n; ++i) count += data.noisy(i) == noisy;
  return attention(m, exact, noisy, sum) / std::max(count, 1L);
}

Enclosure margin(const sim::EnclosedMoment& m, const sim::Data& data, Index i) {
  return m.leads.size() > 0 ? m.outputs[i] : element(data.label, i) * m.outputs[i];
}

Enclosure margin(const sim::EnclosedMoment& m, const sim::Data& data, bool noisy, Join join) {
  return joined(data, noisy, join, [&](Index i) { return margin(m, data, i); });
}

Enclosure least_margin(const sim::EnclosedMoment& m, const sim::Data& data) {
  Enclosure least = margin(m, data, 0);
  for (Index i = 1; i < data.n; ++i) least = lesser(least, margin(m, data, i));
  return least;
}

sim::EnclosedScalars scalars(const sim::EnclosedMoment& m) {
  return {m.readout.mu_plus_q, m.readout.mu_minus_q, *m.readout.q_norm2};
}

}  // namespace

Count right_samples(const sim::EnclosedMoment& m, const sim::Data& data) {
  Count count{0, data.n};
  const bool many = m.leads.size() > 0;
  for (Index i = 0; i < data.n; ++i) {
    const Sign sign = sign_of<Enclosure>(many ? m.leads[i] : margin(m, data, i));
    count.least += sign == Sign::positive;
    // Of classes that answer alike the first is predicted, which may be the right one.
    count.most -= sign == Sign::negative || (sign == Sign::zero && !many);
  }
  return count;
}

Enclosure value_of(const Claim& claim, const sim::EnclosedMoment& m, const sim::ExactInstance& exact) {
  const sim::Data& data = exact.instance.train;
  const std::string& name = claim.quantity;
  if (name == "train_accuracy") {
    const Count right = right_samples(m, data);
    return hull(Enclosure(right.least), Enclosure(right.most));
  }
  if (name == "train_loss") return m.loss;
  if (name == "loss_fall") return m.least_fall;
  if (name == "least_margin") return least_margin(m, data);
  for (const bool noisy : {false, true}) {
    const std::string group = noisy ? "attention_noisy" : "attention_clean";
    if (name == group) return mean_attention(m, exact, noisy);
    if (name == group + "_min") return attention(m, exact, noisy, lesser);
    if (name == group + "_max") return attention(m, exact, noisy, greater);
  }
  if (name == "margin_clean_min") return margin(m, data, false, lesser);
  if (name == "margin_noisy_min") return margin(m, data, true, lesser);
  if (name == "margin_noisy_max") return margin(m, data, true, greater);
  if (name == "mu_plus_q") return m.readout.mu_plus_q;
  if (name == "mu_minus_q") return m.readout.mu_minus_q;
  if (name == "q_norm2") return *m.readout.q_norm2;
  if (name == "test_error") return sim::enclosed_test_error(exact.instance.parameters, scalars(m));
  if (name == "test_loss") return sim::enclosed_test_loss(exact.instance.parameters, scalars(m));
  if (name == "margin") return margin(m, data, claim.position[0]);
  if (claim.position.size() != 2) throw std::logic_error("no quantity of a moment: " + name);
  const Index at = claim.position[0] * data.T + claim.position[1];
  return name == "logit" ? m.readout.logits[at] : m.attention[at];
}

Enclosure sharper_test_error(const sim::EnclosedMoment& m, const sim::ExactInstance& exact,
                             const std::function<bool(const Enclosure&)>& enough) {
  return sim::enclosed_test_error(exact.instance.parameters, scalars(m), enough);
}

void Change::see(const Claim& claim, const Enclosure& value) {
  if (before_) {
    const Enclosure change = claim.trend == Trend::never_falls ? value - *before_ : *before_ - value;
    least_ = least_ ? lesser(*least_, change) : change;
  }
  before_ = value;
}

sim::Json Change::record() const {
  const auto text = [](const std::optional<Enclosure>& x) { return x ? sim::Json(exact_text(*x)) : sim::Json(); };
  return {{"before", text(before_)}, {"least", text(least_)}};
}

void Change::resume(const sim::Json& record) {
  const auto read = [&](const char* key, std::optional<Enclosure>& x) {
    if (const sim::Json& text = record.at(key); !text.is_null())
      x = from_exact_text<Enclosure>(text.get<std::string>());
  };
  read("before", before_), read("least", least_);
}

}  // namespace benign::proofs
