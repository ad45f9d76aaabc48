#include "sim/runs/sharpness.hpp"

#include "sim/routes/statistics.hpp"
#include "sim/routes/training.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace benign::sim {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double width = 5e-3;  // of an enclosure, and of what may be added before the next one is asked for

double spread(const Vector<double>& x) { return x.maxCoeff() - x.minCoeff(); }

/// What the bounds ask of a state of `Statistics`.
struct Place {
  Vector<double> logits, g, u, Hg, block_norms;
  Matrix<double> blocks;
  double r = 0;
};

/// A bound of λ_max at a place, and of ‖A‖ there.
struct Known {
  double curvature = infinity, operator_norm = infinity;
};

class Scan {
 public:
  Scan(const Run<double>& run, double limit)
      : frame_(run.frame()),
        train_(run.config().train),
        trained_(train_),
        route_(frame_, train_),
        d_(run.config().parameters.d),
        steps_(run.config().parameters.steps),
        h_(frame_.scales.step),
        limit_(limit),
        K_norm_(norm_bound(frame_.K.topRows(frame_.tokens()))),
        spreads_(value_spreads(frame_.samples)) {
    const double N = static_cast<double>(frame_.tokens());
    refinements_ = std::min(2000L, static_cast<long>(1e10 / (N * N * N)) + 20);
  }

  Sharpness run();

 private:
  bool look(long k, const Vector<double>& state);
  Place place(const Vector<double>& state) const;
  Hessian hessian(const Vector<double>& state) const { return {frame_, train_, d_, state}; }
  double operator_step(const Place& at) const;
  Known from_reference(const Place& now) const;
  Known enclose(const Vector<double>& state, const Place& now);
  double on_line(const Place& start, const Place& at, const Known& known, double from, double length) const;
  double refined(const Vector<double>& state, const Place& start, const Place& at, const Known& known, double from,
                 double length);

  const Frame<double>& frame_;
  const Train train_;
  const Trained<double> trained_;
  const Statistics<double> route_;
  const Index d_;
  const long steps_;
  const double h_, limit_, K_norm_;
  const Vector<double> spreads_;
  long refinements_;

  Place reference_;
  Known at_reference_;
  double reference_norm_ = 0;  // ‖D‖ there
  double travelled_ = 0;       // a bound of ‖A′ − A‖ since
  Sharpness found_;
};

Place Scan::place(const Vector<double>& state) const {
  const Index N = frame_.tokens(), rows = N + probes, T = frame_.samples.T;
  const double r = state[Statistics<double>::place_of_logits(N) + rows];
  Place at{route_.token_logits(state), {}, {}, Vector<double>(rows), Vector<double>(frame_.samples.n), {}, r};
  at.g = theory::gradient<double>(frame_.samples, at.logits);
  at.u = product(frame_.K, at.g).head(N);
  symmetric_times(rows, N, state.data(), at.g.data(), at.Hg.data());
  at.Hg.conservativeResize(N);
  at.blocks = gradient_derivative_blocks(frame_.samples, at.logits);
  for (Index i = 0; i < frame_.samples.n; ++i) at.block_norms[i] = at.blocks.middleCols(i * T, T).norm();
  return at;
}

/// ‖A′ − A‖ over the step from here: S dW Δp + SΔW dp with Δp = −θ_p hWᵀu and ΔW = −θ_W hupᵀ up to units.
double Scan::operator_step(const Place& at) const {
  if (!trained_.both) return 0;
  const double along_p = at.g.dot(at.Hg) * K_norm_, along_W = at.r * at.u.squaredNorm();
  return h_ * std::sqrt(frame_.scales.epsilon * std::max(0.0, along_p + along_W));
}

Known Scan::from_reference(const Place& now) const {
  if (std::isinf(at_reference_.curvature)) return {};
  const Index T = frame_.samples.T;
  const double a = at_reference_.operator_norm + travelled_, epsilon = trained_.both ? frame_.scales.epsilon : 0;
  double change = 0;
  for (Index i = 0; i < frame_.samples.n; ++i)
    change = std::max(change, (now.blocks - reference_.blocks).middleCols(i * T, T).norm());
  const double moved_u = std::sqrt(epsilon * std::max(0.0, (now.g - reference_.g).dot(now.u - reference_.u)));
  const double by_change = at_reference_.curvature + change * a * a +
                           reference_norm_ * travelled_ * (2 * at_reference_.operator_norm + travelled_) + moved_u;
  const double by_size = now.block_norms.maxCoeff() * a * a + std::sqrt(epsilon * std::max(0.0, now.g.dot(now.u)));
  return {std::min(by_change, by_size), a};
}

/// Encloses the curvature here, and makes this the reference.
Known Scan::enclose(const Vector<double>& state, const Place& now) {
  const Hessian here = hessian(state);
  const double guess = std::isinf(at_reference_.curvature) ? 0 : at_reference_.curvature;
  const Curvature curvature = here.largest(width, std::max(found_.largest.lower, limit_ / 20), guess);
  ++found_.enclosures;
  if (curvature.lower > found_.largest.lower) found_.largest.lower = curvature.lower, found_.step = -1;
  reference_ = now;
  reference_norm_ = here.block_norm();
  at_reference_ = {curvature.upper, std::sqrt(here.operator_norm2())};
  travelled_ = 0;
  return at_reference_;
}

