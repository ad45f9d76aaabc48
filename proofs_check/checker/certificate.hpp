#pragma once
// The strict form of a certificate, version 2 (certificate.schema.json): whatever is unknown, missing, given twice, of
// another type or out of range is refused with its line.

#include "proofs_check/checker/form/claim.hpp"
#include "sim/runs/run_config.hpp"

#include <stdexcept>
#include <vector>

namespace benign::checker {

/// What the checker does not know, or a cost beyond its limits: the certificate may be right.
struct Beyond : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Certificate {
  std::vector<std::pair<std::string, std::string>> made_by;  ///< what the file says of itself; part of no statement
  Run run;
  sim::RunConfig config;
  std::string data_hash;                                   ///< empty with the limit, which draws nothing
  std::vector<std::pair<std::string, std::string>> files;  ///< with the hashes that they are said to have
  std::vector<Stated> claims;
  /// Of a range: which parameter it is of, and the pieces into which it is cut, which are all of it.
  theory::Decimal theory::Parameters::*range = nullptr;
  std::vector<theory::Decimal> pieces;
};

/// The text of a file of at most 64 MB. Throws UsageError.
std::string certificate_text(const std::string& where, const std::string& path);

/// Throws UsageError, or Beyond before anything large is read or drawn.
Certificate read_certificate(const Place& place, const std::string& text);

/// A mean over no samples is no number: throws UsageError where a claim is about clean or noisy samples and there are none.
void refuse_empty_groups(const Place& place, const Certificate& certificate, const sim::Data& train);

}  // namespace benign::checker
