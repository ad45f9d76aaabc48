#pragma once
// The checker of certificates: a room of its own, which shares with the prover nothing but the drawing of the data and
// the reading of options. README.md of this folder says what it checks, and how.

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace benign::checker {

enum class Found { verified, wrong, undecided };

/// What was found out about one claim.
struct Finding {
  std::string claim, verdict, words;
  bool has_interval = true;                ///< of the test error the claim alone is stated
  std::string stated_lower, stated_upper;  ///< "-inf" and "inf" where nothing is claimed
  std::string lower, upper;                ///< of the checker's own enclosure
  Found found = Found::undecided;
  std::string remark;
};

/// The remark of claims about data that are not there.
inline constexpr const char* not_looked_at = "not looked at";

struct Report {
  std::vector<std::string> statement;  ///< in words: the instance and the run, line by line
  std::string config;                  ///< the configuration, as JSON; empty where it was not read to its end
  std::vector<std::pair<std::string, std::string>> made_by;
  std::vector<Finding> findings;
  std::vector<std::string> objections;  ///< to the certificate as a whole
  long digits = 0;                      ///< at which the last claim was decided
  double wall_s = 0;
  int status = 0;  ///< 0 all verified, 1 something false, 3 something undecided or beyond the checker

  bool verified() const { return status == 0; }
};

/// Checks a certificate's text; `where` names it in messages. Throws UsageError where it is malformed.
Report check(const std::string& where, const std::string& text);

/// The same of a file of at most 64 MB.
Report check_file(const std::string& where, const std::string& path);

/// For people: the statement, what was found, the verdict. For programs: "verified, objections, statement, config,
/// claims, digits, wall_s".
std::string table(const Report& report);
std::string json(const Report& report);

}  // namespace benign::checker
