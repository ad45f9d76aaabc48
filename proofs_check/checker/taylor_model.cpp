#include "proofs_check/checker/taylor_model.hpp"

#include <algorithm>
#include <cmath>

namespace benign::checker {

using Node = TaylorEquation::Node;

Node TaylorEquation::add(Term::Kind kind) {
  nodes_.emplace_back();
  nodes_.back().kind = kind;
  return nodes_.size() - 1;
}
Node TaylorEquation::unknown() {
  unknowns_.push_back(add(Term::unknown));
  return unknowns_.back();
}
Node TaylorEquation::time() { return add(Term::time); }
Node TaylorEquation::sum(std::vector<std::pair<Interval, Node>> terms, Interval constant) {
  const Node node = add(Term::sum);
  nodes_[node].terms = std::move(terms), nodes_[node].constant = std::move(constant);
  return node;
}
Node TaylorEquation::products(std::vector<std::pair<Node, Node>> factors) {
  const Node node = add(Term::products);
  nodes_[node].factors = std::move(factors);
  return node;
}
Node TaylorEquation::exp(Node x) {
  const Node node = add(Term::exp);
  nodes_[node].argument = x;
  return node;
}
Node TaylorEquation::inverse(Node x) {
  const Node node = add(Term::inverse);
  nodes_[node].argument = x;
  return node;
}
void TaylorEquation::derivative(Node unknown, Node rate) { nodes_[unknown].argument = rate; }

double TaylorEquation::products_of_a_step() const {
  double count = 0;
  const auto p = static_cast<double>(degree_ + 1);
  for (const Term& x : nodes_)
    count += x.kind == Term::sum                              ? static_cast<double>(x.terms.size()) * p
             : x.kind == Term::products                       ? static_cast<double>(x.factors.size()) * p * p / 2
             : x.kind == Term::exp || x.kind == Term::inverse ? p * p / 2
                                                              : 0;
  return count;
}

/// c_k, from the lower ones and from c_k of the nodes before; of an unknown, c_{k+1} comes from its rate's c_k.
void TaylorEquation::coefficient(Term& x, std::size_t k, const Interval& start) {
  const auto number = [](std::size_t i) { return Interval(static_cast<long>(i)); };
  Interval& c = x.c[k];
  switch (x.kind) {
    case Term::unknown:
      if (k > 0) c = nodes_[x.argument].c[k - 1] / number(k);
      break;
    case Term::time: c = k == 0 ? start : Interval(k == 1 ? 1 : 0); break;
    case Term::sum:
      c = k == 0 ? x.constant : Interval(0);
      for (const auto& [weight, node] : x.terms) add_product(c, weight, nodes_[node].c[k]);
      break;
    case Term::products:
      c = Interval(0);
      for (const auto& [left, right] : x.factors)
        for (std::size_t i = 0; i <= k; ++i) add_product(c, nodes_[left].c[i], nodes_[right].c[k - i]);
      break;
    case Term::exp: {  // k y_k = Σ i x_i y_{k−i}
      const Term& y = nodes_[x.argument];
      c = Interval(0);
      if (k == 0) {
        c = checker::exp(y.c[0]);
        break;
      }
      for (std::size_t i = 1; i <= k; ++i) add_product(c, number(i) * y.c[i], x.c[k - i]);
      c = c / number(k);
      break;
    }
    case Term::inverse: {  // Σ z_i w_{k−i} = 0
      const Term& z = nodes_[x.argument];
      c = Interval(0);
      if (k == 0) {
        c = Interval(1) / z.c[0];
        break;
      }
      for (std::size_t i = 1; i <= k; ++i) add_product(c, z.c[i], x.c[k - i]);
      c = -c * x.c[0];
      break;
    }
  }
}

void TaylorEquation::expand(const Intervals& values, const Interval& start) {
  for (Term& x : nodes_) x.c.resize(degree_ + 1), x.size.resize(degree_ + 1);
  for (std::size_t i = 0; i < unknowns_.size(); ++i) nodes_[unknowns_[i]].c[0] = values[i];
  for (std::size_t k = 0; k <= degree_; ++k)
    for (Term& x : nodes_) {
      coefficient(x, k, start);
      x.size[k] = Size(x.c[k]);
    }
}

void TaylorEquation::measure(double h) {
  h_ = h;
  std::vector<Size> powers(1, Size(1.0));
  for (std::size_t k = 0; k < degree_; ++k) powers.push_back(powers.back() * Size(h));
  for (Term& x : nodes_) {
    x.weighted.resize(degree_ + 1), x.beyond.assign(degree_ + 2, Size());
    for (std::size_t k = degree_ + 1; k-- > 0;) {
      x.weighted[k] = x.size[k] * powers[k];
      x.beyond[k] = x.beyond[k + 1] + x.weighted[k];
    }
  }
  for (Term& x : nodes_) {
    x.defect = Size();
    if (x.kind == Term::products) {
      for (const auto& [left, right] : x.factors) x.defect += cut(nodes_[left], nodes_[right], false);
    } else if (x.kind == Term::exp) {
      const Term& y = nodes_[x.argument];
      x.defect = checker::exp(y.beyond[1]) * over(cut(y, x, true), static_cast<long>(degree_ + 1));
    } else if (x.kind == Term::inverse) {
      x.defect = cut(nodes_[x.argument], x, false);
    }
  }
}

/// What a product of two polynomials has beyond the degree: Σ_{i+j>p} |x_i||y_j| h^{i+j}, with i for another factor
/// where x stands for t x'.
Size TaylorEquation::cut(const Term& x, const Term& y, bool derivative) const {
  Size total;
  for (std::size_t i = 1; i <= degree_; ++i) {
    Size part = x.weighted[i] * y.beyond[degree_ - i + 1];
    if (derivative) part *= Size(static_cast<double>(i));
    total += part;
  }
  return total;
}

void TaylorEquation::remainder(Term& x) {
  switch (x.kind) {
    case Term::unknown: break;
    case Term::time: x.rest = Size(); break;
    case Term::sum:
      x.rest = Size();
      for (const auto& [weight, node] : x.terms) x.rest += Size(weight) * nodes_[node].rest;
      break;
    case Term::products:
      x.rest = x.defect;
      for (const auto& [left, right] : x.factors) {
        const Term &a = nodes_[left], &b = nodes_[right];
        x.rest += a.beyond[0] * b.rest + b.beyond[0] * a.rest + a.rest * b.rest;
      }
      break;
    case Term::exp: x.rest = x.defect + (x.beyond[0] + x.defect) * checker::expm1(nodes_[x.argument].rest); break;
    case Term::inverse: {
      const Size& rest = nodes_[x.argument].rest;
      const Size bound = over_one_minus(x.beyond[0], x.defect);  // of |1/Z|
      x.rest = over_one_minus(bound * bound * rest, rest * bound) + x.defect * bound;
      break;
    }
  }
}

bool TaylorEquation::holds(double h, double* slack) {
  measure(h);
  const Size H(h), top = over(H, static_cast<long>(degree_ + 1));
  std::vector<Size> needed(unknowns_.size());
  const auto apply = [&] {
    for (Term& x : nodes_) remainder(x);
    for (std::size_t i = 0; i < unknowns_.size(); ++i) {
      const Term& rate = nodes_[nodes_[unknowns_[i]].argument];
      needed[i] = rate.weighted[degree_] * top + H * rate.rest;  // |[F]_p| h^p · h/(p + 1) + hρ
    }
  };
  for (const Node node : unknowns_) nodes_[node].rest = Size();
  apply();
  bool inside = false;
  constexpr int attempts = 6;
  for (int attempt = 0; attempt < attempts && !inside; ++attempt) {
    for (std::size_t i = 0; i < unknowns_.size(); ++i) nodes_[unknowns_[i]].rest = needed[i] * Size(1.25);
    apply();
    inside = true;
    for (std::size_t i = 0; i < unknowns_.size(); ++i)
      inside = inside && needed[i].finite() && needed[i] <= nodes_[unknowns_[i]].rest;
  }
  if (!inside) return false;
  *slack = -1e18;
  for (std::size_t i = 0; i < unknowns_.size(); ++i) {
    Term& x = nodes_[unknowns_[i]];
    x.rest = needed[i];  // the image of the model holds the solution, too
    if (!x.beyond[0].zero()) *slack = std::max(*slack, x.rest.log2() - x.beyond[0].log2());
  }
  for (Term& x : nodes_) remainder(x);
  return true;
}

Interval TaylorEquation::at(Node node, const Interval& t) const {
  const Term& x = nodes_[node];
  Interval sum = x.c[degree_];
  for (std::size_t k = degree_; k-- > 0;) sum = sum * t + x.c[k];
  return sum + Interval::around_zero(x.rest.value());
}

Interval TaylorEquation::range(Node node) const {
  const Term& x = nodes_[node];
  Interval sum = x.c[0] + Interval::around_zero(x.rest.value());
  const Interval h = Interval::exactly(h_);
  Interval power = h;
  for (std::size_t k = 1; k <= degree_; ++k, power *= h) sum += x.c[k] * Interval::between(Interval(0), power);
  return sum;
}

bool TaylorEquation::borders_rise(Node node) const {
  const Term& x = nodes_[node];
  Interval slope = x.c[1];
  const Interval h = Interval::exactly(h_);
  Interval power = h;
  for (std::size_t k = 2; k <= degree_; ++k, power *= h)
    slope += Interval(static_cast<long>(k)) * x.c[k] * Interval::between(Interval(0), power);
  return slope.positive();
}

Intervals TaylorEquation::values_at(const Interval& t) const {
  Intervals values;
  for (const Node node : unknowns_) values.push_back(at(node, t));
  return values;
}

struct FirstTime::Step {
  const TaylorEquation& equation;
  const std::vector<Node>& nodes;
  const Interval& target;

