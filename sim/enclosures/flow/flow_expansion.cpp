#include "sim/enclosures/flow/flow_expansion.hpp"

#include "sim/linear/enclosed_linear.hpp"
#include "theory/numbers/element.hpp"

namespace benign::sim {
namespace {

constexpr long bits_of_boxes = 64;  // of what is as wide as a step makes it

/// y += c x, without temporaries.
void add_multiple(Column& y, const Enclosure& c, const Column& x) {
  Enclosure product;
  for (Index k = 0; k < y.size(); ++k) add_product(y[k], c, x[k], product);
}

Enclosure dot(const Column& x, const Column& y) {
  Enclosure sum(0), product;
  for (Index k = 0; k < x.size(); ++k) add_product(sum, x[k], y[k], product);
  return sum;
}

/// ĝ of one sample, order by order: with the pivot m, e_t = exp(ℓ_t − ℓ_m) and s = e/Σe,
/// D = Σ_t s_t (v_t − v_m), f = v_m + D, ĝ_t = −Y σ(−Yf) s_t (v_t − v_m − D).
class SampleSeries {
 public:
  SampleSeries(const theory::Samples<Enclosure>& samples, Index i, std::size_t terms)
      : samples_(samples), first_(i * samples.T), Y_(element(samples.labels, i)) {
    const auto T = static_cast<std::size_t>(samples.T);
    for (auto* several : {&exponent_, &weighted_, &e_, &s_, &loss_, &answer_, &g_}) several->resize(T, Series(terms));
    for (Series* one : {&Z_, &inverse_, &D_, &margin_, &margin_weighted_, &power_, &denominator_, &wrong_})
      one->resize(terms);
  }

  /// Yf, as far as it has been advanced.
  const Series& margin() const { return margin_; }

  /// Term k of ĝ from the terms up to k of ℓ.
  void advance(const Column& l, std::size_t k, Column& g) {
    if (k == 0) choose_pivot(l);
    Z_[k] = Enclosure(0), D_[k] = Enclosure(0);
    const std::size_t T = e_.size();
    for (std::size_t t = 0; t < T; ++t) {
      exponent_[t][k] = l[at(t)] - l[at(pivot_)];
      if (t == pivot_)
        e_[t][k] = Enclosure(k == 0 ? 1 : 0);
      else
        exponentiate(exponent_[t], weighted_[t], e_[t], k);
      Z_[k] += e_[t][k];
    }
    invert(Z_, inverse_, k);
    for (std::size_t t = 0; t < T; ++t) {
      multiply(e_[t], inverse_, s_[t], k);
      if (t != pivot_) D_[k] += s_[t][k] * (v(t) - v(pivot_));
    }
    margin_[k] = Y_ * D_[k];
    if (k == 0) margin_[k] += Y_ * v(pivot_);
    exponentiate(margin_, margin_weighted_, power_, k);
    denominator_[k] = k == 0 ? power_[k] + 1 : power_[k];
    invert(denominator_, wrong_, k);  // σ(−Yf)
    for (std::size_t t = 0; t < T; ++t) {
      loss_[t][k] = k == 0 ? v(t) - v(pivot_) - D_[k] : -D_[k];
      multiply(s_[t], loss_[t], answer_[t], k);
      multiply(wrong_, answer_[t], g_[t], k);
      g[at(t)] = -Y_ * g_[t][k];
    }
  }

 private:
  Index at(std::size_t t) const { return first_ + static_cast<Index>(t); }
  const Enclosure& v(std::size_t t) const { return samples_.values[at(t)]; }
  void choose_pivot(const Column& l) {
    for (std::size_t t = 1; t < e_.size(); ++t)
      if (representative(l[at(t)]) > representative(l[at(pivot_)])) pivot_ = t;
  }

  const theory::Samples<Enclosure>& samples_;
  Index first_;
  long Y_;
  std::size_t pivot_ = 0;
  std::vector<Series> exponent_, weighted_, e_, s_, loss_, answer_, g_;  // by token
  Series Z_, inverse_, D_, margin_, margin_weighted_, power_, denominator_, wrong_;
};

/// μ±·q of â and ĉ = εΦ̂b.
Column signals_of(const Frame<Enclosure>& frame, const Column& a, const Column& c) {
  const Index N = frame.tokens();
  Column X = Column::Constant(probes, Enclosure(0));
  for (Index k = 0; k < probes; ++k)
    for (Index j = 0; j < N; ++j) X[k] += frame.H(N + k, j) * a[j] + frame.K(N + k, j) * c[j];
  return X;
}

/// ‖q‖², order by order from the terms of â, b, ℓ and ĉ up to there.
class NormSeries {
 public:
  explicit NormSeries(const FlowSystem& system) : system_(system) {}

