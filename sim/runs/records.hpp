#pragma once
// Runs as JSON: configurations that can be read back, observations and results.
//
// A number of model code is a JSON number in double and a decimal string with all its digits above it; the test error,
// an integral in double, and shares of counted samples are always numbers. NaN and infinity are null.

#include "sim/runs/config_json.hpp"
#include "sim/runs/simulate.hpp"

namespace benign::sim {

/// 16 hexadecimal digits that change with any character of the configuration (FNV-1a, 64 bits).
std::string config_hash(const RunConfig& config);

/// The same of what decides tokens, labels and weights alone, whatever trains on them.
std::string draw_hash(const RunConfig& config);

/// Of records: 2 where they carry a format, 1 of those of 0.1.0 without one, which differ in nothing else.
inline constexpr int record_format = 2;

/// "format, seed, version, build, compiler, hash, route, precision", common to all records.
Json provenance_json(const RunConfig& config);

/// "version, source, flags, compiler" of the program, for what stands once in a folder or file.
Json build_info_json();

/// A number, or null for NaN and infinity.
Json finite(double x);

/// One line of a series, whose kinds of tokens have the names of the layout.
template <class Real>
Json observation_json(const Observation<Real>& observation, const theory::TokenLayout& layout = theory::paper_layout());

/// What `simulate --json` prints: configuration, provenance, the last observation, events of a flow, times.
template <class Real>
Json result_json(const RunConfig& config, const Result<Real>& result);

}  // namespace benign::sim
