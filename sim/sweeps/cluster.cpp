#include "sim/sweeps/cluster.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
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

}  // namespace

bool under_mpirun() { return std::getenv("OMPI_COMM_WORLD_SIZE") || std::getenv("PMI_SIZE"); }

int rank_under_mpirun() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMI_RANK"})
    if (const char* rank = std::getenv(name)) return std::atoi(rank);
  return 0;
}

struct Cluster::Impl {
  int rank = 0, size = 1;
};

#ifdef BENIGN_MPI

namespace {
constexpr int ask_tag = 1, answer_tag = 2;
}

Cluster::Cluster() : impl_(std::make_unique<Impl>()) {
  if (!under_mpirun()) return;
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  if (provided < MPI_THREAD_SERIALIZED) throw std::runtime_error("this MPI allows no threads");
  MPI_Comm_rank(MPI_COMM_WORLD, &impl_->rank);
  MPI_Comm_size(MPI_COMM_WORLD, &impl_->size);
}

Cluster::~Cluster() {
  if (under_mpirun()) MPI_Finalize();
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
  if (under_mpirun())
    throw std::runtime_error("built without MPI: install libopenmpi-dev and build again, or run without mpirun");
}
Cluster::~Cluster() = default;
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
    std::mutex asking;  // one thread at a time may speak to MPI
    bool over = false;
    work([&] {
      const std::scoped_lock lock(asking);
      long begin = -1;
      if (!over) {
        MPI_Send(&begin, 1, MPI_LONG, 0, ask_tag, MPI_COMM_WORLD);
        MPI_Recv(&begin, 1, MPI_LONG, 0, answer_tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        over = begin < 0;
      }
      return piece_from(begin);
    });
    return;
  }
  std::jthread answering;
  if (size() > 1)
    answering = std::jthread([&] {
      using std::chrono::microseconds;
      constexpr microseconds shortest(100), longest(2000);
      microseconds pause = shortest;  // grows while nobody asks: to look costs this rank's own work time
      for (int asking = size() - 1; asking > 0;) {
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
        if (begin < 0) --asking;
      }
    });
#endif
  try {
    work(own);
  } catch (...) {
    counter.stop();  // or the others would do all the rest before this rank may say what is wrong
    throw;
  }
}

}  // namespace benign::sim
