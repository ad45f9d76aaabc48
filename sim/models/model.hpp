#pragma once
// A model: the data that it draws, what is trained on them, and what a test input sees of the result. Methods, flows,
// precisions, events, observables, sweeps, records and checks ask a model for nothing but this.
//
// A new model is a class template over Real that derives from ModelIn, in a file of its own (single_head.cpp), and a
// line in models.cpp; another project calls add_model() in place of the line.

#include "sim/frames/shared_draws.hpp"
#include "sim/generalisation/test_error.hpp"
#include "sim/routes/method_kind.hpp"
#include "sim/routes/route.hpp"
#include "theory/model/token_layout.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace benign::sim {

/// One draw, and the way in which it is trained.
struct Training {
  const Instance& instance;
  RouteKind route;
  Train train;
};

/// A model in one Real.
template <class Real>
class ModelIn {
 public:
  virtual ~ModelIn() = default;

  /// What the route needs of the instance: its inner products for all routes but `direct`.
  virtual Frame<Real> frame(const Training& training, QNorm q_norm, SharedDraws& shared) const = 0;
  /// The training itself. `coefficients` is the model's closed system, `direct` its oracle in d dimensions. Instance
  /// and frame outlive the route.
  virtual std::unique_ptr<Route<Real>> route(const Training& training, const Frame<Real>& frame) const = 0;
  /// The error over the population, from what a route has read; nothing where it has read too little.
  virtual std::optional<TestError> test(const theory::Parameters& parameters, RouteKind route,
                                        const Readout<Real>& readout) const = 0;
  /// Its loss alone, where that is known faster.
  virtual double test_loss(const theory::Parameters& parameters, RouteKind route, const Readout<Real>& readout) const {
    return test(parameters, route, readout)->loss;
  }
};

namespace detail {
template <template <class> class Of, class... Reals>
using ForReals = std::tuple<std::shared_ptr<const Of<Reals>>...>;
}

struct Model {
  std::string name;  ///< as --model has it
  std::string help;  ///< one line of `benign list --models`
  /// Sets the parameters that the model leaves no choice of; other values of them are refused.
  std::function<void(theory::Parameters&)> settle = [](theory::Parameters&) {};
  std::function<Instance(const theory::Parameters&, DataKind, std::uint64_t seed, std::shared_ptr<const Brought>)>
      draw = {};  ///< empty for a model that is trained elsewhere, as the encoder
  std::vector<RouteKind> routes = {RouteKind::direct, RouteKind::coefficients};
  std::vector<MethodKind> methods = {MethodKind::gd, MethodKind::momentum, MethodKind::nesterov,
                                     MethodKind::normalised};  ///< those that its routes allow
  /// By this route the errors of a run's logits are estimated, from inner products that are moved by roundings.
  RouteKind second_route = RouteKind::coefficients;
  /// The kinds of its tokens, where Parameters names none.
  theory::TokenLayout tokens = theory::paper_layout();
  bool any_layout = false;      ///< its data and its test follow Parameters::layout and plus_share
  bool selects_tokens = false;  ///< it is the paper's: its laws, its bound of the loss and --data FILE speak of it

  /// The model in one Real.
  template <class Real>
  const ModelIn<Real>& in() const {
    return *std::get<std::shared_ptr<const ModelIn<Real>>>(in_reals);
  }
  detail::ForReals<ModelIn, double, dd, mp50, mp100> in_reals = {};

  const theory::TokenLayout& tokens_of(const theory::Parameters& parameters) const {
    return parameters.layout ? *parameters.layout : tokens;
  }

  /// Whether a run generalises: by its test loss where that has a floor, else by an error below a quarter.
  bool generalises(const TestError& test) const;
};

/// The model that In is in every Real.
template <template <class> class In>
Model model_of(Model described) {
  described.in_reals = {std::make_shared<In<double>>(), std::make_shared<In<dd>>(), std::make_shared<In<mp50>>(),
                        std::make_shared<In<mp100>>()};
  return described;
}

/// All of them, the paper's first.
const std::vector<Model>& models();

/// Returns true, so that a file of another project can add its models while it initialises a constant.
bool add_model(Model model);

/// Their names, for a message: "token-selection, single-head, …".
std::string model_names();

/// Null if there is none of that name; "exact" is another name of the paper's.
const Model* find_model(const std::string& name);

/// The paper's model: token selection by W and p under a fixed head.
Model token_selection();
/// The same with the head trained, too.
Model trained_head();
Model trained_head_from_zero();
/// Magen et al., arXiv 2410.07746: two tokens, the head trained with p.
Model single_head();
/// Jiang et al., arXiv 2409.19345: keys, queries and values trained.
Model keys_queries();
inline constexpr const char* keys_queries_name = "keys-queries";

}  // namespace benign::sim
