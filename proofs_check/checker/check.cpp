#include "proofs_check/checker/check.hpp"

#include "proofs_check/checker/certificate.hpp"
#include "proofs_check/checker/compare.hpp"
#include "proofs_check/checker/cost.hpp"
#include "proofs_check/checker/descent/descent.hpp"
#include "proofs_check/checker/flow.hpp"
#include "proofs_check/checker/follow.hpp"
#include "proofs_check/checker/limit.hpp"
#include "proofs_check/checker/pieces.hpp"
#include "proofs_check/checker/words.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/config_json.hpp"
#include "sim/runs/data_hash.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <mutex>
#include <new>

namespace benign::checker {
namespace {

constexpr long most_bits = 6000;

long digits_of(long bits) { return static_cast<long>(static_cast<double>(bits) / std::log2(10.0)); }

class Checking {
 public:
  Checking(const Place& place, Certificate certificate) : place_(place), certificate_(std::move(certificate)) {
    report_.made_by = certificate_.made_by;
    report_.statement = statement(certificate_);
    report_.config = sim::config_json(certificate_.config).dump();
    for (const Stated& stated : certificate_.claims) {
      Finding finding;
      finding.claim = stated.claim.text, finding.words = in_words(stated.claim, certificate_.run);
      if (const auto& where = stated.where)
        finding.words += (where->is_range() ? " for every " + name_of_range(certificate_) + " in "
                                            : " for " + name_of_range(certificate_) + " = ") +
                         where->text();
      finding.verdict = stated.verdict == Verdict::proved ? "proved" : "violated";
      finding.has_interval = stated.has_interval();
      finding.stated_lower = stated.lower_text, finding.stated_upper = stated.upper_text;
      finding.lower = "-inf", finding.upper = "inf";
      report_.findings.push_back(finding);
      open_.push_back(true);
      if (stated.has_interval() && !follows(stated, certificate_.run.n))
        settle(open_.size() - 1, Found::wrong, "the verdict does not follow from the interval");
    }
  }

  Report run() {
    if (certificate_.run.kind == Run::limit)
      raise(192, [&](std::string* stopped) { return limit(stopped); });
    else if (same_files())
      instance();
    return finish();
  }

 private:
  void settle(std::size_t c, Found found, const std::string& remark) {
    report_.findings[c].found = found, report_.findings[c].remark = remark;
    open_[c] = false;
  }
  bool any_open() const { return std::find(open_.begin(), open_.end(), true) != open_.end(); }

  void show(Finding& finding, const Stated& stated, const Interval& value) {
    constexpr int digits = 25;
    const bool count = stated.claim.counts();
    finding.lower = count ? std::to_string(std::lround(mpfr_get_d(value.low(), MPFR_RNDN))) : value.lower_text(digits);
    finding.upper = count ? std::to_string(std::lround(mpfr_get_d(value.high(), MPFR_RNDN))) : value.upper_text(digits);
  }
  /// What is known of a claim's quantity. Bounds that more digits do not sharpen, once q's are sharp, are of a claim without an
  /// interval, which itself has to follow from them.
  void see(std::size_t c, const Interval& value, bool sharp) {
    const Stated& stated = certificate_.claims[c];
    show(report_.findings[c], stated, value);
    if (stated.has_interval()) {
      const Found found = compare(value, stated);
      if (found == Found::wrong) settle(c, found, "the enclosures have nothing in common");
      if (found == Found::verified) settle(c, found, "");
      return;
    }
    const Found claim = decide(stated, value);
    if (claim == Found::wrong) return settle(c, Found::wrong, "the claim's opposite follows from the checker's bounds");
    if (claim == Found::verified) return settle(c, Found::verified, "");
    report_.findings[c].remark = "the checker's bounds of the test inputs' law do not decide it";
    if (sharp) bounds_only_.push_back(c);
  }

  /// Calls attempt() with more and more bits until all claims are decided or it says why to stop.
  void raise(long bits, const std::function<bool(std::string*)>& attempt) {
    std::string stopped = "more than " + std::to_string(most_bits) + " bits would be needed";
    for (; bits <= most_bits && any_open(); bits = bits * 8 / 5) {
      const WorkingBits guard(bits);
      report_.digits = digits_of(bits);
      bounds_only_.clear();
      if (!attempt(&stopped)) break;
      if (bounds_only_.size() == static_cast<std::size_t>(std::count(open_.begin(), open_.end(), true))) break;
    }
    for (std::size_t c = 0; c < open_.size(); ++c)
      if (open_[c] && report_.findings[c].remark.empty()) report_.findings[c].remark = stopped;
  }

