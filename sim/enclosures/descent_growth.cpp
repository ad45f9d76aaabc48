#include "sim/enclosures/descent_growth.hpp"

#include "sim/routes/curvature.hpp"
#include "theory/numbers/element.hpp"

#include <Eigen/Eigenvalues>
#include <tbb/parallel_for.h>

namespace benign::sim {
namespace {

constexpr double unit = 0x1p-53;

Matrix<double> representatives(const Matrix<Enclosure>& x) {
  return x.unaryExpr([](const Enclosure& one) { return representative(one); });
}

Upward frobenius(const Matrix<double>& x) {
  Upward sum;
  for (Index k = 0; k < x.size(); ++k) sum += square(Upward(std::abs(x.data()[k])));
  return sqrt(sum);
}
Upward frobenius(const Matrix<Enclosure>& x) {
  Upward sum;
  for (Index k = 0; k < x.size(); ++k) sum += square(magnitude(x.data()[k]));
  return sqrt(sum);
}

/// The doubles next to enclosures, and a bound of what they miss.
struct Near {
  explicit Near(const Vector<Enclosure>& x)
      : middle(x.unaryExpr([](const Enclosure& one) { return representative(one); })) {
    Upward sum;
    for (Index k = 0; k < x.size(); ++k) sum += square(magnitude(x[k] - Enclosure(middle[k])));
    error = sqrt(sum);
  }
  Upward norm() const { return frobenius(Matrix<double>(middle)); }

