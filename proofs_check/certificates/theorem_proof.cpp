#include "proofs_check/certificates/theorem_proof.hpp"

#include "proofs_check/text/format.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"

#include <algorithm>
#include <array>

namespace benign::proofs {
namespace {

using sim::TheoremKind;

constexpr const char* theorem_names[] = {"overfits-first", "generalises-later", "benign", "not-overfitting"};

const char* name_of(TheoremKind kind) { return theorem_names[static_cast<int>(kind)]; }

TheoremKind theorem_kind(const std::string& text) {
  for (int kind = 0; kind < 4; ++kind)
    if (text == theorem_names[kind]) return static_cast<TheoremKind>(kind);
  throw UsageError("--theorem", text, "overfits-first, generalises-later, benign or not-overfitting");
}

theory::Decimal in_range(const std::string& where, const std::string& text, const char* low, const char* high,
                         const std::string& allowed) {
  const theory::Decimal value = parse_decimal(where, text, allowed.c_str());
  if (value.exact() < theory::Decimal(low).exact() || value.exact() > theory::Decimal(high).exact())
    throw UsageError(where, text, allowed);
  return value;
}

void refuse_what_no_theorem_covers(const theory::Parameters& p) {
  if (p.sigma_w) throw UsageError("--sigma-w", p.sigma_w->text(), "nothing: a theorem is about deviations 1/sqrt(3d)");
  if (p.sigma_p.exact() != 0) throw UsageError("--sigma-p", p.sigma_p.text(), "0: a theorem is about p0 = 0");
  if (p.sigma.exact() != 1) throw UsageError("--sigma", p.sigma.text(), "1: lengths are in units of it");
  if (theory::noise_count(p) == 0 || theory::noise_count(p, +1) != theory::noise_count(p, -1))
    throw UsageError("--eta", p.eta.text(), "for a theorem, as many flipped labels in either class, and one at least");
}

/// 1, 1.5, 2, 3, 5 and 7 times powers of ten.
std::string round_number(int index) {
  constexpr const char* digits[] = {"1", "1.5", "2", "3", "5", "7"};
  return std::string(digits[index % 6]) + "e" + std::to_string(index / 6);
}

double counted_d(const sim::TheoremQuestion& q) {
  const WorkingPrecision bits(64);
  const Enclosure mu = q.mu_min.as<Enclosure>();
  return std::max(upper(q.d_min.as<Enclosure>()), upper(q.parameters.n * mu * mu / q.high.as<Enclosure>()));
}

}  // namespace

const std::vector<TheoremOption> theorem_options = {
    {"--theorem", &TheoremTexts::theorem,
     "prove a theorem for almost every draw: overfits-first, generalises-later, benign, not-overfitting", "KIND"},
    {"--nsnr2", &TheoremTexts::nsnr2, "of the theorem: n SNR^2 from A to B", "0.09:0.11"},
    {"--d-min", &TheoremTexts::d_min, "of the theorem: the least d", "1e12"},
    {"--mu-min", &TheoremTexts::mu_min, "of the theorem: the least |mu|/sigma, beside what d and n SNR^2 ask for", "0"},
    {"--delta", &TheoremTexts::delta, "of the theorem: it holds with probability at least 1 - DELTA", "0.01"},
    {"--loss-late", &TheoremTexts::late, "of the theorem: a test loss that counts as generalising", "0.53"},
    {"--loss-early", &TheoremTexts::early, "of the theorem: a test loss above which nothing has generalised", "0.62"},
    {"--slices", &TheoremTexts::slices, "of the theorem: cut n SNR^2 into so many; one for each 1/1000 unless given",
     "K"},
    {"--optimise", &TheoremTexts::optimise, "of the theorem: find the least d that it is proved for", "d-min"}};

sim::TheoremQuestion theorem_question(const TheoremTexts& texts, const theory::Parameters& parameters,
                                      bool default_init) {
  refuse_what_no_theorem_covers(parameters);
  sim::TheoremQuestion question;
  question.kind = theorem_kind(texts.theorem);
  question.parameters = parameters;
  if (default_init) question.parameters.init = theory::Init::gaussian;
  if (question.parameters.init == theory::Init::uniform)
    throw UsageError("--init", "uniform", "gaussian or identity: a theorem is not proved for uniform W0");
  if (!texts.nsnr2.empty()) {
    const auto colon = texts.nsnr2.find(':');
    const std::string allowed = "A:B with 1e-4 <= A < B <= 1e4";
    if (colon == std::string::npos) throw UsageError("--nsnr2", texts.nsnr2, allowed);
    question.low = in_range("--nsnr2", texts.nsnr2.substr(0, colon), "1e-4", "1e4", allowed);
    question.high = in_range("--nsnr2", texts.nsnr2.substr(colon + 1), "1e-4", "1e4", allowed);
    if (!(question.low.exact() < question.high.exact())) throw UsageError("--nsnr2", texts.nsnr2, allowed);
  }
  if (!texts.d_min.empty()) question.d_min = in_range("--d-min", texts.d_min, "1e3", "1e30", "a number in [1e3, 1e30]");
  if (!texts.mu_min.empty()) question.mu_min = in_range("--mu-min", texts.mu_min, "0", "1e15", "a number in [0, 1e15]");
  if (!texts.delta.empty())
    question.delta = in_range("--delta", texts.delta, "1e-30", "0.5", "a number in [1e-30, 0.5]");
  if (!texts.late.empty()) question.late = in_range("--loss-late", texts.late, "0.4", "0.7", "a number in [0.4, 0.7]");
  if (!texts.early.empty())
    question.early = in_range("--loss-early", texts.early, "0.4", "0.7", "a number in [0.4, 0.7]");
  constexpr long most_slices = 4096;
  if (!texts.slices.empty()) {
    question.slices = parse_integer("--slices", texts.slices, 1, most_slices);
  } else {
    // One for each 1/1000 of n SNR², as far as 64 go.
    const boost::multiprecision::cpp_rational thousandths = (question.high.exact() - question.low.exact()) * 1000;
    question.slices =
        std::clamp(static_cast<long>(boost::multiprecision::cpp_int(boost::multiprecision::numerator(thousandths) /
                                                                    boost::multiprecision::denominator(thousandths))),
                   1L, 64L);
  }
  if (!texts.optimise.empty() && texts.optimise != "d-min") throw UsageError("--optimise", texts.optimise, "d-min");
  return question;
}

ProvedTheorem proved_theorem(const sim::TheoremQuestion& question, bool optimise,
                             const std::function<void(const std::string&, bool)>& tried) {
  if (!optimise) return {question, sim::prove_theorem(question)};
  int fails = 6 * 5, holds = 6 * 18 + 1;  // 10⁵, and beyond 10¹⁸
  ProvedTheorem best{question, {}};
  while (holds - fails > 1) {
    sim::TheoremQuestion next = question;
    const int index = (fails + holds) / 2;
    next.d_min = theory::Decimal(round_number(index));
    const sim::TheoremAnswer answer = sim::prove_theorem(next);
    const bool proved = answer.verdict == theory::Verdict::proved;
    tried(next.d_min.text(), proved);
    (proved ? holds : fails) = index;
    if (proved || best.answer.verdict != theory::Verdict::proved) best = {next, answer};
  }
  return best;
}

std::string theorem_table(const ProvedTheorem& theorem) {
  const auto& [q, a] = theorem;
  const auto& p = q.parameters;
  std::string text = format("n = %ld, T = %ld, rho = %s, %ld flipped labels, W0 %s, n SNR^2 in [%s, %s], %ld slice%s\n",
                            p.n, p.T, p.rho.text().c_str(), theory::noise_count(p),
                            p.init == theory::Init::identity ? "the identity" : "Gaussian", q.low.text().c_str(),
                            q.high.text().c_str(), q.slices, q.slices == 1 ? "" : "s");
  text += format("%-12s%s", theory::name(a.verdict), name_of(q.kind));
  if (!a.statement.empty())
    text += ": for every d >= " + q.d_min.text() +
            (q.mu_min.exact() > 0 ? " and |mu|/sigma >= " + q.mu_min.text() : "") +
            format(" (d0 = %.3g), with probability at least 1 - %s over tokens and W0, along the gradient flow\n",
                   counted_d(q), q.delta.text().c_str()) +
            "            " + a.statement + "\n";
  else
    text += "\n";
  for (const auto& m : a.margins)
    text += format("  %-58s %11.5g %s %-11.5g margin %.3g\n", m.what.c_str(), m.value, m.below ? "<" : ">", m.needed,
                   m.margin());
  text += format("  V <= %.4g, of which", a.off);
  for (int i = 0; i < sim::Deviation::causes; ++i)
    text += format("%s %.2g %s", i == 0 ? "" : ",", a.shares[i], sim::Deviation::cause_names[i]);
  return text + format("; |mu.q - X| <= %.3g\n", a.off_X) + "  " + a.why + "\n";
}

sim::Json theorem_json(const ProvedTheorem& theorem) {
  const auto& [q, a] = theorem;
  sim::Json json = {{"theorem", name_of(q.kind)},
                    {"verdict", theory::name(a.verdict)},
                    {"n", q.parameters.n},
                    {"T", q.parameters.T},
                    {"rho", q.parameters.rho.text()},
                    {"eta", q.parameters.eta.text()},
                    {"init", q.parameters.init == theory::Init::identity ? "identity" : "gaussian"},
                    {"nsnr2", {q.low.text(), q.high.text()}},
                    {"d_min", q.d_min.text()},
                    {"mu_min", q.mu_min.text()},
                    {"d0", counted_d(q)},
                    {"delta", q.delta.text()},
                    {"slices", q.slices},
                    {"statement", a.statement},
                    {"deviation", a.off},
                    {"deviation_of_signal", a.off_X},
                    {"inequalities", sim::Json::array()},
                    {"weakest", a.why},
                    {"digits", 19}};
  sim::Json& constants = json["constants"];
  constants = {
      {"d0", counted_d(q)}, {"delta", q.delta.text()}, {"loss_fitted", a.loss_fitted}, {"loss_late", a.loss_late}};
  if (q.kind == TheoremKind::not_overfitting)
    constants["u4"] = a.late, constants["u5"] = a.fitted;
  else
    constants["u1"] = a.fitted, constants["u2"] = a.late, constants["u3"] = a.early;
  for (int i = 0; i < sim::Deviation::causes; ++i) json["shares"][sim::Deviation::cause_names[i]] = a.shares[i];
  for (const auto& m : a.margins)
    json["inequalities"].push_back({{"id", m.what}, {"value", m.value}, {"needed", m.needed}, {"margin", m.margin()}});
  return json;
}

sim::Json theorem_certificate(const ProvedTheorem& theorem) {
  const auto& [q, a] = theorem;
  const auto time = [](double u) { return format("%.17g", u); };
  sim::Json json = {{"benign_theorem", 1}, {"made_by", sim::build_info_json()}};
  const sim::Json all = theorem_json(theorem);
  for (const char* key : {"theorem", "n", "T", "rho", "eta", "init", "nsnr2", "d_min", "mu_min", "delta", "slices"})
    json[key] = all[key];
  if (q.kind == TheoremKind::not_overfitting) {
    json["u4"] = time(a.late), json["u5"] = time(a.fitted), json["loss_from_u4"] = q.late.text();
    return json;
  }
  json["u1"] = time(a.fitted), json["loss_until_u1"] = sim::stated_loss(a);
  if (q.kind == TheoremKind::overfits_first) return json;
  json["u2"] = time(a.late), json["loss_at_u2"] = q.late.text();
  json["u3"] = time(a.early), json["loss_until_u3"] = q.early.text();
  return json;
}

}  // namespace benign::proofs