  bool all_above(const Interval& t) const {
    return std::all_of(nodes.begin(), nodes.end(),
                       [&](Node node) { return certainly_less(target, equation.at(node, t)); });
  }
  bool one_below(const Interval& times) const {
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](Node node) { return certainly_less(equation.at(node, times), target); });
  }
};

namespace {

/// A number near the middle.
Interval number_between(const Interval& from, const Interval& to) {
  Interval t = (from + to) / Interval(2);
  mpfr_set(t.high(), t.low(), MPFR_RNDU);
  return t;
}

}  // namespace

/// Whether one is below at each time of [from, to]; `until` is the last time up to which that was found.
bool FirstTime::below_up_to(const Step& step, const Interval& from, const Interval& to, long halvings,
                            Interval& until) {
  if (step.one_below(Interval::between(from, to))) {
    until = to;
    return true;
  }
  if (halvings == 0 || --looks_left_ < 0 || !step.one_below(from)) return false;
  const Interval middle = number_between(from, to);
  return below_up_to(step, from, middle, halvings - 1, until) && below_up_to(step, middle, to, halvings - 1, until);
}

void FirstTime::look(const TaylorEquation& equation, const std::vector<Node>& nodes, const Interval& target,
                     const Interval& start, const Interval& h) {
  if (seen()) return;
  const Step step{equation, nodes, target};
  if (start.zero() && step.all_above(Interval(0))) {
    from_the_start_ = true;
    return;
  }
  Interval from(0);
  if (!possible_) {
    looks_left_ = 16 * working_bits();
    possible_ = !below_up_to(step, Interval(0), h, working_bits(), from);
    not_before_ = start + from;
  }
  if (!possible_) return;
  Interval by = h, open = from;
  for (long k = 0; !step.all_above(by); by = number_between(from, by))
    if (++k > working_bits()) return;
  for (long k = 0; k < working_bits(); ++k) {
    const Interval t = number_between(open, by);
    (step.all_above(t) ? by : open) = t;
  }
  by_ = start + by;
}

Interval FirstTime::time() const {
  if (from_the_start_) return Interval::everything();
  return Interval::between(not_before_, by_ ? *by_ : Interval::everything());
}

}  // namespace benign::checker
