#include "sim/enclosures/flow_expansion.hpp"

#include "sim/linear/enclosed_linear.hpp"
#include "theory/numbers/element.hpp"

namespace benign::sim {
namespace {

/// y += c x, without temporaries.
void add_multiple(Column& y, const Enclosure& c, const Column& x) {
  Enclosure product;
  for (Index k = 0; k < y.size(); ++k) {
    mpfi_mul(product.data(), c.data(), x[k].data());
    mpfi_add(y[k].data(), y[k].data(), product.data());
  }
}

Enclosure dot(const Column& x, const Column& y) {
  Enclosure sum(0), product;
  for (Index k = 0; k < x.size(); ++k) {
    mpfi_mul(product.data(), x[k].data(), y[k].data());
    mpfi_add(sum.data(), sum.data(), product.data());
  }
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

}  // namespace

Column at_time(const Columns& x, const Enclosure& t) {
  Column sum = x.back();
  for (std::size_t k = x.size() - 1; k-- > 0;)
    for (Index i = 0; i < sum.size(); ++i) sum[i] = sum[i] * t + x[k][i];
  return sum;
}

Column Weights::times(const Column& x) const {
  Column y(x.size());
  sim::times(Phi.rows(), Phi.cols(), Phi.data(), x.data(), y.data());
  if (range) add_multiple(y, -range->span * dot(range->a, x), range->g);
  return y;
}

Column Weights::transposed_times(const Column& x) const {
  Column y(x.size());
  sim::transposed_times(Phi.rows(), Phi.cols(), Phi.data(), x.data(), y.data());
  if (range) add_multiple(y, -range->span * dot(range->g, x), range->a);
  return y;
}

FlowExpansion expand(const Frame<Enclosure>& frame, const Column& a, const Weights& weights, std::size_t count) {
  const Index N = frame.tokens(), rows = N + probes;
  const Enclosure& epsilon = frame.scales.epsilon;
  FlowExpansion x{{a}, {}, {}, {}};
  Columns& b = x.b;
  Columns u;                   // K̂ĝ of tokens
  std::vector<Series> ab, gu;  // ab[i][j] = â_i·b_j, gu[i][j] = ĝ_i·u_j
  std::vector<SampleSeries> samples;
  for (Index i = 0; i < frame.samples.n; ++i) samples.emplace_back(frame.samples, i, count + 1);
  const auto apply = [&](const Matrix<Enclosure>& A, const Column& y) {
    Column product(rows);
    times(rows, N, A.data(), y.data(), product.data());
    return Column(product.head(N));
  };
  // All inner products x_i·y_j of terms with i + j < k, as far as they are missing.
  const auto fill = [](std::vector<Series>& products, const Columns& left, const Columns& right, std::size_t k) {
    for (std::size_t i = 0; i < k; ++i) {
      if (products.size() <= i) products.emplace_back();
      for (std::size_t j = products[i].size(); i + j < k; ++j) products[i].push_back(dot(left[i], right[j]));
    }
  };
  // Adds −Σ_i left_i Σ_{j>i}^k (1/j) products[j−1−i][k−j] to y: term k of what Φ̂'s own terms say.
  const auto add_inner_terms = [](Column& y, const Columns& left, const std::vector<Series>& products, std::size_t k) {
    for (std::size_t i = 0; i < k; ++i) {
      Enclosure weight(0);
      for (std::size_t j = i + 1; j <= k; ++j) weight += products[j - 1 - i][k - j] / static_cast<long>(j);
      add_multiple(y, -weight, left[i]);
    }
  };
  for (std::size_t k = 0; k <= count; ++k) {
    b.push_back(apply(frame.H, x.a[k]));
    Column c = weights.times(b[k]);
    fill(ab, x.a, b, k);
    add_inner_terms(c, x.g, ab, k);
    for (Index i = 0; i < N; ++i) c[i] *= epsilon;
    const Column& l = x.l.emplace_back(b[k] + apply(frame.K, c));
    Column g(N);
    in_parallel(static_cast<Index>(samples.size()), 1, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) element(samples, i).advance(l, k, g);
    });
    x.g.push_back(g);
    u.push_back(apply(frame.K, g));
    Column w = weights.transposed_times(u[k]);
    fill(gu, x.g, u, k);
    add_inner_terms(w, x.a, gu, k);
    Column next(N);
    for (Index i = 0; i < N; ++i) next[i] = -(g[i] + epsilon * w[i]) / static_cast<long>(k + 1);
    x.a.push_back(std::move(next));
  }
  return x;
}

std::optional<StepRange> range_of(const Frame<Enclosure>& frame, const Column& a, const FlowExpansion& at,
                                  const Matrix<Enclosure>& Phi, double h) {
  const Index N = a.size();
  StepRange range{a, at.g[0], enclosure(0, h)};
  const Enclosure slack = enclosure(-1, 1) * ratio<Enclosure>(1, 1024);
  for (Index k = 0; k < N; ++k) {
    range.a[k] += range.span * 2 * at.a[1][k] + slack * h;
    range.g[k] += range.span * 2 * at.g[1][k] + slack * abs(at.g[0][k]) + slack * h;
  }
  const auto image = [&] {
    FlowExpansion rates = expand(frame, range.a, {Phi, &range}, 0);
    for (Index k = 0; k < N; ++k) rates.a[0][k] = a[k] + range.span * rates.a[1][k];
    return rates;
  };
  bool holds = false;
  for (int attempt = 0; attempt < 6 && !holds; ++attempt) {
    const FlowExpansion over = image();
    holds = true;
    const auto widen = [&](Enclosure& box, const Enclosure& found) {
      if (inside(found, box)) return;
      holds = false;
      if (!is_nan(found)) box = hull(box, found), box += enclosure(-1, 1) * (width(box) / 16 + 1e-300);
    };
    for (Index k = 0; k < N; ++k) widen(range.a[k], over.a[0][k]), widen(range.g[k], over.g[0][k]);
  }
  if (!holds) return std::nullopt;
  for (int pass = 0; pass < 2; ++pass) {  // the image of boxes that hold the solution holds it, too
    const FlowExpansion over = image();
    range.a = over.a[0], range.g = over.g[0];
  }
  return range;
}

}  // namespace benign::sim
