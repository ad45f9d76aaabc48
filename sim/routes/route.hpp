#pragma once
// The ladder of routes: three ways to compute the same training run, simplest first, and what they tend to.
//
//     direct        W and p themselves, in d dimensions: the oracle, slow and obvious
//     coefficients  W and p in the span of the data (a representer theorem): the default; its cost does not know d
//     statistics    logits ℓ, H = SWWᵀSᵀ and r = ‖p‖², a closed system of their own: the cross-check
//     limit         d → ∞ at fixed nSNR² and p₀ = 0: eight scalars, whatever n and T; draws nothing
//
// A route is stateless; a state is a flat vector that means something to its route alone. Gradient descent and gradient
// flow share the right-hand side. Time is in natural units: τ = τ₀ s, a step of descent advances s by α/τ₀.

#include "sim/frames/frame.hpp"
#include "sim/generalisation/test_error.hpp"
#include "sim/routes/route_kind.hpp"
#include "sim/integrators/stiff_equation.hpp"
#include "sim/routes/train.hpp"

#include <memory>
#include <optional>
#include <stdexcept>

namespace benign::sim {

/// What a route with a trained head ν can say of it.
template <class Real>
struct HeadReadout {
  Vector<Real> values;  ///< ν·x for every training token, length N
  Real mu_plus;         ///< ν·μ₊
  Real mu_minus;
  Real norm2;                  ///< ‖ν‖²
  std::optional<Real> with_q;  ///< ν·q; nothing where queries differ from token to token
};

/// What a route can say of q = Wp.
template <class Real>
struct Readout {
  Vector<Real> logits;  ///< x·q for every training token, length N
  Real mu_plus_q;       ///< μ₊·q
  Real mu_minus_q;
  std::optional<Real> q_norm2;  ///< ‖q‖²; unknown to `statistics` and `limit`, and where the frame leaves it out
  std::optional<HeadReadout<Real>> head = {};  ///< nothing where the head is fixed
};

/// A descent from one state, in whatever form its route's steps are fastest.
template <class Real>
class Steps {
 public:
  virtual ~Steps() = default;
  virtual void advance(const Real& step) = 0;
  virtual Vector<Real>& state() = 0;  ///< to be read, or taken at the end
};

template <class Real>
class Route {
 public:
  virtual ~Route() = default;
  virtual Vector<Real> start() const = 0;

  /// One step of gradient descent of length `step` (in s): exact, not an approximation of the flow. Where a state's
  /// coordinates are affine in what is trained it is the flow's right-hand side times the step.
  virtual void descend(Vector<Real>& state, const Real& step) const;
  /// Many of them. The route must outlive them.
  virtual std::unique_ptr<Steps<Real>> descent(Vector<Real> start) const;

  // What methods other than plain descent ask for (methods.hpp); `limit` knows the first alone.
  virtual Vector<Real> token_logits(const Vector<Real>& state) const { return read(state).logits; }
  /// One step along any ĝ in place of n ∂L/∂ℓ, whose length may be another for W than for p.
  virtual void advance_along(Vector<Real>& state, const Vector<Real>& g, const Real& step_W, const Real& step_p) const;
  /// p times a factor.
  virtual void scale_p(Vector<Real>& state, const Real& factor) const;
  /// d state / ds, and ‖∇L‖² in W and p, with any ĝ in place of n ∂L/∂ℓ.
  virtual void rate_along(const Vector<Real>& state, const Vector<Real>& g, Vector<Real>& derivative) const;
  virtual Real gradient_norm2_along(const Vector<Real>& state, const Vector<Real>& g) const;

  /// derivative = exp(log_gain) d state / ds along the gradient flow.
  virtual void flow(const Vector<Real>& state, const Real& log_gain, Vector<Real>& derivative) const = 0;

  /// The flow in the variable u = log(1 + s), whose stiff part is known; null where the route does not know it.
  virtual const StiffEquation<Real>* stiff_equation() const { return nullptr; }

  virtual Readout<Real> read(const Vector<Real>& state) const = 0;

  /// The test error, where test inputs see more of a state than what is read of it; nothing where the model knows it from
  /// a Readout.
  virtual std::optional<TestError> test(const Vector<Real>&) const { return std::nullopt; }

  /// ‖∇L‖² = −dL/dτ, ∇ by what is trained.
  virtual Real gradient_norm2(const Vector<Real>& state) const = 0;

  /// The relative size of what should be zero in WᵀW − ppᵀ − (W₀ᵀW₀ − p₀p₀ᵀ), a constant of the flow of W and p;
  /// nothing where only one of them is trained, or the route cannot see it.
  virtual std::optional<Real> imbalance(const Vector<Real>&) const { return std::nullopt; }

  /// q itself, rounded to double; nothing where the route does not know it.
  virtual std::optional<Eigen::VectorXd> q(const Vector<Real>&) const { return std::nullopt; }
};

template <class Real>
void Route<Real>::descend(Vector<Real>& state, const Real& step) const {
  Vector<Real> rate;
  flow(state, Real(0), rate);
  state += step * rate;
}
template <class Real>
void Route<Real>::advance_along(Vector<Real>&, const Vector<Real>&, const Real&, const Real&) const {
  throw std::logic_error("a route without steps along a given gradient");
}
template <class Real>
void Route<Real>::rate_along(const Vector<Real>&, const Vector<Real>&, Vector<Real>&) const {
  throw std::logic_error("a route without rates along a given gradient");
}
template <class Real>
Real Route<Real>::gradient_norm2_along(const Vector<Real>&, const Vector<Real>&) const {
  throw std::logic_error("a route without norms of a given gradient");
}
template <class Real>
void Route<Real>::scale_p(Vector<Real>&, const Real&) const {
  throw std::logic_error("a route without p");
}

/// Steps of `descend` on a state as it is.
template <class Real>
class PlainSteps final : public Steps<Real> {
 public:
  PlainSteps(const Route<Real>& route, Vector<Real> start) : route_(route), state_(std::move(start)) {}
  void advance(const Real& step) override { route_.descend(state_, step); }
  Vector<Real>& state() override { return state_; }

 private:
  const Route<Real>& route_;
  Vector<Real> state_;
};

template <class Real>
std::unique_ptr<Steps<Real>> Route<Real>::descent(Vector<Real> start) const {
  return std::make_unique<PlainSteps<Real>>(*this, std::move(start));
}

/// A route over an instance and its frame, which must outlive it. `direct` and `limit` need no frame and may be given
/// null.
template <class Real>
std::unique_ptr<Route<Real>> make_route(RouteKind kind, const Instance& instance, const Frame<Real>* frame,
                                        Train train = Train::W_and_p);

}  // namespace benign::sim
