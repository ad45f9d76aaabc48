#include "proofs_check/checker/flow.hpp"

#include "proofs_check/checker/cost.hpp"
#include "proofs_check/checker/descent/descent.hpp"
#include "proofs_check/checker/taylor_model.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace benign::checker {
namespace {

Intervals at_working_precision(const ExactMatrix& x) {
  Intervals y(x.entries.size());
  for (std::size_t k = 0; k < y.size(); ++k) y[k] = Interval::dyadic(x.entries[k].x, x.unit);
  return y;
}

/// Inner products at the working precision, as a flow starts with them from p₀ = 0.
struct StartingPoint {
  StartingPoint(const sim::Instance& instance, const InnerProducts& products);

  std::size_t N, rows;
  Intervals K, H;  ///< of shape (rows, N)
  Intervals J, m;  ///< of shape (N, N), and N; empty unless ‖q‖² is followed
  Intervals l;     ///< length `rows`
  Interval r, Q;
};

StartingPoint::StartingPoint(const sim::Instance& instance, const InnerProducts& x)
    : N(x.N),
      rows(x.rows),
      K(at_working_precision(x.K)),
      H(at_working_precision(x.H)),
      J(at_working_precision(x.J)),
      m(x.J.empty() ? 0 : N),
      l(rows) {
  if (instance.brought) return;
  const Interval mu = Interval::decimal(instance.parameters.mu.text());
  for (std::size_t k = N * N; k < rows * N; ++k) K[k] *= mu, H[k] *= mu;
}

using Node = TaylorEquation::Node;
using Nodes = std::vector<Node>;

/// The unknowns are ℓ, r and the lower triangle of H's square part row by row, then its two rows of μ±; then, where
/// ‖q‖² is followed, Q, m and the lower triangle of J.
class FlowEquation {
 public:
  FlowEquation(const Scene& scene, const StartingPoint& x, const Interval& horizon, const std::vector<std::size_t>& top,
               std::size_t degree)
      : equation(degree), scene_(scene), x_(x), horizon_(horizon), N_(x.N), rows_(x.rows) {
    for (std::size_t k = 0; k < rows_; ++k) l_.push_back(equation.unknown());
    r_ = equation.unknown();
    H_ = triangle(), probes_.resize(2 * N_);
    for (Node& entry : probes_) entry = equation.unknown();
    if (!x.J.empty()) {
      Q_ = equation.unknown();
      for (std::size_t k = 0; k < N_; ++k) m_.push_back(equation.unknown());
      J_ = triangle();
    }
    for (std::size_t i = 0; i < scene.n; ++i) add_sample(i, top[i]);
    add_products();
    add_rates();
  }

  /// What the unknowns start with.
  Intervals start() const {
    Intervals values = x_.l;
    values.push_back(x_.r);
    append_triangle(values, x_.H);
    for (std::size_t k = N_ * N_; k < rows_ * N_; ++k) values.push_back(x_.H[k]);
    if (x_.J.empty()) return values;
    values.push_back(x_.Q);
    values.insert(values.end(), x_.m.begin(), x_.m.end());
    append_triangle(values, x_.J);
    return values;
  }
  /// Each sample's Yf, and μ±·q.
  const Nodes& right() const { return right_; }
  Nodes signals() const { return {l_[N_], l_[N_ + 1]}; }
  /// ‖q‖² among the values of the unknowns.
  std::size_t place_of_Q() const { return rows_ + 1 + N_ * (N_ + 1) / 2 + 2 * N_; }

  TaylorEquation equation;

 private:
  Nodes triangle() {
    Nodes nodes(N_ * (N_ + 1) / 2);
    for (Node& entry : nodes) entry = equation.unknown();
    return nodes;
  }
  void append_triangle(Intervals& values, const Intervals& A) const {
    for (std::size_t i = 0; i < N_; ++i)
      for (std::size_t j = 0; j <= i; ++j) values.push_back(A[i * N_ + j]);
  }
  static Node entry(const Nodes& A, std::size_t i, std::size_t j) {
    return i >= j ? A[i * (i + 1) / 2 + j] : A[j * (j + 1) / 2 + i];
  }
  Node H(std::size_t i, std::size_t j) const { return i < N_ ? entry(H_, i, j) : probes_[(i - N_) * N_ + j]; }

