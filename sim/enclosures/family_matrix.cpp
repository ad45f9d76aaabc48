#include "sim/enclosures/family_matrix.hpp"

namespace benign::sim {

template <class Real>
FamilyMatrix<Real>::FamilyMatrix(const Matrix<Enclosure>& A, const Matrix<Enclosure>& B, Upward operator_norm)
    : A_(A, operator_norm), norm_(operator_norm) {
  if (B.size() > 0) B_.emplace(B);
}

template <class Real>
FamilyMatrix<Real>::FamilyMatrix(Index rows, Index cols, bool moves) : A_(rows, cols) {
  if (moves) B_.emplace(rows, cols);
}

template <class Real>
Ball<Real> FamilyMatrix<Real>::times(const Ball<Real>& x) const {
  const Ball<Real> y = A_.times(x);
  return B_ ? sum(y, times_t(B_->times(x))) : y;
}

template <class Real>
Ball<Real> FamilyMatrix<Real>::transposed_times(const Ball<Real>& x) const {
  const Ball<Real> y = A_.transposed_times(x);
  return B_ ? sum(y, times_t(B_->transposed_times(x))) : y;
}

template <class Real>
Upward FamilyMatrix<Real>::add_outer(const Ball<Real>& u, const Ball<Real>& v) {
  Upward missed = A_.add_outer(u.middle, v.middle) + u.radius * length(v) + length(u) * v.radius;
  if (u.moves()) missed += B_->add_outer(u.slope, v.middle);
  if (v.moves()) missed += B_->add_outer(u.middle, v.slope);
  return missed + length(u.slope) * length(v.slope);
}

template <class Real>
Upward FamilyMatrix<Real>::norm() const {
  return norm_.value() > 0 ? norm_ : A_.norm() + slope_norm();
}

template class FamilyMatrix<dd>;
template class FamilyMatrix<mp50>;
template class FamilyMatrix<mp100>;

}  // namespace benign::sim
