#include "sim/generalisation/enclosed_test.hpp"

#include "sim/generalisation/order_bounds.hpp"
#include "sim/generalisation/sum_law.hpp"
#include "theory/model/layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <vector>

namespace benign::sim {
namespace {

Enclosure size_of(const Enclosure& x) { return Enclosure(upper(abs(x))); }

/// At least the largest less the least of so many numbers, whatever they are in their enclosures; NaN if one of these is.
template <class Number>
Enclosure spread(std::size_t count, const Number& number) {
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (std::size_t k = 0; k < count; ++k) {
    const Enclosure x = number(k);
    if (is_nan(x)) return x;
    least = std::min(least, lower(x)), most = std::max(most, upper(x));
  }
  return Enclosure(upper(Enclosure(most) - Enclosure(least)));
}

/// What one class sees, between bounds, and at a point inside of them: that of q's own middle, or of a q nearby.
class SeenClass {
 public:
  SeenClass(const theory::Parameters& p, const EnclosedScalars& q, int label) : SeenClass(p, q, label, q) {}
  SeenClass(const theory::Parameters& p, const EnclosedScalars& q, int label, const EnclosedScalars& nearby);

  /// Whether 0 ≤ |c| < 1 is certain.
  bool known() const { return known_; }
  const ShareLaw& point() const { return point_; }
  const Enclosure& chi() const { return chi_; }
  /// How far a probability, and a loss, is from the point's.
  Enclosure error_apart() const { return error_change(apart(), a_ - point_.a); }
  Enclosure loss_apart() const { return loss_change(apart(), a_ - point_.a); }
  /// How far from the uniform attention's.
  Enclosure error_from_uniform() const { return error_change(from_uniform(), a_); }
  Enclosure loss_from_uniform() const { return loss_change(from_uniform(), a_); }
  /// A bound of E F̃⁴ ≤ Σ_t E V_t⁴, V_t the values in units of their noise: the quotient is a mean of them.
  Enclosure fourth_moment() const;

 private:
  struct Change {
    Enclosure m_most{0}, m_spread{0}, c{0}, b_most{0}, b2{0};
  };
  Change apart() const;
  Change from_uniform() const;
  Enclosure error_change(const Change& by, const Enclosure& a) const;
  Enclosure loss_change(const Change& by, const Enclosure& a) const;
  Enclosure b_norm() const;

