#include "proofs_check/certificates/decision.hpp"

#include "theory/numbers/elementary.hpp"
#include "theory/numbers/exact_text.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs {
namespace {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;
using theory::Verdict;

/// mantissa · 10^exponent.
struct Scientific {
  cpp_int mantissa;
  long exponent = 0;

  /// Of -1.25e-03 and the like.
  explicit Scientific(const std::string& text) {
    const auto e = text.find('e');
    std::string digits = text.substr(0, e);
    if (const auto point = digits.find('.'); point != std::string::npos) {
      exponent = -static_cast<long>(digits.size() - point - 1);
      digits.erase(point, 1);
    }
    const bool negative = digits.starts_with('-');
    digits.erase(0, std::min(digits.find_first_not_of("-0"), digits.size()));  // a leading zero would mean octal
    mantissa = cpp_int(digits.empty() ? "0" : digits);
    if (negative) mantissa = -mantissa;
    if (e != std::string::npos) exponent += std::stol(text.substr(e + 1));
  }

  cpp_rational exact() const {
    const cpp_int power = boost::multiprecision::pow(cpp_int(10), static_cast<unsigned>(std::labs(exponent)));
    return exponent < 0 ? cpp_rational(mantissa, power) : cpp_rational(mantissa * power);
  }

  std::string text() const {
    if (mantissa == 0) return "0e+00";
    std::string digits = cpp_int(abs(mantissa)).str();
    const long power = exponent + static_cast<long>(digits.size()) - 1;
    if (digits.size() > 1) digits.insert(1, ".");
    const std::string size = std::to_string(std::labs(power));
    return (mantissa < 0 ? "-" : "") + digits + (power < 0 ? "e-" : "e+") + (size.size() < 2 ? "0" : "") + size;
  }
};

/// Proved where every number between the ends meets the claim, violated where none does. A missing end is infinite.
Verdict follows(const Claim& claim, const std::optional<cpp_rational>& lower,
                const std::optional<cpp_rational>& upper) {
  const auto &near = claim.below ? upper : lower, &far = claim.below ? lower : upper;
  if (near && meets(claim, *near)) return Verdict::proved;
  if (far && !meets(claim, *far)) return Verdict::violated;
  return Verdict::undecided;
}

struct Ends {
  std::optional<std::string> lower, upper;

  Verdict verdict(const Claim& claim) const {
    const auto number = [](const std::optional<std::string>& text) {
      return text ? std::optional(exact_decimal(*text)) : std::nullopt;
    };
    return follows(claim, number(lower), number(upper));
  }
};

/// The ends of so many digits, rounded outward; nothing for an infinite one. What is beyond 10^{±9999}, where decimals
/// would take more digits than a proof, is moved outward to there, to 0, or to nothing.
Ends ends_of(const Enclosure& x, int digits) {
  const auto end = [&](mpfr_srcptr at, bool low) -> std::optional<std::string> {
    constexpr long most = 33'000;  // binary, below 10^9999
    if (!mpfr_number_p(at)) return std::nullopt;
    const bool negative = mpfr_sgn(at) < 0, outward = negative == low;  // further from 0
    if (mpfr_zero_p(at) == 0 && mpfr_get_exp(at) < -most)
      return outward ? std::optional<std::string>(negative ? "-1e-9900" : "1e-9900") : "0e+00";
    if (mpfr_zero_p(at) == 0 && mpfr_get_exp(at) > most)
      return outward ? std::nullopt : std::optional<std::string>(negative ? "-1e+9900" : "1e+9900");
    return Scientific(low ? lower_text(x, digits) : upper_text(x, digits)).text();
  };
  return {end(x.left(), true), end(x.right(), false)};
}

/// Each end one unit of its last digit further out, so that a second computation whose bounds are as narrow finds its
/// own within these. 0 has no last digit: where both ends are known its unit is the other's.
Ends widened(const Ends& ends) {
  const auto moved = [](const std::optional<std::string>& end, const std::optional<std::string>& other, long by) {
    if (!end) return end;
    Scientific x(*end);
    if (x.mantissa == 0 && other) x.exponent = Scientific(*other).exponent;
    x.mantissa += by;
    return std::optional(x.text());
  };
  return {moved(ends.lower, ends.upper, -1), moved(ends.upper, ends.lower, 1)};
}

/// How many digits of an enclosure mean anything, and three more.
int meaningful_digits(const Enclosure& x, int most) {
  const double size = std::max(std::abs(lower(x)), std::abs(upper(x))), wide = width(x);
  if (!(wide > 0) || !std::isfinite(size / wide)) return most;
  return std::clamp(static_cast<int>(elementary::log10(size / wide)) + 4, 3, most);
}

}  // namespace

