#include "proofs_check/hunt/search.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <memory>
#include <mutex>
#include <nlopt.h>
#include <numeric>
#include <tbb/task_arena.h>
#include <thread>

namespace benign::proofs {
namespace {

using Function = std::function<double(const std::vector<double>&)>;

/// What one search has spent, and the best that it has seen.
struct Spent {
  const Function& f;
  nlopt_opt optimiser = nullptr;
  long left = 0;
  double best = HUGE_VAL;
  std::vector<double> at;
  std::exception_ptr failure = {};
};

/// NLopt is C: what f throws waits until it has returned.
double ask(unsigned dimensions, const double* x, double*, void* data) {
  Spent& spent = *static_cast<Spent*>(data);
  std::vector<double> point(x, x + dimensions);
  double value = HUGE_VAL;
  try {
    // The threads that help with one value must not begin another one's.
    if (spent.left > 0) value = tbb::this_task_arena::isolate([&] { return spent.f(point); });
  } catch (...) {
    spent.failure = std::current_exception();
    spent.left = 0;
  }
  if (--spent.left < 0) nlopt_force_stop(spent.optimiser);
  if (value < spent.best) spent.best = value, spent.at = point;
  return value;
}

void run(nlopt_algorithm algorithm, Spent& spent, long budget, double first_step) {
  const std::unique_ptr<nlopt_opt_s, void (*)(nlopt_opt)> optimiser(
      nlopt_create(algorithm, static_cast<unsigned>(spent.at.size())), nlopt_destroy);
  spent.optimiser = optimiser.get();
  spent.left = budget;
  nlopt_set_lower_bounds1(optimiser.get(), 0);
  nlopt_set_upper_bounds1(optimiser.get(), 1);
  nlopt_set_min_objective(optimiser.get(), ask, &spent);
  nlopt_set_maxeval(optimiser.get(), static_cast<int>(budget));
  if (first_step > 0) nlopt_set_initial_step1(optimiser.get(), first_step);
  std::vector<double> x = spent.at;
  double value = 0;
  nlopt_optimize(optimiser.get(), x.data(), &value);
  if (spent.failure) std::rethrow_exception(spent.failure);
}

}  // namespace

void search_once(Method method, std::size_t dimensions, long budget, std::uint64_t seed, const Function& f) {
  constexpr double local_step = 0.05;
  nlopt_srand(static_cast<unsigned long>(seed));  // of this thread
  Spent spent{f, {}, 0, HUGE_VAL, std::vector<double>(dimensions, 0.5)};
  run(method == Method::divide ? NLOPT_GN_DIRECT_L : NLOPT_GN_CRS2_LM, spent, budget - budget / 4, 0);
  run(NLOPT_LN_SBPLX, spent, budget / 4, local_step);
}

void search(std::size_t dimensions, long budget, std::uint64_t seed, const sim::Cluster& cluster, int threads,
            const Function& f) {
  std::vector<long> searches(4);
  std::iota(searches.begin(), searches.end(), 0);
  const auto count = static_cast<long>(searches.size());
  std::atomic<bool> failed = false;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&](const std::function<std::vector<long>()>& next) {
    const auto one_thread = [&] {
      for (auto piece = next(); !piece.empty() && !failed; piece = next()) try {
          const long k = piece.front(), share = (budget * (k + 1)) / count - (budget * k) / count;
          search_once(k == 0 ? Method::divide : Method::random, dimensions, share,
                      seed * static_cast<std::uint64_t>(count) + static_cast<std::uint64_t>(k), f);
        } catch (...) {
          const std::scoped_lock lock(mutex);
          if (!failed.exchange(true)) failure = std::current_exception();
        }
    };
    // Threads of their own, since NLopt's random numbers are each thread's.
    std::vector<std::thread> workers;
    for (long k = 0; k < std::min<long>(threads, count); ++k) workers.emplace_back(one_thread);
    for (std::thread& worker : workers) worker.join();
    if (failure) std::rethrow_exception(failure);
  };
  cluster.distribute(searches, 1, work, {});
}

}  // namespace benign::proofs
