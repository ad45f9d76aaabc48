#include "sim/linear/enclosed_linear.hpp"

namespace benign::sim {
namespace {

constexpr Index piece = 16;  // rows or columns of one task

void column_product(Index rows, const Enclosure* column, const Enclosure* x, Enclosure& y, Enclosure& product) {
  y = Enclosure(0);
  for (Index i = 0; i < rows; ++i) add_product(y, column[i], x[i], product);
}

}  // namespace

template <>
void times(Index rows, Index cols, const Enclosure* A, const Enclosure* x, Enclosure* y) {
  in_parallel(rows, piece, [=](Index begin, Index end) {
    Enclosure product;
    for (Index i = begin; i < end; ++i) y[i] = Enclosure(0);
    for (Index j = 0; j < cols; ++j)
      for (Index i = begin; i < end; ++i) add_product(y[i], A[j * rows + i], x[j], product);
  });
}

template <>
void transposed_times(Index rows, Index cols, const Enclosure* A, const Enclosure* x, Enclosure* y) {
  in_parallel(cols, piece, [=](Index begin, Index end) {
    Enclosure product;
    for (Index j = begin; j < end; ++j) column_product(rows, A + j * rows, x, y[j], product);
  });
}

template <>
void transposed_times_then_add_outer(Index rows, Index cols, Enclosure* A, const Enclosure* x, Enclosure* y,
                                     const Enclosure* u, const Enclosure* v) {
  in_parallel(cols, piece, [=](Index begin, Index end) {
    Enclosure product;
    for (Index j = begin; j < end; ++j) {
      Enclosure* column = A + j * rows;
      column_product(rows, column, x, y[j], product);
      for (Index i = 0; i < rows; ++i) add_product(column[i], u[i], v[j], product);
    }
  });
}

template <>
void add_two_outers(Index rows, Index cols, Enclosure* A, const Enclosure* u, const Enclosure* v, const Enclosure* w,
                    const Enclosure* z) {
  in_parallel(cols, piece, [=](Index begin, Index end) {
    Enclosure product;
    for (Index j = begin; j < end; ++j)
      for (Index i = 0; i < rows; ++i) {
        Enclosure& entry = A[j * rows + i];
        add_product(entry, u[i], v[j], product);
        add_product(entry, w[i], z[j], product);
      }
  });
}

}  // namespace benign::sim
