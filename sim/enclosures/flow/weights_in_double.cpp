#include "sim/enclosures/flow/weights_in_double.hpp"

namespace benign::sim {
namespace {

constexpr double half_ulp = 0x1p-53;  // of 1

}  // namespace

std::vector<Upward> norms_of_terms(const Columns& x, const Enclosure& h, Index first, Index count) {
  std::vector<Upward> norms;
  Enclosure power(1);
  for (const Column& term : x) {
    norms.push_back(norm(Column(term.segment(first, count) * power)));
    power *= h;
  }
  return norms;
}

Upward sum(const std::vector<Upward>& x) {
  Upward all;
  for (const Upward one : x) all += one;
  return all;
}

TermsInDouble::TermsInDouble(const Columns& x, const Enclosure& h)
    : middle(x[0].size(), static_cast<Index>(x.size()) - 1) {
  norms = norms_of_terms(x, h, 0, x[0].size());
  Enclosure power(1);
  for (std::size_t k = 0; k + 1 < x.size(); ++k) {
    auto column = middle.col(static_cast<Index>(k));
    Upward off;
    for (Index i = 0; i < column.size(); ++i) {
      const Enclosure term = x[k][i] * power;
      column[i] = representative(term);
      off += square(magnitude(term - Enclosure(column[i])));
    }
    missed.push_back(sqrt(off));
    power *= h;
  }
}

WeightsInDouble::WeightsInDouble(const Matrix<Enclosure>& Phi, const FlowStep& step)
    : start_(Phi.unaryExpr([](const Enclosure& x) { return representative(x); })),
      h_(upper(step.length)),
      unit_(step.unit),
      a_(step.terms.a, Enclosure(h_)),
      g_(step.terms.g, Enclosure(h_)) {
  Upward off;
  for (Index k = 0; k < Phi.size(); ++k) off += square(magnitude(Phi.data()[k] - Enclosure(start_.data()[k])));
  start_error_ = sqrt(off);
}

std::pair<Matrix<double>, Upward> WeightsInDouble::at(double t) const {
  const std::size_t p = a_.missed.size();
  Matrix<double> weights(static_cast<Index>(p), static_cast<Index>(p));
  std::vector<double> powers{t * unit_};  // unit h (t/h)^{k+1}
  for (std::size_t k = 1; k < 2 * p; ++k) powers.push_back(powers[k - 1] * (t / h_));
  Upward error = start_error_, size;
  for (std::size_t i = 0; i < p; ++i) {
    Upward w, w_missed;
    for (std::size_t m = 0; m < p; ++m) {
      const double weight = powers[i + m] / static_cast<double>(i + m + 1);
      weights(static_cast<Index>(m), static_cast<Index>(i)) = weight;
      w += Upward(weight) * a_.norms[m], w_missed += Upward(weight) * a_.missed[m];
    }
    size += g_.norms[i] * w;
    error += Upward(1 + 0x1p-40) * (g_.missed[i] * w + (g_.norms[i] + g_.missed[i]) * w_missed);
  }
  const Matrix<double> w = a_.middle * weights, Phi = start_ - g_.middle * w.transpose();
  // Powers of 4p factors, and sums of p terms, two deep; what underflows; then the terms that are left out.
  error += Upward(8 * static_cast<double>(6 * p + 8) * half_ulp) * (size + norm(start_));
  error += Upward(0x1p-900) * (Upward(1) + Upward(h_ * unit_)) * (Upward(1) + g_.bound()) * (Upward(1) + a_.bound());
  error += Upward(t * unit_) * (g_.norms[p] * a_.bound() + g_.bound() * a_.norms[p]);
  return {Phi, error};
}

}  // namespace benign::sim
