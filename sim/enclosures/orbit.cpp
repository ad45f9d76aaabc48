#include "sim/enclosures/orbit.hpp"

#include "sim/enclosures/exact_json.hpp"
#include "sim/linear/enclosed_linear.hpp"
#include "theory/numbers/element.hpp"

#include <utility>

namespace benign::sim {
namespace {

/// Bits that a bound of a step's growth needs: it is known to some six digits.
constexpr long bits_of_growth = 64;

/// A + tB for every t.
Matrix<Enclosure> everywhere(Matrix<Enclosure> A, const Matrix<Enclosure>& B) {
  const Enclosure every_t = enclosure(-1, 1);
  for (Index k = 0; k < B.size(); ++k) A.data()[k] += every_t * B.data()[k];
  return A;
}

Enclosure inner_product(const Vector<Enclosure>& x, const Vector<Enclosure>& y) {
  Enclosure sum(0);
  for (Index k = 0; k < x.size(); ++k) sum += x[k] * y[k];
  return sum;
}

/// The same with zeros up to a length.
template <class Real>
Ball<Real> padded(Ball<Real> x, Index rows) {
  const auto longer = [&](Vector<Real>& y) {
    const Index before = y.size();
    y.conservativeResize(rows);
    y.tail(rows - before).setZero();
  };
  longer(x.middle);
  if (x.moves()) longer(x.slope);
  return x;
}

}  // namespace

template <class Real>
Orbit<Real>::Orbit(const ExactInstance& exact, const Frame<Enclosure>& frame)
    : frame_(frame),
      line_(family_line(exact, frame)),
      N_(frame.tokens()),
      M_(line_.at.H.rows()),
      moves_W_(exact.config.train != Train::p),
      moves_p_(exact.config.train != Train::W),
      growth_(everywhere(line_.at.K, line_.slope.K), everywhere(line_.at.H, line_.slope.H), frame.scales.epsilon,
              frame.scales.step, exact.config.train),
      K_(line_.at.K, line_.slope.K, growth_.K_operator_norm()),
      H_(line_.at.H, line_.slope.H, growth_.H_operator_norm()),
      near_(exact, frame),
      Phi_(N_, M_, line_.moves()),
      a_{Vector<Real>::Zero(M_), {}} {
  for (Index i = 0; i < frame.samples.n; ++i) samples_.emplace_back(frame.samples, i);
  in_double_.Phi = Matrix<double>::Zero(N_, M_);
  if (M_ > N_) a_.middle[N_] = Real(representative(unit_of_p0(frame)));
  look();
}

template <class Real>
void Orbit<Real>::look() {
  b_ = H_.times(a_);
  c_ = scaled(frame_.scales.epsilon, Phi_.times(b_));
  const Ball<Real> of_tokens{b_.middle.head(N_), b_.radius, b_.moves() ? b_.slope.head(N_) : b_.slope};
  logits_ = sum(of_tokens, K_.times(c_));
  in_double_.r = magnitude(frame_.scales.epsilon * inner_product(enclosures(b_), enclosures(a_)));
  in_double_.Phi_norm = Phi_.norm();
  in_double_.Phi_error = missed_by_Phi_ + Phi_.slope_norm();
  if (line_.moves()) in_double_.response_norm = growth_.response_norm(in_double_);
  const Vector<Enclosure> logits = enclosures(logits_);
  const Index T = frame_.samples.T;
  in_double_.responses.resize(samples_.size());
  in_parallel(frame_.samples.n, 1, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      element(in_double_.responses, i) = element(samples_, i).respond(logits.segment(i * T, T));
  });
}

template <class Real>
EnclosedMoment Orbit<Real>::moment() const {
  return near_.moment(in_double_.responses, growth_.logits_radius(in_double_, distance_));
}

/// Of a family to first order in t, with Lagrange's remainder, from the logits without their radius, which moves ĝ by ‖D‖ times
/// as much.
template <class Real>
Ball<Real> Orbit<Real>::gradient() const {
  const Index n = frame_.samples.n, T = frame_.samples.T;
  Vector<Enclosure> g(N_);
  if (!line_.moves()) {
    for (Index i = 0; i < n; ++i) g.segment(i * T, T) = element(in_double_.responses, i).gradient;
    return ball<Real>(g);
  }
  Vector<Enclosure> slope(N_), rest(N_);
  const Vector<Enclosure> logits = enclosures(Ball<Real>{logits_.middle, {}}),
                          slopes = enclosures(Ball<Real>{logits_.slope, {}});
  Upward derivative_norm;
  for (const Response& one : in_double_.responses) derivative_norm = larger(derivative_norm, one.derivative_norm());
  in_parallel(n, 1, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const auto part = [&](const Vector<Enclosure>& x) { return x.segment(i * T, T); };
      const GradientAlong along =
          gradient_along(element(frame_.samples.labels, i), {part(line_.at.values), part(line_.slope.values)},
                         {part(logits), part(slopes)});
      g.segment(i * T, T) = along.at, slope.segment(i * T, T) = along.slope, rest.segment(i * T, T) = along.rest;
    }
  });
  Ball<Real> all = ball<Real>(g, slope, rest);
  all.radius += derivative_norm * logits_.radius;
  return all;
}

