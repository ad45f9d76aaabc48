#include "proofs_check/checker/theorem/near_limit.hpp"

#include "proofs_check/checker/taylor_model.hpp"
#include "proofs_check/checker/theorem/draw.hpp"

#include <algorithm>
#include <cmath>

namespace benign::checker {
namespace {

using Node = TaylorEquation::Node;

Interval above(const Interval& x) { return Interval::exactly(x.above()); }

std::array<SampleKind, 2> sample_kinds(const theory::Parameters& p) {
  const Interval rho = Interval::decimal(p.rho.text()), gamma = Interval(1) / sqrt(Interval(2));
  SampleKind kind;
  kind.count = {1, 1, 1, p.T - 3};
  kind.value = {gamma, gamma * rho, -(gamma * rho), Interval(0)};
  kind.signal = {Interval(1), rho, rho, Interval(0)};
  std::array<SampleKind, 2> both{kind, kind};
  both[1].Y = -1, both[1].pivot = 2;
  return both;
}

/// The limit flow with the differences of its logits as nodes.
class NearbyLimit {
 public:
  NearbyLimit(const theory::Parameters& p, const Interval& snr2) : kinds_(sample_kinds(p)), equation_(degree) {
    const long flipped = theory::noise_count(p, +1), of_class[2] = {p.n / 2 - flipped, flipped};
    std::vector<std::pair<Interval, Node>> pull;
    for (std::size_t g = 0; g < 2; ++g)
      for (std::size_t k = 0; k < limit_kinds; ++k) {
        a_[g][k] = equation_.unknown();
        const Interval weight = snr2 * Interval(of_class[g]) * Interval(kinds_[g].count[k]) * kinds_[g].signal[k];
        most_of_X += abs(weight);
        pull.emplace_back(weight, a_[g][k]);
      }
    X_ = equation_.sum(pull);
    time_ = equation_.time();
    for (std::size_t g = 0; g < 2; ++g) add(g);
    values_ = Intervals(equation_.unknowns());
  }

  /// A step of at most h from u; the length it has.
  double step(double u, double h) {
    equation_.expand(values_, Interval::exactly(u));
    double slack = 0;
    constexpr double enough = -50;
    while (h >= 0x1p-20 && !(equation_.holds(h, &slack) && slack < enough)) h /= 2;
    return h >= 0x1p-20 ? h : 0;
  }
  KindPairs gaps(std::size_t g, bool late) const {
    KindPairs found;
    for (std::size_t k = 0; k < limit_kinds; ++k)
      for (std::size_t l = 0; l < limit_kinds; ++l)
        if (k != l)
          found[k][l] = equation_.range(late ? late_[g][k][l] : gap_[g][k][l]);
        else
          found[k][l] = late ? -equation_.range(time_) : Interval(0);
    return found;
  }
  Interval X() const { return equation_.range(X_); }
  /// Goes on from exact numbers next to the end; how far an accumulator is from there at most.
  Interval restart(double h) {
    Interval most(0);
    for (std::size_t k = 0; k < values_.size(); ++k) {
      const Interval end = equation_.values_at(Interval::exactly(h))[k];
      values_[k] = Interval::exactly(end.middle());
      most = largest(most, abs(end - values_[k]));
    }
    return most;
  }

  const std::array<SampleKind, 2>& kinds() const { return kinds_; }
  Interval most_of_X{0};  ///< |X| where no accumulator is larger than 1

 private:
  static constexpr std::size_t degree = 18;

