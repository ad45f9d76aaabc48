#pragma once
// What a check would cost, before anything is drawn: a stranger's numbers may be of any size.

#include "proofs_check/checker/form/claim.hpp"
#include "sim/runs/run_config.hpp"

#include <vector>

namespace benign::checker {

/// Limits: multiplications of intervals (at 128 bits some 4 million in a second), exact multiplications of doubles
/// (some 300 million), and bytes.
constexpr double most_products = 2e10, most_exact_products = 2e12, most_bytes = 4e9;

/// Whether ‖q‖² has to be followed.
bool needs_q_norm(const std::vector<Stated>& claims);

/// Interval multiplications of a descent up to the last of the claims' steps.
double descent_products(const Run& run, const std::vector<Stated>& claims);

/// Of the limit flow at the working precision, some.
double limit_products(const sim::RunConfig& config);

/// Throws Beyond with a sentence that says what is too much.
void refuse_what_costs_too_much(const Run& run, long d, bool identity, const std::vector<Stated>& claims);

}  // namespace benign::checker
