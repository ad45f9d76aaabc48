#include "sim/enclosures/descent_growth.hpp"

#include "sim/linear/enclosed_linear.hpp"
#include "sim/routes/curvature.hpp"
#include "theory/numbers/element.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>

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

Upward missed_by_doubles(const Matrix<Enclosure>& x) {
  return frobenius(
      Matrix<Enclosure>(x - x.unaryExpr([](const Enclosure& one) { return Enclosure(representative(one)); })));
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

Split split(const Response& response) {
  const Index T = response.attention.size();
  const Near near_s(response.attention), near_g(response.gradient),
      ratio(Vector<Enclosure>::Constant(1, exp(response.label * response.output)));
  const double kappa = ratio.middle[0];
  const Vector<double>&gd = near_g.middle, &sd = near_s.middle;
  const Matrix<double> half = (kappa / 2 * gd - sd) * gd.transpose();
  Matrix<double> D = half + half.transpose();
  D.diagonal() += gd;

  const Eigen::SelfAdjointEigenSolver<Matrix<double>> eigen(D);
  const double least = 1e-12 * D.norm();  // eigenvalues nearer to 0 are left to the rest; D falls like 1/s along a flow
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

}  // namespace

Upward norm_of_inner_products(const Matrix<Enclosure>& products) {
  // Of the doubles norm_bound is one, or their trace, whose terms are a little off those of a positive matrix.
  const double n = static_cast<double>(products.rows());
  return Upward(std::max(norm_bound(representatives(products)), 0.0)) * Upward(1 + 2 * n * unit) +
         Upward(std::sqrt(n) * (1 + 4 * unit)) * missed_by_doubles(products);
}

DescentGrowth::DescentGrowth(const Matrix<Enclosure>& K, const Matrix<Enclosure>& H, const Enclosure& epsilon,
                             const Enclosure& step, Train train)
    : moves_W_(train != Train::p),
      moves_p_(train != Train::W),
      K_(representatives(K)),
      H_(representatives(H)),
      K_error_(missed_by_doubles(K)),
      H_error_(missed_by_doubles(H)),
      K_norm_(frobenius(K)),
      H_norm_(frobenius(H)),
      K_operator_norm_(norm_of_inner_products(K)),
      H_operator_norm_(norm_of_inner_products(H)),
      epsilon_(magnitude(epsilon)),
      step_(magnitude(step)),
      root_(sqrt(epsilon_ * K_operator_norm_)) {}

Upward DescentGrowth::response_norm(const StateInDouble& state) const {
  const Index N = K_.rows();
  Matrix<double> Theta = Matrix<double>::Zero(N, N);
  Upward missed, size;
  if (moves_W_) {
    Theta += state.r.value() * K_;
    missed += state.r * K_error_, size += state.r * K_norm_;
  }
  if (moves_p_) {
    Matrix<double> B = epsilon_.value() * (K_ * state.Phi);
    B.leftCols(N).diagonal().array() += 1;
    Theta += B * H_ * B.transpose();
    const Upward B_norm = Upward(1) + epsilon_ * K_operator_norm_ * state.Phi_norm,
                 off = epsilon_ * (state.Phi_error * K_operator_norm_ + state.Phi_norm * K_error_);
    missed += H_error_ * square(B_norm + off) + H_operator_norm_ * (Upward(2) * B_norm + off) * off;
    size += H_norm_ * square(sqrt(Upward(static_cast<double>(N))) + epsilon_ * K_norm_ * state.Phi_norm);
  }
  Theta = ((Theta + Theta.transpose()) / 2).eval();
  // Sums of at most N + 1 terms, three deep, in Frobenius' norm; √N of it may be in the trace, which stands for the norm where
  // it is less.
  const double terms = static_cast<double>(N + 2);
  missed += Upward(16 * terms * unit) * size;
  return Upward(std::max(norm_bound(Theta), 0.0)) * Upward(1 + 2 * terms * unit) + Upward(std::sqrt(terms)) * missed;
}

Upward DescentGrowth::known_response_norm(const StateInDouble& state) const {
  if (state.response_norm) return *state.response_norm;
  Upward norm;
  if (moves_p_) norm += H_operator_norm_ * square(Upward(1) + epsilon_ * K_operator_norm_ * state.Phi_norm);
  if (moves_W_) norm += state.r * K_operator_norm_;
  return norm;
}

Upward DescentGrowth::logits_radius(const StateInDouble& state, Upward radius) const {
  return (sqrt(known_response_norm(state)) + root_ * radius) * radius;
}

DescentGrowth::Weighed DescentGrowth::weighed(const std::vector<Factor>& factors, const StateInDouble& state) const {
  const Index N = K_.rows();
  Index columns = 0;
  Upward F2;
  for (const Factor& one : factors) columns += one.columns.cols(), F2 += square(frobenius(one.columns));
  Matrix<double> F = Matrix<double>::Zero(N, columns), KF(N, columns);
  Index at = 0;
  for (const auto& [first, of_sample] : factors) {
    F.block(first, at, of_sample.rows(), of_sample.cols()) = of_sample;
    KF.middleCols(at, of_sample.cols()).noalias() = K_.middleCols(first, of_sample.rows()) * of_sample;
    at += of_sample.cols();
  }
  Weighed weighed{Matrix<double>::Zero(columns, columns), {}};
  Upward size;
  const Upward F_norm = sqrt(F2);
  if (moves_W_) {
    weighed.form.noalias() += state.r.value() * (F.transpose() * KF);
    size += state.r * K_norm_ * F2;
    weighed.error += state.r * K_error_ * F2;
  }
  if (moves_p_) {
    Matrix<double> U = epsilon_.value() * (state.Phi.transpose() * KF);
    U.topRows(N) += F;
    weighed.form.noalias() += U.transpose() * (H_ * U);
    const Upward U_norm = F_norm + epsilon_ * state.Phi_norm * K_norm_ * F_norm,
                 missed = epsilon_ * (state.Phi_error * K_operator_norm_ + state.Phi_norm * K_error_) * F_norm;
    size += H_norm_ * square(U_norm);
    const Upward exact_U = F_norm + epsilon_ * state.Phi_norm * K_operator_norm_ * F_norm;
    weighed.error += H_error_ * square(exact_U + missed) + H_operator_norm_ * (Upward(2) * exact_U + missed) * missed;
  }
  weighed.form = ((weighed.form + weighed.form.transpose()) / 2).eval();
  // Sums of N, T and M terms, five deep, in Frobenius' norm; √N of it may be in the trace.
  const Index T = N / static_cast<Index>(state.responses.size());
  const double terms = static_cast<double>(N + T + 2);
  weighed.error += Upward(16 * terms * std::sqrt(terms) * unit) * size;
  return weighed;
}

/// An upper bound of x for which −x ≤ JᵀDJ in the whole ball, as far as D ≥ PPᵀ − NNᵀ; `aside`: ‖S‖E.
Upward DescentGrowth::fall(const Parts& parts, const StateInDouble& state, Upward aside, Upward step) const {
  std::vector<Factor> factors = parts.positive;
  factors.insert(factors.end(), parts.negative.begin(), parts.negative.end());
  const Weighed made = weighed(factors, state);
  const Matrix<double>& C = made.form;
  const auto along = static_cast<Index>(parts.positive.size()), against = C.rows() - along;
  if (against == 0) return Upward(0);
  const Matrix<double> NN = C.bottomRightCorner(against, against);
  const Upward N_norm = parts.negative_norm,
               plain = square(sqrt(Upward(std::max(norm_bound(NN), 0.0)) + made.error) + N_norm * aside);
  constexpr double worthwhile = 0.02;  // of a step's growth, below which no step matters much
  if (along == 0 || (step * plain).value() < worthwhile) return plain;
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
    x = std::min(x, norm_estimate(T));
  }
  x *= 1.08;
  if (!(x < plain.value())) return plain;
  turn(x);
  const Upward Y2 = square(frobenius(Y)), V2 = Y2 + Upward(static_cast<double>(against)),
               missed = made.error * V2 +
                        Upward(8 * static_cast<double>(C.rows() + 2) * unit) * (frobenius(C) * V2 + Upward(x) * Y2),
               found = square(sqrt(Upward(std::max(norm_bound(T), 0.0)) + missed) +
                              (N_norm + parts.positive_norm * sqrt(Y2)) * aside);
  return found.value() <= x ? Upward(x) : plain;
}