/// A bound of λ_max on the line of the step from `start`, from `from` (where `at` is) for `length` in units of the
/// step.
double Scan::on_line(const Place& start, const Place& at, const Known& known, double from, double length) const {
  const Index T = frame_.samples.T;
  const double epsilon = frame_.scales.epsilon, to = from + length;
  // ℓ = ℓ₀ + ξv + ξ²w: one step of `Statistics`, of length ξh.
  const Vector<double> v = -h_ * (trained_.p * start.Hg + trained_.W * start.r * start.u);
  const Vector<double> w = (trained_.W * trained_.p * h_ * h_ * epsilon * start.logits.dot(start.g)) * start.u;
  const Vector<double> s = theory::attention(frame_.samples, at.logits);
  const Vector<double> f = theory::outputs(frame_.samples, s);
  double change = 0, moved_g2 = 0;
  for (Index i = 0; i < frame_.samples.n; ++i) {
    const auto speed = [&](double xi) { return spread(v.segment(i * T, T) + 2 * xi * w.segment(i * T, T)); };
    const double omega = length * std::max(speed(from), speed(to)), V = spreads_[i];
    const double wrong = theory::sigmoid<double>(-element(frame_.samples.labels, i) * f[i]);
    const double changed = derivative_change(omega, V, s.segment(i * T, T).maxCoeff(), wrong);
    const double moved = (at.block_norms[i] + changed) * omega * std::sqrt(static_cast<double>(T)) / 2;
    change = std::max(change, changed);
    moved_g2 += moved * moved;
  }
  const double moved_u = trained_.both ? std::sqrt(epsilon * K_norm_ * moved_g2) : 0;
  const double moved_A = length * operator_step(start), a = known.operator_norm + moved_A;
  return known.curvature + change * a * a + at.block_norms.maxCoeff() * moved_A * (2 * known.operator_norm + moved_A) +
         moved_u;
}

/// The same on ever shorter pieces, until the bound is below the limit; infinite if it is not.
double Scan::refined(const Vector<double>& state, const Place& start, const Place& at, const Known& known, double from,
                     double length) {
  const double bound = on_line(start, at, known, from, length);
  if (bound < limit_) return bound;
  if (length < 1.0 / 100 || refinements_ <= 0) return infinity;
  --refinements_;
  Vector<double> middle = state;
  route_.descend(middle, (from + length / 2) * h_);
  const Hessian there = hessian(middle);
  const Curvature curvature = there.largest(width, 0, known.curvature);
  ++found_.enclosures;
  if (!(curvature.upper < limit_)) return infinity;
  const double first = refined(state, start, at, known, from, length / 2);
  if (std::isinf(first)) return infinity;
  const Known in_the_middle{curvature.upper, std::sqrt(there.operator_norm2())};
  return std::max(first, refined(state, start, place(middle), in_the_middle, from + length / 2, length / 2));
}

/// At a step, and along the line to the next. False where the numbers are not finite any more.
bool Scan::look(long k, const Vector<double>& state) {
  const Place now = place(state);
  if (!state.allFinite() || !now.blocks.allFinite()) {
    found_.finite = false, found_.between = infinity;
    return false;
  }
  Known known = from_reference(now);
  if (!(known.curvature <= found_.largest.upper)) {
    known = enclose(state, now);
    if (found_.step < 0) found_.step = k;
    found_.largest.upper =
        std::max(found_.largest.upper, known.curvature + width * std::max(known.curvature, limit_ / 20));
  }
  if (k == steps_) return true;
  if (!std::isinf(found_.between)) {
    const double line = found_.largest.lower >= limit_ ? infinity : refined(state, now, now, known, 0, 1);
    found_.between = std::max({found_.between, found_.largest.upper, line});
  }
  travelled_ += operator_step(now);
  return true;
}

Sharpness Scan::run() {
  Descent<double> descent(route_, h_);
  train(descent, steps_, [&](long k) { return look(k, descent.state()); });
  return found_;
}

}  // namespace

Vector<double> value_spreads(const theory::Samples<double>& samples) {
  const Index T = samples.T;
  Vector<double> spreads = Vector<double>::Zero(samples.n);
  for (Index i = 0; i < samples.n; ++i) {
    if (!samples.many()) {
      spreads[i] = spread(samples.values.segment(i * T, T));
      continue;
    }
    const Matrix<double> V = samples.class_values.middleRows(i * T, T);
    for (Index c = 0; c < V.cols(); ++c)
      for (Index e = 0; e < c; ++e) spreads[i] = std::max(spreads[i], spread(V.col(c) - V.col(e)));
  }
  return spreads;
}

double derivative_change(double omega, double V, double attention, double wrong) {
  const double m = std::min(0.5, attention * elementary::exp(omega));        // of Var_s(z) for a unit vector z
  const double rho = std::min(1.0, wrong * elementary::exp(V * omega / 4));  // of σ(−Y f)
  return omega * m * V * (7 * rho / 4 + 3 * V / 16 + V * V / 64);
}

Sharpness sharpness(const Run<double>& run, double limit) { return Scan(run, limit).run(); }

}  // namespace benign::sim
