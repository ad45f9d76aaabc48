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

/// Next to the largest eigenvalue of a positive matrix, from below.
double largest_estimate(const Matrix<double>& matrix) {
  Vector<double> x = Vector<double>::LinSpaced(matrix.rows(), 1, 2);
  double estimate = 0;
  for (int k = 0; k < 12; ++k) {
    x = matrix * x.normalized();
    estimate = x.norm();
  }
  return estimate;
}

/// D = κĝĝᵀ + diag(ĝ) − ĝsᵀ − sĝᵀ of one sample, κ = σ(Yf)/σ(−Yf), as PPᵀ − NNᵀ and a bound of the rest.
struct Split {
  Matrix<double> positive, negative;
  Upward rest, gradient_error;
  Vector<double> gradient;
};

Split split(const Response& response, int label) {
  const Index T = response.attention.size();
  const Near near_s(response.attention), near_g(response.gradient),
      ratio(Vector<Enclosure>::Constant(1, exp(label * response.output)));
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
      root_(sqrt(epsilon_ * K_norm_)) {
  for (Index i = 0; i < samples.n; ++i) spreads_.push_back(value_spread(one_sample(samples, i)));
}

Upward DescentGrowth::response_norm(const StateInDouble& state) const {
  Upward norm;
  if (moves_p_) norm += H_norm_ * square(Upward(1) + epsilon_ * K_norm_ * state.Phi_norm);
  if (moves_W_) norm += state.r * K_norm_;
  return norm;
}

Upward DescentGrowth::logits_radius(const StateInDouble& state, Upward radius) const {
  return (sqrt(response_norm(state)) + root_ * radius) * radius;
}

DescentGrowth::Weighed DescentGrowth::weighed(const std::vector<Matrix<double>>& factors,
                                              const StateInDouble& state) const {
  const Index N = K_.rows(), T = samples_.T;
  Index columns = 0;
  Upward F2;
  for (const Matrix<double>& F : factors) columns += F.cols(), F2 += square(frobenius(F));
  Matrix<double> F = Matrix<double>::Zero(N, columns), KF(N, columns);
  for (Index i = 0, at = 0; i < samples_.n; at += element(factors, i).cols(), ++i) {
    F.block(i * T, at, T, element(factors, i).cols()) = element(factors, i);
    KF.middleCols(at, element(factors, i).cols()).noalias() = K_.middleCols(i * T, T) * element(factors, i);
  }
  Weighed weighed{Matrix<double>::Zero(columns, columns), {}};
  Upward size;
  const Upward F_norm = sqrt(F2);
  if (moves_W_) {
    weighed.form.noalias() += state.r.value() * (F.transpose() * KF);
    size += state.r * K_norm_ * F2;
  }
  if (moves_p_) {
    Matrix<double> U = epsilon_.value() * (state.Phi.transpose() * KF);
    U.topRows(N) += F;
    weighed.form.noalias() += U.transpose() * (H_ * U);
    const Upward U_norm = F_norm + epsilon_ * state.Phi_norm * K_norm_ * F_norm,
                 missed = epsilon_ * state.Phi_error * K_norm_ * F_norm;
    size += H_norm_ * square(U_norm);
    weighed.error = H_norm_ * (Upward(2) * U_norm + missed) * missed;
  }
  weighed.form = ((weighed.form + weighed.form.transpose()) / 2).eval();
  // Sums of N, T and M terms, five deep, in Frobenius' norm; √N of it may be in the trace.
  const double terms = static_cast<double>(N + T + 2);
  weighed.error += Upward(16 * terms * std::sqrt(terms) * unit) * size;
  return weighed;
}

/// An upper bound of x for which −x ≤ JᵀDJ in the whole ball, as far as D ≥ PPᵀ − NNᵀ; `aside`: ‖S‖E.
Upward DescentGrowth::fall(const Parts& parts, const StateInDouble& state, Upward aside) const {
  const Index against = parts.negative_columns, along = parts.positive_columns;
  if (against == 0) return Upward(0);
  const Weighed all = weighed(parts.factors, state);
  Matrix<double> C(along + against, along + against);
  for (Index k = 0; k < C.rows(); ++k)
    for (Index l = 0; l < C.cols(); ++l) C(k, l) = all.form(element(parts.order, k), element(parts.order, l));
  const Matrix<double> NN = C.bottomRightCorner(against, against);
  const Upward N_norm = parts.negative_norm,
               plain = square(sqrt(Upward(std::max(norm_bound(NN), 0.0)) + all.error) + N_norm * aside);
  constexpr double worthwhile = 0.02;  // of a step's growth, below which no step matters much
  if (along == 0 || (step_ * plain).value() < worthwhile) return plain;
  const Matrix<double> PP = C.topLeftCorner(along, along), PN = C.topRightCorner(along, against);
  Matrix<double> Y, V(along + against, against), T;
  const auto turn = [&](double x) {
    Y = (PP + x * Matrix<double>::Identity(along, along)).llt().solve(PN);
    V << -Y, Matrix<double>::Identity(against, against);
    T = V.transpose() * (C * V);
    T += x * Y.transpose() * Y;
    T = ((T + T.transpose()) / 2).eval();
  };
  double x = plain.value();
  for (int k = 0; k < 3; ++k) {
    turn(x);
    x = std::min(x, largest_estimate(T));
  }
  x *= 1.08;
  if (!(x < plain.value())) return plain;
  turn(x);
  const Upward Y2 = square(frobenius(Y)), V2 = Y2 + Upward(static_cast<double>(against)),
               missed = all.error * V2 +
                        Upward(8 * static_cast<double>(C.rows() + 2) * unit) * (frobenius(C) * V2 + Upward(x) * Y2),
               found = square(sqrt(Upward(std::max(norm_bound(T), 0.0)) + missed) +
                              (N_norm + parts.positive_norm * sqrt(Y2)) * aside);
  return found.value() <= x ? Upward(x) : plain;
}

Upward DescentGrowth::bound(const StateInDouble& state, Upward radius) const {
  const Index n = samples_.n, T = samples_.T, N = K_.rows();
  const Upward off = logits_radius(state, radius);
  std::vector<Split> splits(static_cast<std::size_t>(n));
  tbb::parallel_for(Index{0}, n, [&](Index i) {
    splits[static_cast<std::size_t>(i)] =
        split(element(state.responses, i).within(off, element(spreads_, i)), element(samples_.labels, i));
  });
  Parts parts;
  std::vector<Matrix<double>> positive;
  Upward rest, gradient_error;
  Vector<double> g(N);
  std::vector<Index> of_negative;
  Index column = 0;
  for (Index i = 0; i < n; ++i) {
    Split& one = element(splits, i);
    rest = larger(rest, one.rest);
    parts.negative_norm = larger(parts.negative_norm, frobenius(one.negative));
    parts.positive_norm = larger(parts.positive_norm, frobenius(one.positive));
    gradient_error += square(one.gradient_error);
    g.segment(i * T, T) = one.gradient;
    const Index first = one.positive.cols() > 0 ? 1 : 0;  // the largest eigenvalue's alone
    Matrix<double> both(T, first + one.negative.cols());
    both << one.positive.rightCols(first), one.negative;
    if (first > 0) parts.order.push_back(column);
    for (Index k = 0; k < one.negative.cols(); ++k) of_negative.push_back(column + first + k);
    column += both.cols(), parts.positive_columns += first, parts.negative_columns += one.negative.cols();
    parts.factors.push_back(std::move(both));
    positive.push_back(std::move(one.positive));
  }
  parts.order.insert(parts.order.end(), of_negative.begin(), of_negative.end());
  const Upward theta = square(sqrt(response_norm(state)) + root_ * radius);
  Upward aside = rest * theta;
  if (moves_W_ && moves_p_) {  // ‖Sᵀĝ‖
    const Upward g_norm = frobenius(Matrix<double>(g)), g_off = sqrt(gradient_error),
                 form = Upward(std::abs(g.dot(K_ * g))) +
                        Upward(8 * static_cast<double>(N + 2) * unit) * K_norm_ * square(g_norm);
    aside += sqrt(epsilon_ * form) + root_ * g_off;
  }
  const Upward below = Upward(1) + step_ * (fall(parts, state, root_ * radius) + aside);
  const Upward crude = (step_ * (square(parts.positive_norm) * theta + aside)).less(1);
  if (crude.value() <= below.value()) return below;
  const Weighed all = weighed(positive, state);
  const Upward rise =
      square(sqrt(Upward(std::max(norm_bound(all.form), 0.0)) + all.error) + parts.positive_norm * root_ * radius);
  return larger(below, (step_ * (rise + aside)).less(1));
}

}  // namespace benign::sim
