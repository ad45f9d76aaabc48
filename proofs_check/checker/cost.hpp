#pragma once
// What a check would cost, before anything is drawn: a stranger's numbers may be of any size.

#include "proofs_check/checker/form/claim.hpp"
#include "sim/runs/run_config.hpp"

#include <string>
#include <vector>

namespace benign::checker {

/// Limits: multiplications of intervals (at 128 bits some 4 million in a second), exact multiplications of doubles
/// (some 300 million), and bytes.
constexpr double most_products = 2e10, most_exact_products = 2e12, most_bytes = 4e9;

/// What the equation of a flow (flow.cpp) consists of.
struct FlowSize {
  FlowSize(const Run& run, bool q_norm);

  double nodes;         ///< unknowns among them
  double terms = 0;     ///< of all weighted sums
  double products = 0;  ///< of two polynomials

  /// Interval multiplications to make the coefficients of one step, and the bytes that the whole of it takes.
  double products_of_a_step(long bits) const;
  double bytes(long bits) const;
};

/// The degree of a flow's polynomials.
std::size_t flow_degree(long bits);

/// Whether ‖q‖² has to be followed.
bool needs_q_norm(const std::vector<Stated>& claims);
/// By inner products of N d² products: of a flow, and of a descent where it is asked for at many steps.
bool needs_inner_products_of_q(const Run& run, const std::vector<Stated>& claims);

/// Interval multiplications of a descent up to the last of the claims' steps; of a range those of all its pieces.
double descent_products(const Run& run, long d, const std::vector<Stated>& claims);

/// Of the limit flow at the working precision, some: what is refused beforehand. limit_events counts what it takes.
double limit_products(const sim::RunConfig& config);

/// Throws Beyond with a sentence that says what is too much, with as many bits as it begins with.
void refuse_what_costs_too_much(const Run& run, long d, bool identity, const std::vector<Stated>& claims);

/// What takes too much memory with so many bits, or more than can be had here, in a sentence; empty if nothing does.
/// Once the instance is `drawn`, with its inner products, the rest has to be had.
std::string too_much_memory(const Run& run, long d, bool identity, bool q_norm, long bits, bool drawn);

/// What a check would cost, before anything is drawn.
struct Cost {
  double products = 0;  ///< of intervals, of a descent at the first digits; some 4 million a second on one core
  std::string beyond;   ///< what the checker cannot do, in a sentence; empty where it begins
};
Cost cost_of(const std::string& where, const std::string& certificate);

/// As many bits as flows begin with, and a descent at least; more where a stated interval is too narrow for them.
constexpr long first_bits = 128;
long bits_for(const std::vector<Stated>& claims);

}  // namespace benign::checker
