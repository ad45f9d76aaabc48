#pragma once
// What a statement about an instance depends on, as one number: SHA-256 over everything that was drawn or read.
//
// In this order, all numbers little-endian, whole numbers as 64 bits with a sign, reals as IEEE doubles:
//
//     "benign data 2\n"
//     the configuration as config_json has it, without what decides the run alone (precision, route, train, test,
//         steps, lr, lr-unit, flow, tau-max, log-s-max) and without names of files; compact, keys sorted; and "\n"
//     n, T, d;   Y*_1, …, Y*_n;   Y_1, …, Y_n;   all tokens, sample by sample and token by token
//     the number of entries of p₀, and these
//     of `gram`, which has neither tokens nor p₀: of L, E, R and A (gram.hpp) the number of entries, and these row by row; else
//     d² and the entries of W₀ row by row, or 0 for the identity
//     the number of entries of a head that is brought, and these; then those of the two signals likewise; or 0 and 0

#include "sim/data/instance.hpp"
#include "sim/runs/run_config.hpp"

#include <string>
#include <utility>
#include <vector>

namespace benign::sim {

/// 64 hexadecimal digits, lower case. The configuration must be the one that the instance was drawn from. Of a range of ‖μ‖ or ρ
/// the tokens are those of the lower end.
std::string data_hash(const Instance& instance, const RunConfig& config);

/// The same of a file's bytes, as sha256sum prints it. Throws std::runtime_error where the file cannot be read.
std::string sha256_of_file(const std::string& path);
std::string sha256_of_text(const std::string& text);

/// The files that brought tokens come from, each with its option: data, labels, head where they are given. What is
/// brought by name, as fashion-mnist is, comes from no file of the user's.
std::vector<std::pair<std::string, std::string>> token_files(const RunConfig& config);

}  // namespace benign::sim
