// A study of the registry itself: random settings, each judged by every check that needs no runs over seeds. A check
// that is violated although its hypotheses are met is reported with the command that reproduces it: it has a wrong
// hypothesis, a constant that is too small, or it is a discovery, which `discoveries` below must name.
//
//     benign_random_settings [COUNT [FIRST [SEED [SECONDS [ID,... [LOG]]]]]]
//
// judges settings FIRST, …, FIRST + COUNT − 1 of SEED, by all checks or by those that the ids begin, and appends a line
// for each judgement to LOG. Setting k depends on (SEED, k) alone. Each is judged in a process of its own, which is
// ended after SECONDS; what it had decided by then counts, and the check that it was at is named.
//
// Exit status: 0 if nothing but discoveries is violated, and the good event's bounds no more often than they may be; 1
// otherwise.

#include "proofs_check/framework/check.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/report/report.hpp"
#include "sim/random/random.hpp"
#include "theory/numbers/confidence.hpp"
#include "theory/laws/good_event.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <tbb/global_control.h>
#include <unistd.h>
#include <vector>

using namespace benign;
using namespace benign::proofs;
using theory::Verdict;

namespace {

/// Checks whose violation is a statement about the theory and not about the check. None is left as one: what was found
/// is in the hypotheses now (THEORY section 5).
const std::set<std::string> discoveries = {};

/// Uniform numbers of one setting, in the order in which they are asked for.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t index) : seed_(seed), index_(index) {}

  double unit() {  // (0, 1]
    if (next_ % 4 == 0) words_ = sim::random_words(seed_, stream, index_, next_ / 4);
    return sim::unit_interval(words_[next_++ % 4]);
  }
  long whole(long low, long high) {
    return std::min(high, low + static_cast<long>(unit() * static_cast<double>(high - low + 1)));
  }
  double logarithmic(double low, double high) { return low * std::pow(high / low, unit()); }

 private:
  static constexpr auto stream = static_cast<sim::Stream>(1000);  // the simulators' own end well before
  std::uint64_t seed_, index_, next_ = 0;
  std::array<std::uint64_t, 4> words_{};
};

theory::Decimal decimal(const char* pattern, double x) { return theory::Decimal(format(pattern, x)); }

constexpr double most_dense = 3000;  // the d beyond which inner products are drawn and not tokens

