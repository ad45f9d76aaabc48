#include "sim/routes/route.hpp"

#include "sim/routes/coefficients.hpp"
#include "sim/routes/direct.hpp"
#include "sim/routes/limit.hpp"
#include "sim/routes/statistics.hpp"

namespace benign::sim {

template <class Real>
std::unique_ptr<Route<Real>> make_route(RouteKind kind, const Instance& instance, const Frame<Real>* frame,
                                        Train train) {
  switch (kind) {
    case RouteKind::direct: return std::make_unique<Direct<Real>>(instance, train);
    case RouteKind::coefficients: return std::make_unique<Coefficients<Real>>(instance, *frame, train);
    case RouteKind::statistics: return std::make_unique<Statistics<Real>>(*frame, train);
    case RouteKind::limit: break;
  }
  return std::make_unique<LimitSystem<Real>>(instance);
}

#define BENIGN_INSTANTIATE(Real) \
  template std::unique_ptr<Route<Real>> make_route<Real>(RouteKind, const Instance&, const Frame<Real>*, Train);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
#undef BENIGN_INSTANTIATE

}  // namespace benign::sim
