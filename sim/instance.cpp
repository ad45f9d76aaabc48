#include "sim/instance.hpp"

#include "sim/kernels.hpp"

#include <cmath>

namespace benign::sim {

using theory::Init;
using theory::Parameters;

double instance_bytes(const Parameters& p) {
  const double d = static_cast<double>(p.d), N = static_cast<double>(p.tokens());
  return sizeof(double) * (N * d + (p.init == Init::identity ? 0 : d * d));
}

Instance draw_instance(const Parameters& p, DataKind kind, std::uint64_t seed) {
  Instance instance{p, kind, seed, draw_train(p, kind, seed), {}, {}};
  const auto row = [](auto& from, Index i) {
    return std::span<double>(from.row(i).data(), static_cast<std::size_t>(from.cols()));
  };
  if (p.init != Init::identity) {
    instance.W0.resize(p.d, p.d);
    const double deviation = theory::sigma_w<double>(p);
    for (Index i = 0; i < p.d; ++i) {
      const auto index = static_cast<std::uint64_t>(i);
      if (p.init == Init::uniform)
        fill_uniform(seed, Stream::initial_weights, index, std::sqrt(3.0) * deviation, row(instance.W0, i));
      else
        fill_normal(seed, Stream::initial_weights, index, deviation, row(instance.W0, i));
    }
  }
  if (p.sigma_p.exact() != 0) {
    instance.p0.resize(p.d);
    fill_normal(seed, Stream::initial_p, 0, p.sigma_p.as<double>(),
                {instance.p0.data(), static_cast<std::size_t>(p.d)});
  }
  return instance;
}

// W₀ is row-major, so to the kernels it is its own transpose in columns.
Eigen::VectorXd initial_times(const Instance& instance, const Eigen::VectorXd& x) {
  if (instance.W0.size() == 0) return x;
  Eigen::VectorXd y(x.size());
  const auto d = static_cast<std::size_t>(x.size());
  kernels::transposed_times(d, d, instance.W0.data(), x.data(), y.data());
  return y;
}

Eigen::VectorXd initial_transposed_times(const Instance& instance, const Eigen::VectorXd& x) {
  if (instance.W0.size() == 0) return x;
  Eigen::VectorXd y(x.size());
  const auto d = static_cast<std::size_t>(x.size());
  kernels::times(d, d, instance.W0.data(), x.data(), y.data());
  return y;
}

}  // namespace benign::sim
