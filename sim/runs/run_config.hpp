#pragma once
// Everything that decides a run: the same configuration gives the same numbers.

#include "sim/data/brought.hpp"
#include "sim/routes/method_kind.hpp"
#include "sim/routes/route_kind.hpp"
#include "sim/routes/train.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace benign::sim {

/// Where brought tokens come from, as the options --data, --labels, … name it.
struct TokenFiles {
  std::string data, labels, head, test_data, test_labels;
  std::string surrogate;  ///< see surrogates.hpp
  std::string mask, test_mask;
};

struct RunConfig {
  std::string model = {};  ///< of sim/models/model.hpp; empty: the paper's
  theory::Parameters parameters;
  DataKind data = DataKind::dense;
  TokenFiles files = {};                        ///< of `brought`
  std::shared_ptr<const Brought> brought = {};  ///< what they hold
  std::uint64_t seed = 42;
  Precision precision = Precision::binary64;
  bool escalate = false;  ///< in place of `precision`, the lowest that is confirmed (escalation.hpp)
  RouteKind route = RouteKind::coefficients;
  Train train = Train::W_and_p;
  std::optional<long> test_sample;  ///< inputs of a drawn test set; the population unless given
  bool test_left_out = false;       ///< no test error at all: of a long series it takes most of the time

  MethodChoice method;                       ///< of `steps` steps
  bool flow = false;                         ///< the gradient flow, in place of `steps` steps of descent
  theory::Decimal tau_max{"5"};              ///< its horizon in τ,
  std::optional<theory::Decimal> log_s_max;  ///< or in log(τ/τ₀)
};

struct Violation {
  std::string symbol;  ///< the parameter's name
  std::string value;
  std::string allowed;
};

/// What is out of range, each parameter by itself and all together: also what this machine's memory cannot hold.
std::vector<Violation> validate(const RunConfig& config);

/// The parameters that the configuration's model leaves no choice of, by name, and the only values that it takes ("null"
/// for none), as texts; nothing of the paper's.
std::vector<std::pair<std::string, std::string>> settled_by_model(const RunConfig& config);

/// Whether --data names tokens: a .npy file, an archive .npz, or fashion-mnist.
bool names_tokens(const std::string& data);

/// The cheaper of `direct` and `coefficients` for this many steps: 2d² + 2Nd and 3N² multiplications to a step, and
/// before the first 2Nd² + N²d for inner products.
RouteKind cheaper_route(long tokens, long d, long steps);

/// One option with a closed list of values: its name, and each value with its text.
template <class Enum>
struct Choice {
  Enum value;
  const char* text;
};
inline constexpr Choice<theory::Init> init_choices[] = {
    {theory::Init::uniform, "uniform"}, {theory::Init::gaussian, "gaussian"}, {theory::Init::identity, "identity"}};
inline constexpr Choice<theory::LrUnit> lr_unit_choices[] = {{theory::LrUnit::absolute, "absolute"},
                                                             {theory::LrUnit::tau0, "tau0"}};
inline constexpr Choice<theory::Flips> flips_choices[] = {{theory::Flips::exact, "exact"},
                                                          {theory::Flips::independent, "independent"}};
inline constexpr Choice<DataKind> data_choices[] = {
    {DataKind::dense, "dense"}, {DataKind::peer, "peer"}, {DataKind::gram, "gram"}};
inline constexpr Choice<RouteKind> route_choices[] = {{RouteKind::direct, "direct"},
                                                      {RouteKind::coefficients, "coefficients"},
                                                      {RouteKind::statistics, "statistics"},
                                                      {RouteKind::limit, "limit"}};
inline constexpr Choice<Train> train_choices[] = {{Train::W_and_p, "W,p"}, {Train::p, "p"}, {Train::W, "W"}};
inline constexpr Choice<Precision> precision_choices[] = {{Precision::binary64, "double"},
                                                          {Precision::pairs, "dd"},
                                                          {Precision::digits50, "mp50"},
                                                          {Precision::digits100, "mp100"}};

template <class Enum, std::size_t Count>
std::string text_of(const Choice<Enum> (&choices)[Count], Enum value) {
  for (const auto& choice : choices)
    if (choice.value == value) return choice.text;
  return {};
}

}  // namespace benign::sim
