#include "proofs_check/program/program.hpp"

int main(int argc, char** argv) { return benign::proofs::run_program(argc, argv); }
