#include "sim/theorem/sample_ball.hpp"

#include "sim/enclosures/upward.hpp"

namespace benign::sim {

SampleBall::SampleBall(const theory::Layout<Enclosure>& layout, const LimitPath::Step& step, std::size_t g,
                       const Enclosure& gap, const Enclosure& value)
    : pivot_(LimitSeries::pivot(g)), Y_(g == 0 ? 1 : -1) {
  const Enclosure around = plus_or_minus(magnitude(gap)), off = plus_or_minus(magnitude(value));
  std::array<Enclosure, kinds> v;
  for (std::size_t k = 0; k < kinds; ++k) count_[k] = layout[k].count, v[k] = layout[k].answer();
  for (std::size_t k = 0; k < kinds; ++k) {
    // 1/s_t = Σ_u e^{ℓ_u − ℓ_t}: the token itself counts exactly 1, and others of its kind may deviate.
    Enclosure sum(1), scaled = exp(-step.u);
    for (std::size_t l = 0; l < kinds; ++l) {
      const long others = count_[l] - (l == k ? 1 : 0);
      if (others <= 0) continue;
      sum += others * exp(step.gap[g][l][k] + around);
      scaled += others * exp(step.shifted[g][l][k] + around);
    }
    s_[k] = 1 / sum, R_[k] = 1 / scaled;
  }
  Enclosure F(0);  // f − v_p; the values of two tokens deviate by twice what one does
  std::array<Enclosure, kinds> difference;
  for (std::size_t k = 0; k < kinds; ++k) {
    difference[k] = v[k] - v[pivot_] + 2 * off;
    if (k != pivot_) F += count_[k] * s_[k] * difference[k];
  }
  answer_ = Y_ * (v[pivot_] + off + F);
  w_ = 1 / (1 + exp(answer_));
  gradient_[pivot_] = Enclosure(0);
  for (std::size_t k = 0; k < kinds; ++k) {
    less_f_[k] = k == pivot_ ? -F : difference[k] - F;
    if (k == pivot_) continue;
    gradient_[k] = -Y_ * w_ * R_[k] * less_f_[k];
    gradient_[pivot_] -= count_[k] * gradient_[k];
  }
}

std::vector<std::size_t> SampleBall::losers() const {
  std::vector<std::size_t> tokens;
  for (std::size_t k = 0; k < kinds; ++k)
    if (k != pivot_) tokens.insert(tokens.end(), static_cast<std::size_t>(count_[k]), k);
  return tokens;
}

Enclosure SampleBall::gradient2() const {
  Enclosure sum(0);
  for (std::size_t k = 0; k < kinds; ++k) sum += count_[k] * abs(gradient_[k]) * abs(gradient_[k]);
  return sum;
}

Matrix<Enclosure> SampleBall::curvature() const {
  const auto tokens = losers();
  const auto size = static_cast<Index>(tokens.size());
  Matrix<Enclosure> G(size, size);
  for (Index i = 0; i < size; ++i)
    for (Index j = 0; j <= i; ++j) {
      const std::size_t t = tokens[static_cast<std::size_t>(i)], u = tokens[static_cast<std::size_t>(j)];
      G(i, j) = w_ * R_[t] * s_[u] * (Y_ * (less_f_[t] + less_f_[u]) + (1 - w_) * less_f_[t] * less_f_[u]);
      if (i == j) G(i, j) += gradient_[t];
      G(j, i) = G(i, j);
    }
  return G;
}

Matrix<Enclosure> SampleBall::by_values() const {
  auto tokens = losers();
  tokens.push_back(pivot_);
  const auto size = static_cast<Index>(tokens.size());
  Matrix<Enclosure> J(size, size);
  for (Index j = 0; j < size; ++j) {
    const std::size_t u = tokens[static_cast<std::size_t>(j)];
    J(size - 1, j) = Enclosure(0);
    for (Index i = 0; i + 1 < size; ++i) {
      const std::size_t t = tokens[static_cast<std::size_t>(i)];
      J(i, j) = -Y_ * w_ * R_[t] * ((i == j ? 1 : 0) - s_[u] - Y_ * (1 - w_) * less_f_[t] * s_[u]);
      J(size - 1, j) -= J(i, j);
    }
  }
  return J;
}

}  // namespace benign::sim
