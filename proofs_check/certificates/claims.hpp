#pragma once
// Claims about a training run that enclosures can prove or refute: QUANTITY < VALUE at a step of the descent, or
// "QUANTITY never falls" in any step up to there.

#include "sim/enclosures/enclosed_run.hpp"
#include "theory/model/verdict.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace benign::proofs {

/// A quantity never falls, or never rises, from one step of a descent to the next, up to a step: the least rise (or
/// fall) of all these steps, which is the claim's value, is at least 0. THEORY section 6.2.
enum class Trend { none, never_falls, never_rises };

struct Claim {
  std::string text;             ///< as it was given
  std::string quantity;         ///< a name of `quantities`
  std::vector<Index> position;  ///< of logit[i,t], attention[i,t] and margin[i], from 0
  Trend trend = Trend::none;
  bool below = true;  ///< < or ≤; else > or ≥
  bool strict = true;
  theory::Decimal bound{"0"};
  long step = 0;
  long samples = 0;  ///< n, of which an accuracy is a share

  /// Whether its value is a number of samples; of a trend it is a change of that number.
  bool counts() const { return quantity == "train_accuracy" && trend == Trend::none; }
  /// Whether it is about the population's test inputs, of which a certificate states no interval.
  bool of_test() const { return quantity == "test_error" || quantity == "test_loss"; }
  /// Whether its value is the first time of something along a flow.
  bool of_event() const { return quantity.starts_with("log_s"); }
  /// Whether its value follows from ‖q‖².
  bool needs_q_norm() const { return of_test() || quantity == "q_norm2" || quantity == "log_s_half_loss"; }
};

/// NAME<VALUE or NAME[i,t]>=VALUE@STEP, or NAME never falls@STEP; the last step unless given. Throws UsageError naming
/// `where`, also where the quantity has no meaning: it is asked of flipped samples and no label is flipped, or, in
/// the limit, of the time of an event that is true from the start.
Claim parse_claim(const std::string& where, const std::string& text, const sim::RunConfig& config);

/// The names that a claim may begin with, each with what it is.
struct Quantity {
  const char* name;
  int positions;
  const char* meaning;
};
const std::vector<Quantity>& quantities();

/// The number of samples that are predicted right is between these.
struct Count {
  long least = 0, most = 0;
};
Count right_samples(const sim::EnclosedMoment& moment, const sim::Data& data);

/// The quantity's enclosure at a moment; of an accuracy the number of right samples. That of the test error is to
/// 10⁻⁴; sharper_test_error goes on until it is enough.
Enclosure value_of(const Claim& claim, const sim::EnclosedMoment& moment, const sim::ExactInstance& exact);

Enclosure sharper_test_error(const sim::EnclosedMoment& moment, const sim::ExactInstance& exact,
                             const std::function<bool(const Enclosure&)>& enough);

/// The least rise, or fall, of a claim's quantity in one step, as its moments come one after the other from step 0.
class Change {
 public:
  void see(const Claim& claim, const Enclosure& value);
  /// After two moments at least.
  const Enclosure& least() const { return *least_; }

  /// As text that reads back as the same, and back.
  sim::Json record() const;
  void resume(const sim::Json& record);

 private:
  std::optional<Enclosure> before_, least_;
};

}  // namespace benign::proofs
