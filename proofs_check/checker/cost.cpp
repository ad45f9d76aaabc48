#include "proofs_check/checker/cost.hpp"

#include "proofs_check/checker/certificate.hpp"
#include "proofs_check/checker/arithmetic/interval.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <set>

namespace benign::checker {
namespace {

std::string count(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", x);
  return text;
}

std::string over(double cost, double most, const std::string& of) {
  if (cost <= most) return "";
  return "the check would take " + count(cost) + " " + of + "; the limit is " + count(most);
}
void limit(double cost, double most, const std::string& of) {
  if (const std::string sentence = over(cost, most, of); !sentence.empty()) throw Beyond(sentence);
}

/// What malloc takes for so many bytes, and MPFR for a number of so many bits beside its 32.
double allocated(double bytes) { return std::max(32.0, 16 * std::ceil((bytes + 8) / 16)); }
double number_bytes(long bits) { return 32 + allocated(8 + 8 * std::ceil(static_cast<double>(bits) / 64)); }
double interval_bytes(long bits) { return 2 * number_bytes(bits); }

/// GMP and MPFR end the program where memory ends: so it is asked for in one piece before.
bool can_be_had(double bytes) {
  void* volatile piece = std::malloc(static_cast<std::size_t>(bytes));
  std::free(piece);
  return piece != nullptr;
}

/// Tokens, and exact inner products (of H and J with more digits).
double exact_bytes(double N, double D, bool identity, bool q_norm) {
  constexpr double entry = 100;
  return N * D * (identity ? 30 : q_norm ? 250 : 120) + N * N * (q_norm ? 3 : 2) * entry;
}

double tokens(const Run& run) { return static_cast<double>(run.n) * static_cast<double>(run.T); }

}  // namespace

FlowSize::FlowSize(const Run& run, bool q_norm) {
  const double n = static_cast<double>(run.n), T = static_cast<double>(run.T), N = n * T, rows = N + 2;
  const double triangle = N * (N + 1) / 2;
  double sums = 0, exps = 0;
  // A sample: the other tokens' exponentials, their sum, attention, output and σ, then the gradient.
  sums += n * (T - 1 + 3 + T), terms += n * (2 * (T - 1) + (T - 1) + T + 1 + T * (T - 1));
  exps += n * (T + 2), products += n * (T - 1 + 2 * T);
  double nodes_of_products = products;
  const auto add_sums = [&](double number, double of) { sums += number, terms += number * of; };
  const auto add_products = [&](double number, double of) { nodes_of_products += number, products += number * of; };
  add_sums(rows, N), add_products(rows, N), add_products(1, N);      // u, Hg, ℓᵀg
  add_products(rows, 1), add_sums(rows, 2), add_sums(1, 1);          // ℓ', r'
  add_products(triangle + 2 * N, 2), add_sums(triangle + 2 * N, 1);  // H'
  double unknowns = rows + 1 + triangle + 2 * N;
  if (q_norm) {
    add_products(1, N + 1), add_sums(1, 1);            // Q'
    add_products(N, N + 3), add_sums(N, 1);            // m'
    add_products(triangle, 4), add_sums(triangle, 1);  // J'
    unknowns += 1 + N + triangle;
  }
  nodes = unknowns + sums + exps + nodes_of_products, products += exps;
}

std::size_t flow_degree(long bits) { return static_cast<std::size_t>(std::max(10L, bits / 3)); }

double FlowSize::products_of_a_step(long bits) const {
  const double p = static_cast<double>(flow_degree(bits)) + 1;
  return terms * p + products * p * p / 2;
}

/// A node with its polynomial, of each coefficient an interval and three sizes of 64 bits; the weight of a term and the
/// places of factors, in vectors that may be half empty. A fifth more for what malloc cannot use again, when another
/// token takes the lead and the equation is built anew.
double FlowSize::bytes(long bits) const {
  constexpr double node = 800, place = 16, unusable = 1.2;
  const double coefficient = interval_bytes(bits) + 3 * number_bytes(64);
  return unusable * (nodes * (node + (static_cast<double>(flow_degree(bits)) + 2) * coefficient) +
                     terms * (interval_bytes(bits) + 64 + 2 * place) + products * 4 * place);
}

bool needs_q_norm(const std::vector<Stated>& claims) {
  return std::any_of(claims.begin(), claims.end(), [](const Stated& stated) {
    return stated.claim.quantity == Quantity::q_norm2 || stated.claim.of_test();
  });
}

/// The steps at which ‖q‖² is asked for, and the last one up to which anything is at every step.
struct Asked {
  explicit Asked(const std::vector<Stated>& claims) {
    for (const Stated& stated : claims) {
      const Claim& claim = stated.claim;
      const bool of_q = needs_q_norm({stated});
      last = std::max(last, static_cast<double>(claim.step));
      if (claim.of_test()) (claim.quantity == Quantity::test_loss ? test_losses : test_errors).insert(claim.step);
      if (claim.trend == Trend::none) {
        at.insert(claim.step);
        if (of_q) at_q.insert(claim.step);
        continue;
      }
      const double steps = static_cast<double>(claim.step) + 1;
      trends += steps, followed = std::max(followed, steps);
      if (of_q) followed_q = std::max(followed_q, steps);
    }
  }
  double steps() const { return followed + static_cast<double>(at.size()); }
  double steps_q() const { return followed_q + static_cast<double>(at_q.size()); }

