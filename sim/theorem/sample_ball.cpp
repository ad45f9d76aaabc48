#include "sim/theorem/sample_ball.hpp"

#include "sim/enclosures/upward.hpp"
#include "sim/theorem/definite.hpp"

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

Enclosure SampleBall::third(Index i, Index j, Index k, const std::vector<std::size_t>& tokens) const {
  const auto kind = [&](Index at) { return tokens[static_cast<std::size_t>(at)]; };
  const std::size_t t = kind(i), u = kind(j), v = kind(k);
  const Enclosure &a_t = less_f_[t], &a_u = less_f_[u], rest = 1 - w_, b_v = s_[v] * less_f_[v];
  const Enclosure both = Y_ * (a_t + a_u) + rest * a_t * a_u;
  Enclosure change = both * ((i == k ? 1 : 0) + (j == k ? 1 : 0) - 2 * s_[v] - Y_ * rest * b_v) +
                     b_v * (rest * (Y_ * w_ * a_t * a_u - a_t - a_u) - 2 * Y_);
  change = w_ * R_[t] * s_[u] * change;
  if (i == j) change -= Y_ * w_ * R_[t] * (a_t * ((i == k ? 1 : 0) - s_[v] - Y_ * rest * b_v) - b_v);
  return change;
}

Enclosure SampleBall::curvature_change() const {
  const auto tokens = losers();
  const auto size = static_cast<Index>(tokens.size()), T = size + 1;
  Matrix<Enclosure> flat(T, T * T);  // row t, column u T + v; the pivot last
  for (Index i = 0; i < T; ++i)
    for (Index j = 0; j < T * T; ++j) flat(i, j) = Enclosure(0);
  for (Index i = 0; i < size; ++i)
    for (Index j = 0; j <= i; ++j)
      for (Index k = 0; k <= j; ++k) {
        const Enclosure x = third(i, j, k, tokens);
        const Index at[3] = {i, j, k};
        // Each of the orders of (i, j, k), once.
        std::array<std::array<Index, 3>, 6> orders{{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
        for (const auto& o : orders) flat(at[o[0]], at[o[1]] * T + at[o[2]]) = x;
      }
  const auto close = [&](const auto& entry) {  // entry(size) = −Σ of the others
    entry(size) = Enclosure(0);
    for (Index l = 0; l < size; ++l) entry(size) -= entry(l);
  };
  for (Index i = 0; i < size; ++i)
    for (Index j = 0; j < size; ++j) close([&](Index l) -> Enclosure& { return flat(i, j * T + l); });
  for (Index i = 0; i < size; ++i)
    for (Index k = 0; k < T; ++k) close([&](Index l) -> Enclosure& { return flat(i, l * T + k); });
  for (Index j = 0; j < T * T; ++j) close([&](Index l) -> Enclosure& { return flat(l, j); });
  Matrix<Enclosure> square(T, T);
  for (Index i = 0; i < T; ++i)
    for (Index j = 0; j <= i; ++j) {
      Enclosure sum(0);
      for (Index k = 0; k < T * T; ++k) sum += flat(i, k) * flat(j, k);
      square(i, j) = square(j, i) = sum;
    }
  return sqrt(operator_norm(square));
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