  bool wanted(Quantity quantity) const {
    for (std::size_t c = 0; c < open_.size(); ++c)
      if (open_[c] && certificate_.claims[c].claim.quantity == quantity) return true;
    return false;
  }

  bool limit(std::string* stopped) {
    const auto& config = certificate_.config;
    if (spent_ + limit_products(config) > most_products) {
      *stopped = "the check would take more than " + in_short(most_products) + " products of intervals";
      return false;
    }
    const LimitEvents events = limit_events(config.parameters, *config.log_s_max, wanted(Quantity::log_s_fit),
                                            wanted(Quantity::log_s_gap), most_products - spent_);
    spent_ += events.spent;
    for (std::size_t c = 0; c < open_.size(); ++c)
      if (open_[c])
        see(c, certificate_.claims[c].claim.quantity == Quantity::log_s_fit ? events.fit : events.gap, true);
    if (!events.stopped.empty()) *stopped = events.stopped;
    return !events.hopeless;
  }

  bool same_files() {
    const auto paths = sim::token_files(certificate_.config);
    for (const auto& [name, hash] : certificate_.files)
      for (const auto& [option, path] : paths) {
        if (option != name) continue;
        std::string found;
        try {
          found = sim::sha256_of_file(path);
        } catch (const std::exception& error) {
          throw proofs::UsageError(place_.where() + ": " + error.what());
        }
        if (found != hash) report_.objections.push_back("the file of '" + name + "' has another hash: " + found);
      }
    return report_.objections.empty();
  }

  void instance() {
    const auto& config = certificate_.config;
    sim::Instance instance = sim::draw_instance(config.parameters, config.data, config.seed, config.brought);
    refuse_empty_groups(place_, certificate_, instance.train);
    if (!certificate_.data_hash.empty())  // a member of a range that has been looked at has none of its own
      if (const std::string hash = sim::data_hash(instance, config); hash != certificate_.data_hash) {
        report_.objections.push_back("the data have another hash: " + hash);
        return;
      }
    if (!any_open()) return;
    if (certificate_.range) return range(std::move(instance));
    const InnerProducts products =
        inner_products(instance, needs_inner_products_of_q(certificate_.run, certificate_.claims));
    if (certificate_.run.kind == Run::flow)
      raise(first_bits, [&](std::string* stopped) { return fits(stopped) && flow(instance, products, stopped); });
    else
      raise(bits_for(certificate_.claims),
            [&](std::string* stopped) { return fits(stopped) && descent(instance, products, stopped); });
  }

  /// In memory, at the working precision.
  bool fits(std::string* stopped) const {
    const auto& p = certificate_.config.parameters;
    const std::string sentence =
        too_much_memory(certificate_.run, p.d, p.init == theory::Init::identity,
                        needs_inner_products_of_q(certificate_.run, certificate_.claims), working_bits(), true);
    if (!sentence.empty()) *stopped = sentence;
    return sentence.empty();
  }

  bool descent(const sim::Instance& instance, const InnerProducts& products, std::string* stopped) {
    if ((spent_ += descent_products(certificate_.run, instance.parameters.d, certificate_.claims) *
                   static_cast<double>(working_bits()) / 128) > most_products) {
      *stopped = "the check takes more than " + in_short(most_products) + " products of intervals";
      return false;
    }
    try {
      Descent run(instance, products, certificate_.config.train);
      watch().follow(run);
    } catch (const TooLarge&) {  // more digits have more room before the point, too
    }
    return true;
  }

  Watch watch() {
    return {certificate_.claims, open_, certificate_.config.parameters,
            [this](std::size_t c, const Interval& value, bool sharp) { see(c, value, sharp); }};
  }

