#pragma once
// Layouts of tokens as texts: a file in TOML, or one line, which records carry.
//
//     [[kind]]                                         signal: own=1, noise=0; noise: noise=5*sqrt(T), projected
//     name = "signal"
//     own = 1              a number, "rho" or "NUMBER*rho"; 0 unless given, and other likewise
//     noise = 0            in units of sigma: a number, "sqrt(T)" or "NUMBER*sqrt(T)"; 1 unless given
//     [[kind]]
//     name = "noise"
//     noise = "5*sqrt(T)"
//     projected = true     off both signals; false unless given
//     count = 1            in a sample, or "rest": what the other kinds leave of T; 1 unless given
//
// Of TOML this is tables [[kind]] of numbers, strings without escapes, booleans and comments; anything else is refused.

#include "theory/model/token_layout.hpp"

#include <stdexcept>
#include <string_view>

namespace benign::theory {

/// A text that is no layout; what() says where it is not, and what is allowed there.
struct BadLayout : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// Throw BadLayout.
TokenLayout layout_from_toml(std::string_view text);
TokenLayout layout_from_line(std::string_view text);

/// The one line, without what is so unless given. It reads back as the same layout.
std::string line_of(const TokenLayout& layout);

}  // namespace benign::theory
