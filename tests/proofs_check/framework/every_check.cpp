// One check of the registry: it holds where it should, is violated by its planted fault, and is vacuous without its
// hypotheses. The argument is the check's id; without one, the ids are printed, for CTest to run each by itself.

#include "proofs_check/framework/check.hpp"
#include "tests/support/small_laboratory.hpp"

#include <cstdio>
#include <stdexcept>
#include <string>

namespace {

using namespace benign;
using namespace benign::proofs;
using tests::small_laboratory;
using theory::Verdict;

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

std::string seen(const Finding& finding) {
  return "margin " + std::to_string(finding.margin.value) + " +- " + std::to_string(finding.margin.error) + ", " +
         finding.observed;
}

void try_check(const Check& check) {
  Laboratory met = small_laboratory();
  if (check.met) check.met(met);
  const Judgement sound = judge(check, met);
  require(sound.verdict == check.expected || sound.verdict == Verdict::proved,
          "it is not as expected where its hypotheses are met: " + seen(sound.finding));
  require(sound.verdict != Verdict::proved || check.error_kind == theory::ErrorKind::enclosed,
          "it is proved, though its errors are not enclosed");

  require(static_cast<bool>(check.unmet), "it has no setting without its hypotheses");
  Laboratory unmet = met;
  check.unmet(unmet);
  require(judge(check, unmet).verdict == Verdict::vacuous, "it is not vacuous without its hypotheses");

  if (check.assumption) return;  // never violated, only unmet
  require(static_cast<bool>(check.fault), "it has no planted fault");
  const Finding faulty = check.fault(met, check.C.value_or(1));
  require(verdict_of(faulty) == Verdict::violated, "it is not violated by its planted fault: " + seen(faulty));
}

}  // namespace

int main(int argc, char** argv) {
  for (const Check& check : registry()) {
    if (argc < 2) std::printf("%s\n", check.id.c_str());
    if (argc < 2 || check.id != argv[1]) continue;
    try {
      try_check(check);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s: %s\n", argv[1], error.what());
      return 1;
    }
    return 0;
  }
  if (argc >= 2) std::fprintf(stderr, "%s: no such check\n", argv[1]);
  return argc < 2 ? 0 : 2;
}
