#include "proofs_check/checker/certificate.hpp"

#include "proofs_check/checker/form/config.hpp"
#include "proofs_check/checker/cost.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/data_hash.hpp"

#include <fstream>
#include <set>

namespace benign::checker {
namespace {

class CertificateReader : Form {
 public:
  CertificateReader(const Place& place, const std::string& text) : Form(place), text_(text) {}

  Certificate read() {
    const JsonValue all = parse_json(place_, text_);
    expect(all, JsonValue::object, "a certificate");
    const JsonValue* version = all.find("benign_certificate");
    if (!version) place_.refuse(all.begin, "'benign_certificate' is missing; allowed: a certificate of version 2");
    if (version->kind != JsonValue::number || version->text != "2")
      place_.refuse(version->begin, "'benign_certificate' is " + shown(*version) + "; allowed: 2");
    only(all, {"benign_certificate", "made_by", "config", "data_hash", "files", "pieces", "claims"},
         {"made_by", "config", "data_hash", "claims"});
    read_made_by(*all.find("made_by"));
    const JsonValue& config = *all.find("config");
    config_place_ = config.begin;
    const ConfigReader reader(place_, config);
    result_.run = reader.run();
    const std::vector<ConfigReader::Range> ranges = reader.ranges();
    read_pieces(all, ranges);
    read_claims(*all.find("claims"));
    refuse_what_costs_too_much(result_.run, reader.dimension(), reader.identity(), result_.claims);
    result_.config = reader.read(text_);
    refuse_what_is_not_known();
    read_hash(*all.find("data_hash"));
    read_files(all);
    return std::move(result_);
  }

 private:
  void read_made_by(const JsonValue& value) {
    expect(value, JsonValue::object, "'made_by'");
    only(value, {"version", "source", "flags", "compiler"}, {"version", "source", "flags", "compiler"});
    for (std::size_t k = 0; k < value.keys.size(); ++k) {
      expect(value.items[k], JsonValue::string, "'" + value.keys[k] + "'");
      constexpr std::size_t most = 4000;
      if (value.items[k].text.size() > most)
        place_.refuse(value.items[k].begin, "'" + value.keys[k] + "' is too long; allowed: 4000 characters");
      result_.made_by.emplace_back(value.keys[k], value.items[k].text);
    }
  }

  void refuse_what_is_not_known() const {
    const sim::RunConfig& config = result_.config;
    const auto& p = config.parameters;
    if (config.brought && config.brought->many())
      place_.refuse(config_place_, "'labels' of " + std::to_string(config.brought->classes) + " classes; allowed: 2");
    if (result_.run.kind == Run::limit && theory::noise_count(p, 1) != theory::noise_count(p, -1))
      place_.refuse(config_place_,
                    "'eta' is " + p.eta.text() + "; allowed: as many flipped labels in either class, for the limit");
    const bool from_zero = config.train == sim::Train::W_and_p && p.sigma_p.exact() == 0;
    if (result_.run.kind != Run::descent && !from_zero)
      throw Beyond("of flows the checker knows those of W and p from p0 = 0 alone");
    for (const Stated& stated : result_.claims)
      if (stated.claim.quantity == Quantity::log_s_fit && result_.run.kind == Run::limit && theory::noise_count(p) == 0)
        place_.refuse(
            stated.place,
            "the claim '" + stated.claim.text +
                "' is not allowed; allowed: log_s_fit where labels are flipped; else all are right from the start");
  }

  /// Neighbours have an end in common, the first and the last those of the range: so the pieces are all of it.
  void read_pieces(const JsonValue& all, const std::vector<ConfigReader::Range>& ranges) {
    const JsonValue* pieces = all.find("pieces");
    if (ranges.empty() && pieces) place_.refuse(pieces->begin, "'pieces' is not allowed where no parameter is a range");
    if (ranges.empty()) return;
    if (result_.run.kind != Run::descent || result_.run.brought)
      place_.refuse(ranges[0].place, "'" + ranges[0].name + "' is " + ranges[0].all.text() +
                                         "; allowed: one number but in a descent on tokens that are drawn");
    if (ranges.size() > 1) throw Beyond("of ranges the checker follows one, and not several at once");
    range_ = &ranges[0], result_.range = ranges[0].parameter;
    if (!pieces) place_.refuse(all.begin, "'pieces' is missing; allowed: the pieces of the range, in rising order");
    expect(*pieces, JsonValue::array, "'pieces'");
    constexpr std::size_t most = 100'000;
    if (pieces->items.empty() || pieces->items.size() > most)
      place_.refuse(pieces->begin,
                    "'pieces' has " + std::to_string(pieces->items.size()) + " of them; allowed: 1 to 100000");
    theory::Decimal end = range_->all.low();
    for (const JsonValue& one : pieces->items) {
      const theory::Decimal piece = read_part(one);
      if (!piece.is_range() || piece.low().exact() != end.exact())
        place_.refuse(one.begin, "the piece is " + piece.text() + "; allowed: one that begins at " + end.text() +
                                     ", where what is before it ends");
      end = piece.high();
      result_.pieces.push_back(piece);
    }
    if (end.exact() != range_->all.high().exact())
      place_.refuse(pieces->begin, "'pieces' ends at " + end.text() + "; allowed: at " + range_->all.high().text() +
                                       ", where the range does");
    result_.run.pieces = static_cast<long>(result_.pieces.size());
  }

