#include "sim/routes/momentum_statistics.hpp"

#include "sim/linear/symmetric.hpp"
#include "sim/routes/statistics.hpp"
#include "theory/numbers/enclosure.hpp"

#include <utility>

namespace benign::sim {

template <class Real>
MomentumStatistics<Real>::MomentumStatistics(const Route<Real>& route, const Frame<Real>& frame, Train train,
                                             const Real& step, const MethodChoice& choice)
    : frame_(frame),
      trained_(train),
      lengths_(step, choice.schedule),
      times_(step * speed_of<Real>(choice), choice.schedule),
      beta_(choice.number.as<Real>()),
      nesterov_(choice.kind == MethodKind::nesterov),
      state_(route.start()) {
  const Index N = frame.tokens();
  for (auto& row : H_)
    for (auto& one : row) one = Matrix<Real>::Zero(N + probes, N);
  for (auto& row : l_)
    for (auto& one : row) one = Vector<Real>::Zero(N + probes);
  for (auto& row : r_) row.fill(Real(0));
  H_[0][0] = frame.H, l_[0][0] = frame.h, r_[0][0] = frame.r0 / frame.scales.kappa;
}

template <class Real>
void MomentumStatistics<Real>::move(const Move& by, const Real& h) {
  const auto& M = by.M;
  const auto& k = by.k;
  const Index N = frame_.tokens();
  const Real epsilon = frame_.scales.epsilon;
  const Vector<Real> g = theory::gradient<Real>(frame_.samples, l_[0][0].head(N), Real(0));
  const Vector<Real> u = product(frame_.K, g);
  const std::array<Real, 2> k_W{k[0] * trained_.W, k[1] * trained_.W}, k_p{k[0] * trained_.p, k[1] * trained_.p};
  const std::array<Vector<Real>, 2> Hg{product(H_[0][0], g), product(H_[1][0], g)};
  const Pairs<Matrix<Real>> H = H_;
  const Pairs<Vector<Real>> l = l_;
  const Pairs<Real> r = r_;
  const auto mixed = [&](const auto& of, std::size_t a, std::size_t b) {
    auto sum = of[0][0];
    sum *= M[a][0] * M[b][0];
    for (const auto& [c, d] : {std::pair{0, 1}, {1, 0}, {1, 1}})
      sum += of[static_cast<std::size_t>(c)][static_cast<std::size_t>(d)] *
             Real(M[a][static_cast<std::size_t>(c)] * M[b][static_cast<std::size_t>(d)]);
    return sum;
  };
  const auto ahead = [&](std::size_t a, const auto& first, const auto& second) {
    return Vector<Real>(M[a][0] * first + M[a][1] * second);
  };
  const Real lg = l[0][0].head(N).dot(g), gHg = g.dot(Hg[0].head(N));
  for (std::size_t a = 0; a < 2; ++a)
    for (std::size_t b = 0; b < 2; ++b) {
      const Vector<Real> l_a = ahead(a, l[0][0], l[1][0]), l_b = ahead(b, l[0][0], l[1][0]);  // of W_a⁺ and W_b⁺ at p₀
      H_[a][b] = mixed(H, a, b);
      for (Index j = 0; j < N; ++j)
        H_[a][b].col(j) += l_a * Real(-h * epsilon * k_W[b] * u[j]) +
                           u * Real(h * epsilon * k_W[a] * (h * k_W[b] * r[0][0] * u[j] - l_b[j]));
      const Real r_b = M[b][0] * r[0][0] + M[b][1] * r[0][1];
      l_[a][b] =
          mixed(l, a, b) - (h * k_p[b]) * ahead(a, Hg[0], Hg[1]) - (h * k_W[a] * (r_b - h * epsilon * k_p[b] * lg)) * u;
      const Real lg_a = M[a][0] * lg + M[a][1] * l[0][1].head(N).dot(g);
      const Real lg_b = M[b][0] * lg + M[b][1] * l[0][1].head(N).dot(g);
      r_[a][b] = mixed(r, a, b) + h * epsilon * (h * k_p[a] * k_p[b] * gHg - k_p[b] * lg_a - k_p[a] * lg_b);
    }
}

template <class Real>
void MomentumStatistics<Real>::advance(long k) {
  const Real zero(0), one(1), step = lengths_.take(k);
  times_.take(k);
  if (nesterov_) {
    move({{{{one, beta_}, {zero, one}}}, {zero, zero}}, step);
    move({{{{one, zero}, {zero, beta_}}}, {one, one}}, step);
  } else {
    move({{{{one, beta_}, {zero, beta_}}}, {one, one}}, step);
  }
}

template <class Real>
Vector<Real>& MomentumStatistics<Real>::state() {
  const Index rows = frame_.tokens() + probes, after = Statistics<Real>::place_of_logits(frame_.tokens());
  pack_symmetric(H_[0][0], state_.data());
  state_.segment(after, rows) = l_[0][0];
  state_[after + rows] = r_[0][0];
  return state_;
}

template <class Real>
Time<Real> MomentumStatistics<Real>::time() const {
  using elementary::log;
  return {times_.sum(), log(times_.sum())};
}

#define BENIGN_INSTANTIATE(Real) template class MomentumStatistics<Real>;
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
BENIGN_INSTANTIATE(Enclosure)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
