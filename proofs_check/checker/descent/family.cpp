#include "proofs_check/checker/descent/family.hpp"

#include "proofs_check/checker/descent/q_norm.hpp"

#include <algorithm>
#include <cmath>
#include <tbb/parallel_invoke.h>

namespace benign::checker {
namespace {

Interval give_or_take(const Size& radius) { return Interval::around_zero(radius.value()); }

/// A single number next to the middle.
Interval point(const Interval& x) {
  Interval middle = x;
  mpfr_add(middle.low(), x.low(), x.high(), MPFR_RNDN), mpfr_div_2ui(middle.low(), middle.low(), 1, MPFR_RNDN);
  mpfr_set(middle.high(), middle.low(), MPFR_RNDN);
  return middle;
}

Answers<Interval> at_zero(const Answers<Jet>& of) {
  Answers<Interval> x;
  const auto values = [](const Jets& from, Intervals& to) {
    for (const Jet& one : from) to.push_back(one.value);
  };
  values(of.logits, x.logits), values(of.attention, x.attention), values(of.outputs, x.outputs);
  x.loss = of.loss.value;
  return x;
}

Intervals sum(Intervals x, const Intervals& y, int sign = 1) {
  for (std::size_t k = 0; k < x.size(); ++k) x[k] += Interval(sign) * y[k];
  return x;
}

}  // namespace

FamilyDescent::FamilyDescent(const Common& common, const Members& members, sim::Train train)
    : members_(members),
      scene_(common.train, ranges_of(members.values)),
      derivatives_(scene_),
      both_(train == sim::Train::W_and_p),
      path_(members.products, train, limbs_now()),
      slope_(path_),
      growth_(members.products, scene_.n * scene_.T, train, 1 / members.step.at[0].middle()),
      S_norm_(growth_.S_norm()) {
  const std::size_t N = scene_.n * scene_.T;
  Size squares;
  for (const std::size_t k : {N, N + 1}) squares += Size(entry(members.products.H, k, k));
  eW_norm_ = sqrt(squares);
  look();
}

void FamilyDescent::look() {
  const Functions near = logits(Size());
  const Functions &v = members_.values, &alpha = members_.step;
  tbb::parallel_invoke([&] { at_ = scene_.answers(near.at, v.at), g_.at = scene_.gradient(at_, v.at); },
                       [&] { all_ = scene_.answers(near.all, v.all), g_.all = scene_.gradient(all_, v.all); });
  gamma_ = g_;
  for (Jet& one : gamma_.at) one = alpha.at[0] * one;
  for (Jet& one : gamma_.all) one = alpha.all[0] * one;
}

/// ℓ(t) = B(t) m(t), m = PW̃p̃ of second order.
Functions FamilyDescent::logits(const Size& off) const {
  const std::size_t N = scene_.n * scene_.T;
  const Intervals &m0 = path_.logits(), &m1 = slope_.first(), &m2 = slope_.second();
  const Size slack = path_.logit_slack() + slope_.logit_slack();
  const Interval box = give_or_take(off + slack * (Size(1.0) + members_.away + members_.away)), t = any_t();
  Functions logits;
  for (std::size_t k = 0; k < N; ++k) {
    Interval c[4] = {m0[k] + box, m1[k], m2[k], Interval(0)};
    for (const std::size_t a : {std::size_t{0}, std::size_t{1}}) {
      const Interval &along = members_.slope[2 * k + a], *const e[] = {&m0[N + a], &m1[N + a], &m2[N + a]};
      for (int order = 0; order < 3; ++order) add_product(c[order + 1], along, *e[order]);
      c[0] += members_.rest[2 * k + a] * (*e[0] + t * *e[1] + any_square() * *e[2]);
    }
    logits.add_polynomial(c[0], c[1], c[2], c[3]);
  }
  return logits;
}

FamilyDescent::Move FamilyDescent::move() const {
  const std::size_t N = scene_.n * scene_.T;
  const Interval t = any_t(), square = any_square();
  Move y;
  std::vector<Size> tokens, signals;
  const auto split = [&](const Interval& slope, const Interval& rest, std::vector<Size>& off) {
    y.at.push_back(point(rest)), y.slope.push_back(point(slope));
    off.push_back(Size(rest - y.at.back()) + Size(slope - y.slope.back()));
  };
  for (std::size_t k = 0; k < N; ++k)
    split(gamma_.at[k].slope, gamma_.at[k].value + square * gamma_.all[k].bend, tokens);
  for (const std::size_t a : {std::size_t{0}, std::size_t{1}}) {
    Interval slope(0), rest(0);
    for (std::size_t k = 0; k < N; ++k) {
      const Interval &along = members_.slope[2 * k + a], &first = gamma_.at[k].slope, &bend = gamma_.all[k].bend;
      add_product(slope, along, gamma_.at[k].value);
      add_product(rest, along, square * first + t * bend);
      add_product(rest, members_.rest[2 * k + a], range_of(gamma_.at[k], gamma_.all[k]));
    }
    split(slope, rest, signals);
  }
  y.tokens = length(tokens), y.signals = length(signals);
  return y;
}

Size FamilyDescent::J_off() const {
  const Size from_centre = slope_.W_norm() + slope_.p_norm() + E_;
  return members_.away * (path_.p_norm() + eW_norm_) + (S_norm_ + members_.away) * from_centre;
}

Size FamilyDescent::D_off() const {
  const std::size_t n = scene_.n, T = scene_.T;
  Size most;
  for (std::size_t i = 0; i < n; ++i) {
    const Interval label(scene_.label[i]), samples(static_cast<long>(n));
    const Interval root = sqrt(samples * exp(label * at_.outputs[i].value)),
                   any_root = sqrt(samples * exp(label * range_of(at_.outputs[i], all_.outputs[i])));
    std::vector<Size> b, b_off, g, g_off, s, s_off;
    for (std::size_t k = i * T; k < (i + 1) * T; ++k) {
      const Interval &g0 = g_.at[k].value, &s0 = at_.attention[k].value, any_g = range_of(g_.at[k], g_.all[k]);
      b.push_back(Size(root * g0)), b_off.push_back(Size(any_root * any_g - root * g0));
      g.push_back(Size(g0)), g_off.push_back(Size(any_g - g0));
      s.push_back(Size(s0)), s_off.push_back(Size(range_of(at_.attention[k], all_.attention[k]) - s0));
    }
    const Size B = length(b), G = length(g), S = length(s), dB = length(b_off), dG = length(g_off), dS = length(s_off),
               crossed = G * dS + S * dG + dG * dS;
    const Size off = (B + B + dB) * dB + dG + crossed + crossed;
    if (!(off <= most)) most = off;
  }
  return most;
}

Size FamilyDescent::reach() const {
  const Interval r = path_.p_norm2();
  const Size J = Size(growth_.J_norm(r.middle(), slack_of(r, r.middle()))) + J_off();
  return (J + (S_norm_ + members_.away) * E_) * E_;
}

bool FamilyDescent::lost() const { return !(reach() <= Size(1.0)); }

/// ‖I − α∇²L‖ for every t on the ball around the path's point, but for ‖Sᵀγ‖ at that point.
Size FamilyDescent::growth(const HessianBounds& hessian, const Size& off, const Size& near) const {
  const Size alpha(range_of(members_.step.at[0], members_.step.all[0]));
  const double most = upper(alpha);
  Size factor(std::max(1 + most * hessian.below, most * hessian.above - 1) * (1 + 0x1p-48));
  const Interval r = path_.p_norm2();
  const Size J(growth_.J_norm(r.middle(), slack_of(r, r.middle())));
  factor += alpha * derivatives_.second * off * (J + J + off);
  factor += alpha * (D_off() + derivatives_.third * near) * (J + off) * (J + off);
  return both_ ? factor + alpha * (S_norm_ + members_.away) * derivatives_.second * near : factor;
}

void FamilyDescent::step() {
  const std::size_t N = scene_.n * scene_.T;
  const Move y = move();
  const Interval r = path_.p_norm2();
  const double r_middle = r.middle(), r_slack = slack_of(r, r_middle);
  std::vector<double> l;
  double l_slack = 0;
  for (std::size_t k = 0; k < N; ++k)
    l.push_back(path_.logits()[k].middle()), l_slack += slack_of(path_.logits()[k], l.back());
  const Size logit_slack = path_.logit_slack() + Size(l_slack * (1 + 0x1p-30));
  Intervals g;
  for (const Jet& one : g_.at) g.push_back(one.value);
  const Curvature D = curvature_of(scene_, at_zero(at_), g);
  const Size p = path_.p_norm(), any_p = p + slope_.p_norm(), moved = S_norm_ * y.tokens + y.signals;
  const Size SW = Size(growth_.SW_norm()) + S_norm_ * slope_.W_norm(), eW = eW_norm_ + slope_.W_norm();
  const Size missed = moved * any_p + SW * y.tokens + eW * y.signals;  // by y₀ + ty₁ of y(t)
  const Jet loss = at_.loss, any_loss = all_.loss;
  const Size off = J_off(), near = reach();  // of the point that is left

  Size factor, bent;
  tbb::parallel_invoke([&] { factor = growth(growth_.bounds(D, r_middle, r_slack), off, near); },
                       [&] { bent = slope_.step(path_, y.at, y.slope); });
  if (both_) factor += slope_.moved_at() + slope_.moved_slope() + moved;
  const Size rounded = path_.step(y.at, Size());
  E_ = factor * E_ + missed + bent + rounded;

  const std::vector<double>& v = path_.moved();
  eW_norm_ += (Size(v[N]) + Size(v[N + 1]) + path_.moved_slack()) * p + rounded;
  W_moved_ += slope_.moved_at() * p + rounded;
  const std::vector<double> of_tokens(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(N));
  growth_.advance({of_tokens, l, upper(path_.moved_slack()), upper(logit_slack), r_middle, r_slack, upper(rounded)});
  slope_.look(path_);
  look();
  const Interval fall = loss.value - at_.loss.value + any_t() * (loss.slope - at_.loss.slope) +
                        any_square() * (any_loss.bend - all_.loss.bend) +
                        give_or_take(derivatives_.first * (near + reach()));
  least_fall_ = least_fall_ ? least(*least_fall_, fall) : fall;
}

/// μ±·q of every member.
Interval FamilyDescent::signal_along_q(std::size_t signal) const {
  const std::size_t k = scene_.n * scene_.T + signal;
  const Size any_p = path_.p_norm() + slope_.p_norm(), eW = eW_norm_ + slope_.W_norm();
  const Size off = (any_p + eW + E_) * E_ + path_.logit_slack() + slope_.logit_slack();
  Functions q;
  q.add_polynomial(path_.logits()[k] + give_or_take(off), slope_.first()[k], slope_.second()[k], Interval(0));
  return range_of(members_.mu.at[0] * q.at[0], members_.mu.all[0] * q.all[0]);
}

/// Of q(t) = q₀ + tq₁ + t²q₂: ‖q₀ + tq₁‖² by its values at t = −1, 0 and 1, and what q₂ adds.
Interval FamilyDescent::q_norm2() const {
  const Intervals a = path_.of_M(), a1 = slope_.of_M(path_), c = path_.of_S(), c1 = slope_.of_S(path_, 1);
  const auto norm2 = [&](const Intervals& of_M, const Intervals& of_S) {
    return q_norm2_by_inner_products(members_.products, of_M, of_S);
  };
  const Interval at = norm2(a, c), high = norm2(sum(a, a1), sum(c, c1)), low = norm2(sum(a, a1, -1), sum(c, c1, -1));
  const Interval square = (high + low) / Interval(2) - at;
  const Interval bend = norm2(Intervals(a.size(), Interval(0)), slope_.of_S(path_, 2));
  const Size q = sqrt(Size(at)) + sqrt(Size(square)), q2 = sqrt(Size(bend));
  const Size any_q = q + q2, off = (path_.p_norm() + slope_.p_norm() + Size(members_.products.W0_norm) + W_moved_ +
                                    slope_.W_norm() + E_) *
                                   E_;
  const Interval near = at + any_t() * (high - low) / Interval(2) + any_square() * square;
  return largest(near + give_or_take((q + q + q2) * q2 + (any_q + any_q + off) * off), Interval(0));
}

Moment FamilyDescent::moment(bool with_q) const {
  const Functions near = logits(reach());
  Answers<Jet> at, all;
  tbb::parallel_invoke([&] { at = scene_.answers(near.at, members_.values.at); },
                       [&] { all = scene_.answers(near.all, members_.values.all); });
  Moment moment;
  moment.logits = ranges_of(near);
  for (const std::size_t signal : {std::size_t{0}, std::size_t{1}}) moment.logits.push_back(signal_along_q(signal));
  moment.attention = ranges_of({at.attention, all.attention}), moment.outputs = ranges_of({at.outputs, all.outputs});
  moment.loss = range_of(at.loss, all.loss);
  moment.least_fall = least_fall_;
  if (with_q) moment.q_norm2 = q_norm2();
  return moment;
}

}  // namespace benign::checker
