#pragma once
// Tokens, labels, heads and masks from files, or from a data set by its name.
//
// A file is NumPy's .npy, or an array of an archive .npz by one of the names that people give them. Of --data FILE.npz
// also what the other options do not name is taken, where the archive has it.

#include "sim/data/brought.hpp"

#include <memory>
#include <stdexcept>

namespace benign::sim {

struct TokenFiles;

/// What is wrong with the files, on one line that names the option.
struct BadTokens : std::runtime_error {
  BadTokens(std::string the_option, const std::string& message)
      : std::runtime_error(message), option(std::move(the_option)) {}
  std::string option;  ///< data, labels, head, test-data, test-labels, mask, test-mask
};

/// "(2,3)"
std::string shown(const std::vector<std::size_t>& shape);

/// Shapes (n, T, d), (n), (d) or (d, classes), with T ≥ 2, and of masks (n, T): 1 for a token, 0 for padding. A head that is not given is trained (head.hpp). The same
/// object again for the same files as long as somebody has it. Throws BadTokens.
std::shared_ptr<const Brought> bring(const TokenFiles& files);

}  // namespace benign::sim
