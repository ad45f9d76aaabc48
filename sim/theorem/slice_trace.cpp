#include "sim/theorem/slice_trace.hpp"

#include "sim/theorem/near_loss.hpp"

#include <algorithm>

namespace benign::sim {
namespace {

/// Short where attention turns, and where n SNR² moves it fast.
double longest_step(double u, double nsnr2) {
  constexpr double fine = 0x1p-6, coarse = 0x1p-4, coarse_from = 8, least = 0x1p-14;
  double h = u < coarse_from ? fine : coarse;
  while (h * nsnr2 > 0.25 && h > least) h /= 2;
  return h;
}

TracePoint point_of(const Deviation::Step& step, const theory::Layout<Enclosure>& layout, const DrawBounds& bounds) {
  TracePoint point;
  point.from = step.from, point.to = step.to;
  point.clean_least = lower(step.answer[0]);
  point.flipped_least = lower(step.answer[1]), point.flipped_most = upper(step.answer[1]);
  const Enclosure loss = near_loss(layout, step.X, step.off_X, step.q, bounds.inverse_mu);
  point.loss_least = lower(loss), point.loss_most = upper(loss);
  point.off = step.off, point.off_X = step.off_X, point.curvature = step.curvature;
  std::copy(std::begin(step.shares), std::end(step.shares), std::begin(point.shares));
  return point;
}

}  // namespace

DrawSlice slice_of(const TheoremQuestion& question, std::size_t index) {
  const Enclosure low = question.low.as<Enclosure>(), high = question.high.as<Enclosure>(),
                  width = (high - low) / question.slices;
  DrawSlice slice;
  const Enclosure first = low + static_cast<long>(index) * width;
  slice.x = middle(first + width / 2);
  // Whatever the middle misses, the slice reaches from its lower end to its upper end.
  slice.half = Enclosure(std::max(upper(slice.x - first), upper(first + width - slice.x)));
  slice.d = Enclosure(lower(question.d_min.as<Enclosure>()));
  const Enclosure from_d = sqrt((slice.x - slice.half) * slice.d / question.parameters.n);
  slice.mu = Enclosure(std::max(lower(from_d), lower(question.mu_min.as<Enclosure>())));
  slice.delta = question.delta.as<Enclosure>();
  return slice;
}

SliceTrace follow_slice(const TheoremQuestion& question, std::size_t index, TraceEnd end, double horizon) {
  const auto layout = theory::layout<Enclosure>(question.parameters);
  const DrawSlice slice = slice_of(question, index);
  Deviation deviation(question.parameters, slice);
  SliceTrace trace;
  const double late = lower(question.late.as<Enclosure>());
  double right_since = 0, loss_above = 0, u = 0;
  constexpr double and_a_little = 0.125;  // so that no margin is a matter of the last digits
  while (u < horizon) {
    const auto step = deviation.advance(longest_step(u, upper(slice.x)));
    if (!step) {
      const bool enough = end == TraceEnd::flipped_label_may_be_right || (end == TraceEnd::fitted && right_since < u);
      if (!enough) trace.lost = deviation.lost();
      break;
    }
    const TracePoint point = point_of(*step, layout, deviation.bounds());
    trace.points.push_back(point), u = point.to;
    if (!point.right()) right_since = u;
    if (end == TraceEnd::fitted && u >= right_since + 0.25) break;
    if (!(point.loss_most <= late)) loss_above = u;
    if (end == TraceEnd::generalised && u >= loss_above + and_a_little) break;
    if (end == TraceEnd::flipped_label_may_be_right && !point.flipped_wrong()) break;
  }
  return trace;
}

}  // namespace benign::sim
