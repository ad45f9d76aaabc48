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

std::string sizes(const theory::Parameters& p) {
  return "n = " + std::to_string(p.n) + " samples of T = " + std::to_string(p.T) +
         " tokens, d = " + std::to_string(p.d);
}

std::string of_the_model(const theory::Parameters& p) {
  return sizes(p) + ", mu = " + p.mu.text() + ", rho = " + p.rho.text() + ", eta = " + p.eta.text() +
         ", sigma = " + p.sigma.text();
}

std::string seed(const sim::RunConfig& config) { return ", seed " + std::to_string(config.seed); }

std::string brought(const sim::RunConfig& config) {
  const auto& files = config.files;
  const auto& p = config.parameters;
  return "tokens of " + plain(files.data) + (files.labels.empty() ? "" : ", labels of " + plain(files.labels)) +
         (files.head.empty() ? ", a head trained on them" : ", the head of " + plain(files.head)) +
         (files.surrogate.empty() ? "" : ", in their place the surrogate " + plain(files.surrogate)) + ": " + sizes(p) +
         ", eta = " + p.eta.text() + ", mu = " + p.mu.text() + ", sigma = " + p.sigma.text() + seed(config);
}

std::string start(const sim::RunConfig& config) {
  const auto& p = config.parameters;
  const bool identity = p.init == theory::Init::identity;
  return "W0 " + sim::text_of(sim::init_choices, p.init) +
         (identity ? "" : " of deviation " + (p.sigma_w ? p.sigma_w->text() : "1/sqrt(3d)")) + ", p0 " +
         (p.sigma_p.exact() == 0 ? std::string("= 0") : "of deviation " + p.sigma_p.text());
}

std::string tau0_in_words(const theory::Parameters& p) {
  return ", tau0 = n/(kappa sigma^2 d) with kappa = " + std::string(p.init == theory::Init::identity ? "1"
                                                                    : !p.sigma_w                     ? "1/3"
                                                                                 : p.sigma_w->text() + "^2 d");
}

std::string course(const Run& run, const sim::RunConfig& config) {
  const auto& p = config.parameters;
  const std::string trained = "; trained: " + sim::text_of(sim::train_choices, config.train);
  if (run.kind == Run::limit)
    return "its gradient flow from p0 = 0, looked at until log(tau/tau0) = " + config.log_s_max->text() +
           tau0_in_words(p) + trained;
  if (run.kind == Run::flow)
    return "the gradient flow to the horizon " +
           (config.log_s_max ? "log(tau/tau0) = " + config.log_s_max->text() + tau0_in_words(p)
                             : "tau = " + config.tau_max.text()) +
           trained;
  return "gradient descent, " + std::to_string(p.steps) + " steps of " + p.lr.text() +
         (p.lr_unit == theory::LrUnit::tau0 ? " tau0" + tau0_in_words(p) : "") + trained;
}

}  // namespace

std::string in_short(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", x);
  return text;
}

std::string name_of_range(const Certificate& certificate) {
  return certificate.range == &theory::Parameters::mu    ? "|mu|"
         : certificate.range == &theory::Parameters::rho ? "rho"
                                                         : "lr";
}

std::vector<std::string> statement(const Certificate& certificate) {
  const sim::RunConfig& config = certificate.config;
  std::vector<std::string> lines;
  if (certificate.run.kind == Run::limit) {
    lines.push_back("the limit d -> infinity of the paper's model at n SNR^2 = n mu^2/(sigma^2 d) with " +
                    of_the_model(config.parameters));
  } else {
    lines.push_back(config.brought ? brought(config)
                                   : "the paper's model (" + sim::text_of(sim::data_choices, config.data) +
                                         "): " + of_the_model(config.parameters) + seed(config));
    lines.push_back(start(config));
  }
  lines.push_back(course(certificate.run, config));
  if (certificate.range)
    lines.push_back(
        "for every " + name_of_range(certificate) + " in " + (config.parameters.*certificate.range).text() +
        ", with the same noise, labels, W0 and p0, in so many pieces: " + std::to_string(certificate.pieces.size()));
  for (const auto& [name, hash] : certificate.files) lines.push_back("SHA-256 of the file of '" + name + "': " + hash);
  if (!certificate.data_hash.empty())
    lines.push_back((certificate.range ? "SHA-256 of all that is drawn for the range's lower end: "
                                       : "SHA-256 of all that is drawn or read: ") +
                    certificate.data_hash);
  return lines;
}

std::string table(const Report& report) {
  std::string text;
  if (!report.statement.empty()) text += "The certificate is about\n";
  for (const auto& line : report.statement) text += "  " + line + "\n";
  if (!report.findings.empty()) text += "and states\n";
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
  if (!report.config.empty()) all["config"] = nlohmann::ordered_json::parse(report.config);
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