  std::set<long> test_errors, test_losses, at, at_q;
  double last = 0, trends = 0, followed = 0, followed_q = 0;
};

bool needs_inner_products_of_q(const Run& run, const std::vector<Stated>& claims) {
  if (run.kind == Run::flow || run.pieces > 0) return needs_q_norm(claims);
  // 6 N d² exact products, of which some 75 take the time of one of intervals, or d² of these at each step.
  return Asked(claims).steps_q() > 1 + 6 * tokens(run) / 75;
}

double descent_products(const Run& run, long d, const std::vector<Stated>& claims) {
  const double N = tokens(run), n = static_cast<double>(run.n), T = static_cast<double>(run.T);
  const double D = static_cast<double>(d);
  const Asked asked(claims);
  // A step: six products of a matrix and a vector, or updates of one, each ten times as fast as with intervals; the
  // growth's factors in double, N³ at 1 ns; the exponentials, the gradient and the curvature. Where something is looked
  // at, the exponentials once more, and of each trend its value.
  const double of_a_step = 0.6 * N * N + 0.003 * N * N * N + 60 * N + 2 * N * T + 2000;
  const double of_a_look = 100 * N + 2000, of_a_trend = 2 * n + 10;
  const double of_q = needs_inner_products_of_q(run, claims) ? 6 * N * N : D * D + 2 * N * D;
  // Of an input's law at one step, for each of its tokens, and what a quotient's characteristic function takes at most.
  constexpr double of_a_token = 1e6, of_an_error = 1.4e7, of_a_loss = 7e7;
  const double of_a_run = (asked.last + 1) * of_a_step + asked.steps() * of_a_look + asked.trends * of_a_trend +
                          asked.steps_q() * of_q +
                          static_cast<double>(asked.test_errors.size()) * (T * of_a_token + of_an_error) +
                          static_cast<double>(asked.test_losses.size()) * (T * of_a_token + of_a_loss);
  if (run.pieces == 0) return of_a_run;
  constexpr double of_a_piece = 5;  // a path and its slope, and functions of t to second order at 0 and between
  return (of_a_piece * static_cast<double>(run.pieces) + static_cast<double>(run.members)) * of_a_run;
}

long bits_for(const std::vector<Stated>& claims) {
  double narrowest = 0;  // its −log₂
  for (const Stated& stated : claims) {
    if (!stated.lower || !stated.upper || stated.claim.counts()) continue;
    const Rational width = *stated.upper - *stated.lower;
    if (width <= 0) continue;
    const auto bits = [](mpz_srcptr x) { return static_cast<double>(mpz_sizeinbase(x, 2)); };
    const mpq_srcptr x = width.backend().data();
    narrowest = std::max(narrowest, bits(mpq_denref(x)) - bits(mpq_numref(x)));
  }
  // Of 64 bits 56 stand behind the point (fixed_point.hpp), and a run costs some.
  constexpr double lost = 36, most = 2000;
  const double limbs = std::ceil((std::min(narrowest, most) + lost) / 56);
  return std::max(first_bits, 64 * static_cast<long>(limbs));
}

double limit_products(const sim::RunConfig& config) {
  // Six steps to a unit of u, in each some 60 products of polynomials.
  const double degree = static_cast<double>(working_bits()) / 4 + 8, bits = static_cast<double>(working_bits());
  return 6 * (std::max(config.log_s_max->as<double>(), 0.0) + 5) * 60 * degree * degree / 2 * bits / 128;
}

void refuse_what_costs_too_much(const Run& run, long d, bool identity, const std::vector<Stated>& claims) {
  if (run.kind == Run::limit) return;
  const double N = tokens(run), D = static_cast<double>(d);
  const bool q_norm = needs_inner_products_of_q(run, claims);
  if (const std::string sentence = too_much_memory(run, d, identity, q_norm, first_bits, false); !sentence.empty())
    throw Beyond(sentence);
  const double drawn = 1 + static_cast<double>(run.members);
  limit(drawn * (N * N * D + (identity ? 0 : N * D * D * (q_norm ? 6 : 1) + 20 * N * N * D)), most_exact_products,
        "exact products");
  if (run.kind == Run::descent) limit(descent_products(run, d, claims), most_products, "products of intervals");
  if (run.kind == Run::flow)
    limit(FlowSize(run, q_norm).products_of_a_step(first_bits), most_products, "products of intervals");
}

std::string too_much_memory(const Run& run, long d, bool identity, bool q_norm, long bits, bool drawn) {
  const double N = tokens(run), exact = exact_bytes(N, static_cast<double>(d), identity, q_norm);
  // Of a flow K, H and J between bounds; of a descent K, H and Φ, and seven in double for the growth; of a range Φ's slope,
  // and K, H and J once more.
  const double limbs = std::ceil(static_cast<double>(bits) / 64);
  const double matrices = N * N *
                          (run.kind == Run::flow ? (q_norm ? 3 : 2) * interval_bytes(bits)
                           : run.pieces > 0      ? 32 * limbs + 56 + (q_norm ? 3 : 2) * 100
                                                 : 24 * limbs + 56);
  const double bytes = exact + matrices + (run.kind == Run::flow ? FlowSize(run, q_norm).bytes(bits) : 0);
  const std::string of = "bytes of memory at " + std::to_string(bits) + " bits";
  if (const std::string sentence = over(bytes, most_bytes, of); !sentence.empty()) return sentence;
  constexpr double little = 1e8, room = 1.1;
  if (bytes < little || can_be_had(room * (drawn ? bytes - exact : bytes))) return "";
  return "the check would take " + count(bytes) + " " + of + ", more than can be had here";
}

Cost cost_of(const std::string& where, const std::string& text) {
  try {
    const Certificate certificate = read_certificate(Place(where, text), text);
    if (certificate.run.kind == Run::limit) return {};
    const bool descent = certificate.run.kind == Run::descent;
    Cost cost{descent ? descent_products(certificate.run, certificate.config.parameters.d, certificate.claims) : 0, ""};
    if (cost.products > most_products)
      cost.beyond = "the check takes more than " + count(most_products) + " products of intervals";
    return cost;
  } catch (const Beyond& beyond) {
    return {0, beyond.what()};
  } catch (const proofs::UsageError& malformed) {  // a setting or claim that the form of certificates has not
    return {0, malformed.what()};
  }
}

}  // namespace benign::checker