  void add(std::size_t g) {
    const SampleKind& kind = kinds_[g];
    for (std::size_t k = 0; k < limit_kinds; ++k)
      for (std::size_t l = 0; l < limit_kinds; ++l) {
        if (k == l) continue;
        gap_[g][k][l] =
            equation_.sum({{Interval(1), a_[g][k]}, {Interval(-1), a_[g][l]}, {kind.signal[k] - kind.signal[l], X_}});
        late_[g][k][l] = equation_.sum({{Interval(1), gap_[g][k][l]}, {Interval(-1), time_}});
      }
    const std::size_t p = kind.pivot;
    std::array<Node, limit_kinds> weight{}, scaled{}, s{};
    std::vector<std::pair<Interval, Node>> total, output, back;
    for (std::size_t k = 0; k < limit_kinds; ++k) {
      if (k == p || kind.count[k] == 0) continue;
      weight[k] = equation_.exp(gap_[g][k][p]);
      scaled[k] = equation_.exp(equation_.sum({{Interval(1), gap_[g][k][p]}, {Interval(1), time_}}));
      total.emplace_back(Interval(kind.count[k]), weight[k]);
    }
    const Node share = equation_.inverse(equation_.sum(total, Interval(1)));
    for (std::size_t k = 0; k < limit_kinds; ++k) {
      if (k == p || kind.count[k] == 0) continue;
      s[k] = equation_.product(weight[k], share);
      output.emplace_back(Interval(kind.count[k]) * (kind.value[k] - kind.value[p]), s[k]);
    }
    const Node beyond = equation_.sum(output);  // f − v_p
    const Interval Y(kind.Y);
    const Node wrong = equation_.inverse(
        equation_.sum({{Interval(1), equation_.exp(equation_.sum({{Y, beyond}}, Y * kind.value[p]))}}, Interval(1)));
    const Node factor = equation_.product(wrong, share);
    for (std::size_t k = 0; k < limit_kinds; ++k) {
      if (k == p || kind.count[k] == 0) continue;
      const Node rate = equation_.product(equation_.product(factor, scaled[k]),
                                          equation_.sum({{-Y, beyond}}, Y * (kind.value[k] - kind.value[p])));
      equation_.derivative(a_[g][k], rate);
      back.emplace_back(Interval(-kind.count[k]), rate);
    }
    equation_.derivative(a_[g][p], equation_.sum(back));
    if (kind.count[3] == 0) equation_.derivative(a_[g][3], equation_.sum({}, Interval(0)));
  }

  std::array<SampleKind, 2> kinds_;
  TaylorEquation equation_;
  std::array<std::array<Node, limit_kinds>, 2> a_{};
  Node X_ = 0, time_ = 0;
  std::array<std::array<std::array<Node, limit_kinds>, limit_kinds>, 2> gap_{}, late_{};
  Intervals values_;
};

/// The bound of the deviation and of what follows from it.
class Neighbourhood {
 public:
  Neighbourhood(const theory::Parameters& p, const Slice& slice)
      : p_(p), draw_(p, slice), limit_(p, slice.middle / Interval(p.n)) {}

  /// One step of at most h; false where the bounds end.
  bool step(double h, NearStep& seen);

 private:
  struct Rates {
    Interval slope, length, by_values, answer[2];
    double curvature = HUGE_VAL;
  };
  Rates rates(const Interval& minus_u, const Interval& radius);
  Interval loss(const Interval& X, const Interval& off, const Interval& q) const;