/// Nothing where nothing is known any more.
std::optional<DescentGrowth::Around> DescentGrowth::around(const StateInDouble& state, Upward radius,
                                                           Upward off) const {
  const Index N = K_.rows(), n = static_cast<Index>(state.responses.size()), T = N / n;
  if (!std::isfinite(off.value())) return std::nullopt;
  std::vector<Split> splits(state.responses.size());
  in_parallel(n, 1, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) element(splits, i) = split(element(state.responses, i).within(off));
  });
  Around all;
  Parts& parts = all.parts;
  Upward rest, gradient_error;
  Vector<double> g(N);
  for (Index i = 0; i < n; ++i) {
    Split& one = element(splits, i);
    rest = larger(rest, one.rest);
    parts.negative_norm = larger(parts.negative_norm, frobenius(one.negative));
    parts.positive_norm = larger(parts.positive_norm, frobenius(one.positive));
    gradient_error += square(one.gradient_error);
    g.segment(i * T, T) = one.gradient;
    if (one.positive.cols() > 0)
      parts.positive.push_back({i * T, one.positive.rightCols(1)});  // the largest eigenvalue's
    parts.negative.push_back({i * T, std::move(one.negative)});
    all.all_positive.push_back({i * T, std::move(one.positive)});
  }
  all.theta = square(sqrt(known_response_norm(state)) + root_ * radius);
  all.aside = rest * all.theta;
  if (moves_W_ && moves_p_) {  // ‖Sᵀĝ‖
    const Upward g_norm = frobenius(Matrix<double>(g)), g_off = sqrt(gradient_error),
                 form = Upward(std::abs(g.dot(K_ * g))) + K_error_ * square(g_norm) +
                        Upward(8 * static_cast<double>(N + 2) * unit) * K_norm_ * square(g_norm);
    all.aside += sqrt(epsilon_ * form) + root_ * g_off;
  }
  return all;
}

Upward DescentGrowth::fall(const StateInDouble& state, Upward radius, Upward off, Upward step) const {
  const auto all = around(state, radius, off);
  return all ? fall(all->parts, state, root_ * radius, step) + all->aside : Upward(HUGE_VAL);
}

Upward DescentGrowth::bound(const StateInDouble& state, Upward radius) const {
  const auto all = around(state, radius, logits_radius(state, radius));
  if (!all) return Upward(HUGE_VAL);
  const Upward below = Upward(1) + step_ * (fall(all->parts, state, root_ * radius, step_) + all->aside);
  const Upward crude = (step_ * (square(all->parts.positive_norm) * all->theta + all->aside)).less(1);
  if (crude.value() <= below.value()) return below;
  const Weighed form = weighed(all->all_positive, state);
  const Upward rise = square(sqrt(Upward(std::max(norm_bound(form.form), 0.0)) + form.error) +
                             all->parts.positive_norm * root_ * radius);
  return larger(below, (step_ * (rise + all->aside)).less(1));
}

}  // namespace benign::sim