/// −h(t) x.
template <class Real>
Ball<Real> Orbit<Real>::minus_step(const Ball<Real>& x) const {
  const Ball<Real> moved = scaled(-line_.at.step, x);
  return line_.moves() ? sum(moved, times_t(scaled(-line_.slope.step, x))) : moved;
}

template <class Real>
Upward Orbit<Real>::growth() const {
  const WorkingPrecision few(bits_of_growth);
  return growth_.bound(in_double_, distance_);
}

template <class Real>
void Orbit<Real>::advance(long) {
  const Enclosure& epsilon = frame_.scales.epsilon;
  const Upward grown = growth() * distance_;
  const Ball<Real> g = gradient();
  Upward off_a, off_Phi;
  Ball<Real> a = a_;
  if (moves_p_) {
    const Ball<Real> direction = scaled(epsilon, Phi_.transposed_times(K_.times(g)));
    a = sum(a_, minus_step(sum(direction, padded(g, M_))));
    off_a = std::exchange(a.radius, Upward(0));
  }
  if (moves_W_) {
    const Ball<Real> minus_ha = minus_step(a_);
    off_Phi = Phi_.add_outer(g, minus_ha);
    const Vector<double> left = in_double(g.middle), right = in_double(minus_ha.middle);
    in_double_.Phi.noalias() += left * right.transpose();
    // Two factors and their product rounded, and the sum.
    missed_by_Phi_ += off_Phi + Upward(0x1p-51) * length(g) * length(minus_ha) + Upward(0x1p-52) * Phi_.norm();
  }
  a_ = std::move(a);
  const Upward stretch = sqrt(H_.norm());
  distance_ = grown + stretch * off_a + sqrt(magnitude(epsilon) * K_.norm()) * stretch * off_Phi;
  look();
}

template <class Real>
void Orbit<Real>::settle() {
  const Upward off = Phi_.settle();
  distance_ += sqrt(magnitude(frame_.scales.epsilon) * K_.norm()) * sqrt(H_.norm()) * off;
  stand_at(Phi_.numbers());
}

/// At the numbers of Phi_, of which the doubles next to them miss half a unit of the last place.
template <class Real>
void Orbit<Real>::stand_at(const Matrix<Real>& Phi) {
  in_double_.Phi = Phi.unaryExpr([](const Real& x) { return representative<Real>(x); });
  missed_by_Phi_ = Upward(0x1p-52) * Phi_.norm() + Upward(static_cast<double>(Phi.size()) * 0x1p-1074);
  look();
}

template <class Real>
Json Orbit<Real>::record() const {
  return {
      {"distance", exact_text(distance_.value())}, {"a", exact_json(a_.middle)}, {"Phi", exact_json(Phi_.numbers())}};
}

template <class Real>
void Orbit<Real>::resume(const Json& record) {
  Matrix<Real> Phi(N_, M_);
  read_exact(record.at("a"), a_.middle), read_exact(record.at("Phi"), Phi);
  Phi_ = FamilyMatrix<Real>(Phi);
  distance_ = Upward(read_exact<double>(record.at("distance")));
  stand_at(Phi);
}

template <class Real>
Ball<Real> Orbit<Real>::logits() const {
  Ball<Real> all = logits_;
  all.radius += growth_.logits_radius(in_double_, distance_);
  return all;
}

template <class Real>
Readout<Enclosure> Orbit<Real>::read() const {
  const KnownState known{enclosures(a_), enclosures(b_), enclosures(c_), enclosures(logits_)};
  Readout<Enclosure> readout = near_.read(known, in_double_, growth_, distance_);
  readout.logits = enclosures(logits());
  return readout;
}

template class Orbit<dd>;
template class Orbit<mp50>;
template class Orbit<mp100>;

}  // namespace benign::sim
