#include "proofs_check/checker/pieces.hpp"

#include "proofs_check/checker/compare.hpp"
#include "proofs_check/checker/cost.hpp"
#include "proofs_check/checker/descent/family.hpp"
#include "proofs_check/checker/follow.hpp"
#include "proofs_check/checker/words.hpp"

#include <algorithm>
#include <deque>

namespace benign::checker {
namespace {

constexpr int most_halvings = 6;

/// Neighbouring pieces together, or a part of one, with the claims that are open there.
struct Part {
  theory::Decimal of;
  std::vector<std::size_t> claims;
  std::size_t first = 0, last = 0;  ///< of the pieces; last is one too many
  int halvings = 0;
};

class Pieces {
 public:
  Pieces(const Certificate& certificate, sim::Instance instance, const std::vector<bool>& open, double budget)
      : certificate_(certificate),
        budget_(budget),
        common_(std::move(instance), needs_q_norm(certificate.claims)),
        found_(open.size()) {
    std::vector<std::size_t> everywhere;
    for (std::size_t c = 0; c < open.size(); ++c) {
      const auto& where = certificate.claims[c].where;
      if (open[c] && !where) everywhere.push_back(c);
      if (open[c] && where && where->is_range()) parts_.push_back({*where, {c}});
      if (open[c] && (!where || where->is_range())) found_[c].found = Found::verified;
    }
    if (!everywhere.empty())
      parts_.push_back({certificate.config.parameters.*certificate.range, everywhere, 0, certificate.pieces.size()});
  }

  std::vector<OnPieces> run() {
    while (!parts_.empty()) {
      Part part = std::move(parts_.front());
      parts_.pop_front();
      std::erase_if(part.claims, [&](std::size_t c) { return found_[c].found != Found::verified; });
      if (!part.claims.empty()) look_at(part);
    }
    return std::move(found_);
  }

 private:
  void settle(std::size_t c, Found found, const std::string& remark) {
    found_[c].found = found, found_[c].remark = remark;
  }

  void look_at(const Part& part) {
    std::vector<Stated> claims;
    for (const std::size_t c : part.claims) claims.push_back(certificate_.claims[c]);
    Run one = certificate_.run;
    one.pieces = 1, one.members = 0;
    budget_ -= descent_products(one, certificate_.config.parameters.d, claims);
    if (budget_ < 0) {
      for (const std::size_t c : part.claims)
        settle(c, Found::undecided, "the check takes more than " + in_short(most_products) + " products of intervals");
      return;
    }
    const std::vector<std::optional<Interval>> values = follow(part);
    Part rest = part;
    rest.claims.clear();
    for (std::size_t k = 0; k < claims.size(); ++k) {
      const std::size_t c = part.claims[k];
      const Interval value = values[k] ? *values[k] : Interval::everything();
      const Found found = claims[k].has_interval() ? compare(value, claims[k]) : decide(claims[k], value);
      if (found == Found::undecided && (several(part) || part.halvings < most_halvings)) {
        rest.claims.push_back(c);
        continue;
      }
      auto& all = found_[c].value;
      if (values[k]) all = all ? Interval::between(least(*all, value), largest(*all, value)) : value;
      if (found != Found::verified)
        settle(c, found, (found == Found::wrong ? "it is another where " : "it stays open where ") + in_words(part.of));
    }
    if (!rest.claims.empty()) cut(rest);
  }

  std::string in_words(const theory::Decimal& part) const {
    return name_of_range(certificate_) + " is in " + part.text();
  }

  /// What is known of the part's claims; nothing where its members are lost.
  std::vector<std::optional<Interval>> follow(const Part& part) const {
    theory::Parameters parameters = certificate_.config.parameters;
    parameters.*certificate_.range = part.of;
    std::vector<bool> asked(certificate_.claims.size(), false);
    for (const std::size_t c : part.claims) asked[c] = true;
    std::vector<std::optional<Interval>> values(certificate_.claims.size());
    try {
      const Members members(common_, parameters);
      FamilyDescent family(common_, members, certificate_.config.train);
      Watch(certificate_.claims, asked, parameters, [&](std::size_t c, const Interval& value, bool) {
        values[c] = value;
      }).follow(family);
    } catch (const TooLarge&) {
    }
    std::vector<std::optional<Interval>> of_part;
    for (const std::size_t c : part.claims) of_part.push_back(values[c]);
    return of_part;
  }

  static bool several(const Part& part) { return part.last > part.first + 1; }

  void cut(const Part& part) {
    const std::size_t middle = (part.first + part.last) / 2;
    Part lower = part, upper = part;
    if (several(part)) {
      lower.last = upper.first = middle;
    } else {
      lower.halvings = upper.halvings = part.halvings + 1;
    }
    const theory::Decimal between = several(part) ? certificate_.pieces[middle].low() : part.of.middle();
    lower.of = theory::Decimal::between(part.of.low(), between);
    upper.of = theory::Decimal::between(between, part.of.high());
    parts_.push_back(std::move(lower)), parts_.push_back(std::move(upper));
  }

  const Certificate& certificate_;
  double budget_;
  const Common common_;
  std::deque<Part> parts_;  // the widest first: one that shows a claim to be false comes before those that stay open
  std::vector<OnPieces> found_;
};

}  // namespace

std::vector<OnPieces> on_pieces(const Certificate& certificate, sim::Instance instance, const std::vector<bool>& open,
                                double budget) {
  return Pieces(certificate, std::move(instance), open, budget).run();
}

}  // namespace benign::checker
