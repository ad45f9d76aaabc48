#pragma once
// The whole program, for a project that adds checks or commands of its own to it: its main returns run_program(argc, argv).

#include <memory>

namespace CLI {
class App;
}

namespace benign::proofs {

/// Runs the command that the arguments name, and returns the exit status.
int run_program(int argc, char** argv);

/// All commands with their options; the exit status of the one that runs is left in `status`.
std::unique_ptr<CLI::App> make_program(int& status);

}  // namespace benign::proofs
