#pragma once
// Who does which unit of a sweep: the threads of this machine, or under mpirun those of several.
//
// The next units go to whoever asks first. Rank 0 keeps the list, and a thread of it that mostly sleeps answers the
// others; its own workers ask it directly. MPI is started under mpirun alone.

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace benign::sim {

class Cluster {
 public:
  /// Starts MPI if the environment looks as if mpirun started this process; rank and size are MPI's own, whatever the
  /// environment says. Throws std::runtime_error if the process is one of several and the build is one without MPI.
  Cluster();
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  int rank() const;
  int size() const;

  /// Every rank's text, on rank 0; on the others nothing.
  std::vector<std::string> gather(const std::string& text) const;

  /// Rank 0's numbers, on every rank.
  void share(std::vector<long>& numbers) const;

  /// Until every rank is here.
  void wait() const;

  /// Hands the entries of `units`, the same on every rank, in pieces of `piece` to the callers of `work`, which runs on
  /// every rank and calls next() from any number of threads until it returns an empty piece. `taken`, on rank 0, is
  /// told how many are taken. Where `work` throws on rank 0, nothing more is handed out.
  void distribute(const std::vector<long>& units, long piece,
                  const std::function<void(const std::function<std::vector<long>()>& next)>& work,
                  const std::function<void(long)>& taken) const;

  /// Ends all ranks; for one that cannot go on.
  [[noreturn]] void abort(int status) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace benign::sim
