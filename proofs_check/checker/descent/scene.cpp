#include "proofs_check/checker/descent/scene.hpp"

#include <algorithm>
#include <tbb/parallel_for.h>

namespace benign::checker {

Scene::Scene(const sim::Data& train, Intervals values)
    : n(static_cast<std::size_t>(train.n)),
      T(static_cast<std::size_t>(train.T)),
      label(train.label),
      relevant(n, 0),
      v(std::move(values)) {
  for (std::size_t i = 0; i < n; ++i) noisy.push_back(train.label[i] != train.true_label[i]);
}

Scene::Scene(const sim::Instance& instance, const InnerProducts& products)
    : Scene(instance.train, Intervals(static_cast<std::size_t>(instance.train.n * instance.train.T))) {
  const sim::Data& train = instance.train;
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

template <class Number>
Answers<Number> Scene::answers(std::vector<Number> logits, const std::vector<Number>& values) const {
  Answers<Number> m;
  m.logits = std::move(logits);
  m.attention.resize(n * T), m.outputs.resize(n);
  std::vector<Number> losses(n);
  tbb::parallel_for(std::size_t{0}, n, [&](std::size_t i) {
    const std::size_t first = i * T;
    std::size_t top = first;
    for (std::size_t k = first; k < first + T; ++k)
      if (m.logits[k].middle() > m.logits[top].middle()) top = k;
    Number total(0);
    for (std::size_t k = first; k < first + T; ++k) {
      m.attention[k] = k == top ? Number(1) : exp(m.logits[k] - m.logits[top]);
      total += m.attention[k];
    }
    for (std::size_t k = first; k < first + T; ++k) {
      m.attention[k] = m.attention[k] / total;
      add_product(m.outputs[i], m.attention[k], values[k]);
    }
    const Number against = m.outputs[i] * Number(-label[i]);  // log(1 + e^x) = x + log(1 + e^{−x})
    losses[i] = against.positive() ? against + log1p(exp(-against)) : log1p(exp(against));
  });
  for (const Number& one : losses) m.loss += one;
  m.loss = m.loss / Number(Interval(static_cast<long>(n)));
  return m;
}

Moment Scene::look(Intervals logits) const { return {answers(std::move(logits), v), {}, {}}; }

template <class Number>
std::vector<Number> Scene::gradient(const Answers<Number>& m, const std::vector<Number>& values) const {
  std::vector<Number> g(n * T);
  tbb::parallel_for(std::size_t{0}, n, [&](std::size_t i) {
    const Number wrong = Number(1) / (Number(1) + exp(m.outputs[i] * Number(label[i])));
    const Number factor = Number(-label[i]) * wrong / Number(Interval(static_cast<long>(n)));
    for (std::size_t k = i * T; k < (i + 1) * T; ++k) {
      Number sum(0);
      for (std::size_t j = i * T; j < (i + 1) * T; ++j)
        if (j != k) add_product(sum, m.attention[j], values[k] - values[j]);
      g[k] = factor * m.attention[k] * sum;
    }
  });
  return g;
}

template Answers<Interval> Scene::answers(Intervals, const Intervals&) const;
template Answers<Jet> Scene::answers(Jets, const Jets&) const;
template Intervals Scene::gradient(const Answers<Interval>&, const Intervals&) const;
template Jets Scene::gradient(const Answers<Jet>&, const Jets&) const;

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
