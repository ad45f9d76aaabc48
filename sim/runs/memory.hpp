#pragma once
// How much memory there is, for estimates of what a run or a proof would take.

#include <string>

namespace benign::sim {

/// Of this machine.
double machine_bytes();

/// As in "1.23 GB".
std::string gigabytes(double bytes);

}  // namespace benign::sim