  /// g of a sample's tokens, times the horizon: everything that moves has g as a factor.
  void add_sample(std::size_t i, std::size_t top) {
    const std::size_t T = scene_.T, first = i * T;
    const int Y = scene_.label[i];
    Nodes e(T), s(T);
    std::vector<std::pair<Interval, Node>> total, output;
    for (std::size_t t = 0; t < T; ++t) {
      if (t == top) continue;
      e[t] = equation.exp(equation.sum({{Interval(1), l_[first + t]}, {Interval(-1), l_[first + top]}}));
      total.emplace_back(Interval(1), e[t]);
    }
    const Node share = equation.inverse(equation.sum(total, Interval(1)));
    for (std::size_t t = 0; t < T; ++t) {
      s[t] = t == top ? share : equation.product(e[t], share);
      output.emplace_back(Interval(Y) * scene_.v[first + t], s[t]);
    }
    right_.push_back(equation.sum(output));
    const Node wrong = equation.inverse(equation.sum({{Interval(1), equation.exp(right_.back())}}, Interval(1)));
    const Interval factor = Interval(-Y) * horizon_ / Interval(static_cast<long>(scene_.n));
    for (std::size_t t = 0; t < T; ++t) {
      std::vector<std::pair<Interval, Node>> lead;
      for (std::size_t j = 0; j < T; ++j)
        if (j != t) lead.emplace_back(factor * (scene_.v[first + t] - scene_.v[first + j]), s[j]);
      g_.push_back(equation.product(equation.product(wrong, s[t]), equation.sum(lead)));
    }
  }

  void add_products() {
    for (std::size_t i = 0; i < rows_; ++i) {
      std::vector<std::pair<Interval, Node>> u;
      std::vector<std::pair<Node, Node>> Hg;
      for (std::size_t j = 0; j < N_; ++j) u.emplace_back(x_.K[i * N_ + j], g_[j]), Hg.emplace_back(H(i, j), g_[j]);
      u_.push_back(equation.sum(u)), Hg_.push_back(equation.products(Hg));
    }
    std::vector<std::pair<Node, Node>> lg;
    for (std::size_t k = 0; k < N_; ++k) lg.emplace_back(l_[k], g_[k]);
    lg_ = equation.products(lg);
  }

  void rate(Node unknown, long factor, std::vector<std::pair<Node, Node>> factors) {
    const Node total = equation.products(std::move(factors));
    equation.derivative(unknown, equation.sum({{Interval(factor), total}}));
  }
  void add_rates() {
    for (std::size_t k = 0; k < rows_; ++k)
      equation.derivative(l_[k], equation.sum({{Interval(-1), Hg_[k]}, {Interval(-1), equation.product(r_, u_[k])}}));
    equation.derivative(r_, equation.sum({{Interval(-2), lg_}}));
    for (std::size_t i = 0; i < rows_; ++i)
      for (std::size_t j = 0; j < std::min(i + 1, N_); ++j) rate(H(i, j), -1, {{u_[i], l_[j]}, {l_[i], u_[j]}});
    if (J_.empty()) return;
    std::vector<std::pair<Node, Node>> mg{{r_, lg_}};
    for (std::size_t k = 0; k < N_; ++k) mg.emplace_back(m_[k], g_[k]);
    rate(Q_, -2, mg);
    for (std::size_t i = 0; i < N_; ++i) {
      std::vector<std::pair<Node, Node>> terms{{Q_, u_[i]}, {lg_, l_[i]}, {r_, Hg_[i]}};
      for (std::size_t j = 0; j < N_; ++j) terms.emplace_back(entry(J_, i, j), g_[j]);
      rate(m_[i], -1, terms);
      for (std::size_t j = 0; j <= i; ++j)
        rate(entry(J_, i, j), -1, {{u_[i], m_[j]}, {m_[i], u_[j]}, {l_[i], Hg_[j]}, {Hg_[i], l_[j]}});
    }
  }

