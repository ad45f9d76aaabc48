#include "proofs_check/checker/scene.hpp"

#include <algorithm>
#include <tbb/parallel_for.h>

namespace benign::checker {

Scene::Scene(const sim::Instance& instance, const InnerProducts& products)
    : n(static_cast<std::size_t>(instance.train.n)),
      T(static_cast<std::size_t>(instance.train.T)),
      label(instance.train.label),
      relevant(n, 0),
      v(n * T) {
  const sim::Data& train = instance.train;
  for (std::size_t i = 0; i < n; ++i) noisy.push_back(train.label[i] != train.true_label[i]);
  const Interval mu = Interval::decimal(instance.parameters.mu.text());
  for (std::size_t k = 0; k < n * T; ++k) {
    const auto row = static_cast<Index>(k);
    if (instance.brought)
      v[k] = entry(products.v, k, 0);
    else  // (x₁ − x₂)/(√2‖μ‖)
      v[k] = (Interval::exactly(train.tokens(row, 0)) - Interval::exactly(train.tokens(row, 1))) /
             (sqrt(Interval(2)) * mu);
  }
  if (!instance.brought) return;
  // Of brought tokens the one that answers best for the true label is relevant, the first of equals.
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t t = 1; t < T; ++t) {
      const int order = mpz_cmp(products.v(i * T + t, 0), products.v(i * T + relevant[i], 0));
      if (order * train.true_label[i] > 0) relevant[i] = t;
    }
}

Moment Scene::look(Intervals logits) const {
  Moment m;
  m.logits = std::move(logits);
  m.attention.resize(n * T), m.outputs.resize(n);
  Intervals losses(n);
  tbb::parallel_for(std::size_t{0}, n, [&](std::size_t i) {
    const std::size_t first = i * T;
    std::size_t top = first;
    for (std::size_t k = first; k < first + T; ++k)
      if (m.logits[k].middle() > m.logits[top].middle()) top = k;
    Interval total(0);
    for (std::size_t k = first; k < first + T; ++k) {
      m.attention[k] = k == top ? Interval(1) : exp(m.logits[k] - m.logits[top]);
      total += m.attention[k];
    }
    for (std::size_t k = first; k < first + T; ++k) {
      m.attention[k] = m.attention[k] / total;
      add_product(m.outputs[i], m.attention[k], v[k]);
    }
    const Interval against = m.outputs[i] * Interval(-label[i]);  // log(1 + e^x) = x + log(1 + e^{−x})
    losses[i] = against.positive() ? against + log1p(exp(-against)) : log1p(exp(against));
  });
  for (const Interval& one : losses) m.loss += one;
  m.loss = m.loss / Interval(static_cast<long>(n));
  return m;
}

Intervals Scene::gradient(const Moment& m) const {
  Intervals g(n * T);
  tbb::parallel_for(std::size_t{0}, n, [&](std::size_t i) {
    const Interval wrong = Interval(1) / (Interval(1) + exp(m.outputs[i] * Interval(label[i])));
    const Interval factor = Interval(-label[i]) * wrong / Interval(static_cast<long>(n));
    for (std::size_t k = i * T; k < (i + 1) * T; ++k) {
      Interval sum(0);
      for (std::size_t j = i * T; j < (i + 1) * T; ++j)
        if (j != k) add_product(sum, m.attention[j], v[k] - v[j]);
      g[k] = factor * m.attention[k] * sum;
    }
  });
  return g;
}

/// The least, the largest ('<', '>') or the mean ('+') of a group's numbers.
Interval Scene::joined(bool of_noisy, char join, const std::function<Interval(std::size_t)>& of) const {
  std::optional<Interval> joined;
  long count = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (noisy[i] != of_noisy) continue;
    const Interval s = of(i);
    ++count;
    if (!joined)
      joined = s;
    else
      joined = join == '<' ? least(*joined, s) : join == '>' ? largest(*joined, s) : *joined + s;
  }
  if (!joined) return Interval::everything();
  return join == '+' ? *joined / Interval(count) : *joined;
}

Interval Scene::value(const Claim& claim, const Moment& m) const {
  const auto attention = [&](bool of_noisy, char join) {
    return joined(of_noisy, join, [&](std::size_t i) { return m.attention[i * T + relevant[i]]; });
  };
  const auto margin = [&](std::size_t i) { return m.outputs[i] * Interval(label[i]); };
  const std::size_t k = claim.sample * T + claim.token;
  switch (claim.quantity) {
    case Quantity::train_accuracy: {
      long right = 0, possible = 0;
      for (std::size_t i = 0; i < n; ++i) {
        right += margin(i).positive();
        possible += mpfr_sgn(margin(i).high()) > 0;
      }
      return Interval::between(Interval(right), Interval(possible));
    }
    case Quantity::train_loss: return m.loss;
    case Quantity::loss_fall: return m.least_fall ? *m.least_fall : Interval::everything();
    case Quantity::least_margin: {
      Interval found = margin(0);
      for (std::size_t i = 1; i < n; ++i) found = least(found, margin(i));
      return found;
    }
    case Quantity::margin_clean_min: return joined(false, '<', margin);
    case Quantity::margin_noisy_min: return joined(true, '<', margin);
    case Quantity::margin_noisy_max: return joined(true, '>', margin);
    case Quantity::attention_clean: return attention(false, '+');
    case Quantity::attention_clean_min: return attention(false, '<');
    case Quantity::attention_clean_max: return attention(false, '>');
    case Quantity::attention_noisy: return attention(true, '+');
    case Quantity::attention_noisy_min: return attention(true, '<');
    case Quantity::attention_noisy_max: return attention(true, '>');
    case Quantity::mu_plus_q: return m.logits[n * T];
    case Quantity::mu_minus_q: return m.logits[n * T + 1];
    case Quantity::q_norm2: return m.q_norm2 ? *m.q_norm2 : Interval::everything();
    case Quantity::margin: return margin(claim.sample);
    case Quantity::logit: return m.logits[k];
    case Quantity::attention: return m.attention[k];
    default: return Interval::everything();
  }
}

}  // namespace benign::checker