  /// Term k.
  Enclosure next(const Columns& a, const Columns& b, const Columns& l, const Column& c) {
    const std::size_t k = c_.size();
    c_.push_back(c);
    both_.push_back(b[k] + l[k]);
    Ja_.push_back(system_.J->times(a[k]));
    Enclosure tokens(0), term(0);
    for (std::size_t i = 0; i <= k; ++i) term += dot(a[i], Ja_[k - i]), tokens += dot(c_[i], both_[k - i]);
    return term + tokens / system_.frame.scales.token_norm2;
  }

 private:
  const FlowSystem& system_;
  Columns c_, both_, Ja_;
};

}  // namespace

Column at_time(const Columns& x, const Enclosure& t) {
  Column sum = x.back();
  for (std::size_t k = x.size() - 1; k-- > 0;)
    for (Index i = 0; i < sum.size(); ++i) sum[i] = sum[i] * t + x[k][i];
  return sum;
}

Column Weights::times(const Column& x) const {
  Column y = Phi.times(x);
  if (range) add_multiple(y, -range->span * dot(range->a, x), range->g);
  return y;
}

Column Weights::transposed_times(const Column& x) const {
  Column y = Phi.transposed_times(x);
  if (range) add_multiple(y, -range->span * dot(range->g, x), range->a);
  return y;
}

FlowSystem::FlowSystem(const Frame<Enclosure>& the_frame, QNorm q_norm)
    : frame(the_frame),
      K(FlowMatrix::of_inner_products(frame.K.topRows(frame.tokens()))),
      H(FlowMatrix::of_inner_products(frame.H.topRows(frame.tokens()))) {
  if (q_norm == QNorm::needed) J = FlowMatrix::of_inner_products(frame.J);
}

FlowExpansion expand(const FlowSystem& system, const Column& a, const Weights& weights, std::size_t count) {
  const Frame<Enclosure>& frame = system.frame;
  const Index N = frame.tokens();
  const Enclosure& epsilon = frame.scales.epsilon;
  FlowExpansion x;
  x.a.push_back(a);
  Columns& b = x.b;
  Columns u;                   // K̂ĝ of tokens
  std::vector<Series> ab, gu;  // ab[i][j] = â_i·b_j, gu[i][j] = ĝ_i·u_j
  std::vector<SampleSeries> samples;
  for (Index i = 0; i < frame.samples.n; ++i) samples.emplace_back(frame.samples, i, count + 1);
  NormSeries q_norm2(system);
  // All inner products x_i·y_j of terms with i + j < k, as far as they are missing.
  const auto fill = [](std::vector<Series>& products, const Columns& left, const Columns& right, std::size_t k) {
    for (std::size_t i = 0; i < k; ++i) {
      if (products.size() <= i) products.emplace_back();
      for (std::size_t j = products[i].size(); i + j < k; ++j) products[i].push_back(dot(left[i], right[j]));
    }
  };
  // Adds −unit Σ_i left_i Σ_{j>i}^k (1/j) products[j−1−i][k−j] to y: term k of what Φ̂'s own terms say.
  const auto add_inner_terms = [&](Column& y, const Columns& left, const std::vector<Series>& products, std::size_t k) {
    for (std::size_t i = 0; i < k; ++i) {
      Enclosure weight(0);
      for (std::size_t j = i + 1; j <= k; ++j) weight += products[j - 1 - i][k - j] / static_cast<long>(j);
      add_multiple(y, -weight * system.unit, left[i]);
    }
  };
  for (std::size_t k = 0; k <= count; ++k) {
    b.push_back(system.H.times(x.a[k]));
    Column c = weights.times(b[k]);
    fill(ab, x.a, b, k);
    add_inner_terms(c, x.g, ab, k);
    for (Index i = 0; i < N; ++i) c[i] *= epsilon;
    const Column& l = x.l.emplace_back(b[k] + system.K.times(c));
    Column g(N);
    in_parallel(static_cast<Index>(samples.size()), 1, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) element(samples, i).advance(l, k, g);
    });
    x.g.push_back(g);
    Column& margins = x.margins.emplace_back(frame.samples.n);
    for (Index i = 0; i < margins.size(); ++i) margins[i] = element(samples, i).margin()[k];
    x.X.push_back(signals_of(frame, x.a[k], c));
    if (system.J) x.q_norm2.push_back(q_norm2.next(x.a, b, x.l, c));
    u.push_back(system.K.times(g));
    Column w = weights.transposed_times(u[k]);
    fill(gu, x.g, u, k);
    add_inner_terms(w, x.a, gu, k);
    Column next(N);
    for (Index i = 0; i < N; ++i) next[i] = -system.unit * (g[i] + epsilon * w[i]) / static_cast<long>(k + 1);
    x.a.push_back(std::move(next));
  }
  return x;
}

