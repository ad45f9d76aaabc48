#include "sim/enclosures/flow/flow_distance.hpp"

#include "sim/enclosures/exact_json.hpp"
#include "sim/enclosures/flow/weights_in_double.hpp"
#include "sim/linear/enclosed_linear.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>

namespace benign::sim {
namespace {

/// Bits that a bound of a rate needs: it is known to some six digits of what is of the size of 1.
constexpr long bits_of_rates = 64;
/// What a piece may make of the distance; what may be of second order in its length, as a share of its rate and of 1/(1 + s),
/// of which the integral is log(1 + s); and how short it may become for that, as a share of its step.
constexpr double most_growth = 1.25, share_of_rate = 0.15, share_of_late = 0.25, least_piece = 0x1p-10;

Enclosure product(const Column& x, const Column& y) {
  Enclosure sum(0);
  for (Index k = 0; k < x.size(); ++k) sum += x[k] * y[k];
  return sum;
}

Column times_tokens(const Matrix<Enclosure>& A, const Column& x) {
  Column y(A.rows());
  times(A.rows(), A.cols(), A.data(), x.data(), y.data());
  return y.head(x.size());
}

}  // namespace

/// Times of a step from one double to a later one, in the step's unit.
struct FlowDistance::Piece {
  Piece(double from, double to, double the_unit)
      : middle(std::min(from + (to - from) / 2, std::nextafter(to, 0.0))),
        unit(the_unit),
        length(Upward((to - from) * unit) * Upward(1 + 0x1p-40)),
        half(larger(Upward(0.5) * length, Upward(std::max(middle - from, to - middle) * unit) * Upward(1 + 0x1p-40))) {}

  double middle, unit;  ///< the middle rounded, before `to`: a last step's true end is above the double before `to`
  Upward length, half;  ///< in τ₀, no less than its own, and than the way from the middle to either end
};

/// How fast the logits of each sample may move during a step: bounds of ‖ℓ′‖ and ‖ℓ″‖.
struct FlowDistance::Motion {
  Motion(const FlowStep& step, Index samples) : first(static_cast<std::size_t>(samples)), second(first) {
    const Enclosure h(upper(step.length));
    const Upward by_h = magnitude(1 / (h * step.unit));
    const Index T = step.terms.l[0].size() / samples;
    for (Index i = 0; i < samples; ++i) {
      const std::vector<Upward> norms = norms_of_terms(step.terms.l, h, i * T, T);
      for (std::size_t k = 1; k < norms.size(); ++k) {
        const auto order = static_cast<double>(k);
        element(first, i) += Upward(order) * norms[k] * by_h;
        element(second, i) += Upward(order * (order - 1)) * norms[k] * square(by_h);
      }
    }
  }

  std::vector<Upward> first, second;
};

FlowDistance::FlowDistance(const ExactInstance& exact, const Frame<Enclosure>& frame)
    : exact_(exact),
      frame_(frame),
      growth_(frame.K.topRows(frame.tokens()), frame.H.topRows(frame.tokens()), frame.scales.epsilon, frame.scales.step,
              exact.config.train),
      near_(exact, frame) {
  for (Index i = 0; i < frame.samples.n; ++i) samples_.emplace_back(frame.samples, i);
}

StateInDouble FlowDistance::look(const Matrix<double>& Phi, Upward Phi_error, const Column& a, const Column& b,
                                 const Column& logits) const {
  StateInDouble state;
  state.Phi = Phi, state.Phi_error = Phi_error, state.Phi_norm = norm(Phi) + Phi_error;
  state.r = magnitude(frame_.scales.epsilon * product(a, b));
  const Index T = frame_.samples.T;
  state.responses.resize(samples_.size());
  in_parallel(frame_.samples.n, 1, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      element(state.responses, i) = element(samples_, i).respond(logits.segment(i * T, T));
  });
  return state;
}

/// Nothing where no bound is below `most_growth`.
std::optional<FlowDistance::Growth> FlowDistance::growth_over(const Piece& piece, const StateInDouble& state,
                                                              const Motion& motion, Upward pull) const {
  const Upward near = Upward(most_growth) * distance_, root = growth_.root(), &half = piece.half,
               stretch = sqrt(growth_.known_response_norm(state)), x = root * pull * half;
  if (!(x.value() < 1)) return std::nullopt;
  const Upward moved = half * pull * stretch * (Upward(1) + x), radius = moved + near, turned = root * radius,
               off = (stretch + turned) * near, theta = square(stretch + turned);
  // Of D over the samples: how large it is, how fast it changes, what the line through the middle misses, and the states off the
  // flow; and of ĝ how far it goes.
  Upward D, D_rate, D_bend, D_near, g_moved;
  for (std::size_t i = 0; i < state.responses.size(); ++i) {
    const Upward first = motion.first[i], way = half * first + off;
    const auto [c2, c3, c4] = state.responses[i].within(way).derivative_norms();
    D = larger(D, c2), D_rate = larger(D_rate, c3 * first);
    D_bend = larger(D_bend, Upward(0.5) * square(half) * (c4 * square(first) + c3 * motion.second[i]));
    D_near = larger(D_near, c3 * off);
    g_moved += square(c2 * way);
  }
  const Upward cross = root * sqrt(g_moved), B = D_rate * square(stretch), W = Upward(0.5) * square(half) * B,
               P = D * theta + root * pull + cross,
               E = half * D_rate * turned * (Upward(2) * stretch + turned) + D_bend * theta +
                   Upward(0x1p-50 * piece.middle * piece.unit) * D_rate * theta;
  if (!(W.value() < 0.5)) return std::nullopt;
  const Upward of_e = Upward(1) + Upward(2) * W, line = of_e * (W * (Upward(2) * P + half * B) + (Upward(1) + W) * E),
               near_by = of_e * (Upward(1) + W) * D_near * theta,
               rate = growth_.fall(state, radius, Upward(0), piece.length) + cross + line + near_by,
               power = piece.length * rate, factor = Upward(1) + power + square(power);  // at least eˣ, for x ≤ 1
  if (!((factor * of_e).value() < most_growth)) return std::nullopt;
  const double allowed = share_of_rate * rate.value() + share_of_late / (1 + time_ + piece.middle * piece.unit);
  return Growth{factor, factor * of_e, line.value() / allowed};
}

