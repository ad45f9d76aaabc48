#include "sim/data/initial_weights.hpp"

#include "sim/linear/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <tbb/parallel_for.h>

namespace benign::sim {

InitialWeights::InitialWeights(const theory::Parameters& p, std::uint64_t seed)
    : init_(p.init),
      d_(p.d),
      seed_(seed),
      scale_(theory::sigma_w<double>(p) * (p.init == theory::Init::uniform ? std::sqrt(3.0) : 1)) {}

RowMajor InitialWeights::block(Index row, Index rows, Index column, Index columns) const {
  RowMajor entries;
  block(row, rows, column, columns, entries);
  return entries;
}

void InitialWeights::block(Index row, Index rows, Index column, Index columns, RowMajor& entries) const {
  entries.resize(rows, columns);
  const auto fill = init_ == theory::Init::uniform ? fill_uniform : fill_normal;
  for (Index i = 0; i < rows; ++i)
    fill(seed_, Stream::initial_weights, static_cast<std::uint64_t>(row + i), scale_,
         {entries.row(i).data(), static_cast<std::size_t>(columns)}, static_cast<std::uint64_t>(column));
}

Eigen::VectorXd InitialWeights::times(const Eigen::VectorXd& x) const {
  if (identity()) return x;
  Eigen::VectorXd y(d_);
  const auto d = static_cast<std::size_t>(d_);
  tbb::parallel_for(Index{0}, d_,
                    [&](Index i) { kernels::transposed_times(d, 1, block(i, 1, 0, d_).data(), x.data(), &y[i]); });
  return y;
}

Eigen::VectorXd InitialWeights::transposed_times(const Eigen::VectorXd& x) const {
  if (identity()) return x;
  Eigen::VectorXd y = Eigen::VectorXd::Zero(d_);
  constexpr Index width =
      2048;  // of a panel: every entry is summed from the first row to the last, on any number of threads
  tbb::parallel_for(Index{0}, (d_ + width - 1) / width, [&](Index panel) {
    const Index begin = panel * width, columns = std::min(width, d_ - begin);
    for (Index i = 0; i < d_; ++i) y.segment(begin, columns) += x[i] * block(i, 1, begin, columns).row(0).transpose();
  });
  return y;
}

}  // namespace benign::sim
