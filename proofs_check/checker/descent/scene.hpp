#pragma once
// What training sees besides logits, and what the claims' quantities are of given logits. Written anew from the paper's
// model: f_i = Σ_t s_{i,t} v_{i,t} with s the softmax of a sample's logits, L = (1/n) Σ log(1 + e^{−Y_i f_i}).

#include "proofs_check/checker/descent/jet.hpp"
#include "proofs_check/checker/form/claim.hpp"
#include "proofs_check/checker/descent/inner_products.hpp"
#include "proofs_check/checker/arithmetic/interval.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace benign::checker {

/// What the model answers to logits: numbers between bounds (Interval), or functions of t (Jet).
template <class Number>
struct Answers {
  std::vector<Number> logits;     ///< of all tokens
  std::vector<Number> attention;  ///< s
  std::vector<Number> outputs;    ///< f
  Number loss{};
};

/// All that is known of a run at one time. Behind the logits of the tokens are μ₊·q and μ₋·q.
struct Moment : Answers<Interval> {
  std::optional<Interval> q_norm2, least_fall;
};

class Scene {
 public:
  /// At the working precision.
  Scene(const sim::Instance& instance, const InnerProducts& products);
  /// Of the model's tokens with these values.
  Scene(const sim::Data& train, Intervals values);

  std::size_t n = 0, T = 0;
  std::vector<int> label;             ///< Y = ±1
  std::vector<bool> noisy;            ///< Y ≠ Y*
  std::vector<std::size_t> relevant;  ///< each sample's relevant token
  Intervals v;                        ///< ν·x of every token

  /// Attention, outputs and loss; of tokens with the values `values`.
  template <class Number>
  Answers<Number> answers(std::vector<Number> logits, const std::vector<Number>& values) const;
  Moment look(Intervals logits) const;

  /// g_{i,t} = ∂L/∂ℓ_{i,t} = −(Y_i/n) σ(−Y_i f_i) s_t Σ_j s_j (v_t − v_j).
  template <class Number>
  std::vector<Number> gradient(const Answers<Number>& answers, const std::vector<Number>& values) const;

  /// An accuracy as its whole numbers of right samples. Not of test_error.
  Interval value(const Claim& claim, const Moment& moment) const;

 private:
  Interval joined(bool of_noisy, char join, const std::function<Interval(std::size_t)>& of) const;
};

/// The number that a claim "QUANTITY never falls" is about: the least change of the quantity in one step.
class Change {
 public:
  /// Takes in the quantity's value at the next step.
  void see(Trend trend, const Interval& value) {
    if (before_) {
      const Interval change = trend == Trend::never_falls ? value - *before_ : *before_ - value;
      least_ = least_ ? least(*least_, change) : change;
    }
    before_ = value;
  }

  /// After two values at least.
  const Interval& smallest() const { return *least_; }

 private:
  std::optional<Interval> before_, least_;
};

}  // namespace benign::checker
