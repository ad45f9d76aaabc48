#include "proofs_check/terminal/progress.hpp"

#include "proofs_check/terminal/commands.hpp"

#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <unistd.h>

namespace benign::proofs {

using namespace std::chrono_literals;

constexpr int columns_of_a_terminal = 80;  // a line that wraps cannot be cleared

Progress::Progress(std::string what, long total)
    : what_(std::move(what)), total_(total), terminal_(is_terminal(STDERR_FILENO)), next_(start_ + 500ms) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void Progress::show(long done) {
  if (!terminal_ || Clock::now() < next_) return;
  next_ = Clock::now() + 100ms;
  drawn_ = true;
  constexpr int width = 30;
  const double share = total_ > 0 ? static_cast<double>(done) / static_cast<double>(total_) : 1;
  const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
  const int filled = static_cast<int>(share * width);
  std::fprintf(stderr, "\r\033[K%s [%s%s] %ld/%ld  %.3g/s  %.0f s left", what_.c_str(),
               std::string(static_cast<std::size_t>(filled), '#').c_str(),
               std::string(static_cast<std::size_t>(width - filled), '.').c_str(), done, total_,
               static_cast<double>(done) / elapsed, share > 0 ? elapsed * (1 - share) / share : 0.0);
  std::fflush(stderr);
}

void StatusLine::show(const std::string& text) {
  if (!terminal_ || Clock::now() < first_) return;
  drawn_ = true;
  std::fprintf(stderr, "\r\033[K%.*s", columns_of_a_terminal - 1, text.c_str());
  std::fflush(stderr);
}

void StatusLine::clear() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

std::function<void(const std::string&, long, long)> progress_bars() {
  struct Bars {
    std::mutex mutex;
    std::map<std::string, Progress> bars;
  };
  return [all = std::make_shared<Bars>()](const std::string& what, long done, long total) {
    const std::scoped_lock lock(all->mutex);
    all->bars.try_emplace(what, what, total).first->second.show(done);
    if (done >= total) all->bars.erase(what);
  };
}

}  // namespace benign::proofs
