#include "proofs_check/checker/theorem/theorem.hpp"

#include "proofs_check/checker/certificate.hpp"
#include "proofs_check/checker/theorem/near_limit.hpp"
#include "proofs_check/checker/theorem/statement.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace benign::checker {
namespace {

constexpr long theorem_bits = 80;
/// Beyond so many entries of matrices the checker does not begin; a minute of one core is some 10⁸.
constexpr double most_entries = 2e9;

/// One inequality of the statement, and what the checker's bounds make of it over all slices.
class Held {
 public:
  Held(std::string claim, std::string words) {
    finding_.claim = std::move(claim), finding_.words = std::move(words);
    finding_.verdict = "proved", finding_.has_interval = false;
    finding_.stated_lower = "-inf", finding_.stated_upper = "inf";
  }
  /// A number that has to be positive.
  void see(const Interval& x) {
    hull_ = any_ ? Interval::between(least(hull_, x), largest(hull_, x)) : x, any_ = true;
    holds_ = holds_ && x.positive(), false_ = false_ || x.negative();
  }
  bool wrong() const { return false_; }
  Finding finding() const {
    Finding done = finding_;
    done.lower = any_ ? hull_.lower_text(6) : "-inf", done.upper = any_ ? hull_.upper_text(6) : "inf";
    done.found = false_ ? Found::wrong : any_ && holds_ ? Found::verified : Found::undecided;
    done.remark = false_ ? "the bounds contradict it" : any_ && holds_ ? "" : "the checker's bounds do not decide it";
    return done;
  }

 private:
  Finding finding_;
  Interval hull_;
  bool any_ = false, holds_ = true, false_ = false;
};

class TheoremCheck {
 public:
  explicit TheoremCheck(const TheoremStatement& s) : s_(s) {
    const bool until = s.kind == TheoremKind::not_overfitting;
    const std::string span = until ? "from u4 to u5" : s.later() ? "from u1 to u2" : "at u1";
    clean_ = Held("clean labels are right " + span, "the least Yf of clean samples");
    flipped_ = Held(until ? "no flipped label is right " + span : "flipped labels are right " + span,
                    until ? "-Yf of flipped samples" : "Yf of flipped samples");
    loss_right_ = Held("the test loss until u1 is at least " + s.loss_right.text(), "the loss above that");
    loss_late_ = Held("the test loss " + std::string(until ? span : "at u2") + " is at most " + s.loss_late.text(),
                      "the loss below that");
    loss_early_ = Held("the test loss until u3 is at least " + s.loss_early.text(), "the loss above that");
  }

  Report run() {
    Report report;
    report.statement = in_words(s_), report.made_by = s_.made_by, report.digits = 24;
    const double T = static_cast<double>(s_.parameters.T),
                 last = std::max({s_.right, s_.late, s_.early, s_.wrong_until});
    if (static_cast<double>(s_.slices) * (1500 + 16 * last) * T * T * T * T > most_entries) {
      report.objections.push_back("not decided: so many slices, times and tokens are more work than the checker does");
      report.status = proofs::not_decided;
      return report;
    }
    std::string stopped;
    for (long k = 0; k < s_.slices && stopped.empty() && !contradicted(); ++k) stopped = slice(k);
    const bool until = s_.kind == TheoremKind::not_overfitting;
    std::vector<const Held*> all;
    for (const Held* one : {&clean_, &flipped_, &loss_right_, &loss_late_, &loss_early_}) {
      const bool asked = one == &loss_right_   ? !until
                         : one == &loss_late_  ? until || s_.later()
                         : one == &loss_early_ ? s_.later()
                                               : true;
      if (asked) all.push_back(one);
    }
    for (const Held* one : all) {
      Finding finding = one->finding();
      if (!stopped.empty() && finding.found == Found::verified)
        finding.found = Found::undecided, finding.remark = stopped;
      report.findings.push_back(finding);
    }
    const auto any = [&](Found found) {
      return std::any_of(report.findings.begin(), report.findings.end(),
                         [&](const Finding& f) { return f.found == found; });
    };
    report.status = any(Found::wrong)       ? proofs::unexpected
                    : any(Found::undecided) ? proofs::not_decided
                                            : proofs::as_expected;
    return report;
  }

 private:
  std::string slice(long k) {
    const Interval low = Interval::decimal(s_.low.text()), high = Interval::decimal(s_.high.text()),
                   part = (high - low) / Interval(s_.slices), first = low + Interval(k) * part;
    Slice slice;
    slice.middle = Interval::exactly((first + part / Interval(2)).middle());
    const Interval ends = largest(slice.middle - first, first + part - slice.middle);
    slice.half = Interval::between(Interval(0), ends);
    slice.half = Interval::exactly(ends.above());
    slice.d = Interval::exactly(Interval::decimal(s_.d_min.text()).below());
    const Interval mu = largest(sqrt((slice.middle - slice.half) * slice.d / Interval(s_.parameters.n)),
                                Interval::decimal(s_.mu_min.text()));
    slice.mu = Interval::exactly(mu.below()), slice.delta = Interval::decimal(s_.delta.text());
    std::set<double> stops{s_.right, s_.late, s_.early, s_.wrong_until};
    const double last = *stops.rbegin();
    stops.insert(last + 0x1p-7);  // the moment itself is the start of one more step
    stops.erase(0);
    bool beyond = false;
    const std::string stopped =
        follow_limit(s_.parameters, slice, {stops.begin(), stops.end()}, [&](const NearStep& step) {
          see(step);
          return !(beyond = step.from >= last || contradicted());
        });
    return beyond ? "" : stopped.empty() ? "the flow was not followed to its end" : stopped;
  }

  bool contradicted() const {
    return clean_.wrong() || flipped_.wrong() || loss_right_.wrong() || loss_late_.wrong() || loss_early_.wrong();
  }

  void see(const NearStep& step) {
    const Interval over_right = step.loss - Interval::decimal(s_.loss_right.text()),
                   over_early = step.loss - Interval::decimal(s_.loss_early.text()),
                   under_late = Interval::decimal(s_.loss_late.text()) - step.loss;
    if (s_.kind == TheoremKind::not_overfitting) {
      if (step.to > s_.late && step.from < s_.wrong_until)
        clean_.see(step.clean), flipped_.see(-step.flipped), loss_late_.see(under_late);
      return;
    }
    if (step.from <= s_.right) loss_right_.see(over_right);
    if (step.from == s_.right || (s_.later() && step.from >= s_.right && step.from < s_.late))
      clean_.see(step.clean), flipped_.see(step.flipped);
    if (!s_.later()) return;
    if (step.from == s_.late) loss_late_.see(under_late);
    if (step.to <= s_.early) loss_early_.see(over_early);
  }

  const TheoremStatement& s_;
  Held clean_{"", ""}, flipped_{"", ""}, loss_right_{"", ""}, loss_late_{"", ""}, loss_early_{"", ""};
};

}  // namespace

std::optional<Report> check_theorem(const std::string& where, const std::string& text) {
  const auto start = std::chrono::steady_clock::now();
  const auto stated = read_theorem(Place(where, text), text);
  if (!stated) return std::nullopt;
  const WorkingBits bits(theorem_bits);
  Report report = TheoremCheck(*stated).run();
  report.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

Report check_any_file(const std::string& where, const std::string& path) {
  const std::string text = certificate_text(where, path);
  const auto theorem = check_theorem(where, text);
  return theorem ? *theorem : check(where, text);
}

}  // namespace benign::checker
