#include "proofs_check/checker/theorem/statement.hpp"

#include "proofs_check/checker/form/form.hpp"

#include <charconv>
#include <cmath>

namespace benign::checker {
namespace {

constexpr const char* kinds[] = {"overfits-first", "generalises-later", "benign", "not-overfitting"};

class TheoremReader : Form {
 public:
  TheoremReader(const Place& place, const std::string& text) : Form(place), all_(parse_json(place, text)) {}

  std::optional<TheoremStatement> read() {
    if (all_.kind != JsonValue::object) return std::nullopt;
    const JsonValue* version = all_.find("benign_theorem");
    if (!version) return std::nullopt;
    if (version->kind != JsonValue::number || version->text != "1")
      place_.refuse(version->begin, "'benign_theorem' is " + shown(*version) + "; allowed: 1");
    read_kind();
    std::set<std::string> keys{"benign_theorem", "made_by", "theorem", "n",      "T",     "rho",   "eta",
                               "init",           "nsnr2",   "d_min",   "mu_min", "delta", "slices"};
    const bool not_overfitting = result_.kind == TheoremKind::not_overfitting;
    if (not_overfitting)
      keys.insert({"u4", "u5", "loss_from_u4"});
    else
      keys.insert({"u1", "loss_until_u1"});
    if (result_.later()) keys.insert({"u2", "loss_at_u2", "u3", "loss_until_u3"});
    only(all_, keys, keys);
    read_setting();
    result_.low = decimal(end_of_range(0), "1e-4", "1e4"), result_.high = decimal(end_of_range(1), "1e-4", "1e4");
    if (!(result_.low.exact() < result_.high.exact())) place_.refuse(all_.find("nsnr2")->begin, "'nsnr2' is empty");
    result_.d_min = decimal(*all_.find("d_min"), "1e3", "1e30"),
    result_.mu_min = decimal(*all_.find("mu_min"), "0", "1e15");
    result_.delta = decimal(*all_.find("delta"), "1e-30", "0.5");
    if (not_overfitting) {
      result_.late = time("u4"), result_.wrong_until = time("u5"), result_.loss_late = loss("loss_from_u4");
      if (!(result_.late < result_.wrong_until)) place_.refuse(all_.find("u5")->begin, "'u5' is not beyond 'u4'");
    } else {
      result_.right = time("u1"), result_.loss_right = loss("loss_until_u1");
    }
    if (result_.later()) {
      result_.late = time("u2"), result_.loss_late = loss("loss_at_u2");
      result_.early = time("u3"), result_.loss_early = loss("loss_until_u3");
      if (!(result_.right < result_.late)) place_.refuse(all_.find("u2")->begin, "'u2' is not beyond 'u1'");
    }
    return std::move(result_);
  }

 private:
  void read_kind() {
    const JsonValue* kind = all_.find("theorem");
    if (!kind) place_.refuse(all_.begin, "'theorem' is missing");
    for (int k = 0; k < 4; ++k)
      if (kind->kind == JsonValue::string && kind->text == kinds[k]) {
        result_.kind = static_cast<TheoremKind>(k);
        return;
      }
    place_.refuse(kind->begin, "'theorem' is " + shown(*kind) +
                                   "; allowed: overfits-first, generalises-later, benign, not-overfitting");
  }

  void read_setting() {
    auto& p = result_.parameters;
    p.n = whole("n", 2, 1000), p.T = whole("T", 3, 64), result_.slices = whole("slices", 1, 4096);
    if (p.n % 2 != 0) place_.refuse(all_.find("n")->begin, "'n' is odd; allowed: as many samples in either class");
    p.rho = decimal(*all_.find("rho"), "0", "1"), p.eta = decimal(*all_.find("eta"), "0", "0.5");
    if (theory::noise_count(p) == 0 || theory::noise_count(p, 1) != theory::noise_count(p, -1))
      place_.refuse(all_.find("eta")->begin, "'eta' flips labels of one class alone, or none");
    const JsonValue& init = *all_.find("init");
    const bool gaussian = init.kind == JsonValue::string && init.text == "gaussian";
    if (!gaussian && !(init.kind == JsonValue::string && init.text == "identity"))
      place_.refuse(init.begin, "'init' is " + shown(init) + "; allowed: gaussian or identity");
    p.init = gaussian ? theory::Init::gaussian : theory::Init::identity;
    const JsonValue& made_by = *all_.find("made_by");
    expect(made_by, JsonValue::object, "'made_by'");
    for (std::size_t k = 0; k < made_by.keys.size(); ++k) {
      expect(made_by.items[k], JsonValue::string, "'" + made_by.keys[k] + "'");
      result_.made_by.emplace_back(made_by.keys[k], made_by.items[k].text);
    }
  }

