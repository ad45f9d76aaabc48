#pragma once
// What a run will cost, for telling so beforehand.

#include "sim/frames/frame.hpp"
#include "sim/runs/run_config.hpp"

namespace benign::proofs {

/// Seconds on one core that the inner products of one draw take, and that the training and one test error after it do.
/// Counted from the numbers drawn, multiplications and steps, at rates that were measured on one core of an x86-64
/// server of 2023: right to a factor of about three, on other machines less so.
double expected_frame_seconds(const sim::RunConfig& config, sim::QNorm q_norm = sim::QNorm::needed);
double expected_training_seconds(const sim::RunConfig& config);

/// Both together.
inline double expected_seconds(const sim::RunConfig& config) {
  return expected_frame_seconds(config) + expected_training_seconds(config);
}

/// "about 40 s", "about 3 min", "about 2 h".
std::string about(double seconds);

}  // namespace benign::proofs
