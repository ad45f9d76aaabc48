#pragma once
// Ctrl-C while Python waits for the library: a flag that the library's loops look at.

#include <csignal>
#include <stdexcept>

namespace benign::proofs {

struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error("interrupted") {}
};

/// While it lives, Ctrl-C sets a flag in place of what it did before.
class Interruptible {
 public:
  Interruptible() : before_(std::signal(SIGINT, [](int) { asked() = 1; })) { asked() = 0; }
  ~Interruptible() { std::signal(SIGINT, before_); }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

  /// Throws Interrupted once Ctrl-C was pressed; called by loops, in any thread.
  static void look() {
    if (asked()) throw Interrupted();
  }

 private:
  static volatile std::sig_atomic_t& asked() {
    static volatile std::sig_atomic_t flag = 0;
    return flag;
  }
  void (*before_)(int);
};

}  // namespace benign::proofs
