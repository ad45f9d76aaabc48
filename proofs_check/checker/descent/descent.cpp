#include "proofs_check/checker/descent/descent.hpp"

#include "proofs_check/checker/descent/q_norm.hpp"

#include <algorithm>
#include <cmath>
#include <tbb/parallel_invoke.h>

namespace benign::checker {
namespace {

/// κ = σ_w²d, and 1 for the identity; σ_w² = 1/(3d) unless it is given.
Interval kappa(const theory::Parameters& p) {
  if (p.init == theory::Init::identity) return Interval(1);
  if (!p.sigma_w) return Interval(1) / Interval(3);
  return square(Interval::decimal(p.sigma_w->text())) * Interval(p.d);
}

Interval around(const Interval& x, const Size& radius) { return x + Interval::around_zero(radius.value()); }

}  // namespace

std::size_t limbs_now() { return static_cast<std::size_t>((working_bits() + 63) / 64); }

double upper(const Size& x) { return mpfr_get_d(x.value(), MPFR_RNDU); }

double slack_of(const Interval& x, double middle) { return x.width() + 0x1p-50 * std::abs(middle) + 0x1p-1000; }

Interval tau0(const theory::Parameters& p) {
  return Interval(p.n) / (kappa(p) * square(Interval::decimal(p.sigma.text())) * Interval(p.d));
}

Interval step_length(const theory::Parameters& p) {
  const Interval lr = Interval::decimal(p.lr.text());
  return p.lr_unit == theory::LrUnit::tau0 ? lr * tau0(p) : lr;
}

Derivatives::Derivatives(const Scene& scene) {
  Size V;
  for (std::size_t i = 0; i < scene.n; ++i) {
    Interval least_v = scene.v[i * scene.T], largest_v = least_v;
    for (std::size_t k = i * scene.T; k < (i + 1) * scene.T; ++k)
      least_v = least(least_v, scene.v[k]), largest_v = largest(largest_v, scene.v[k]);
    const Size range(largest_v - least_v);
    if (V <= range) V = range;
  }
  const auto n = static_cast<long>(scene.n);
  first = over(V * Size(9.0), 25);  // 1/(2√2) < 9/25
  second = over(over(V * V, 32) + over(V, 2), n);
  third = over(over(V * V * V, 200) + over(V * V, 7) + Size(1.25) * V, n);
}

Descent::Descent(const sim::Instance& instance, const InnerProducts& products, sim::Train train)
    : instance_(instance),
      products_(products),
      scene_(instance, products),
      derivatives_(scene_),
      step_(step_length(instance.parameters)),
      both_(train == sim::Train::W_and_p),
      path_(products, train, limbs_now()),
      growth_(products, products.N, train, 1 / step_.middle()) {
  look();
}

Curvature curvature_of(const Scene& scene, const Answers<Interval>& answers, const Intervals& g) {
  const std::size_t n = scene.n, T = scene.T;
  Curvature D;
  D.T = T;
  for (std::size_t i = 0; i < n; ++i) {
    const Interval margin = answers.outputs[i] * Interval(scene.label[i]);
    const Interval root = sqrt(Interval(static_cast<long>(n)) * exp(margin));
    double b_slack = 0, g_slack = 0, s_slack = 0;
    for (std::size_t k = i * T; k < (i + 1) * T; ++k) {
      const Interval b = root * g[k];
      D.b.push_back(b.middle()), D.g.push_back(g[k].middle()), D.s.push_back(answers.attention[k].middle());
      b_slack += slack_of(b, D.b[k]), g_slack += slack_of(g[k], D.g[k]);
      s_slack += slack_of(answers.attention[k], D.s[k]);
    }
    constexpr double up = 1 + 0x1p-30;
    D.b_slack.push_back(b_slack * up), D.g_slack.push_back(g_slack * up), D.s_slack.push_back(s_slack * up);
  }
  return D;
}

void Descent::look() {
  near_ = scene_.look(path_.logits());
  g_ = scene_.gradient<Interval>(near_, scene_.v);
}

Size Descent::reach() const { return (path_.W_norm() + path_.p_norm() + E_) * E_; }

Size Descent::logit_reach() const { return path_.S_norm() * reach() + path_.logit_slack(); }

Descent::Ball Descent::ball() const { return {logit_reach(), path_.S_norm() * E_}; }

bool Descent::lost() const { return !(logit_reach() <= Size(1.0)); }

Interval Descent::loss() const { return around(near_.loss, derivatives_.first * logit_reach()); }

/// ‖I − α∇²L‖ on the ball of radius E: at its centre, ‖Sᵀγ‖² = γᵀ(SSᵀγ), and what the ball and the logits' slack add.
Size Descent::growth(const Intervals& gamma, const HessianBounds& hessian, const Ball& ball) const {
  const double step = step_.above();
  Size factor(std::max(1 + step * hessian.below, step * hessian.above - 1) * (1 + 0x1p-48));
  const Size J(hessian.J), alpha(step_);
  factor += alpha * derivatives_.second * ball.J * (J + J + ball.J);
  factor += alpha * derivatives_.third * ball.logits * (J + ball.J) * (J + ball.J);
  if (!both_) return factor;
  double square = 0, slack = 0, squares = 0, length = 0;
  for (std::size_t k = 0; k < gamma.size(); ++k) {
    const double one = gamma[k].middle(), v = path_.moved()[k];
    square += one * v, slack += slack_of(gamma[k], one), squares += v * v, length += one * one;
  }
  squares = std::sqrt(squares), length = std::sqrt(length);
  const double v_slack = upper(path_.moved_slack());
  square = std::abs(square) + (0x1p-30 * squares + v_slack) * (length + slack) + slack * squares;
  factor += Size(std::sqrt(square) * (1 + 0x1p-30) + 0x1p-400);
  return factor + alpha * path_.S_norm() * derivatives_.second * ball.logits;
}

void Descent::step() {
  const Interval loss_before = loss();
  Intervals gamma;
  for (const Interval& one : g_) gamma.push_back(step_ * one);
  const Interval r = path_.p_norm2();
  const double r_middle = r.middle(), r_slack = slack_of(r, r_middle);
  std::vector<double> l;
  double l_slack = 0;
  for (const Interval& one : path_.logits()) l.push_back(one.middle()), l_slack += slack_of(one, l.back());
  const Size logit_slack = path_.logit_slack() + Size(l_slack * (1 + 0x1p-30));
  const Size gamma_slack = Size(step_) * derivatives_.second * path_.logit_slack();
  const Ball ball = this->ball();  // around the point that is left
  const Curvature D = curvature_of(scene_, near_, g_);

  HessianBounds hessian{};
  Size jump;
  tbb::parallel_invoke([&] { hessian = growth_.bounds(D, r_middle, r_slack); },
                       [&] { jump = path_.step(gamma, gamma_slack); });
  growth_.advance({path_.moved(), l, upper(path_.moved_slack()), upper(logit_slack), r_middle, r_slack, upper(jump)});
  E_ = growth(gamma, hessian, ball) * E_ + jump;
  look();
  const Interval fall = loss_before - loss();
  least_fall_ = least_fall_ ? least(*least_fall_, fall) : fall;
}

Moment Descent::moment(bool with_q) const {
  const Size reach = this->reach();
  const std::size_t N = products_.N;
  Intervals logits = path_.logits();
  for (std::size_t k = 0; k < N; ++k)
    logits[k] = around(logits[k], path_.logit_slack() + sqrt(Size(entry(products_.K, k, k))) * reach);
  const Intervals of_M = path_.of_M(), of_S = path_.of_S();
  const Interval mu = instance_.brought ? Interval(1) : Interval::decimal(instance_.parameters.mu.text());
  for (std::size_t k = N; k < N + 2; ++k) {
    Interval l = dot(products_.H, k, of_M) + dot(products_.K, k, of_S);
    if (of_M.size() > N) add_product(l, entry(products_.l, k, 0), of_M[N]);
    Size length(1.0);
    if (instance_.brought) {
      const auto signal = static_cast<Index>(k - N);
      Interval square(0);
      for (Index j = 0; j < instance_.brought->signals.cols(); ++j) {
        const Interval x = Interval::exactly(instance_.brought->signals(signal, j));
        add_product(square, x, x);
      }
      length = sqrt(Size(square));
    }
    logits.push_back(around(l, length * reach) * mu);
  }
  Moment moment = scene_.look(std::move(logits));
  moment.least_fall = least_fall_;
  if (!with_q) return moment;
  const Interval near = products_.J.empty() ? q_norm2_by_entries(instance_, of_M, of_S)
                                            : q_norm2_by_inner_products(products_, of_M, of_S);
  moment.q_norm2 = largest(around(near, (Size(2.0) * sqrt(Size(near)) + reach) * reach), Interval(0));
  return moment;
}

}  // namespace benign::checker
