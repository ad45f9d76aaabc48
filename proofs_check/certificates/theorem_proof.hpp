#pragma once
// benign prove --theorem: a theorem for almost every draw (sim/theorem/theorem.hpp) from texts, as text and as JSON.

#include "sim/runs/build_info.hpp"
#include "sim/runs/records.hpp"
#include "sim/theorem/theorem.hpp"

namespace benign::proofs {

/// What the command line gives; empty where it does not.
struct TheoremTexts {
  std::string theorem, nsnr2, d_min, mu_min, delta, late, early, slices, optimise;
};

/// The options that give them, --theorem first: it is what the others need.
struct TheoremOption {
  const char* name;
  std::string TheoremTexts::*text;
  const char *meaning, *type;
};
extern const std::vector<TheoremOption> theorem_options;

/// Throws UsageError. W₀ is as in `parameters`, or Gaussian where that has the `default_init`.
sim::TheoremQuestion theorem_question(const TheoremTexts& texts, const theory::Parameters& parameters,
                                      bool default_init);

struct ProvedTheorem {
  sim::TheoremQuestion question;
  sim::TheoremAnswer answer;
};

/// Of the question as it is; or, with `optimise`, of the least d_min of one digit (1, 1.5, 2, 3, 5, 7 times a power of ten)
/// that the method proves, the question's own where none below 10^18 is proved. `tried` is told each.
ProvedTheorem proved_theorem(const sim::TheoremQuestion& question, bool optimise,
                             const std::function<void(const std::string& d_min, bool proved)>& tried);

std::string theorem_table(const ProvedTheorem& theorem);
sim::Json theorem_json(const ProvedTheorem& theorem);
/// Of a proved theorem, what a stranger may check: the statement alone.
sim::Json theorem_certificate(const ProvedTheorem& theorem);

}  // namespace benign::proofs
