#pragma once
// The setting that the registry's tests start from: small, and studies over few seeds.

#include "proofs_check/framework/laboratory.hpp"

namespace benign::tests {

inline proofs::Laboratory small_laboratory() {
  proofs::Laboratory laboratory;
  auto& p = laboratory.config.parameters;
  p.n = 4, p.T = 3, p.d = 20, p.steps = 20;
  laboratory.seeds = 3;
  return laboratory;
}

}  // namespace benign::tests
