#include "sim/theorem/theorem.hpp"

#include "sim/theorem/near_loss.hpp"
#include "sim/theorem/slice_trace.hpp"
#include "theory/numbers/elementary.hpp"

#include "sim/linear/enclosed_linear.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace benign::sim {
namespace {

/// Added to a time from which on something holds, and taken from one until which it does: what is stated does not hang
/// on the last digits of the bounds.
constexpr double aside = 0x1p-6;

std::string at_time(double u) {
  const Enclosure log_s = log_s_at(u);
  char text[96];
  std::snprintf(text, sizeof text, "log(1 + s) = %.17g, log s = %.6f", u, representative(log_s));
  return text;
}

/// All slices, from the one of the smallest n SNR² on, which is the slowest to generalise.
std::vector<SliceTrace> all_traces(const TheoremQuestion& question) {
  const auto count = static_cast<std::size_t>(question.slices);
  std::vector<SliceTrace> traces(count);
  const bool late = question.kind == TheoremKind::generalises_later || question.kind == TheoremKind::benign;
  double horizon = question.horizon;
  if (late) {
    traces[0] = follow_slice(question, 0, TraceEnd::generalised, horizon);
    if (!traces[0].lost.empty()) return {traces[0]};
    horizon = traces[0].points.back().to;
  }
  const TraceEnd end = late                                            ? TraceEnd::horizon
                       : question.kind == TheoremKind::not_overfitting ? TraceEnd::flipped_label_may_be_right
                                                                       : TraceEnd::fitted;
  const std::size_t first = late ? 1 : 0;
  in_parallel(static_cast<Index>(count - first), 1, [&](Index begin, Index stop) {
    for (Index i = begin; i < stop; ++i) {
      const std::size_t slice = first + static_cast<std::size_t>(i);
      traces[slice] = follow_slice(question, slice, end, horizon);
    }
  });
  return traces;
}

struct Assembly {
  const TheoremQuestion& question;
  std::vector<SliceTrace> traces;
  TheoremAnswer answer;

