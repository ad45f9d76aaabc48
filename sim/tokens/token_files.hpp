#pragma once
// Tokens, labels and heads from files, or from a data set by its name.

#include "sim/data/brought.hpp"

#include <memory>
#include <stdexcept>

namespace benign::sim {

struct TokenFiles;

/// What is wrong with the files, on one line that names the option.
struct BadTokens : std::runtime_error {
  BadTokens(std::string the_option, const std::string& message)
      : std::runtime_error(message), option(std::move(the_option)) {}
  std::string option;  ///< data, labels, head, test-data, test-labels
};

/// Shapes (n, T, d), (n), (d) or (d, classes), with T ≥ 2. A head that is not given is trained (head.hpp). The same
/// object again for the same files as long as somebody has it. Throws BadTokens.
std::shared_ptr<const Brought> bring(const TokenFiles& files);

}  // namespace benign::sim
