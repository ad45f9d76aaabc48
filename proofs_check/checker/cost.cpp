#include "proofs_check/checker/cost.hpp"

#include "proofs_check/checker/certificate.hpp"
#include "proofs_check/checker/interval.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

namespace benign::checker {
namespace {

std::string count(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", x);
  return text;
}

void limit(double cost, double most, const std::string& of) {
  if (!(cost <= most)) throw Beyond("the check would take " + count(cost) + " " + of + "; the limit is " + count(most));
}

}  // namespace

bool needs_q_norm(const std::vector<Stated>& claims) {
  return std::any_of(claims.begin(), claims.end(), [](const Stated& stated) {
    return stated.claim.quantity == Quantity::q_norm2 || stated.claim.quantity == Quantity::test_error;
  });
}

double descent_products(const Run& run, const std::vector<Stated>& claims) {
  const double N = static_cast<double>(run.n) * static_cast<double>(run.T);
  double last = 0;
  std::set<long> tested;
  for (const Stated& stated : claims) {
    last = std::max(last, static_cast<double>(stated.claim.step));
    if (stated.claim.quantity == Quantity::test_error) tested.insert(stated.claim.step);
  }
  constexpr double bounds = 1e6;  // of the test error at one step, for each token of an input
  // Two products with vectors and one update to an entry of H, three updates and a product to one of J; and of the
  // exponentials and the gradient.
  return static_cast<double>(tested.size()) * static_cast<double>(run.T) * bounds +
         (last + 1) *
             (N * (N + 2) * (needs_q_norm(claims) ? 7 : 4) + 2 * N * static_cast<double>(run.T) + 40 * N + 100);
}

double limit_products(const sim::RunConfig& config) {
  // Six steps to a unit of u, in each some 60 products of polynomials.
  const double degree = static_cast<double>(working_bits()) / 4 + 8, bits = static_cast<double>(working_bits());
  return 6 * (config.log_s_max->as<double>() + 5) * 60 * degree * degree / 2 * bits / 128;
}

void refuse_what_costs_too_much(const Run& run, long d, bool identity, const std::vector<Stated>& claims) {
  if (run.kind == Run::limit) return;
  const double N = static_cast<double>(run.n) * static_cast<double>(run.T), D = static_cast<double>(d);
  const bool q_norm = needs_q_norm(claims);
  limit(N * D * (identity ? 30 : q_norm ? 250 : 120) + N * N * 600, most_bytes, "bytes of memory");
  limit(N * N * D + (identity ? 0 : N * D * D * (q_norm ? 6 : 1) + 20 * N * N * D), most_exact_products,
        "exact products");
  if (run.kind == Run::descent) limit(descent_products(run, claims), most_products, "products of intervals");
}

}  // namespace benign::checker
