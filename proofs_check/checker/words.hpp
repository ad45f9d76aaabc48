#pragma once
// A certificate's statement in words.

#include "proofs_check/checker/certificate.hpp"

namespace benign::checker {

/// Two significant digits.
std::string in_short(double x);

/// "|mu|", "rho" or "lr", of a certificate about a range.
std::string name_of_range(const Certificate& certificate);

/// What the claims are about, with every key of the configuration that they depend on: the data, the initialisation,
/// the run, and the hashes of what is read and drawn.
std::vector<std::string> statement(const Certificate& certificate);

}  // namespace benign::checker