  /// {"mu": [LOW, HIGH]} of a range of mu; of one number both are the same.
  theory::Decimal read_part(const JsonValue& value) const {
    expect(value, JsonValue::object, "a part of a range");
    only(value, {range_->name}, {range_->name});
    const JsonValue& ends = *value.find(range_->name);
    std::vector<theory::Decimal> found;
    if (ends.kind == JsonValue::array)
      for (const JsonValue& end : ends.items)
        if (const auto x = end.kind == JsonValue::string && end.text.size() <= 400 && rational(end.text)
                               ? theory::Decimal::parse(end.text)
                               : std::nullopt)
          found.push_back(*x);
    if (ends.kind != JsonValue::array || ends.items.size() != 2 || found.size() != 2 ||
        found[1].exact() < found[0].exact() || found[0].exact() < range_->all.low().exact() ||
        range_->all.high().exact() < found[1].exact())
      place_.refuse(ends.begin, "'" + range_->name + "' is " + shown(ends) +
                                    "; allowed: [LOW, HIGH], two decimals as strings within " + range_->all.text());
    return found[0] == found[1] ? found[0] : theory::Decimal::between(found[0], found[1]);
  }

  void read_hash(const JsonValue& value) {
    if (result_.run.kind == Run::limit) {
      if (value.kind != JsonValue::null)
        place_.refuse(value.begin, "'data_hash' is " + shown(value) + "; allowed: null, since the limit draws nothing");
      return;
    }
    expect(value, JsonValue::string, "'data_hash'");
    require_hash(value, "'data_hash'");
    result_.data_hash = value.text;
  }
  void require_hash(const JsonValue& value, const std::string& what) const {
    constexpr std::size_t digits = 64;
    if (value.kind != JsonValue::string || value.text.size() != digits ||
        value.text.find_first_not_of("0123456789abcdef") != std::string::npos)
      place_.refuse(value.begin, what + " is " + shown(value) + "; allowed: 64 hexadecimal digits, lower case");
  }

  void read_files(const JsonValue& all) {
    const auto expected = sim::token_files(result_.config);
    const JsonValue* files = all.find("files");
    if (!files && expected.empty()) return;
    if (!files) place_.refuse(all.begin, "'files' is missing; allowed: the hashes of the files of tokens");
    if (expected.empty()) place_.refuse(files->begin, "'files' is not allowed where none brings tokens");
    expect(*files, JsonValue::object, "'files'");
    std::set<std::string> names;
    for (const auto& [name, path] : expected) names.insert(name);
    only(*files, names, names);
    for (const auto& name : names) {
      require_hash(*files->find(name), "'" + name + "'");
      result_.files.emplace_back(name, files->find(name)->text);
    }
  }

