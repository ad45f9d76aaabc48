#include "proofs_check/checker/theorem/sample.hpp"

#include <cmath>
#include <utility>

namespace benign::checker {

/// Tokens of which a sample knows the kind alone, equal kinds side by side. What a sample may be is the same set after
/// tokens of a kind have changed places: an interval that holds a number of two or three tokens holds the same number of
/// any others that are of these kinds, and of which the same ones are equal.
class SampleNear::Tokens {
 public:
  explicit Tokens(std::vector<std::size_t> kinds) : kinds_(std::move(kinds)), first_(kinds_.size()) {
    for (std::size_t i = 1; i < kinds_.size(); ++i) first_[i] = kinds_[i] == kinds_[i - 1] ? first_[i - 1] : i;
  }
  std::size_t size() const { return kinds_.size(); }
  std::size_t operator[](std::size_t i) const { return kinds_[i]; }

  /// Of i ≤ j ≤ k, the first like them.
  std::array<std::size_t, 3> first_like(std::size_t i, std::size_t j, std::size_t k) const {
    const std::size_t a = first_[i], b = next(i, j, a);
    return {a, b, next(j, k, b)};
  }
  /// The symmetric matrix of entry(i, j), i ≤ j.
  template <class Entry>
  Square symmetric(Entry entry) const {
    Square A(size(), Intervals(size()));
    for (std::size_t i = 0; i < size(); ++i)
      for (std::size_t j = i; j < size(); ++j) {
        const auto [a, b, again] = first_like(i, j, j);
        A[i][j] = a == i && b == j ? entry(i, j) : A[a][b];
        A[j][i] = A[i][j];
      }
    return A;
  }

 private:
  std::size_t next(std::size_t i, std::size_t j, std::size_t first_of_i) const {
    return first_[j] != first_[i] ? first_[j] : first_of_i + (i != j);
  }

  std::vector<std::size_t> kinds_, first_;
};

SampleNear::SampleNear(const SampleKind& kind, const KindPairs& gap, const KindPairs& late, const Interval& minus_u,
                       const Interval& off, const Interval& value_off)
    : kind_(kind) {
  const Interval either = Interval::between(-off, off), moved = Interval::between(-value_off, value_off);
  const std::size_t p = kind.pivot;
  for (std::size_t k = 0; k < limit_kinds; ++k) {
    if (kind.count[k] == 0) continue;
    Interval total(1), scaled = exp(minus_u);
    for (std::size_t l = 0; l < limit_kinds; ++l) {
      const long others = kind.count[l] - (k == l ? 1 : 0);
      if (others == 0) continue;
      total += Interval(others) * exp(gap[l][k] + either);
      scaled += Interval(others) * exp(late[l][k] + either);
    }
    s_[k] = Interval(1) / total, scaled_[k] = Interval(1) / scaled;
  }
  Interval beyond(0);  // f − v_p
  for (std::size_t k = 0; k < limit_kinds; ++k)
    if (k != p) beyond += Interval(kind.count[k]) * s_[k] * (kind.value[k] - kind.value[p] + Interval(2) * moved);
  answer = Interval(kind.Y) * (kind.value[p] + moved + beyond);
  w_ = Interval(1) / (Interval(1) + exp(answer));
  Interval sum(0);
  for (std::size_t k = 0; k < limit_kinds; ++k) {
    a_[k] = k == p ? -beyond : kind.value[k] - kind.value[p] + Interval(2) * moved - beyond;
    if (k == p || kind.count[k] == 0) continue;
    const Interval slope = Interval(-kind.Y) * w_ * scaled_[k] * a_[k];
    sum += Interval(kind.count[k]) * slope;
    gradient2 += Interval(kind.count[k]) * square(slope);
  }
  gradient2 += square(sum);  // the pivot's is minus the sum of the others
}

/// All but the pivot, which is last where it is wanted, too.
SampleNear::Tokens SampleNear::tokens(bool with_pivot) const {
  std::vector<std::size_t> kinds;
  for (std::size_t k = 0; k < limit_kinds; ++k)
    if (k != kind_.pivot) kinds.insert(kinds.end(), static_cast<std::size_t>(kind_.count[k]), k);
  if (with_pivot) kinds.push_back(kind_.pivot);
  return Tokens(kinds);
}

/// e^u L_tu for tokens of the kinds t and u: φ' = −w, φ'' = w(1 − w).
Interval SampleNear::second(std::size_t t, std::size_t u, bool same) const {
  const Interval Y(kind_.Y),
      off_diagonal = scaled_[t] * s_[u] * (Y * (a_[t] + a_[u]) + (Interval(1) - w_) * a_[t] * a_[u]);
  return w_ * (same ? off_diagonal - Y * scaled_[t] * a_[t] : off_diagonal);
}

double SampleNear::curvature(double guess) const {
  const Tokens tokens = this->tokens(false);
  const std::size_t size = tokens.size();
  const auto definite = [&](double lambda) {
    const Interval shift = Interval::exactly(lambda), share = shift / Interval(static_cast<long>(size + 1));
    std::vector<Intervals> A(size, Intervals(size));
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = i; j < size; ++j) {
        A[i][j] = second(tokens[i], tokens[j], i == j) + share;
        if (i == j) A[i][j] -= shift;
      }
    // Cholesky's factor, row by row, without roots.
    for (std::size_t k = 0; k < size; ++k) {
      if (!A[k][k].positive()) return false;
      for (std::size_t i = k + 1; i < size; ++i)
        for (std::size_t j = i; j < size; ++j) A[i][j] -= A[k][i] * A[k][j] / A[k][k];
    }
    return true;
  };
  double step = 0x1p-9 + std::abs(guess) / 32, lambda = guess;
  if (definite(lambda)) {
    while (lambda < 1000 && definite(lambda + step)) lambda += step, step *= 1.25;
    return lambda;
  }
  for (; lambda > -1000; step *= 1.25)
    if (definite(lambda -= step)) return lambda;
  return -HUGE_VAL;
}

