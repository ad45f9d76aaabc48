#include "proofs_check/checker/descent/slope.hpp"

#include <cmath>
#include <tbb/parallel_for.h>

namespace benign::checker {
namespace {

Size length_of(const FixedPoints& x) { return Size(x.length()); }

/// x_i 2^power, cut.
FixedPoints in_fixed_points(const Intervals& numbers, long power, std::size_t limbs) {
  FixedPoints x(numbers.size(), limbs);
  for (std::size_t i = 0; i < numbers.size(); ++i) x.set(i, numbers[i].low(), power);
  return x;
}

/// y_j = Σ_i A_ij x_i, of A with `columns` columns, cut.
FixedPoints transposed_product(const FixedPoints& A, std::size_t columns, const FixedPoints& x) {
  FixedPoints y(columns, x.limbs());
  tbb::parallel_for(std::size_t{0}, columns,
                    [&](std::size_t j) { ExactSum(x.limbs()).add_products(A, j, columns, x).take(y, j); });
  return y;
}

}  // namespace

Slope::Slope(const Path& path)
    : Phi_(path.Phi_.size(), path.a_.limbs()),
      a_(path.size_, path.a_.limbs()),
      unit_(path.unit_),
      cut_(sqrt(Size(static_cast<double>(path.size_))) * path.unit_),
      all_(Size(static_cast<double>(path.size_)) * path.unit_) {
  look(path);
}

/// A bound of √(xᵀAx), of a matrix whose entries were cut and its product that was.
Size Slope::root_of_form(const FixedPoints& x, const FixedPoints& Ax) const {
  const Size slack = length_of(x) * (all_ * length_of(x) + cut_);
  ExactSum sum(x.limbs());
  return sqrt(Size(sum.add_products(x, 0, 1, Ax).interval()) + slack);
}

Size Slope::step(const Path& path, const Intervals& y0, const Intervals& y1) {
  const std::size_t N = path.N_, size = path.size_, limbs = a_.limbs();
  const FixedPoints f0 = in_fixed_points(y0, path.k_, limbs), f1 = in_fixed_points(y1, path.k_, limbs),
                    h1 = in_fixed_points(y1, path.h_, limbs);
  const FixedPoints u0 = product(path.K_, N, f0), u1 = product(path.K_, N, f1);
  const auto slack_of = [&](const FixedPoints& f) { return path.K_bound_ * cut_ + all_ * length_of(f) + cut_; };
  const Size slack0 = slack_of(f0), slack1 = slack_of(f1), roots = sqrt(path.K_bound_ * path.H_bound_);
  moved_at_ = root_of_form(f0, u0), moved_slope_ = root_of_form(f1, u1);
  const Size a1 = p_norm_, before = length_of(a_), Phi_before = Phi_bound_;
  const FixedPoints a = a_;
  Size distance;
  if (path.moves_p_) {
    const FixedPoints bend = transposed_product(Phi_, size, u1);  // t² times that is left out of a
    distance += root_of_form(bend, product(path.H_, size, bend)) + sqrt(path.H_bound_) * cut_;
    tbb::parallel_for(std::size_t{0}, size, [&](std::size_t j) {
      ExactSum sum(limbs);
      sum.add(a_, j).add_products(Phi_, j, size, u0, -1).add_products(path.Phi_, j, size, u1, -1);
      if (j < N) sum.add(h1, j, -1);
      sum.take(a_, j);
    });
    distance += sqrt(path.H_bound_) * (cut_ + Phi_before * (slack0 + slack1) + path.Phi_bound_ * slack1 + cut_);
  }
  if (path.moves_W_) {
    tbb::parallel_for(std::size_t{0}, N, [&](std::size_t i) {
      for (std::size_t j = 0; j < size; ++j)
        ExactSum(limbs)
            .add(Phi_, i * size + j)
            .add_product(f1, i, path.a_, j, -1)
            .add_product(f0, i, a, j, -1)
            .take(Phi_, i * size + j);
    });
    const Size rounded = roots * (cut_ * (before + before + length_of(path.a_)) + all_);
    distance += moved_slope_ * a1 + rounded;  // t² times y₁a₁ᵀ is left out of Φ
    W_norm_ += moved_slope_ * path.p_norm() + moved_at_ * a1 + rounded;
    Phi_bound_ += length_of(f1) * length_of(path.a_) + length_of(f0) * before + all_;
  }
  return distance;
}

void Slope::look(const Path& path) {
  const std::size_t N = path.N_, limbs = a_.limbs();
  const FixedPoints Ha = product(path.H_, path.size_, a_);
  c_ = FixedPoints(N, limbs), c2_ = product(Phi_, N, Ha);
  tbb::parallel_for(std::size_t{0}, N, [&](std::size_t i) {
    ExactSum sum(limbs);
    sum.add_products(Phi_, i * path.size_, 1, path.Ha_).add_products(path.Phi_, i * path.size_, 1, Ha).take(c_, i);
  });
  const FixedPoints Kc = product(path.K_, N, c_), Kc2 = product(path.K_, N, c2_);
  const Size Ha_slack = all_ * length_of(a_) + cut_;
  p_norm_ = root_of_form(a_, Ha);
  c_slack_ = Phi_bound_ * path.Ha_slack_ + path.Phi_bound_ * Ha_slack + cut_;
  c2_slack_ = Phi_bound_ * Ha_slack + cut_;
  const auto of = [&](const FixedPoints& c, const Size& slack) {
    return path.K_bound_ * slack + all_ * length_of(c) + cut_;
  };
  logit_slack_ = power_of_2(path.h_) * Ha_slack + power_of_2(path.k_) * (of(c_, c_slack_) + of(c2_, c2_slack_));
  first_.clear(), second_.clear();
  for (std::size_t i = 0; i < N; ++i) {
    first_.push_back(scaled(Ha.interval(i), path.h_) + scaled(Kc.interval(i), path.k_));
    second_.push_back(scaled(Kc2.interval(i), path.k_));
  }
}

Intervals Slope::of_M(const Path& path) const {
  Intervals x;
  for (std::size_t j = 0; j < a_.size(); ++j) x.push_back(scaled(a_.interval(j), -path.h_));
  return x;
}

Intervals Slope::of_S(const Path& path, int order) const {
  const FixedPoints& c = order == 1 ? c_ : c2_;
  const Interval slack = Interval::around_zero((order == 1 ? c_slack_ : c2_slack_).value());
  Intervals x;
  for (std::size_t j = 0; j < c.size(); ++j) x.push_back(scaled(c.interval(j) + slack, -path.k_));
  return x;
}

}  // namespace benign::checker
