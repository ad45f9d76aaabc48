#pragma once
// One draw of everything random that training sees: the training set, W₀ and p₀.

#include "sim/data/brought.hpp"
#include "sim/data/initial_weights.hpp"

#include <cstdint>
#include <memory>

namespace benign::sim {

struct Instance {
  theory::Parameters parameters;
  DataKind kind = DataKind::dense;
  std::uint64_t seed = 0;
  Data train;
  InitialWeights W0;
  Eigen::VectorXd p0;                           ///< length d; empty when σ_p = 0 and in `gram`
  std::shared_ptr<const Brought> brought = {};  ///< the tokens, head and signals of `brought`; null else
};

/// `brought` goes with DataKind::brought alone.
Instance draw_instance(const theory::Parameters& parameters, DataKind kind, std::uint64_t seed,
                       std::shared_ptr<const Brought> brought = nullptr);

}  // namespace benign::sim