/// ‖A‖ ≤ ‖(A²)²‖_F^{1/4} for a symmetric A.
Interval SampleNear::norm_of_square(const Square& A, const Tokens& tokens) {
  const std::size_t size = A.size();
  const auto times_itself = [&](const Square& B) {
    return tokens.symmetric([&](std::size_t i, std::size_t j) {
      Interval sum(0);
      for (std::size_t k = 0; k < size; ++k) add_product(sum, B[i][k], B[k][j]);
      return sum;
    });
  };
  Interval sum(0);
  for (const Intervals& row : times_itself(times_itself(A)))
    for (const Interval& x : row) sum += square(x);
  return sqrt(sqrt(sqrt(sum)));
}

Interval SampleNear::third() const {
  const Tokens tokens = this->tokens(true);
  const std::size_t T = tokens.size(), size = T - 1;
  const Interval Y(kind_.Y), one(1), minus_w = -w_, second_phi = w_ * (one - w_),
                                     third_phi = -(second_phi * (one - Interval(2) * w_));
  const auto f2 = [&](std::size_t i, std::size_t j) {  // f_tu
    const std::size_t t = tokens[i], u = tokens[j];
    const Interval both = -(s_[t] * s_[u] * (a_[t] + a_[u]));
    return i == j ? both + s_[t] * a_[t] : both;
  };
  const auto f2_scaled = [&](std::size_t i, std::size_t j) {
    const std::size_t t = tokens[i], u = tokens[j];
    const Interval both = -(scaled_[t] * s_[u] * (a_[t] + a_[u]));
    return i == j ? both + scaled_[t] * a_[t] : both;
  };
  const auto entry = [&](std::size_t i, std::size_t j, std::size_t k) {  // L_tuv
    const std::size_t t = tokens[i], u = tokens[j], v = tokens[k];
    Interval f3 =
        -(scaled_[t] * s_[u] *
          ((Interval((i == k) + (j == k)) - Interval(2) * s_[v]) * (a_[t] + a_[u]) - Interval(2) * s_[v] * a_[v]));
    if (i == j) f3 += f2_scaled(i, k);
    const Interval f_t = scaled_[t] * a_[t], f_u = s_[u] * a_[u], f_v = s_[v] * a_[v];
    return third_phi * Y * f_t * f_u * f_v +
           second_phi * (f_t * f2(j, k) + f_u * f2_scaled(i, k) + f_v * f2_scaled(i, j)) + minus_w * Y * f3;
  };
  std::vector<std::vector<Intervals>> L(T, std::vector<Intervals>(T, Intervals(T)));
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = i; j < size; ++j)
      for (std::size_t k = j; k < size; ++k) {
        const auto [a, b, c] = tokens.first_like(i, j, k);
        const Interval x = a == i && b == j && c == k ? entry(i, j, k) : L[a][b][c];
        L[i][j][k] = L[i][k][j] = L[j][i][k] = L[j][k][i] = L[k][i][j] = L[k][j][i] = x;
      }
  // Sums over an index vanish: the pivot's entries.
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = i; j < size; ++j) {
      Interval rest(0);
      for (std::size_t k = 0; k < size; ++k) rest -= L[i][j][k];
      L[i][j][size] = L[i][size][j] = L[j][i][size] = L[j][size][i] = L[size][i][j] = L[size][j][i] = rest;
    }
  for (std::size_t i = 0; i < size; ++i) {
    Interval rest(0);
    for (std::size_t k = 0; k < size; ++k) rest -= L[i][size][k];
    L[i][size][size] = L[size][i][size] = L[size][size][i] = rest;
  }
  for (std::size_t k = 0; k < size; ++k) L[size][size][size] -= L[size][size][k];
  const Square A = tokens.symmetric([&](std::size_t i, std::size_t j) {
    Interval sum(0);
    for (std::size_t k = 0; k < T; ++k)
      for (std::size_t l = 0; l < T; ++l) add_product(sum, L[i][k][l], L[j][k][l]);
    return sum;
  });
  return sqrt(norm_of_square(A, tokens));
}

/// ∂L_t/∂v_u = φ'Y[δ_tu s_t − s_t s_u] + φ'' f_t s_u.
Interval SampleNear::by_values() const {
  const Tokens tokens = this->tokens(true);
  const std::size_t T = tokens.size(), size = T - 1;
  std::vector<Intervals> J(T, Intervals(T));
  for (std::size_t j = 0; j < T; ++j)
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t t = tokens[i], u = tokens[j];
      J[i][j] = w_ * scaled_[t] *
                (Interval(-kind_.Y) * (Interval(i == j ? 1 : 0) - s_[u]) + (Interval(1) - w_) * a_[t] * s_[u]);
      J[size][j] -= J[i][j];
    }
  const Square A = tokens.symmetric([&](std::size_t i, std::size_t j) {
    Interval sum(0);
    for (std::size_t k = 0; k < T; ++k) add_product(sum, J[k][i], J[k][j]);
    return sum;
  });
  return sqrt(norm_of_square(A, tokens));
}

}  // namespace benign::checker