  const theory::Parameters p_;
  const DrawLimits draw_;
  NearbyLimit limit_;
  double u_ = 0, guess_[2] = {0, 0}, at_limit_[2] = {0, 0};
  Interval V_, R_, forced_, rows_, off_rows_;
};

Neighbourhood::Rates Neighbourhood::rates(const Interval& minus_u, const Interval& radius) {
  Rates found;
  Interval slope2(0), length2(0), values2(0);
  const Interval off = sqrt(Interval(2)) * radius;
  for (std::size_t g = 0; g < 2; ++g) {
    const SampleKind& kind = limit_.kinds()[g];
    const KindPairs gap = limit_.gaps(g, false), late = limit_.gaps(g, true);
    const SampleNear there(kind, gap, late, minus_u, Interval(0), Interval(0)),
        ball(kind, gap, late, minus_u, off, Interval(0)), near(kind, gap, late, minus_u, off, draw_.value);
    guess_[g] = ball.curvature(std::isfinite(guess_[g]) ? guess_[g] : 0);
    double least = guess_[g];
    if (!(least > 0)) {
      at_limit_[g] = there.curvature(std::isfinite(at_limit_[g]) ? at_limit_[g] : 0);
      least = std::max(least, (Interval::exactly(at_limit_[g]) - radius * ball.third()).below());
    }
    found.curvature = std::min(found.curvature, least);
    const Interval samples(g == 0 ? draw_.clean : draw_.flipped);
    slope2 += samples * near.gradient2;
    values2 += square(near.by_values() * (g == 0 ? draw_.clean_values : draw_.flipped_values));
    Interval squares(0), sum(0);
    for (std::size_t k = 0; k < limit_kinds; ++k) {
      squares += Interval(kind.count[k]) * square(gap[k][kind.pivot]);
      sum += Interval(kind.count[k]) * gap[k][kind.pivot];
    }
    length2 += samples * (squares - square(sum) / Interval(p_.T));
    found.answer[g] = near.answer;
  }
  found.slope = above(sqrt(slope2)), found.by_values = above(sqrt(values2));
  found.length = above(sqrt(length2) + radius);
  return found;
}

/// Lemma 4 for inputs of either class.
Interval Neighbourhood::loss(const Interval& X, const Interval& off, const Interval& q) const {
  const Interval any = X + Interval::between(-off, off);
  const SampleKind& kind = limit_.kinds()[0];
  const Interval e[limit_kinds] = {exp(any), exp(kind.signal[1] * any), exp(kind.signal[2] * any), Interval(1)};
  // f = Σ m v e/Σ m e, each share by itself: 1/(m + Σ_l m_l e_l/e_k).
  Interval f(0);
  for (std::size_t k = 0; k < 3; ++k) {
    Interval rest(0);
    for (std::size_t l = 0; l < limit_kinds; ++l)
      if (l != k && kind.count[l] > 0)  // own signals belong together; the other class's is another number
        rest += Interval(kind.count[l]) * (k < 2 && l < 2 ? exp((kind.signal[l] - kind.signal[k]) * any) : e[l] / e[k]);
    f += kind.value[k] / (Interval(1) + rest);
  }
  const Interval slack =
      sqrt(Interval(p_.T)) * (draw_.inverse_mu + kind.value[0] * (Interval(1) + kind.signal[1]) / Interval(2) * q);
  return log1p(exp(-f)) + Interval::between(-slack, slack);
}

bool Neighbourhood::step(double h, NearStep& seen) {
  const Interval root = sqrt(draw_.K);
  h = limit_.step(u_, h);
  if (h == 0) return false;
  const Interval length = Interval::exactly(h),
                 minus_u = -(Interval::exactly(u_) + Interval::between(Interval(0), length));
  const Interval X = limit_.X();
  Interval tried = above(V_ * Interval::exactly(1.02)) + Interval::exactly(1e-15);
  for (int attempt = 0; attempt < 14; ++attempt) {
    const Rates r = rates(minus_u, root * tried);
    if (!std::isfinite(r.curvature) || !r.slope.bounded() || !r.by_values.bounded()) return false;
    const Interval R = above(R_ + Interval(2) * length * draw_.epsilon * r.slope * r.length);
    const Interval matrices = draw_.noise + draw_.initial + Interval(2) * draw_.K_hat * R;
    const Interval force = (matrices + sqrt(draw_.damping) * draw_.width) * r.slope + root * r.by_values;
    const Interval rate = r.curvature < 0 ? Interval::exactly(-r.curvature) * draw_.K : Interval::exactly(-r.curvature);
    const Interval growth = exp(rate * length), pushed = V_ + force * length;
    const Interval most = r.curvature < 0 ? growth * pushed : pushed;
    if (!(most.above() < tried.above())) {
      tried = above(largest(most, tried) * Interval::exactly(1.05));
      if (tried.above() > 2) return false;
      continue;
    }
    const Interval X_bound = Interval(2) * (abs(X) + Interval(1));
    R_ = R;
    rows_ = above(rows_ + length * draw_.epsilon * r.slope * (draw_.k_row * r.length + X_bound * draw_.K_hat));
    off_rows_ = above(off_rows_ + length * r.slope * (draw_.h_row + rows_ + R_ * draw_.k_row));
    forced_ = above(forced_ + length * r.slope * (matrices + draw_.width));
    const Interval off =
        above(draw_.snr2 * draw_.signal * (sqrt(draw_.damping) * tried + draw_.damping * forced_) + off_rows_);
    if (!certainly_less(off, abs(X) + Interval(1))) return false;
    const Interval q = draw_.kappa * sqrt(R_ * (draw_.initial_norm2 + R_));
    seen = {u_, u_ + h, r.answer[0], r.answer[1], loss(X, off, q), tried.above()};
    V_ = above(r.curvature < 0 ? most : growth * V_ + force * length);
    const Interval jump = limit_.restart(h), jump_X = limit_.most_of_X * jump,
                   jump_all = sqrt(Interval(p_.n * p_.T)) * (jump + jump_X);
    V_ = above(V_ + jump_all), forced_ = above(forced_ + jump_all), off_rows_ = above(off_rows_ + jump_X);
    u_ += h;
    return true;
  }
  return false;
}

}  // namespace

std::string follow_limit(const theory::Parameters& p, const Slice& slice, const std::vector<double>& stops,
                         const std::function<bool(const NearStep&)>& seen) {
  Neighbourhood near(p, slice);
  const double nsnr2 = slice.middle.above();
  double u = 0;
  for (const double stop : stops)
    while (u < stop) {
      double h = u < 8 ? 0x1p-7 : 0x1p-4;
      while (h * nsnr2 > 0.25 && h > 0x1p-14) h /= 2;
      NearStep step;
      while (u + h > stop) h /= 2;
      if (!near.step(h, step)) return "the checker's bounds of the deviation end at log(1 + s) = " + std::to_string(u);
      u = step.to;
      if (!seen(step)) return {};
    }
  return {};
}

}  // namespace benign::checker
