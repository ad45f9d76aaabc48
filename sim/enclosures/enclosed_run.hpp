#pragma once
// Gradient descent in interval arithmetic on exactly given data: what it encloses is proved (THEORY section 6).

#include "sim/frames/enclosed_frame.hpp"
#include "sim/frames/shared_draws.hpp"
#include "sim/routes/route.hpp"
#include "sim/runs/config_json.hpp"

#include <functional>
#include <vector>

namespace benign::sim {

/// An instance of a configuration with its exact inner products, for runs at several precisions.
struct ExactInstance {
  /// Without what ‖q‖² needs where it is not asked for, or by `statistics`, which does not know it.
  explicit ExactInstance(const RunConfig& config, QNorm q_norm = QNorm::needed);
  /// The same, with the inner products of one that has the same noise and weights, where there is one.
  ExactInstance(const RunConfig& config, QNorm q_norm, SharedDraws& shared);
  ExactInstance(const ExactInstance&) = delete;

  RunConfig config;
  Instance instance;
  ExactFrame exact;  // refers to `instance`
};

struct EnclosedMoment {
  long step = 0;
  Readout<Enclosure> readout;
  Vector<Enclosure> attention;  ///< length N
  Vector<Enclosure> outputs;    ///< f_i, length n; with many classes the margins m_i
  Vector<Enclosure> leads;      ///< F_y − max_{c≠y} F_c with many classes; empty with two
  Enclosure loss;
  Enclosure least_fall;  ///< min_{j<step} L_j − L_{j+1}; NaN at the start, and of a flow
};

/// Attention, outputs and loss of token logits.
EnclosedMoment moment_of(const theory::Samples<Enclosure>& samples, const Vector<Enclosure>& logits);

/// Whether a run is enclosed near an orbit (orbit.hpp): a plain descent of `coefficients` with two classes.
bool near_orbits(const RunConfig& config);

/// From so many bits on such a descent is enclosed by an orbit near it (orbit.hpp) in pairs of doubles, in 50
/// and in 100 digits, and by intervals from `most_orbit_bits` on, and below.
constexpr long orbit_bits[] = {106, 168, 333}, most_orbit_bits = 336;

/// What an interrupted run goes on from: what `keep` was told of where it stood; from the start if it is null.
struct Resumption {
  Json from = {};
  std::function<void(const Json& stands)> keep = {};  ///< may be empty
};

/// Trains at the working precision, by the configuration's method and route: `coefficients`, or `statistics`, whose plain
/// intervals grow less on long and stiff runs than those of `coefficients`, and which has no ‖q‖². Up to the last of the
/// given steps, in rising order, and calls `seen` at each. False where the enclosures have grown so wide that nothing
/// will come of it; `seen` is then not called again.
/// A plain descent by an orbit tells `resumption` after every `steps_of_a_leg` steps where it stands, and goes on from there as if
/// it had not been interrupted; any other begins anew.
bool enclose_descent(const ExactInstance& exact, const std::vector<long>& steps,
                     const std::function<void(const EnclosedMoment&)>& seen,
                     const std::function<void(long)>& progress = {}, const Resumption& resumption = {});
constexpr long steps_of_a_leg = 1024;

}  // namespace benign::sim