  const JsonValue& end_of_range(std::size_t which) const {
    const JsonValue& range = *all_.find("nsnr2");
    expect(range, JsonValue::array, "'nsnr2'");
    if (range.items.size() != 2) place_.refuse(range.begin, "'nsnr2' has not two ends");
    return range.items[which];
  }

  long whole(const char* key, long low, long high) const {
    const JsonValue& value = *all_.find(key);
    expect(value, JsonValue::number, std::string("'") + key + "'");
    long x = 0;
    const char* end = value.text.data() + value.text.size();
    const auto read = std::from_chars(value.text.data(), end, x);
    if (read.ec != std::errc() || read.ptr != end || x < low || x > high)
      place_.refuse(value.begin, std::string("'") + key + "' is " + shown(value) + "; allowed: a whole number in [" +
                                     std::to_string(low) + ", " + std::to_string(high) + "]");
    return x;
  }

  theory::Decimal decimal(const JsonValue& value, const char* low, const char* high) const {
    constexpr std::size_t most = 40;
    const auto number = value.kind == JsonValue::string && value.text.size() <= most
                            ? theory::Decimal::parse(value.text)
                            : std::nullopt;
    if (!number || number->exact() < theory::Decimal(low).exact() || number->exact() > theory::Decimal(high).exact())
      place_.refuse(value.begin,
                    shown(value) + " is not allowed; allowed: a decimal in [" + low + ", " + high + "], as text");
    return *number;
  }

  theory::Decimal loss(const char* key) const { return decimal(*all_.find(key), "0", "1"); }

  /// A time that is exactly a double, and a whole number of 2^−20.
  double time(const char* key) const {
    const JsonValue& value = *all_.find(key);
    const theory::Decimal number = decimal(value, "0", "1000");
    const double u = number.as<double>(), ticks = std::ldexp(u, 20);
    if (boost::multiprecision::cpp_rational(u) != number.exact() || ticks != std::floor(ticks))
      place_.refuse(value.begin,
                    std::string("'") + key + "' is " + shown(value) + "; allowed: a whole number of 2^-20");
    return u;
  }

  JsonValue all_;
  TheoremStatement result_;
};

std::string time_in_words(double u) {
  char text[64];
  std::snprintf(text, sizeof text, "log(1 + s) = %.17g", u);
  return text;
}

}  // namespace

std::optional<TheoremStatement> read_theorem(const Place& place, const std::string& text) {
  return TheoremReader(place, text).read();
}

std::vector<std::string> in_words(const TheoremStatement& s) {
  const auto& p = s.parameters;
  std::vector<std::string> lines{
      "the paper's model with n = " + std::to_string(p.n) + ", T = " + std::to_string(p.T) + ", rho = " + p.rho.text() +
          ", sigma = 1, " + std::to_string(theory::noise_count(p)) +
          " flipped labels, as many in either class, p0 = 0, W0 " +
          (p.init == theory::Init::identity ? "= 1" : "Gaussian of deviation 1/sqrt(3d)"),
      "each d >= " + s.d_min.text() + " and |mu| >= " + s.mu_min.text() + " with n SNR^2 in [" + s.low.text() + ", " +
          s.high.text() + "], with probability at least 1 - " + s.delta.text() +
          " over tokens and W0, along the gradient flow of W and p in s = tau/tau0"};
  if (s.kind == TheoremKind::not_overfitting) {
    lines.push_back("from " + time_in_words(s.late) + " to " + time_in_words(s.wrong_until) +
                    " no flipped training label is predicted right, every clean one is, and the test loss is at most " +
                    s.loss_late.text());
    return lines;
  }
  lines.push_back("at " + time_in_words(s.right) +
                  " every training label is predicted right, and until then the test loss is at least " +
                  s.loss_right.text());
  if (s.later())
    lines.push_back("they are until " + time_in_words(s.late) + ", where the test loss is at most " +
                    s.loss_late.text() + ", and until " + time_in_words(s.early) + " it is at least " +
                    s.loss_early.text());
  return lines;
}

}  // namespace benign::checker