bool meets(const Claim& claim, const cpp_rational& x) {
  const cpp_rational& bound = claim.bound.exact();
  if (claim.below) return claim.strict ? x < bound : x <= bound;
  return claim.strict ? x > bound : x >= bound;
}

cpp_rational exact_decimal(const std::string& text) { return Scientific(text).exact(); }

void decide(Decision& decision, const Enclosure& value, int digits) {
  decision.verdict = Verdict::undecided;
  decision.width = is_nan(value) ? HUGE_VAL : width(value);
  decision.lower.reset(), decision.upper.reset();
  if (is_nan(value)) return;
  const Ends rounded = ends_of(value, meaningful_digits(value, digits)), full = ends_of(value, digits);
  const bool stated = !decision.claim.of_test();  // of what is not stated no second computation has bounds inside
  for (const Ends& ends : {stated ? widened(rounded) : rounded, stated ? widened(full) : full, full}) {
    decision.lower = ends.lower, decision.upper = ends.upper;
    decision.verdict = ends.verdict(decision.claim);
    if (decision.verdict != Verdict::undecided) return;
  }
}

void decide(Decision& decision, const Count& count) {
  decision.count = count;
  decision.width = static_cast<double>(count.most - count.least);
  const auto share = [&](long k) { return std::optional(cpp_rational(k, decision.claim.samples)); };
  decision.verdict = follows(decision.claim, share(count.least), share(count.most));
}

std::pair<std::string, std::string> printed_ends(const Decision& decision) {
  constexpr int digits = 17;
  if (!decision.count) return {decision.lower.value_or("-inf"), decision.upper.value_or("inf")};
  const auto share = [&](long k) { return ratio<Enclosure>(k, decision.claim.samples); };
  return {lower_text(share(decision.count->least), digits), upper_text(share(decision.count->most), digits)};
}

namespace {

sim::Json record_of(const Decision& decision) {
  const auto text = [](const std::optional<std::string>& end) { return end ? sim::Json(*end) : sim::Json(); };
  sim::Json record = {{"verdict", static_cast<int>(decision.verdict)},
                      {"lower", text(decision.lower)},
                      {"upper", text(decision.upper)},
                      {"width", exact_text(decision.width)},
                      {"limit", decision.limit}};
  if (decision.count) record["samples"] = {decision.count->least, decision.count->most};
  return record;
}

Decision decision_of(const sim::Json& record, const Claim& claim) {
  Decision decision;
  decision.claim = claim, decision.verdict = static_cast<Verdict>(record.at("verdict").get<int>());
  if (!record.at("lower").is_null()) decision.lower = record.at("lower").get<std::string>();
  if (!record.at("upper").is_null()) decision.upper = record.at("upper").get<std::string>();
  decision.width = from_exact_text<double>(record.at("width").get<std::string>());
  decision.limit = record.at("limit").get<std::string>();
  if (record.contains("samples"))
    decision.count = Count{record["samples"].at(0).get<long>(), record["samples"].at(1).get<long>()};
  return decision;
}

}  // namespace

sim::Json records_of(const std::vector<Decision>& decisions) {
  sim::Json records = sim::Json::array();
  for (const Decision& decision : decisions) records.push_back(record_of(decision));
  return records;
}

std::vector<Decision> decisions_of(const sim::Json& records, const std::vector<Claim>& claims) {
  std::vector<Decision> decisions;
  for (std::size_t k = 0; k < records.size(); ++k) decisions.push_back(decision_of(records[k], claims.at(k)));
  return decisions;
}

}  // namespace benign::proofs