  std::vector<Enclosure> m_, b_;
  std::vector<long> counts_;
  Enclosure a_, c_, chi_, T_;
  ShareLaw point_;
  bool known_ = false;
};

/// a, c and the means of the logits, one for each kind of token.
struct SeenNumbers {
  SeenNumbers(const theory::Parameters& p, const EnclosedScalars& q, int label) {
    const Enclosure q_norm = sqrt(q.q_norm2);
    const Enclosure &own = label > 0 ? q.mu_plus_q : q.mu_minus_q, &other = label > 0 ? q.mu_minus_q : q.mu_plus_q;
    a = p.sigma.as<Enclosure>() * q_norm;
    c = theory::head_scale<Enclosure>() * (own - other) / (p.mu.as<Enclosure>() * q_norm);
    for (const auto& kind : theory::layout<Enclosure>(p))
      if (kind.count > 0) m.push_back(kind.own * own + kind.other * other);
  }
  std::vector<Enclosure> m;
  Enclosure a, c;
};

SeenClass::SeenClass(const theory::Parameters& p, const EnclosedScalars& q, int label, const EnclosedScalars& nearby)
    : chi_(p.sigma.as<Enclosure>() / p.mu.as<Enclosure>()), T_(p.T) {
  SeenNumbers all(p, q, label), at(p, nearby, label);
  for (const auto& kind : theory::layout<Enclosure>(p))
    if (kind.count > 0) b_.push_back(kind.answer() / chi_), counts_.push_back(kind.count);
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (const Enclosure& m : at.m) least = std::min(least, representative(m)), most = std::max(most, representative(m));
  // What all logits have in common changes neither the sign of S nor F̃.
  const Enclosure common(least + (most - least) / 2);
  // The point's doubles may lie outside of all enclosures: the way from it to q's numbers is in the hull of both.
  for (std::size_t k = 0; k < b_.size(); ++k) {
    point_.kinds.push_back({representative(at.m[k] - common), representative(b_[k]), counts_[k]});
    m_.push_back(hull(all.m[k] - common, Enclosure(point_.kinds[k].m)));
    b_[k] = hull(b_[k], Enclosure(point_.kinds[k].b));
  }
  point_.a = representative(at.a), point_.c = representative(at.c);
  a_ = hull(all.a, Enclosure(point_.a)), c_ = hull(all.c, Enclosure(point_.c));
  known_ = sign_of(all.a) == Sign::positive && upper(abs(c_)) < 1;
}

Enclosure SeenClass::b_norm() const {
  Enclosure squares(0);
  for (std::size_t k = 0; k < b_.size(); ++k) squares += counts_[k] * b_[k] * b_[k];
  return sqrt(squares);
}

Enclosure SeenClass::fourth_moment() const {
  Enclosure sum(0);
  for (std::size_t k = 0; k < b_.size(); ++k) {
    const Enclosure b2 = b_[k] * b_[k];
    sum += counts_[k] * (b2 * b2 + 6 * b2 + 3);
  }
  return sum;
}

SeenClass::Change SeenClass::apart() const {
  Change by;
  for (std::size_t k = 0; k < b_.size(); ++k) {
    const Enclosure b = size_of(b_[k] - point_.kinds[k].b);
    by.m_most = greater(by.m_most, size_of(m_[k] - point_.kinds[k].m)), by.b_most = greater(by.b_most, b);
    by.b2 += counts_[k] * b * b;
  }
  by.c = size_of(c_ - point_.c);
  by.m_spread = spread(m_.size(), [&](std::size_t k) { return Enclosure(m_[k] - point_.kinds[k].m); });
  return by;
}

SeenClass::Change SeenClass::from_uniform() const {
  Change by;
  for (const Enclosure& m : m_) by.m_most = greater(by.m_most, size_of(m));
  by.m_spread = spread(m_.size(), [&](std::size_t k) { return m_[k]; });
  return by;
}

Enclosure SeenClass::error_change(const Change& by, const Enclosure& a) const {
  const Enclosure B = b_norm(), c = abs(c_), r = sqrt(1 - c * c), root = sqrt(T_);
  const Enclosure moved = (by.m_most * (B + c * root) + size_of(a) * (B * root + c * T_) + sqrt(by.b2)) / r +
                          by.c * (root + c * B) / (r * r * r);
  return moved * 2 / 5;  // 1/√(2π) < 2/5
}

Enclosure SeenClass::loss_change(const Change& by, const Enclosure& a) const {
  const Enclosure root = sqrt(T_), b_spread = spread(b_.size(), [&](std::size_t k) { return b_[k]; });
  Enclosure moved =
      by.m_spread * (b_spread + sqrt(2 * T_)) / 4 + size_of(a) * (sqrt(2 * T_) * b_spread + 2 * T_) / 4 + by.b_most;
  if (sign_of(by.c) != Sign::zero) {  // else c, which |ν·q| ≤ ‖q‖ bounds, need not be known
    const Enclosure c = abs(c_), r = sqrt(1 - c * c);
    moved += by.c * root * (1 + c / r);
  }
  return chi_ * moved;
}

Enclosure widened(const Enclosure& x, const Enclosure& by) {
  const double most = upper(by);
  return x + enclosure(-most, most);
}

/// What lies in both, as doubles. Two bounds of one number that do not meet are a fault of this program.
Enclosure both(const Enclosure& x, const Enclosure& y) {
  if (certainly_less(x, y) || certainly_less(y, x)) throw std::logic_error("bounds of a test error that do not meet");
  return enclosure(std::max(lower(x), lower(y)), std::min(upper(x), upper(y)));
}

Enclosure error_of_uniform(const theory::Parameters& p) {
  const Enclosure clear = theory::head_scale<Enclosure>() * p.mu.as<Enclosure>() / p.sigma.as<Enclosure>();
  return normal_tail(clear / sqrt(Enclosure(p.T)));
}

/// E log(1 + e^{−F}) of a normal F with the uniform attention's mean γ/T and deviation σ/(‖μ‖√T), between the series
/// to F⁴ and to F⁶, which alternates for every F.
Enclosure loss_of_uniform(const theory::Parameters& p) {
  const Enclosure mean = theory::head_scale<Enclosure>() / p.T, m = mean * mean;
  const Enclosure chi = p.sigma.as<Enclosure>() / p.mu.as<Enclosure>(), v = chi * chi / p.T;
  const Enclosure fourth = m * m + 6 * m * v + 3 * v * v;
  const Enclosure sixth = m * m * m + 15 * m * m * v + 45 * m * v * v + 15 * v * v * v;
  const Enclosure series = log(Enclosure(2)) - mean / 2 + (m + v) / 8 - fourth / 192;
  return hull(series, series + sixth / 2880);
}

/// E log(1 + e^{−χF̃}) at the point.
std::optional<Enclosure> point_loss(const SeenClass& seen) {
  constexpr int K = 3;
  const double chi = representative(seen.chi()), small = chi / 1024, smaller = chi / 32;
  Enclosure pi;
  mpfi_const_pi(pi.data());
  std::vector<double> xi;
  std::array<Enclosure, K> pole;
  for (int k = 0; k < K; ++k)
    xi.push_back(representative(seen.chi() / (pole[static_cast<std::size_t>(k)] = (2 * k + 1) * pi)));
  xi.push_back(small), xi.push_back(smaller);
  const auto log_of = quotient_logarithms(seen.point(), xi, 1e-8);
  if (!log_of) return std::nullopt;
  const Enclosure Q = seen.fourth_moment(), chi2 = seen.chi() * seen.chi(), third = sqrt(sqrt(Q)) * sqrt(Q);
  Enclosure loss = log(Enclosure(2)), rest2 = Enclosure(1) / 8, rest4 = Enclosure(1) / 96;
  for (std::size_t k = 0; k < K; ++k) {
    // ξ is χ/p_k but for a rounding, and the logarithm of 1 + ξ²F̃² moves by no more than 2|Δ log ξ|.
    const Enclosure rounded = 2 * abs(log(xi[k] * pole[k] / seen.chi()));
    loss += widened(2 * (*log_of)[k].re, rounded);
    const Enclosure p2 = pole[k] * pole[k];
    rest2 -= 1 / p2, rest4 -= 1 / (p2 * p2);
  }
  const Enclosure mean = widened((*log_of)[K].im / small, Enclosure(small) * small * third / 3);
  const Enclosure less = Enclosure(smaller) * smaller * Q / 2;
  const Enclosure square = 2 * (*log_of)[K + 1].re / (Enclosure(smaller) * smaller);
  loss += rest2 * chi2 * hull(square, square + less) - seen.chi() * mean / 2;
  return hull(loss, loss - rest4 * chi2 * chi2 * Q / 2);
}

/// Both classes' mean as the law's sums have it, and whether they could be made for both.
struct Summed {
  Enclosure error{0};
  bool known = true;
};

Summed summed_error(const theory::Parameters& p, const EnclosedScalars& q, double tolerance) {
  Summed sum;
  for (const int label : {+1, -1}) {
    const SeenClass seen(p, q, label);
    Enclosure one = enclosure(0, 1);
    const auto found = seen.known() ? negative_probability(seen.point(), tolerance) : std::nullopt;
    if (seen.known()) one = both(one, widened(error_of_uniform(p), seen.error_from_uniform()));
    if (found) one = both(one, widened(*found, seen.error_apart()));
    sum.error += one / 2, sum.known = sum.known && found;
  }
  return sum;
}

/// How far the losses of all q in these are at most from that of a known one: on the way to the doubles at which a law would be
/// summed there, and from these. From uniform attention's on the straight way, on which c stays as it is.
Enclosure loss_from(const theory::Parameters& p, const EnclosedScalars& known, const EnclosedScalars& q) {
  Enclosure sum(0);
  for (const int label : {+1, -1}) {
    if (sign_of(known.q_norm2) == Sign::zero) {
      sum += SeenClass(p, q, label).loss_from_uniform() / 2;
      continue;
    }
    const SeenClass there(p, q, label, known), here(p, known, label);
    if (!there.known() || !here.known()) return Enclosure(HUGE_VAL);
    sum += (there.loss_apart() + here.loss_apart()) / 2;
  }
  return sum;
}

}  // namespace

Enclosure enclosed_test_error(const theory::Parameters& p, const EnclosedScalars& q,
                              const std::function<bool(const Enclosure&)>& enough) {
  if (sign_of(q.q_norm2) == Sign::zero) return error_of_uniform(p);
  constexpr double first = 1e-4, last = 1e-24;
  Enclosure error = enclosure(0, 1);
  for (double tolerance = first; tolerance >= last; tolerance *= 1e-4) {
    const Summed sum = summed_error(p, q, tolerance);
    error = both(error, sum.error);
    if (tolerance == first && !(sum.known && lower(error) > 0)) {
      Enclosure below(0);
      if (!sum.known) below = order_bound_below(p, q.mu_plus_q, q.mu_minus_q, q.q_norm2);
      error = both(error, hull(below, order_bound_above(p, q.mu_plus_q, q.mu_minus_q, q.q_norm2)));
    }
    // What the scalars' own widths add, no sharper sum takes away.
    constexpr double most = 8;
    if (!sum.known || width(sum.error) > most * tolerance || enough(error)) break;
  }
  return error;
}

Enclosure enclosed_test_loss(const theory::Parameters& p, const EnclosedScalars& q) {
  if (sign_of(q.q_norm2) == Sign::zero) return loss_of_uniform(p);
  Enclosure sum(0);
  for (const int label : {+1, -1}) {
    const SeenClass seen(p, q, label);
    // log(1 + e^{−F}) ≤ log 2 + |F|, and E|F| ≤ (E F⁴)^{1/4}.
    Enclosure one = hull(Enclosure(0), log(Enclosure(2)) + seen.chi() * sqrt(sqrt(seen.fourth_moment())));
    one = both(one, widened(loss_of_uniform(p), seen.loss_from_uniform()));
    if (seen.known())
      if (const auto found = point_loss(seen)) one = both(one, widened(*found, seen.loss_apart()));
    sum += one / 2;
  }
  return sum;
}

TestLosses::TestLosses(const theory::Parameters& parameters)
    : parameters_(parameters), known_{{Enclosure(0), Enclosure(0), Enclosure(0)}, {}} {
  known_.loss = enclosed_test_loss(parameters_, known_.q);
}

Enclosure TestLosses::of(const EnclosedScalars& q, const std::function<bool(const Enclosure&)>& enough) {
  const Enclosure away = loss_from(parameters_, known_.q, q), by_the_known = widened(known_.loss, away);
  if (enough(by_the_known)) return by_the_known;
  const EnclosedScalars its_middle{middle(q.mu_plus_q), middle(q.mu_minus_q), middle(q.q_norm2)};
  // A loss summed anew would be as uncertain, and by the way from the middle.
  constexpr double worth_a_sum = 0.25;
  const double least = upper(loss_from(parameters_, its_middle, q)) + worth_a_sum * width(known_.loss);
  if (!(upper(away) > least)) return by_the_known;
  known_ = {its_middle, enclosed_test_loss(parameters_, its_middle)};
  return widened(known_.loss, loss_from(parameters_, known_.q, q));
}

}  // namespace benign::sim
