#pragma once
// One draw of everything random that training sees: the training set, W₀ and p₀.

#include "sim/data.hpp"

#include <cstdint>

namespace benign::sim {

struct Instance {
  theory::Parameters parameters;
  DataKind kind = DataKind::dense;
  std::uint64_t seed = 0;
  Data train;
  RowMajor W0;         ///< (d, d); empty for the identity
  Eigen::VectorXd p0;  ///< length d; empty when σ_p = 0
};

/// The bytes that an instance of dimension d takes, W₀ above all.
double instance_bytes(const theory::Parameters& parameters);

Instance draw_instance(const theory::Parameters& parameters, DataKind kind, std::uint64_t seed);

/// W₀ x and W₀ᵀ x in double.
Eigen::VectorXd initial_times(const Instance& instance, const Eigen::VectorXd& x);
Eigen::VectorXd initial_transposed_times(const Instance& instance, const Eigen::VectorXd& x);

}  // namespace benign::sim