sim::RunConfig setting(std::uint64_t seed, std::uint64_t index) {
  Draws draw(seed, index);
  sim::RunConfig config;
  auto& p = config.parameters;
  config.seed = static_cast<std::uint64_t>(draw.whole(1, 999'999));
  p.n = 2 * std::lround(draw.logarithmic(1.51, 20.49));
  p.T = std::lround(draw.logarithmic(2.51, 16.49));
  p.rho = draw.unit() < 0.2 ? theory::Decimal("0") : decimal("%.2f", 0.4 * draw.unit());
  p.eta = draw.unit() < 0.1 ? theory::Decimal("0") : decimal("%.2f", 0.5 * draw.unit());
  p.d = std::lround(draw.logarithmic(200, 1e10));
  const double x = draw.logarithmic(1e-2, 300);
  p.mu = decimal("%.5g", std::sqrt(x * static_cast<double>(p.d / p.n)));
  const bool dense = static_cast<double>(p.d) <= most_dense;
  if (!dense) config.data = sim::DataKind::gram;
  const double init = draw.unit();
  p.init = init < 1.0 / 3          ? theory::Init::identity
           : !dense || init < 0.67 ? theory::Init::gaussian
                                   : theory::Init::uniform;
  const double run = draw.unit(), length = draw.unit();
  if (run < 0.25) {
    config.flow = true;
    config.log_s_max = decimal("%.1f", 2 + 10 * length);
    p.steps = 60;
  } else {
    p.lr_unit = theory::LrUnit::tau0;
    p.lr = decimal("%.2g", run < 0.75 ? 0.1 : draw.logarithmic(1e-2, 30));
    p.steps = length < 0.6 ? 60 : length < 0.9 ? 200 : 1000;
  }
  return config;
}

/// Neither a study nor independent of the setting.
bool asked_for(const Check& check, const std::string& only) {
  if (check.remedy == Remedy::seeds || check.id.starts_with("fig") || check.assumption) return false;
  std::stringstream list(only);
  for (std::string id; std::getline(list, id, ',');)
    if (check.id == id || check.id.starts_with(id + ".")) return true;
  return only.empty();
}

struct Tally {
  long judged = 0, vacuous = 0, undecided = 0, violated = 0, unfinished = 0;
  double largest_C = 0, slowest = 0, seconds = 0;
  std::string where_C;
};

/// Whether the setting's working assumptions and its place between the borders let theorem.benign speak: where they do
/// not, its flow to twice the delay is not worth while.
bool benign_can_speak(const Laboratory& laboratory) {
  for (const Check& check : registry())
    if (check.assumption && judge(check, laboratory).verdict != Verdict::holds) return false;
  return true;
}

/// Judges all checks, one line for each before and after.
void judge_all(const Laboratory& laboratory, const std::string& only, FILE* out) {
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  for (const Check& check : registry()) {
    if (!asked_for(check, only)) continue;
    if (check.id.starts_with("theorem.benign") && !benign_can_speak(laboratory)) {
      std::fprintf(out, "vacuous\t%s\tnan\tnan\tnan\t0\t\t\n", check.id.c_str());
      continue;
    }
    std::fprintf(out, "at\t%s\n", check.id.c_str());
    std::fflush(out);
    const auto start = std::chrono::steady_clock::now();
    const Judgement judgement = judge(check, laboratory);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto& finding = judgement.finding;
    std::fprintf(out, "%s\t%s\t%.6g\t%.6g\t%.6g\t%.2f\t%s\t%s\n", theory::name(judgement.verdict), check.id.c_str(),
                 finding.margin.value, finding.margin.error, finding.constant.value_or(NAN), seconds,
                 command_of(judgement, laboratory).c_str(), finding.observed.c_str());
    std::fflush(out);
  }
}

/// The good event's bounds hold with probability 1 − δ_j each and not always: the study counts how often they fail.
bool by_chance(const std::string& id) { return id.starts_with("event."); }

/// Whether they failed more often than δ_j = δ/4 allows, at 99.9%.
bool too_often(const std::string& id, const Tally& t) {
  const long decided = t.judged - t.vacuous;
  return by_chance(id) && decided > 0 &&
         theory::clopper_pearson(t.violated, decided, 0.002).first > Laboratory().delta / theory::good_event_families;
}

/// What became of all settings.
struct Study {
  std::map<std::string, Tally> tallies = {};
  long settings = 0, unexpected = 0;
  FILE* log = nullptr;

  /// Takes in a line of judge_all.
  void add(const std::string& line) {
    if (log) std::fputs(line.c_str(), log), std::fflush(log);
    std::vector<std::string> part;
    std::stringstream fields(line);
    for (std::string field; std::getline(fields, field, '\t');) part.push_back(field);
    part.resize(8);
    const auto &verdict = part[0], &id = part[1], &command = part[6];
    Tally& tally = tallies[id];
    const double constant = std::atof(part[4].c_str()), took = std::atof(part[5].c_str());
    ++tally.judged, tally.seconds += took, tally.slowest = std::max(tally.slowest, took);
    tally.vacuous += verdict == "vacuous", tally.undecided += verdict == "undecided";
    if (verdict != "vacuous" && verdict != "undecided" && constant > tally.largest_C)
      tally.largest_C = constant, tally.where_C = command;
    if (verdict != "violated") return;
    ++tally.violated;
    const bool known = discoveries.contains(id) || by_chance(id);
    unexpected += !known;
    std::printf("%s: margin %s +- %s, C %s; %s; %s", known ? "as it may" : "VIOLATED", part[2].c_str(), part[3].c_str(),
                part[4].c_str(), command.c_str(), part[7].c_str());
  }

  /// A setting that was ended, or that ended itself, at the check `id`.
  void not_finished(const std::string& id, bool time_is_up, const Laboratory& laboratory) {
    ++tallies[id].unfinished;
    unexpected += !time_is_up;
    for (const Check& check : registry())
      if (check.id == id)
        std::printf("%s: %s\n", time_is_up ? "not finished" : "CRASHED",
                    command_of({&check, {}, Verdict::undecided, laboratory.config.precision, 1}, laboratory).c_str());
  }

  /// Runs judge_all in a child and takes in what it says.
  void judge(const Laboratory& laboratory, const std::string& only, double seconds) {
    ++settings;
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      alarm(static_cast<unsigned>(seconds));
      judge_all(laboratory, only, fdopen(ends[1], "w"));
      _exit(0);
    }
    close(ends[1]);
    FILE* in = fdopen(ends[0], "r");
    std::string at;
    char* line = nullptr;
    std::size_t capacity = 0;
    while (getline(&line, &capacity, in) > 0) {
      const std::string said = line;
      if (said.starts_with("at\t")) {
        at = said.substr(3, said.size() - 4);
        continue;
      }
      at.clear();
      add(said);
    }
    std::free(line);
    std::fclose(in);
    int status = 0;
    waitpid(child, &status, 0);
    if (!at.empty() || status != 0) not_finished(at, WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM, laboratory);
  }

  void summary() {
    std::printf("%ld settings\n%-28s%8s%8s%10s%9s%11s%10s%9s%9s\n", settings, "check", "judged", "vacuous", "undecided",
                "violated", "unfinished", "largest C", "mean s", "most s");
    for (const Check& check : registry()) {
      const auto found = tallies.find(check.id);
      if (found == tallies.end()) continue;
      const Tally& t = found->second;
      unexpected += too_often(check.id, t);
      std::printf("%-28s%8ld%8ld%10ld%9ld%11ld%10.4g%9.2f%9.2f  %s\n", check.id.c_str(), t.judged, t.vacuous,
                  t.undecided, t.violated, t.unfinished, t.largest_C,
                  t.seconds / static_cast<double>(std::max(1L, t.judged)), t.slowest, t.where_C.c_str());
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int k, const char* otherwise) { return std::string(argc > k ? argv[k] : otherwise); };
  const long count = std::stol(argument(1, "20")), first = std::stol(argument(2, "0"));
  const auto seed = static_cast<std::uint64_t>(std::stol(argument(3, "1")));
  Study study;
  if (argc > 6) study.log = std::fopen(argv[6], "a");
  for (long k = first; k < first + count; ++k) {
    Laboratory laboratory;
    laboratory.config = setting(seed, static_cast<std::uint64_t>(k));
    if (sim::validate(laboratory.config).empty())
      study.judge(laboratory, argument(5, ""), std::stod(argument(4, "60")));
  }
  study.summary();
  return study.unexpected > 0;
}