  double bound(const theory::Decimal& x, bool up) const {
    const Enclosure value = x.as<Enclosure>();
    return up ? upper(value) : lower(value);
  }
  void require(const std::string& what, double value, double needed, bool below) {
    answer.margins.push_back({what, value, needed, below});
  }
  bool holds() const {
    return std::all_of(answer.margins.begin(), answer.margins.end(),
                       [](const TheoremMargin& m) { return m.below ? m.value < m.needed : m.value > m.needed; });
  }
  void largest_deviation();
  void overfitting(bool to_the_end);
  void generalisation();
  void no_overfitting();
};

void Assembly::largest_deviation() {
  double most = 0;
  for (const SliceTrace& trace : traces)
    for (const TracePoint& point : trace.points) {
      answer.off_X = std::max(answer.off_X, point.off_X);
      answer.off = std::max(answer.off, point.off);
      if (point.off < most) continue;
      most = point.off;
      std::copy(std::begin(point.shares), std::end(point.shares), std::begin(answer.shares));
    }
}

/// u₁: from there on every label is right in every slice, to the end of each.
void Assembly::overfitting(bool to_the_end) {
  double& u1 = answer.fitted;
  for (const SliceTrace& trace : traces) {
    double from = trace.points.back().to;
    for (auto point = trace.points.rbegin(); point != trace.points.rend() && point->right(); ++point)
      from = point->from;
    u1 = std::max(u1, from + aside);
  }
  double clean = 1, flipped = 1, loss = 1, reached = question.horizon;
  for (const SliceTrace& trace : traces) {
    for (const TracePoint& point : trace.points) {
      if (point.from <= u1) loss = std::min(loss, point.loss_least);
      if (point.to <= u1 || (!to_the_end && point.from > u1)) continue;
      clean = std::min(clean, point.clean_least), flipped = std::min(flipped, point.flipped_least);
    }
    reached = std::min(reached, trace.points.back().to);
  }
  answer.loss_fitted = loss;
  const std::string when = to_the_end ? " from u1 on" : " at u1";
  require("every slice is followed beyond u1", reached, u1, false);
  require("Yf of clean samples" + when, clean, 0, false);
  require("Yf of flipped samples" + when, flipped, 0, false);
  require("the test loss until u1", loss, bound(question.early, true), false);
}

void Assembly::generalisation() {
  answer.late = traces.front().points.back().to;
  answer.early = answer.late, answer.loss_late = 0;
  for (const SliceTrace& trace : traces) {
    double until = 0;
    for (const TracePoint& point : trace.points) {
      if (!(point.loss_least >= bound(question.early, true))) break;
      until = point.to;
    }
    answer.early = std::min(answer.early, std::max(until - aside, 0.0));
    answer.loss_late = std::max(answer.loss_late, trace.points.back().loss_most);
  }
  require("the test loss at u2", answer.loss_late, bound(question.late, false), true);
  require("u3, until which the test loss is not below " + question.early.text(), answer.early, answer.fitted, false);
}

/// u₅ is where the first slice is no longer certain, u₄ where the last one has generalised.
void Assembly::no_overfitting() {
  double u5 = question.horizon, u4 = 0, loss = 0, clean = 1, wrong = -1;
  for (const SliceTrace& trace : traces) {
    double until = 0, from = question.horizon;
    for (const TracePoint& point : trace.points) {
      if (!point.flipped_wrong()) break;
      until = point.to;
    }
    for (const TracePoint& point : trace.points)
      if (point.loss_most <= bound(question.late, false)) {
        from = point.from;
        break;
      }
    u5 = std::min(u5, until - aside), u4 = std::max(u4, from + aside);
  }
  for (const SliceTrace& trace : traces)
    for (const TracePoint& point : trace.points)
      if (point.to > u4 && point.from < u5)
        loss = std::max(loss, point.loss_most), clean = std::min(clean, point.clean_least),
        wrong = std::max(wrong, point.flipped_most);
  answer.fitted = u5, answer.late = u4, answer.loss_late = loss;
  require("u5, until which no flipped label is right", u5, u4, false);
  require("Yf of clean samples from u4 to u5", clean, 0, false);
  require("Yf of flipped samples from u4 to u5", wrong, 0, true);
  require("the test loss from u4 to u5", loss, bound(question.late, false), true);
}

std::string stated(const TheoremQuestion& q, const TheoremAnswer& a) {
  if (q.kind == TheoremKind::not_overfitting)
    return "from " + at_time(a.late) + " to " + at_time(a.fitted) +
           " no flipped training label is predicted right, every clean one is, and the test loss is at most " +
           q.late.text();
  std::string text = "at " + at_time(a.fitted) +
                     " every training label, flipped ones too, is predicted right, and until then the test loss is at "
                     "least " +
                     stated_loss(a);
  if (q.kind == TheoremKind::overfits_first) return text;
  return text + "; the labels stay right until " + at_time(a.late) + " at least, where the test loss is at most " +
         q.late.text() + "; and until " + at_time(a.early) + " it is at least " + q.early.text();
}

std::string largest_share(const TheoremAnswer& answer) {
  const auto most = std::max_element(std::begin(answer.shares), std::end(answer.shares));
  return Deviation::cause_names[most - std::begin(answer.shares)];
}

}  // namespace

std::string stated_loss(const TheoremAnswer& answer) {
  char text[16];
  std::snprintf(text, sizeof text, "0.%03d", static_cast<int>(std::floor((answer.loss_fitted - 5e-5) * 1000)));
  return text;
}

Enclosure log_s_at(double u) { return log(expm1(Enclosure(u))); }

TheoremAnswer prove_theorem(const TheoremQuestion& question) {
  if (theory::noise_count(question.parameters, +1) != theory::noise_count(question.parameters, -1) ||
      theory::noise_count(question.parameters) == 0)
    throw std::domain_error("a theorem needs flipped labels, as many in either class");
  const WorkingPrecision bits(64);
  Assembly all{question, all_traces(question), {}};
  TheoremAnswer& answer = all.answer;
  for (const SliceTrace& trace : all.traces)
    if (!trace.lost.empty() || trace.points.empty()) answer.why = trace.lost;
  all.largest_deviation();
  if (!answer.why.empty()) {
    answer.why += "; the largest share of it is that of " + largest_share(answer);
    return answer;
  }
  if (question.kind == TheoremKind::not_overfitting)
    all.no_overfitting();
  else
    all.overfitting(question.kind != TheoremKind::overfits_first);
  if (question.kind == TheoremKind::generalises_later || question.kind == TheoremKind::benign) all.generalisation();
  if (all.holds()) {
    answer.verdict = theory::Verdict::proved;
    answer.statement = stated(question, answer);
  }
  answer.why = "the largest share of the deviation is that of " + largest_share(answer);
  return answer;
}

}  // namespace benign::sim