std::optional<OverStep> expand_over(const FlowSystem& system, const FlowMatrix& Phi, const FlowExpansion& at,
                                    const Enclosure& length, std::size_t p) {
  const WorkingPrecision few(bits_of_boxes);
  const Index N = system.frame.tokens();
  const Enclosure span = hull(Enclosure(0), length);
  Enclosure power(1);  // lengthᵖ
  for (std::size_t k = 0; k < p; ++k) power *= length;
  const Columns below_a(at.a.begin(), at.a.begin() + static_cast<long>(p)),
      below_g(at.g.begin(), at.g.begin() + static_cast<long>(p));
  const Column a_below = at_time(below_a, span), g_below = at_time(below_g, span);

  // What the terms below p may leave, to begin with: twice the term p at the start, and a share of the largest of these.
  const auto guess = [&](const Column& terms) {
    Enclosure largest(0);
    for (const Enclosure& term : terms) largest = greater(largest, abs(term));
    const Enclosure slack = enclosure(-1, 1) * (largest * power / 16 + enclosure(0, 1e-300));
    Column left(N);
    for (Index k = 0; k < N; ++k) left[k] = hull(Enclosure(0), 2 * terms[k] * power) + slack;
    return left;
  };
  Column a_left = guess(at.a[p]), g_left = guess(at.g[p]);
  constexpr int attempts = 3;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    OverStep over{{a_below + a_left, g_below + g_left, span * system.unit}, {}};
    over.terms = expand(system, over.range.a, {Phi, &over.range}, std::max<std::size_t>(p, 2));
    bool holds = true;
    const auto widen = [&](Enclosure& left, const Enclosure& term) {
      const Enclosure found = hull(Enclosure(0), term * power);
      if (inside(found, left)) return;
      holds = false;
      if (!is_nan(found)) left = hull(left, found), left += enclosure(-1, 1) * (width(left) / 16 + 1e-300);
    };
    for (Index k = 0; k < N; ++k) widen(a_left[k], over.terms.a[p][k]), widen(g_left[k], over.terms.g[p][k]);
    if (holds) return over;
  }
  return std::nullopt;
}

namespace {

/// The nonnegative and the nonpositive part of an interval: x ⊂ above + below.
struct SignedParts {
  Enclosure above{0}, below{0};
  void add(const Enclosure& x) {
    const Enclosure zero(0);
    above += greater(x, zero), below += lesser(x, zero);
  }
};

}  // namespace

void subtract_outer_integral(Matrix<Enclosure>& Phi, const Columns& a, const Columns& g, std::size_t p,
                             const Enclosure& h, double unit) {
  Series powers{h * unit};  // unit h^{k+1}/(k + 1) but for the divisor
  for (std::size_t k = 1; k <= 2 * p; ++k) powers.push_back(powers[k - 1] * h);
  for (std::size_t k = 0; k < powers.size(); ++k) powers[k] /= static_cast<long>(k + 1);
  in_parallel(Phi.cols(), 8, [&](Index begin, Index end) {
    Enclosure product;
    for (Index j = begin; j < end; ++j) {
      for (std::size_t i = 0; i < p; ++i) {
        Enclosure weight(0);  // −unit Σ_m â_m h^{i+m+1}/(i + m + 1)
        for (std::size_t m = 0; m <= p; ++m) add_product(weight, -a[m][j], powers[i + m], product);
        for (Index row = 0; row < Phi.rows(); ++row) add_product(Phi(row, j), g[i][row], weight, product);
      }
      SignedParts parts;
      for (std::size_t m = 0; m <= p; ++m) parts.add(-a[m][j] * powers[p + m]);
      for (Index row = 0; row < Phi.rows(); ++row) {
        add_product(Phi(row, j), g[p][row], parts.above, product);
        add_product(Phi(row, j), g[p][row], parts.below, product);
      }
    }
  });
}

}  // namespace benign::sim