  void read_claims(const JsonValue& claims) {
    expect(claims, JsonValue::array, "'claims'");
    constexpr std::size_t most = 10'000;
    if (claims.items.empty() || claims.items.size() > most)
      place_.refuse(claims.begin,
                    "'claims' has " + std::to_string(claims.items.size()) + " of them; allowed: 1 to 10000");
    for (const JsonValue& one : claims.items) {
      expect(one, JsonValue::object, "a claim");
      std::set<std::string> keys{"claim", "verdict", "lower", "upper"};
      const JsonValue* verdict_of = one.find("verdict");
      if (range_ && verdict_of && verdict_of->text == "violated") keys.insert("where");
      only(one, keys, keys);
      const JsonValue &text = *one.find("claim"), &verdict = *one.find("verdict");
      expect(text, JsonValue::string, "'claim'");
      Stated stated;
      stated.place = text.begin;
      stated.claim = parse_claim(place_, text.begin, text.text, result_.run);
      if (verdict.kind != JsonValue::string || (verdict.text != "proved" && verdict.text != "violated"))
        place_.refuse(verdict.begin, "'verdict' is " + shown(verdict) + "; allowed: \"proved\" or \"violated\"");
      stated.verdict = verdict.text == "proved" ? Verdict::proved : Verdict::violated;
      if (keys.contains("where")) {
        stated.where = read_part(*one.find("where"));
        ++(stated.where->is_range() ? result_.run.pieces : result_.run.members);
      }
      read_end(stated, "lower", *one.find("lower"), stated.lower, stated.lower_text);
      read_end(stated, "upper", *one.find("upper"), stated.upper, stated.upper_text);
      if (stated.has_interval() && !stated.lower && !stated.upper)
        place_.refuse(one.begin, "'lower' and 'upper' are both null; allowed: a number at one end at least");
      if (stated.lower && stated.upper && *stated.lower > *stated.upper)
        place_.refuse(one.begin, "'lower' is larger than 'upper'; allowed: an interval");
      result_.claims.push_back(std::move(stated));
    }
  }
  /// −d.d…e±dd, or null; of an accuracy a whole number of samples; of the test error null.
  void read_end(const Stated& stated, const std::string& name, const JsonValue& value, std::optional<Rational>& end,
                std::string& text) const {
    if (value.kind == JsonValue::null) return;
    if (!stated.has_interval())
      place_.refuse(value.begin, "'" + name + "' is " + shown(value) + "; allowed: null, since of " +
                                     stated.claim.text + " the checker has bounds of its own, and looks at no others");
    const bool count = stated.claim.counts();
    if (count) {
      end = value.kind == JsonValue::number && value.text.find_first_not_of("0123456789") == std::string::npos
                ? rational(value.text)
                : std::nullopt;
      if (end && *end > result_.run.n) end.reset();
    } else if (value.kind == JsonValue::string && canonical(value.text)) {
      end = rational(value.text);
    }
    if (!end)
      place_.refuse(value.begin, "'" + name + "' is " + shown(value) + "; allowed: null or " +
                                     (count ? "a whole number of samples, up to " + std::to_string(result_.run.n)
                                            : std::string("a decimal string as \"-1.25e-01\"")));
    text = value.text;
  }
  static bool canonical(const std::string& text) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const auto digits = [&] {
      const std::size_t begin = at;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
      return at - begin;
    };
    if (digits() != 1) return false;
    if (at < text.size() && text[at] == '.') {
      ++at;
      if (digits() == 0) return false;
    }
    if (at + 1 >= text.size() || text[at] != 'e' || (text[at + 1] != '+' && text[at + 1] != '-')) return false;
    at += 2;
    const std::size_t exponent = digits();
    return exponent >= 2 && exponent <= 5 && at == text.size();
  }

  const std::string& text_;
  Certificate result_;
  std::size_t config_place_ = 0;
  const ConfigReader::Range* range_ = nullptr;
};

}  // namespace

std::string certificate_text(const std::string& where, const std::string& path) {
  constexpr std::size_t most = 64'000'000;
  std::ifstream file(path, std::ios::binary);
  std::string text(most + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.gcount() == 0) throw proofs::UsageError(where + ": cannot be read, or is empty");
  if (file.gcount() > static_cast<std::streamsize>(most)) throw proofs::UsageError(where + ": larger than 64 MB");
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

Certificate read_certificate(const Place& place, const std::string& text) {
  return CertificateReader(place, text).read();
}

void refuse_empty_groups(const Place& place, const Certificate& certificate, const sim::Data& train) {
  long noisy = 0;
  for (Index i = 0; i < train.n; ++i) noisy += train.noisy(i);
  for (const Stated& stated : certificate.claims) {
    const Quantity q = stated.claim.quantity;
    const bool of_clean =
        q == Quantity::margin_clean_min || (q >= Quantity::attention_clean && q <= Quantity::attention_clean_max);
    const bool of_noisy = q == Quantity::margin_noisy_min || q == Quantity::margin_noisy_max ||
                          (q >= Quantity::attention_noisy && q <= Quantity::attention_noisy_max);
    if ((of_noisy && noisy == 0) || (of_clean && noisy == train.n))
      place.refuse(stated.place, "the claim '" + stated.claim.text +
                                     "' is not allowed; allowed: quantities of samples that are there; no label is " +
                                     (of_noisy ? "flipped" : "as it was"));
  }
}

}  // namespace benign::checker
