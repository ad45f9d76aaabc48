#include "sim/sweeps/cluster.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <thread>

#ifdef BENIGN_MPI
#include <mpi.h>
#endif

namespace benign::sim {
namespace {

/// Pieces of [0, total), each handed out once.
class Counter {
 public:
  Counter(long total, long piece) : total_(total), piece_(piece) {}

  /// The beginning of the next piece, or −1.
  long next() {
    const long begin = begin_.fetch_add(piece_);
    return begin < total_ ? begin : -1;
  }
  void stop() { begin_ = total_; }
  long taken() const { return std::min(begin_.load(), total_); }

 private:
  long total_, piece_;
  std::atomic<long> begin_{0};
};

/// How many processes mpirun says that it started; 0 where nothing looks like mpirun.
int size_in_environment() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
    if (const char* size = std::getenv(name)) return std::max(1, std::atoi(size));
  return 0;
}

}  // namespace

struct Cluster::Impl {
  int rank = 0, size = 1;
  bool started = false;
};

#ifdef BENIGN_MPI

namespace {

constexpr int ask_tag = 1, answer_tag = 2;

/// Asks rank 0 where the next piece begins: −1 once there is none.
class Asker {
 public:
  long next() {
    const std::scoped_lock lock(asking_);  // one thread at a time may speak to MPI
    long begin = -1;
    if (over_) return begin;
    MPI_Send(&begin, 1, MPI_LONG, 0, ask_tag, MPI_COMM_WORLD);
    MPI_Recv(&begin, 1, MPI_LONG, 0, answer_tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    over_ = begin < 0;
    return begin;
  }

 private:
  std::mutex asking_;
  bool over_ = false;
};

/// On rank 0: answers `others` ranks until each of them has heard that there is none.
void answer(int others, Counter& counter, const std::function<void(long)>& taken) {
  using std::chrono::microseconds;
  constexpr microseconds shortest(100), longest(2000);
  microseconds pause = shortest;  // grows while nobody asks: to look costs this rank's own work time
  while (others > 0) {
    int here = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, ask_tag, MPI_COMM_WORLD, &here, &status);
    if (!here) {
      std::this_thread::sleep_for(pause);
      pause = std::min(2 * pause, longest);
      continue;
    }
    pause = shortest;
    long begin = 0;
    MPI_Recv(&begin, 1, MPI_LONG, status.MPI_SOURCE, ask_tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    begin = counter.next();
    MPI_Send(&begin, 1, MPI_LONG, status.MPI_SOURCE, answer_tag, MPI_COMM_WORLD);
    if (taken) taken(counter.taken());
    if (begin < 0) --others;
  }
}

}  // namespace

Cluster::Cluster() : impl_(std::make_unique<Impl>()) {
  if (size_in_environment() == 0) return;
  impl_->started = true;
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  if (provided < MPI_THREAD_SERIALIZED) throw std::runtime_error("this MPI allows no threads");
  MPI_Comm_rank(MPI_COMM_WORLD, &impl_->rank);
  MPI_Comm_size(MPI_COMM_WORLD, &impl_->size);
}

Cluster::~Cluster() {
  if (impl_->started) MPI_Finalize();
}

std::vector<std::string> Cluster::gather(const std::string& text) const {
  if (size() == 1) return {text};
  const auto all = static_cast<std::size_t>(size());
  const int length = static_cast<int>(text.size());
  std::vector<int> lengths(all), begins(all);
  MPI_Gather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, 0, MPI_COMM_WORLD);
  std::exclusive_scan(lengths.begin(), lengths.end(), begins.begin(), 0);
  std::string joined(static_cast<std::size_t>(rank() == 0 ? begins.back() + lengths.back() : 0), '\0');
  MPI_Gatherv(text.data(), length, MPI_CHAR, joined.data(), lengths.data(), begins.data(), MPI_CHAR, 0, MPI_COMM_WORLD);
  std::vector<std::string> texts;
  for (std::size_t k = 0; rank() == 0 && k < all; ++k)
    texts.push_back(joined.substr(static_cast<std::size_t>(begins[k]), static_cast<std::size_t>(lengths[k])));
  return texts;
}

void Cluster::share(std::vector<long>& numbers) const {
  if (size() == 1) return;
  long count = static_cast<long>(numbers.size());
  MPI_Bcast(&count, 1, MPI_LONG, 0, MPI_COMM_WORLD);
  numbers.resize(static_cast<std::size_t>(count));
  MPI_Bcast(numbers.data(), static_cast<int>(count), MPI_LONG, 0, MPI_COMM_WORLD);
}

void Cluster::wait() const {
  if (size() > 1) MPI_Barrier(MPI_COMM_WORLD);
}

void Cluster::abort(int status) const {
  if (size() > 1) MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

#else

Cluster::Cluster() : impl_(std::make_unique<Impl>()) {
  if (size_in_environment() > 1)
    throw std::runtime_error("built without MPI: install libopenmpi-dev and build again, or run without mpirun");
}
Cluster::~Cluster() = default;
std::vector<std::string> Cluster::gather(const std::string& text) const { return {text}; }
void Cluster::share(std::vector<long>&) const {}
void Cluster::wait() const {}
void Cluster::abort(int status) const { std::_Exit(status); }

#endif

int Cluster::rank() const { return impl_->rank; }
int Cluster::size() const { return impl_->size; }

void Cluster::distribute(const std::vector<long>& units, long piece,
                         const std::function<void(const std::function<std::vector<long>()>&)>& work,
                         const std::function<void(long)>& taken) const {
  Counter counter(static_cast<long>(units.size()), piece);
  const auto piece_from = [&](long begin) {
    if (begin < 0) return std::vector<long>{};
    const auto from = units.begin() + begin;
    return std::vector<long>(from, from + std::min<long>(piece, units.end() - from));
  };
  const auto own = [&] {
    auto next = piece_from(counter.next());
    if (taken) taken(counter.taken());
    return next;
  };
#ifdef BENIGN_MPI
  if (rank() > 0) {
    Asker asker;
    work([&] { return piece_from(asker.next()); });
    return;
  }
  std::jthread answering;
  if (size() > 1) answering = std::jthread([&] { answer(size() - 1, counter, taken); });
#endif
  try {
    work(own);
  } catch (...) {
    counter.stop();  // or the others would do all the rest before this rank may say what is wrong
    throw;
  }
}

}  // namespace benign::sim
