#include "sim/theorem/deviation.hpp"

#include "sim/enclosures/upward.hpp"
#include "sim/theorem/definite.hpp"

#include <algorithm>
#include <stdexcept>

namespace benign::sim {
namespace {

/// The upper end alone: a bound.
Enclosure above(const Enclosure& x) { return Enclosure(upper(x)); }

/// Σ over a sample's tokens of (ℓ_t − their mean)², from the differences to the pivot.
Enclosure spread2(const theory::Layout<Enclosure>& layout, const LimitPath::Step& step, std::size_t g) {
  Enclosure squares(0), sum(0);
  long T = 0;
  for (std::size_t k = 0; k < LimitPath::kinds; ++k) {
    const Enclosure &gap = step.gap[g][k][LimitSeries::pivot(g)], y = abs(gap);
    squares += layout[k].count * y * y, sum += layout[k].count * gap;
    T += layout[k].count;
  }
  return squares - abs(sum) * abs(sum) / T;
}

}  // namespace

/// Bounds over a step for all logits within a radius of the limit's.
struct Deviation::Rates {
  Enclosure gamma, values, length, answer[2];
  double curvature = 0;
};

Deviation::Deviation(const theory::Parameters& p, const DrawSlice& slice)
    : layout_(theory::layout<Enclosure>(p)), bounds_(p, slice), path_(p, slice.x / p.n) {
  for (Enclosure& share : shares_) share = Enclosure(0);
}

/// λ of one kind of samples, by the matrices of the whole ball; where that is not positive, also by those at the limit and
/// the third derivatives on the ball, which know that all differences are not at their worst at once.
double Deviation::curvature(const LimitPath::Step& step, std::size_t g, const SampleBall& ball,
                            const Enclosure& radius) {
  const auto near = [](double guess) { return std::isfinite(guess) ? guess : 0; };
  guess_[g] = least_curvature(ball.curvature(), near(guess_[g]));
  if (guess_[g] > 0) return guess_[g];
  const SampleBall at_limit(layout_, step, g, Enclosure(0), Enclosure(0));
  guess_at_limit_[g] = least_curvature(at_limit.curvature(), near(guess_at_limit_[g]));
  return std::max(guess_[g], lower(guess_at_limit_[g] - radius * ball.curvature_change()));
}

Deviation::Rates Deviation::rates(const LimitPath::Step& step, const Enclosure& radius) {
  Rates found;
  Enclosure gamma2(0), values2(0), length2(0);
  const Enclosure gap = above(sqrt(Enclosure(2)) * radius);
  bool first = true;
  for (std::size_t g = 0; g < LimitPath::groups; ++g) {
    if (bounds_.samples[g] == 0) continue;
    const SampleBall ball(layout_, step, g, gap, Enclosure(0)), near(layout_, step, g, gap, bounds_.value);
    const double least = curvature(step, g, ball, radius);
    found.curvature = first ? least : std::min(found.curvature, least);
    first = false;
    gamma2 += bounds_.samples[g] * near.gradient2();
    const Enclosure of_values = operator_norm(near.by_values()) * bounds_.values[g];
    values2 += of_values * of_values;
    length2 += bounds_.samples[g] * spread2(layout_, step, g);
    found.answer[g] = near.answer();
  }
  found.gamma = above(sqrt(gamma2)), found.values = above(sqrt(values2));
  found.length = above(sqrt(greater(length2, Enclosure(0))) + radius);
  return found;
}

/// |μ±·q − X| ≤ SNR² |PC_j| (θ^½ V + θ ∫|PĤ_sP − K|Γ) + ∫|h_j + r̂k_j − k_j∞| Γ, θ the damping.
void Deviation::follow_signal(Step& step, const Enclosure& gamma, const Enclosure& length, const Enclosure& forced,
                              double h) {
  const DrawBounds& b = bounds_;
  const Enclosure most = 2 * (abs(step.X) + 1);  // |μ±·q|, which is confirmed where off_X is used
  row_ = above(row_ + h * b.epsilon * gamma * (b.row_length * length + most * b.norm));
  off_rows_ = above(off_rows_ + h * gamma * (b.row + row_ + R_ * b.row_length));
  forced_ = above(forced_ + h * forced);
  step.off_X = upper(b.snr * b.snr * sqrt(b.signal2) * (sqrt(b.damping) * step.off + b.damping * forced_) + off_rows_);
  step.q = upper(b.kappa * sqrt(R_ * (b.initial_norm * b.initial_norm + R_)));
}

std::optional<Deviation::Step> Deviation::advance(double h) {
  const LimitPath::Step at = path_.advance(h);
  h = at.to - at.from;
  const DrawBounds& b = bounds_;
  const Enclosure root = above(sqrt(b.limit_norm)), R_before = R_;
  Enclosure V(0);
  for (const Enclosure& share : shares_) V += share;
  constexpr double too_far = 2;
  constexpr int attempts = 12;
  double tried = upper(V) * (1 + 0x1p-5) + 0x1p-60;
  for (int attempt = 0; attempt < attempts && tried < too_far; ++attempt) {
    const Rates r = rates(at, above(root * Enclosure(tried)));
    R_ = above(R_before + 2 * h * b.epsilon * r.gamma * r.length);
    const Enclosure c(r.curvature < 0 ? upper(-Enclosure(r.curvature) * b.limit_norm) : -r.curvature);
    const Enclosure ahead = above(exp(c * Enclosure(h)));
    const Enclosure sliced = sqrt(b.damping) * b.slice, trained = 2 * b.norm * R_;
    const Enclosure kernel[causes] = {b.noise, b.weights, sliced, trained, Enclosure(0), Enclosure(0)};
    Step step;
    Enclosure peak(0), forced(0), next[causes];
    for (int i = 0; i < causes; ++i) {
      const Enclosure force = i == values ? root * r.values : kernel[i] * r.gamma;
      next[i] = above(ahead * shares_[i] + force * h * (r.curvature < 0 ? ahead : Enclosure(1)));
      peak += (r.curvature < 0 ? next[i] : shares_[i] + force * h);
      forced += (i == slice ? b.slice : kernel[i]) * r.gamma;
    }
    if (!(upper(peak) < tried)) {
      tried = std::max(upper(peak), tried) * (1 + 0x1p-4);
      continue;
    }
    step.from = at.from, step.to = at.to, step.X = at.X, step.off = tried, step.curvature = r.curvature;
    for (int i = 0; i < causes; ++i) shares_[i] = next[i], step.shares[i] = upper(next[i]);
    for (int g = 0; g < 2; ++g) step.answer[g] = r.answer[g];
    shares_[rounding] = above(shares_[rounding] + at.jump);
    forced_ = above(forced_ + at.jump), off_rows_ = above(off_rows_ + at.jump_X);
    follow_signal(step, r.gamma, r.length, forced, h);
    if (!(step.off_X < lower(abs(step.X)) + 1)) break;
    return step;
  }
  R_ = R_before;
  lost_ = "the deviation from the limit is no longer bounded from log(1 + s) = " + std::to_string(at.from) + " on";
  return std::nullopt;
}

}  // namespace benign::sim