bool FlowDistance::pass(const FlowState& from, const FlowStep& step) {
  // By s attention has come as near to 1 as 1/s, and so small are the rates that what is left of it makes.
  int exponent = 0;
  std::frexp(1 + time_, &exponent);
  const WorkingPrecision few(bits_of_rates + exponent);
  const double end = upper(step.length);
  if (!(end > 0)) return false;
  const WeightsInDouble weights(from.Phi, step);
  const Motion motion(step, frame_.samples.n);
  double t = 0, length = std::min(end, piece_ / step.unit);
  in_step_ = distance_;
  while (t < end) {
    const double to = t + length < end ? t + length : end;
    const Piece piece(t, to, step.unit);
    const Enclosure middle(piece.middle);
    const auto [Phi, Phi_error] = weights.at(piece.middle);
    StateInDouble state = look(Phi, Phi_error, at_time(step.terms.a, middle), at_time(step.terms.b, middle),
                               at_time(step.terms.l, middle));
    state.response_norm = growth_.response_norm(state);
    const auto growth = growth_over(piece, state, motion, weights.pull());
    if (to - t > end * least_piece && !(growth && growth->second_order < 1)) {
      length = (to - t) / 2;
      continue;
    }
    if (!growth) return false;
    in_step_ = larger(in_step_, growth->inside * distance_);
    // The true end of a last step may be inside of a piece.
    distance_ = (step.last ? growth->inside : growth->factor) * distance_, t = to;
    if (growth->second_order < 0.125) length *= 2;
    piece_ = length * step.unit;
  }
  time_ += end * step.unit;
  return true;
}

/// By ‖Φ̂(t)‖ ≤ ‖Φ̂₀‖ + h sup‖ĝ‖ sup‖â‖, r̂ = ε â·b, and |δf| ≤ (V/2)‖δℓ‖ with the spread V of a sample's values.
FlowDistance::Apart FlowDistance::apart(const FlowState& from, const FlowStep& step) const {
  const Enclosure h(upper(step.length));
  const Index N = from.a.size();
  const auto largest = [&](const Columns& x) { return sum(norms_of_terms(x, h, 0, N)); };
  StateInDouble norms;
  norms.Phi_norm = norm(from.Phi) + magnitude(h * step.unit) * largest(step.terms.g) * largest(step.terms.a);
  norms.r = magnitude(frame_.scales.epsilon) * largest(step.terms.a) * largest(step.terms.b);
  const Upward logits = growth_.logits_radius(norms, in_step_);
  Apart apart{{}, {}, near_.q_radius(norms, growth_, in_step_)};
  for (const LoneSample& sample : samples_) apart.outputs.push_back(Upward(0.5) * sample.spread() * logits);
  for (Index k = 0; k < probes; ++k) apart.X.push_back(near_.signal_norm(k) * apart.q);
  return apart;
}

void FlowDistance::settle(FlowState& state) {
  const auto exactly = [](Enclosure* x, Index size) {
    Upward off;
    for (Index k = 0; k < size; ++k) {
      const Enclosure number = middle(x[k]);
      off += square(magnitude(x[k] - number));
      x[k] = number;
    }
    return sqrt(off);
  };
  const Upward off_a = exactly(state.a.data(), state.a.size()), off_Phi = exactly(state.Phi.data(), state.Phi.size()),
               stretch = sqrt(growth_.H_operator_norm());
  widen(stretch * off_a + growth_.root() * stretch * off_Phi);
}

Json FlowDistance::record() const {
  return {{"value", exact_text(distance_.value())}, {"s", exact_text(time_)}, {"piece", exact_text(piece_)}};
}

void FlowDistance::resume(const Json& record) {
  distance_ = Upward(read_exact<double>(record.at("value")));
  time_ = read_exact<double>(record.at("s")), piece_ = read_exact<double>(record.at("piece"));
}

EnclosedMoment FlowDistance::moment(const FlowState& state) const {
  KnownState known{state.a, times_tokens(frame_.H, state.a), Column(state.a.size()), {}};
  times(state.Phi.rows(), state.Phi.cols(), state.Phi.data(), known.b.data(), known.c.data());
  for (Index k = 0; k < known.c.size(); ++k) known.c[k] *= frame_.scales.epsilon;
  known.logits = known.b + times_tokens(frame_.K, known.c);
  const Matrix<double> Phi = state.Phi.unaryExpr([](const Enclosure& x) { return representative(x); });
  const StateInDouble in_double = look(Phi, Upward(0x1p-51) * norm(Phi), known.a, known.b, known.logits);
  const Upward off = growth_.logits_radius(in_double, distance_);
  EnclosedMoment moment = near_.moment(in_double.responses, off);
  moment.readout = near_.read(known, in_double, growth_, distance_);
  for (Index k = 0; k < known.logits.size(); ++k) moment.readout.logits[k] += plus_or_minus(off);
  return moment;
}

}  // namespace benign::sim
