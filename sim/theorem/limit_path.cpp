#include "sim/theorem/limit_path.hpp"

#include "sim/enclosures/enclosed_limit.hpp"

#include <stdexcept>

namespace benign::sim {
namespace {

constexpr int path_clock_bits = 38;
constexpr std::size_t path_order = 14;

/// All kinds' accumulators, the pivot's −Σ m_t a_t included, term by term.
std::array<Series, LimitPath::kinds> all_accumulators(const LimitSeries::Expansion& x, std::size_t g,
                                                      const std::array<long, LimitPath::kinds>& multiplicity) {
  std::array<Series, LimitPath::kinds> a;
  const std::size_t pivot = LimitSeries::pivot(g), terms = x.X.size();
  a[pivot].assign(terms, Enclosure(0));
  for (std::size_t o = 0; o < LimitSeries::others; ++o) {
    const std::size_t t = LimitSeries::other(g, o);
    a[t].assign(x.a[g * LimitSeries::others + o].begin(),
                x.a[g * LimitSeries::others + o].begin() + static_cast<std::ptrdiff_t>(terms));
    for (std::size_t k = 0; k < terms; ++k) a[pivot][k] -= multiplicity[t] * a[t][k];
  }
  return a;
}

}  // namespace

LimitPath::LimitPath(const theory::Parameters& p, const Enclosure& snr2)
    : flow_(p, snr2), tokens_(p.tokens()), clock_(path_clock_bits) {
  most_of_signal_ = snr2 * (p.n / 2) * (1 + 2 * p.rho.as<Enclosure>());
  const auto layout = theory::layout<Enclosure>(p);
  for (std::size_t k = 0; k < kinds; ++k)
    multiplicity_[k] = layout[k].count, signal_[k] = layout[k].own + layout[k].other;
  a_.fill(Enclosure(0));
}

/// The next start, and what it misses of the end: an accumulator of a pivot is a sum of T − 1 of the others.
void LimitPath::jump(Step& step, const LimitSeries::Box& end) {
  Enclosure most(0);
  for (std::size_t i = 0; i < LimitSeries::scalars; ++i) {
    a_[i] = middle(end[i]);
    most = greater(most, abs(end[i] - a_[i]));
  }
  long T = 0;
  for (const long m : multiplicity_) T += m;
  most = most * (T - 1);
  step.jump_X = most_of_signal_ * most;
  step.jump = sqrt(Enclosure(tokens_)) * (most + step.jump_X);
}

LimitPath::Step LimitPath::advance(double h) {
  const Enclosure start(clock_.time());
  const auto at = flow_.expand(a_, start, path_order - 1);
  std::optional<LimitSeries::Box> box;
  for (h = clock_.whole(h); !box; h = box ? h : clock_.whole(h / 2)) {
    if (!(h > 0)) throw std::runtime_error("the limit has no box over a step");
    box = limit_range(flow_, a_, at, start + enclosure(0, h), h);
  }
  const Enclosure within = enclosure(0, h), times = start + within;
  const auto over = flow_.expand(*box, times, path_order);
  Step step;
  step.from = clock_.time(), step.u = times;
  step.X = StepSeries{at.X, path_order, over.X[path_order]}.at(within);
  for (std::size_t g = 0; g < groups; ++g) {
    const auto first = all_accumulators(at, g, multiplicity_), last = all_accumulators(over, g, multiplicity_);
    for (std::size_t k = 0; k < kinds; ++k)
      for (std::size_t l = 0; l < kinds; ++l) {
        const Enclosure c = signal_[k] - signal_[l];
        Series terms(path_order);
        for (std::size_t j = 0; j < path_order; ++j) terms[j] = first[k][j] - first[l][j] + c * at.X[j];
        const Enclosure rest = last[k][path_order] - last[l][path_order] + c * over.X[path_order];
        step.gap[g][k][l] = k == l ? Enclosure(0) : StepSeries{terms, path_order, rest}.at(within);
        terms[0] -= start, terms[1] -= 1;
        step.shifted[g][k][l] = k == l ? -times : StepSeries{terms, path_order, rest}.at(within);
      }
  }
  LimitSeries::Box end;
  for (std::size_t i = 0; i < LimitSeries::scalars; ++i)
    end[i] = StepSeries{at.a[i], path_order, over.a[i][path_order]}.at(Enclosure(h));
  jump(step, end);
  clock_.advance(h);
  step.to = clock_.time();
  return step;
}

}  // namespace benign::sim
