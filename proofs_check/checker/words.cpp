#include "proofs_check/checker/words.hpp"

#include "proofs_check/checker/check.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace benign::checker {
namespace {

const char* name(Found found) {
  switch (found) {
    case Found::verified: return "verified";
    case Found::wrong: return "false";
    case Found::undecided: break;
  }
  return "undecided";
}

/// A stranger's text on one line of a terminal.
std::string plain(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = '?';
  constexpr std::size_t most = 200;
  return text.size() > most ? text.substr(0, most) + "..." : text;
}

std::string cut(const std::string& number) {
  constexpr std::size_t most = 34;
  if (number.size() <= most) return number;
  const auto e = number.find('e');
  const std::string power = e == std::string::npos ? "" : number.substr(e);
  return number.substr(0, most - power.size()) + ".." + power;
}

std::string interval(const std::string& lower, const std::string& upper) {
  return "[" + cut(lower) + ", " + cut(upper) + "]";
}

}  // namespace

std::string in_short(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", x);
  return text;
}

std::vector<std::string> statement(const Run& run, const sim::RunConfig& config) {
  const auto& p = config.parameters;
  const auto whole = [](long x) { return std::to_string(x); };
  std::vector<std::string> lines;
  const std::string sizes = "n = " + whole(p.n) + " samples of T = " + whole(p.T) + " tokens";
  if (run.kind == Run::limit) {
    lines.push_back("the limit d -> infinity of the paper's model at n SNR^2 = n mu^2/(sigma^2 d) with " + sizes +
                    ", d = " + whole(p.d) + ", mu = " + p.mu.text() + ", rho = " + p.rho.text() +
                    ", eta = " + p.eta.text() + ", sigma = " + p.sigma.text());
    lines.push_back("its gradient flow from p0 = 0, looked at until log(tau/tau0) = " + config.log_s_max->text());
    return lines;
  }
  if (config.brought)
    lines.push_back("tokens of " + plain(config.files.data) + ": " + sizes + ", d = " + whole(p.d) +
                    ", eta = " + p.eta.text() + ", seed " + std::to_string(config.seed));
  else
    lines.push_back("the paper's model (" + sim::text_of(sim::data_choices, config.data) + "): " + sizes + ", d = " +
                    whole(p.d) + ", mu = " + p.mu.text() + ", rho = " + p.rho.text() + ", eta = " + p.eta.text() +
                    ", sigma = " + p.sigma.text() + ", seed " + std::to_string(config.seed));
  lines.push_back("W0 " + sim::text_of(sim::init_choices, p.init) +
                  (p.sigma_w ? " of deviation " + p.sigma_w->text() : "") + ", p0 " +
                  (p.sigma_p.exact() == 0 ? std::string("= 0") : "of deviation " + p.sigma_p.text()) +
                  "; trained: " + sim::text_of(sim::train_choices, config.train));
  if (run.kind == Run::flow)
    lines.push_back("the gradient flow to " + (config.log_s_max ? "log(tau/tau0) = " + config.log_s_max->text()
                                                                : "tau = " + config.tau_max.text()));
  else
    lines.push_back("gradient descent in steps of " + p.lr.text() + (p.lr_unit == theory::LrUnit::tau0 ? " tau0" : ""));
  return lines;
}

std::string table(const Report& report) {
  std::string text;
  if (!report.statement.empty()) text += "Of\n";
  for (const auto& line : report.statement) text += "  " + line + "\n";
  if (!report.findings.empty()) text += "the certificate states\n";
  for (const Finding& f : report.findings) {
    text += "  " + plain(f.claim) + " is " + f.verdict + ": " +
            (f.has_interval ? f.words + " lies in " + interval(f.stated_lower, f.stated_upper)
                            : "of " + f.words + ", without an interval") +
            "\n";
    text += "    " + std::string(name(f.found)) + "; the checker has " + interval(f.lower, f.upper) +
            (f.remark.empty() ? "" : ": " + f.remark) + "\n";
  }
  for (const auto& objection : report.objections) text += objection + "\n";
  for (const auto& [key, value] : report.made_by)
    text += (&value == &report.made_by.front().second ? "The file says of itself: " : "; ") + key + " " + plain(value);
  if (!report.made_by.empty()) text += "\n";
  text += report.status == 0 ? "verified: every claim" : report.status == 1 ? "false: not every claim" : "undecided";
  return text + ", " + std::to_string(report.digits) + " digits, " + in_short(report.wall_s) + " s\n";
}

std::string json(const Report& report) {
  nlohmann::ordered_json all = {{"verified", report.verified()}, {"objections", nlohmann::ordered_json::array()}};
  for (const auto& objection : report.objections) all["objections"].push_back(objection);
  for (const Finding& f : report.findings)
    if (f.found != Found::verified && f.remark != not_looked_at)
      all["objections"].push_back(f.claim + ": " + name(f.found) + (f.remark.empty() ? "" : ", " + f.remark));
  all["statement"] = report.statement;
  all["claims"] = nlohmann::ordered_json::array();
  const auto end = [](const std::string& x) {
    return x == "inf" || x == "-inf" ? nlohmann::ordered_json() : nlohmann::ordered_json(x);
  };
  for (const Finding& f : report.findings)
    all["claims"].push_back({{"claim", f.claim},
                             {"verdict", f.verdict},
                             {"found", name(f.found)},
                             {"stated", {end(f.stated_lower), end(f.stated_upper)}},
                             {"enclosed", {end(f.lower), end(f.upper)}},
                             {"remark", f.remark}});
  all["digits"] = report.digits;
  all["wall_s"] = report.wall_s;
  return all.dump(2) + "\n";
}

}  // namespace benign::checker
