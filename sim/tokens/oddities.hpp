#pragma once
// What in given tokens looks like no token: positions that are the same in all samples, tokens many times as long as the
// others, and one vector that ends or begins many samples. Class and register tokens, attention's sinks and padding look
// like this.

#include "sim/data/brought.hpp"

namespace benign::sim {

/// One sentence for each kind that is there. Padding that a mask leaves out is not looked at.
std::vector<std::string> oddities(const TokenSet& set);

}  // namespace benign::sim