  Vector<double> middle;
  Upward error;
};

/// D = κĝĝᵀ + diag(ĝ) − ĝsᵀ − sĝᵀ of one sample, κ = σ(Yf)/σ(−Yf), as PPᵀ − NNᵀ and a bound of the rest.
struct Split {
  Matrix<double> positive, negative;
  Upward rest, gradient_error;
  Vector<double> gradient;
};

Split split(const theory::Samples<Enclosure>& sample, const Vector<Enclosure>& logits) {
  const Index T = sample.T;
  const Vector<Enclosure> s = theory::attention(sample, logits);
  const Enclosure f = theory::outputs(sample, s)[0], margin = sample.labels[0] * f,
                  wrong = theory::sigmoid<Enclosure>(-margin);
  Vector<Enclosure> g(T);
  for (Index t = 0; t < T; ++t) g[t] = Enclosure(-sample.labels[0]) * wrong * s[t] * (sample.values[t] - f);
  const Near near_s(s), near_g(g), ratio(Vector<Enclosure>::Constant(1, exp(margin)));
  const double kappa = ratio.middle[0];
  const Vector<double>&gd = near_g.middle, &sd = near_s.middle;
  const Matrix<double> half = (kappa / 2 * gd - sd) * gd.transpose();
  Matrix<double> D = half + half.transpose();
  D.diagonal() += gd;

  const Eigen::SelfAdjointEigenSolver<Matrix<double>> eigen(D);
  constexpr double least = 1e-12;  // eigenvalues nearer to 0 are left to the rest
  const Index below = (eigen.eigenvalues().array() < -least).count(),
              above = (eigen.eigenvalues().array() > least).count();
  const auto columns = [&](Index first, Index count) {
    Matrix<double> F = eigen.eigenvectors().middleCols(first, count);
    for (Index k = 0; k < count; ++k) F.col(k) *= std::sqrt(std::abs(eigen.eigenvalues()[first + k]));
    return F;
  };
  Split parts{columns(T - above, above), columns(0, below), {}, near_g.error, gd};
  const Upward g_size = near_g.norm(), s_size = near_s.norm(), k_size(std::abs(kappa)),
               sizes = k_size * square(g_size) + g_size + Upward(2) * g_size * s_size,
               P2 = square(frobenius(parts.positive)), N2 = square(frobenius(parts.negative));
  const Matrix<double> missed =
      D - parts.positive * parts.positive.transpose() + parts.negative * parts.negative.transpose();
  // What the doubles miss of s, ĝ and κ,
  parts.rest = ratio.error * square(g_size + near_g.error) +
               k_size * (Upward(2) * g_size * near_g.error + square(near_g.error)) + near_g.error +
               Upward(2) * (g_size * near_s.error + (s_size + near_s.error) * near_g.error);
  // what rounding moves in D, and in the sums of 2T + 2 terms that compare it with its parts.
  parts.rest +=
      Upward(8 * unit) * sizes + frobenius(missed) + Upward(4 * static_cast<double>(T + 4) * unit) * (sizes + P2 + N2);
  return parts;
}

theory::Samples<Enclosure> one_sample(const theory::Samples<Enclosure>& all, Index i) {
  return {1, all.T, all.values.segment(i * all.T, all.T), {element(all.labels, i)}};
}

}  // namespace

DescentGrowth::DescentGrowth(const theory::Samples<Enclosure>& samples, const Matrix<Enclosure>& K,
                             const Matrix<Enclosure>& H, const Enclosure& epsilon, const Enclosure& step, Train train)
    : samples_(samples),
      moves_W_(train != Train::p),
      moves_p_(train != Train::W),
      K_(representatives(K)),
      H_(representatives(H)),
      K_norm_(frobenius(K)),
      H_norm_(frobenius(H)),
      epsilon_(magnitude(epsilon)),
      step_(magnitude(step)),
      root_(sqrt(epsilon_ * K_norm_)) {}

Upward DescentGrowth::response_norm(const StateInDouble& state) const {
  Upward norm;
  if (moves_p_) norm += H_norm_ * square(Upward(1) + epsilon_ * K_norm_ * state.Phi_norm);
  if (moves_W_) norm += state.r * K_norm_;
  return norm;
}

Upward DescentGrowth::logits_radius(const StateInDouble& state, Upward radius) const {
  return (sqrt(response_norm(state)) + root_ * radius) * radius;
}

Upward DescentGrowth::weighed(const std::vector<Matrix<double>>& factors, const StateInDouble& state) const {
  const Index N = K_.rows(), T = samples_.T;
  Index columns = 0;
  Upward F2;
  for (const Matrix<double>& F : factors) columns += F.cols(), F2 += square(frobenius(F));
  if (columns == 0) return Upward(0);
  Matrix<double> F = Matrix<double>::Zero(N, columns), KF(N, columns);
  for (Index i = 0, at = 0; i < samples_.n; at += element(factors, i).cols(), ++i) {
    F.block(i * T, at, T, element(factors, i).cols()) = element(factors, i);
    KF.middleCols(at, element(factors, i).cols()).noalias() = K_.middleCols(i * T, T) * element(factors, i);
  }
  Matrix<double> weighed = Matrix<double>::Zero(columns, columns);
  Upward size;
  const Upward F_norm = sqrt(F2);
  if (moves_W_) {
    weighed.noalias() += state.r.value() * (F.transpose() * KF);
    size += state.r * K_norm_ * F2;
  }
  Upward phi_missed;
  if (moves_p_) {
    Matrix<double> U = epsilon_.value() * (state.Phi.transpose() * KF);
    U.topRows(N) += F;
    weighed.noalias() += U.transpose() * (H_ * U);
    const Upward U_norm = F_norm + epsilon_ * state.Phi_norm * K_norm_ * F_norm,
                 missed = epsilon_ * state.Phi_error * K_norm_ * F_norm;
    size += H_norm_ * square(U_norm);
    phi_missed = H_norm_ * (Upward(2) * U_norm + missed) * missed;
  }
  // Sums of N, T and M terms, five deep, in Frobenius' norm; √N of it may be in the trace.
  const double terms = static_cast<double>(N + T + 2);
  const Upward rounding(16 * terms * std::sqrt(terms) * unit);
  return Upward(norm_bound((weighed + weighed.transpose()) / 2)) + rounding * size + phi_missed;
}

Upward DescentGrowth::bound(const StateInDouble& state, Upward radius) const {
  const Index n = samples_.n, T = samples_.T, N = K_.rows();
  std::vector<Split> parts(static_cast<std::size_t>(n));
  tbb::parallel_for(Index{0}, n, [&](Index i) {
    parts[static_cast<std::size_t>(i)] = split(one_sample(samples_, i), state.logits.segment(i * T, T));
  });
  std::vector<Matrix<double>> negative, positive;
  Upward rest, negative_norm, positive_norm, gradient_error;
  Vector<double> g(N);
  for (Index i = 0; i < n; ++i) {
    Split& part = element(parts, i);
    rest = larger(rest, part.rest);
    negative_norm = larger(negative_norm, frobenius(part.negative));
    positive_norm = larger(positive_norm, frobenius(part.positive));
    gradient_error += square(part.gradient_error);
    g.segment(i * T, T) = part.gradient;
    negative.push_back(std::move(part.negative)), positive.push_back(std::move(part.positive));
  }
  const Upward theta = square(sqrt(response_norm(state)) + root_ * radius);
  Upward aside = rest * theta;
  if (moves_W_ && moves_p_) {  // ‖Sᵀĝ‖
    const Upward g_norm = frobenius(Matrix<double>(g)), off = sqrt(gradient_error),
                 form = Upward(std::abs(g.dot(K_ * g))) +
                        Upward(8 * static_cast<double>(N + 2) * unit) * K_norm_ * square(g_norm);
    aside += sqrt(epsilon_ * form) + root_ * off;
  }
  const auto at_all_states = [&](Upward at_middle, Upward factor) {
    return square(sqrt(at_middle) + factor * root_ * radius) + aside;
  };
  const Upward below = Upward(1) + step_ * at_all_states(weighed(negative, state), negative_norm);
  const Upward crude = (step_ * (square(positive_norm) * theta + aside)).less(1);
  if (crude.value() <= below.value()) return below;
  return larger(below, (step_ * at_all_states(weighed(positive, state), positive_norm)).less(1));
}

}  // namespace benign::sim