  const Scene& scene_;
  const StartingPoint& x_;
  Interval horizon_;
  std::size_t N_, rows_;
  Nodes l_, H_, probes_, m_, J_, g_, u_, Hg_, right_;
  Node r_ = 0, Q_ = 0, lg_ = 0;
};

std::vector<std::size_t> top_tokens(const Scene& scene, const Intervals& l) {
  std::vector<std::size_t> top(scene.n, 0);
  for (std::size_t i = 0; i < scene.n; ++i)
    for (std::size_t t = 1; t < scene.T; ++t)
      if (l[i * scene.T + t].middle() > l[i * scene.T + top[i]].middle()) top[i] = t;
  return top;
}

/// Looks for what is asked in a step of h from `start`; whether nothing is left that was.
bool look_for_events(FlowEnd& end, const FlowEquation& flow, const FlowQuestion& asked, long T, double start,
                     double h) {
  const Interval from = Interval::exactly(start), length = Interval::exactly(h);
  if (asked.fit) end.fit.look(flow.equation, flow.right(), Interval(0), from, length);
  if (asked.gap) end.gap.look(flow.equation, flow.signals(), log(Interval(T)), from, length);
  return !asked.end && (!asked.fit || end.fit.seen()) && (!asked.gap || end.gap.seen());
}

/// The horizon in units of τ₀.
Interval last_s(const sim::RunConfig& config) {
  return config.log_s_max ? exp(Interval::decimal(config.log_s_max->text()))
                          : Interval::decimal(config.tau_max.text()) / tau0(config.parameters);
}

}  // namespace

Interval log_s_of_share(const sim::RunConfig& config, const Interval& share) { return log(last_s(config) * share); }

FlowEnd follow_flow(const sim::RunConfig& config, const sim::Instance& instance, const InnerProducts& products,
                    double budget, const FlowQuestion& asked) {
  const Scene scene(instance, products);
  const StartingPoint x(instance, products);
  const Interval horizon =
      config.log_s_max ? last_s(config) * tau0(instance.parameters) : Interval::decimal(config.tau_max.text());
  const std::size_t degree = flow_degree(working_bits());
  const double of_a_step =
      FlowSize({Run::flow, static_cast<long>(scene.n), static_cast<long>(scene.T), 0, false}, !x.J.empty())
          .products_of_a_step(working_bits()) *
      static_cast<double>(working_bits()) / 128;
  FlowEnd end;
  const auto ends_the_budget = [&] {
    if (end.spent + of_a_step <= budget) return false;
    end.stopped = "the flow takes more products of intervals than the limit", end.hopeless = true;
    return true;
  };
  if (ends_the_budget()) return end;
  auto top = top_tokens(scene, x.l);
  auto flow = std::make_unique<FlowEquation>(scene, x, horizon, top, degree);
  Intervals values = flow->start();
  constexpr double tick = 0x1p-40, all = 0x1p40;  // of the horizon
  double ticks = 0, h = all;
  while (ticks < all) {
    if (ends_the_budget()) return end;
    flow->equation.expand(values, Interval::exactly(ticks * tick));
    end.spent += flow->equation.products_of_a_step() * static_cast<double>(working_bits()) / 128;
    double widest = -1e18, slack = 0;
    for (const Interval& one : values)
      if (const double width = one.width(); width > 0)  // an exact 0 has not grown
        widest = std::max(widest, std::log2(width) - std::log2(std::max(std::abs(one.middle()), 1e-300)));
    h = std::min(h, all - ticks);
    while (!flow->equation.holds(h * tick, &slack) ||
           slack > std::max(8.0 - static_cast<double>(working_bits()), std::min(widest, -20.0) - 6)) {
      h = std::floor(h / 2);
      if (h < 1) {
        end.stopped = "no step of the flow is short enough", end.hopeless = widest < -20;
        return end;
      }
    }
    if (look_for_events(end, *flow, asked, instance.parameters.T, ticks * tick, h * tick)) return end;
    values = flow->equation.values_at(Interval::exactly(h * tick));
    ticks += h, ++end.steps;
    for (std::size_t k = 0; k < x.rows; ++k)
      if (!(values[k].width() < 1)) {
        end.stopped = "the bounds of the flow have become too wide";
        return end;
      }
    h *= 2;
    const auto next = top_tokens(scene, values);
    if (next == top) continue;
    top = next, flow.reset();
    flow = std::make_unique<FlowEquation>(scene, x, horizon, top, degree);
  }
  end.moment = scene.look({values.begin(), values.begin() + static_cast<std::ptrdiff_t>(x.rows)});
  if (!x.J.empty()) end.moment->q_norm2 = values[flow->place_of_Q()];
  return end;
}

}  // namespace benign::checker
