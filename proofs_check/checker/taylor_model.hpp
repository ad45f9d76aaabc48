#pragma once
// Differential equations between bounds, by Picard's operator on Taylor models: THEORY section 6.2.
//
// An equation x' = F(x) is a list of nodes: unknowns, and what F is made of (weighted sums, sums of products, exp,
// 1/x). On a step [0, h] every node is a polynomial Σ c_k t^k of degree p with intervals for coefficients and a size ρ,
// which stand for all functions with x(t) ∈ Σ c_k t^k + [−ρ, ρ] for every t in [0, h]. Where (k + 1) c_{k+1} = [F]_k
// and
//
//     |[F]_p| h^{p+1}/(p + 1) + h ρ_F ≤ ρ_x   for every unknown
//
// the solution lies in its model. Nothing is differentiated beyond the polynomial, and no mean value is taken.

#include "proofs_check/checker/descent/scene.hpp"
#include "proofs_check/checker/arithmetic/size.hpp"

#include <utility>
#include <vector>

namespace benign::checker {

class TaylorEquation {
 public:
  using Node = std::size_t;

  explicit TaylorEquation(std::size_t degree) : degree_(degree) {}

  Node unknown();
  Node time();  ///< the time itself, from `start` of expand()
  Node sum(std::vector<std::pair<Interval, Node>> terms, Interval constant = Interval(0));
  Node products(std::vector<std::pair<Node, Node>> factors);  ///< Σ x y
  Node product(Node x, Node y) { return products({{x, y}}); }
  Node exp(Node x);
  Node inverse(Node x);
  void derivative(Node unknown, Node rate);

  /// The coefficients of all nodes from the unknowns' values, in the order in which they were made, at a time.
  void expand(const Intervals& values, const Interval& start);

  /// Whether the equation has its solution in the models on [0, h]; then the remainders are set. `slack` is the log2 of
  /// the largest remainder of an unknown in units of what it is made of, for the choice of h.
  bool holds(double h, double* slack);

  /// All functions of the node's model at the times t, within [0, h].
  Interval at(Node node, const Interval& t) const;
  /// Above (or below) all functions of the model over [0, h].
  Interval range(Node node) const;
  /// Whether the upper and the lower border of the model rise all the way over [0, h].
  bool borders_rise(Node node) const;

  std::size_t unknowns() const { return unknowns_.size(); }
  Intervals values_at(const Interval& t) const;  ///< of the unknowns
  std::size_t degree() const { return degree_; }
  double products_of_a_step() const;  ///< multiplications of intervals in expand()

 private:
  struct Term {
    enum Kind { unknown, time, sum, products, exp, inverse } kind = unknown;
    std::vector<std::pair<Interval, Node>> terms;
    std::vector<std::pair<Node, Node>> factors;
    Interval constant;
    Node argument = 0;  ///< of exp and inverse; the rate of an unknown

    std::vector<Interval> c;
    std::vector<Size> size;      ///< |c_k|
    std::vector<Size> beyond;    ///< Σ_{j ≥ k} |c_j| h^j
    std::vector<Size> weighted;  ///< |c_k| h^k
    Size defect;                 ///< of the polynomial alone
    Size rest;                   ///< ρ
  };
  Node add(Term::Kind kind);
  void coefficient(Term& x, std::size_t k, const Interval& start);
  void measure(double h);
  Size cut(const Term& x, const Term& y, bool derivative) const;
  void remainder(Term& x);

  std::size_t degree_;
  std::vector<Term> nodes_;
  std::vector<Node> unknowns_;
  double h_ = 0;
};

/// The first time at which all of some nodes are above a number, from the models of one step after another: not before a time up
/// to which one of them, not always the same, has been below; and by a time at which all are above.
class FirstTime {
 public:
  /// In the models of a step [0, h] of `equation` that begins at `start`; h and `start` are numbers.
  void look(const TaylorEquation& equation, const std::vector<TaylorEquation::Node>& nodes, const Interval& target,
            const Interval& start, const Interval& h);

  bool seen() const { return from_the_start_ || by_; }
  bool from_the_start() const { return from_the_start_; }
  /// Whether it has not happened up to the end of the last step, for certain.
  bool excluded() const { return !from_the_start_ && !possible_; }
  /// From the last time known not to be after it to the first known not to be before.
  Interval time() const;

 private:
  struct Step;
  bool below_up_to(const Step& step, const Interval& from, const Interval& to, long halvings, Interval& until);

  bool from_the_start_ = false, possible_ = false;
  long looks_left_ = 0;
  Interval not_before_{0};
  std::optional<Interval> by_;
};

}  // namespace benign::checker
