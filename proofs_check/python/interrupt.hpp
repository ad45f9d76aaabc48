#pragma once
// Ctrl-C while Python waits for the library: a flag that the library's loops look at.

#include <csignal>
#include <mutex>
#include <stdexcept>

namespace benign::proofs {

struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error("interrupted") {}
};

/// While one lives, in any thread, Ctrl-C sets a flag in place of what it did before.
class Interruptible {
 public:
  Interruptible() {
    const std::scoped_lock lock(mutex_);
    if (alive_++ > 0) return;
    asked_ = 0;
    before_ = std::signal(SIGINT, [](int) { asked_ = 1; });
  }
  ~Interruptible() {
    const std::scoped_lock lock(mutex_);
    if (--alive_ == 0) std::signal(SIGINT, before_);
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

  /// Throws Interrupted once Ctrl-C was pressed: called by loops, and where work ends.
  static void look() {
    if (asked_) throw Interrupted();
  }

 private:
  static inline std::mutex mutex_;
  static inline int alive_ = 0;
  static inline void (*before_)(int) = nullptr;
  static inline volatile std::sig_atomic_t asked_ = 0;
};

}  // namespace benign::proofs
