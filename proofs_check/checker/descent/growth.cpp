#include "proofs_check/checker/descent/growth.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace benign::checker {
namespace {

// A sum of products of fewer than 2^20 roundings is too small by less than this, and by what underflows.
constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double up = 1 + 0x1p-32, u = 0x1p-53, tiny = 0x1p-400;

typedef double Four __attribute__((vector_size(4 * sizeof(double)), aligned(sizeof(double)), may_alias));

double length(const std::vector<double>& x, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (std::size_t k = begin; k < end; ++k) sum += x[k] * x[k];
  return std::sqrt(sum) * up + tiny;
}
double length(const std::vector<double>& x) { return length(x, 0, x.size()); }

/// Σ_k x_k y_k from `begin`, of which the four before may be taken along, being 0 in one of them.
double dot(const double* x, const double* y, std::size_t begin, std::size_t end) {
  Four sum{}, other{};
  std::size_t k = begin / 4 * 4;
  for (; k + 8 <= end; k += 8) {
    sum += *reinterpret_cast<const Four*>(x + k) * *reinterpret_cast<const Four*>(y + k);
    other += *reinterpret_cast<const Four*>(x + k + 4) * *reinterpret_cast<const Four*>(y + k + 4);
  }
  for (; k < end; k += 4) sum += *reinterpret_cast<const Four*>(x + k) * *reinterpret_cast<const Four*>(y + k);
  sum += other;
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

}  // namespace

bool Triangle::factorise(double* length2) {
  double sum = 0;
  for (std::size_t k = 0; k < size; ++k) {
    double* pivot = row(k);
    if (!(pivot[k] > 0)) return false;
    const double root = std::sqrt(pivot[k]);
    pivot[k] = root;
    for (std::size_t j = k + 1; j < size; ++j) pivot[j] /= root;
    for (std::size_t j = k; j < size; ++j) sum += pivot[j] * pivot[j];
    for (std::size_t i = k + 1; i < size; ++i) {
      const double factor = pivot[i];
      double* rest = row(i);
      for (std::size_t j = i / 4 * 4; j < width; j += 4)
        *reinterpret_cast<Four*>(rest + j) -= factor * *reinterpret_cast<const Four*>(pivot + j);
    }
  }
  *length2 = sum * up + tiny;
  return std::isfinite(*length2);
}

Growth::Growth(const InnerProducts& x, std::size_t tokens, sim::Train train, double inverse_step)
    : N_(tokens),
      W_(train != sim::Train::p),
      p_(train != sim::Train::W),
      inverse_step_(inverse_step),
      K_(N_ * N_),
      H_(N_ * N_),
      C_(N_),
      DC_(N_),
      form_(N_),
      work_(N_) {
  for (std::size_t i = 0; i < N_; ++i)
    for (std::size_t j = 0; j < N_; ++j)
      K_[i * N_ + j] = entry(x.K, i, j).middle(), H_[i * N_ + j] = entry(x.H, i, j).middle();
  K_length_ = length(K_), H_slack_ = 4 * u * length(H_);
  K_trace_ = 0;
  for (std::size_t i = 0; i < N_; ++i) K_trace_ += K_[i * (N_ + 1)];
  K_trace_ *= up;
}

/// C with CCᵀ ≥ Θ, as C's transpose.
bool Growth::cover(double r, double slack) {
  double trace = 0, sum = 0;
  Triangle theta(N_);
  for (std::size_t i = 0; i < N_; ++i)
    for (std::size_t j = i; j < N_; ++j) {
      const double x = (p_ ? H_[i * N_ + j] : 0) + (W_ ? r * K_[i * N_ + j] : 0);
      theta.row(i)[j] = x, sum += 2 * x * x;
      if (i == j) trace += x;
    }
  const double wrong =
      ((p_ ? H_slack_ : 0) + (W_ ? slack * K_length_ + 8 * u * std::abs(r) * K_length_ : 0) + 8 * u * std::sqrt(sum)) *
          up +
      tiny;
  const double many = static_cast<double>(N_ + 8) * u;
  for (double shift = 2 * (wrong + many * std::abs(trace)) + tiny; std::isfinite(shift); shift *= 16) {
    C_ = theta;
    for (std::size_t i = 0; i < N_; ++i) C_.row(i)[i] += shift;
    if (!C_.factorise(&C_length2_)) continue;
    if (shift >= (wrong + many * C_length2_) * up) {
      for (std::size_t i = 0; i < N_; ++i) std::fill_n(C_.row(i), i, 0.0);
      return true;
    }
  }
  return false;
}

/// The upper triangle of CᵀDC; how far it may be away (Frobenius) from that of the true D.
double Growth::product(const Curvature& D) {
  const std::size_t T = D.T;
  double largest = 0, slack = 0;
  std::fill(DC_.x.begin(), DC_.x.end(), 0.0);
  std::vector<double> block(T * T);
  for (std::size_t first = 0; first < N_; first += T) {
    const double *b = D.b.data() + first, *g = D.g.data() + first, *s = D.s.data() + first;
    for (std::size_t i = 0; i < T; ++i)
      for (std::size_t j = 0; j < T; ++j)
        block[i * T + j] = b[i] * b[j] + (i == j ? g[i] : 0.0) - (g[i] * s[j] + s[i] * g[j]);
    largest = std::max(largest, length(block));
    const double eb = D.b_slack[first / T], eg = D.g_slack[first / T], es = D.s_slack[first / T];
    const double lb = length(D.b, first, first + T), lg = length(D.g, first, first + T);
    const double ls = length(D.s, first, first + T);
    slack = std::max(slack, (2 * lb + eb) * eb + eg + 2 * (lg * es + ls * eg + eg * es) +
                                8 * u * (lb * lb + lg + 2 * lg * ls) + tiny);
    for (std::size_t i = 0; i < std::min(first + T, N_); ++i)
      for (std::size_t l = std::max(i, first); l < first + T; ++l) {
        const double factor = C_.row(i)[l];
        double* to = DC_.row(i) + first;
        for (std::size_t j = 0; j < T; ++j) to[j] += factor * block[(l - first) * T + j];
      }
  }
  for (std::size_t i = 0; i < N_; ++i)
    for (std::size_t j = i; j < N_; ++j) form_.row(i)[j] = dot(DC_.row(i), C_.row(j), j, C_.width);
  return C_length2_ * (slack + static_cast<double>(N_ + T + 8) * 1.5 * u * largest) * up + tiny;
}

/// λ if λI + sign CᵀDC, as it was computed, is positive definite but for what is added to λ here; infinite else.
double Growth::shifted(double sign, double shift) {
  for (std::size_t i = 0; i < N_; ++i) {
    for (std::size_t j = i; j < N_; ++j) work_.row(i)[j] = sign * form_.row(i)[j];
    work_.row(i)[i] += shift;
  }
  double length2 = 0;
  if (!work_.factorise(&length2)) return infinite;
  return (shift + static_cast<double>(N_ + 8) * u * length2) * up;
}

/// Of the shifts from `least` on one that is hardly larger than need be, and what shifted() says of it. The last one is
/// near where it is now.
double Growth::search(double sign, double least, Search& last) {
  double high = std::max(least, last.shift / last.less), low = 0;
  double found = shifted(sign, high);
  if (found < infinite) {
    last = {high, std::min(last.less * last.less, 2.0)};
    return found;
  }
  for (double more = 1.03; !(found < infinite); more = std::min(2.0, more * more)) {
    low = high, high *= more;
    if (!std::isfinite(high)) return infinite;
    found = shifted(sign, high);
  }
  while (high > 1.05 * low) {
    const double middle = std::sqrt(low * high);
    const double there = shifted(sign, middle);
    (there < infinite ? high : low) = middle;
    if (there < infinite) found = there;
  }
  last = {high, std::max(1.01, std::sqrt(last.less))};
  return found;
}

HessianBounds Growth::bounds(const Curvature& D, double r, double slack) {
  if (!cover(r, slack)) return {infinite, infinite, infinite};
  const double wrong = product(D);
  const double below = search(1, 0x1p-20 * inverse_step_, below_);
  double squares = 0;
  for (std::size_t i = 0; i < N_; ++i)
    for (std::size_t j = i; j < N_; ++j) squares += (i == j ? 1 : 2) * form_.row(i)[j] * form_.row(i)[j];
  double above = std::sqrt(squares) * up + tiny;  // at least the largest eigenvalue
  if (!(above <= 2 * inverse_step_)) above = search(-1, 2 * inverse_step_, above_);
  return {(below + wrong) * up, (above + wrong) * up, std::sqrt(C_length2_) * up};
}

/// A completed factor of λI − K shows that λ, and what rounding may have made of it, is no less than ‖K‖.
double Growth::S_norm() const {
  double least = K_trace_ / static_cast<double>(N_);
  for (;; least *= 1.02) {
    Triangle rest(N_);
    for (std::size_t i = 0; i < N_; ++i)
      for (std::size_t j = i; j < N_; ++j) rest.row(i)[j] = (i == j ? least : 0) - K_[i * N_ + j];
    double length2 = 0;
    if (!std::isfinite(least)) return infinite;
    if (!rest.factorise(&length2)) continue;
    const double rounded = 4 * u * (K_length_ + std::sqrt(static_cast<double>(N_)) * least);
    return std::sqrt(least + static_cast<double>(N_ + 8) * u * length2 + rounded) * up + tiny;
  }
}

double Growth::SW_norm() const { return std::sqrt(length(H_) + H_slack_) * up + tiny; }

double Growth::J_norm(double r, double slack) const {
  const double of_p = p_ ? length(H_) + H_slack_ : 0, of_W = W_ ? (std::abs(r) + slack) * (1 + 4 * u) * K_length_ : 0;
  return std::sqrt(of_p + of_W) * up + tiny;
}

void Growth::advance(const Moved& by) {
  if (!W_) return;
  // H⁺ = H − vyᵀ − yvᵀ, y = ℓ − ‖p‖²v/2.
  std::vector<double> y(N_);
  for (std::size_t i = 0; i < N_; ++i) y[i] = by.l[i] - by.r / 2 * by.v[i];
  double trace = 0;
  for (std::size_t i = 0; i < N_; ++i) {
    for (std::size_t j = 0; j < N_; ++j) H_[i * N_ + j] -= by.v[i] * y[j] + y[i] * by.v[j];
    trace += std::abs(H_[i * (N_ + 1)]);
  }
  const double v = length(by.v), l = length(y);
  const double l_slack = by.l_slack + by.r_slack * (v + by.v_slack) + by.r * by.v_slack + 8 * u * (l + by.r * v);
  const double moved = 2 * (v * l_slack + by.v_slack * l + by.v_slack * l_slack);
  const double rounded = 8 * u * (length(H_) + 2 * v * l);
  H_slack_ = (H_slack_ + moved + rounded) * (1 + 0x1p-51) + tiny;
  const double SW = std::sqrt(trace + static_cast<double>(N_) * H_slack_) * up;
  H_slack_ = (H_slack_ + (2 * SW + std::sqrt(K_trace_) * by.jump) * std::sqrt(K_trace_) * by.jump * up) * (1 + 0x1p-51);
}

}  // namespace benign::checker