  /// Claims that a member refutes, as claims about that run.
  void member(const theory::Decimal& at) {
    Certificate one = certificate_;
    one.config.parameters.*certificate_.range = at;
    one.range = nullptr, one.run.pieces = 0, one.data_hash.clear(), one.claims.clear();
    std::vector<std::size_t> of;
    for (std::size_t c = 0; c < open_.size(); ++c)
      if (const Stated& stated = certificate_.claims[c]; open_[c] && stated.where == at)
        of.push_back(c), one.claims.push_back(stated), one.claims.back().where.reset();
    Checking checking(place_, std::move(one));
    checking.spent_ = spent_;
    const Report report = checking.run();
    spent_ = checking.spent_, report_.digits = std::max(report_.digits, report.digits);
    for (std::size_t k = 0; k < of.size(); ++k) {
      Finding& finding = report_.findings[of[k]];
      finding.lower = report.findings[k].lower, finding.upper = report.findings[k].upper;
      settle(of[k], report.findings[k].found, report.findings[k].remark);
    }
  }

  /// Members that refute a claim are runs of their own; all else is looked at on pieces.
  void range(sim::Instance instance) {
    for (std::size_t c = 0; c < open_.size(); ++c)
      if (const auto& where = certificate_.claims[c].where; open_[c] && where && !where->is_range()) member(*where);
    if (!any_open()) return;
    const WorkingBits guard(first_bits);
    report_.digits = std::max(report_.digits, digits_of(first_bits));
    const std::vector<OnPieces> found = on_pieces(certificate_, std::move(instance), open_, most_products - spent_);
    for (std::size_t c = 0; c < open_.size(); ++c) {
      if (!open_[c]) continue;
      if (found[c].value) show(report_.findings[c], certificate_.claims[c], *found[c].value);
      settle(c, found[c].found, found[c].remark);
    }
  }

  /// Of what does not happen within the horizon, or is so from the start, no digits tell a time.
  void see_event(std::size_t c, const FirstTime& first, bool to_the_horizon) {
    see(c, log_s_of_share(certificate_.config, first.time()), true);
    const bool never = to_the_horizon && first.excluded() && certificate_.claims[c].upper;
    if (!open_[c] || !(never || first.from_the_start())) return;
    report_.findings[c].remark = never ? "it does not happen within the horizon" : "it is so from the start";
    bounds_only_.push_back(c);
  }

  bool flow(const sim::Instance& instance, const InnerProducts& products, std::string* stopped) {
    FlowQuestion asked{wanted(Quantity::log_s_fit), wanted(Quantity::log_s_gap), false};
    for (std::size_t c = 0; c < open_.size(); ++c)
      asked.end = asked.end || (open_[c] && !certificate_.claims[c].claim.of_event());
    const FlowEnd end = follow_flow(certificate_.config, instance, products, most_products - spent_, asked);
    spent_ += end.spent;
    for (std::size_t c = 0; c < open_.size(); ++c)
      if (const Claim& claim = certificate_.claims[c].claim; open_[c] && claim.of_event())
        see_event(c, claim.quantity == Quantity::log_s_fit ? end.fit : end.gap, end.stopped.empty());
    if (end.moment) watch().look(-1, *end.moment, Scene(instance, products));
    if (!end.stopped.empty()) *stopped = end.stopped;
    return !end.hopeless;
  }

  Report finish() {
    const bool others = !report_.objections.empty();  // data of which the claims say nothing
    bool wrong = others, undecided = false;
    for (Finding& finding : report_.findings) {
      if (others && finding.found == Found::undecided) finding.remark = not_looked_at;
      wrong = wrong || finding.found == Found::wrong;
      undecided = undecided || finding.found == Found::undecided;
    }
    report_.status = wrong ? proofs::unexpected : undecided ? proofs::not_decided : proofs::as_expected;
    return std::move(report_);
  }

  const Place& place_;
  Certificate certificate_;
  Report report_;
  std::vector<bool> open_;
  std::vector<std::size_t> bounds_only_;
  double spent_ = 0;
};

}  // namespace

Report check(const std::string& where, const std::string& text) {
  static std::mutex one_at_a_time;  // the working precision is one for all threads of a check
  const std::scoped_lock lock(one_at_a_time);
  const auto start = std::chrono::steady_clock::now();
  Report report;
  try {
    const Place place(where, text);
    report = Checking(place, read_certificate(place, text)).run();
  } catch (const Beyond& beyond) {
    report.objections.push_back(std::string("not decided: ") + beyond.what());
    report.status = proofs::not_decided;
  } catch (const std::bad_alloc&) {
    report.objections.push_back("not decided: memory ended");
    report.status = proofs::not_decided;
  }
  report.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

Report check_file(const std::string& where, const std::string& path) {
  return check(where, certificate_text(where, path));
}

}  // namespace benign::checker
