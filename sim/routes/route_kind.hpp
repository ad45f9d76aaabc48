#pragma once
// The names of the routes; what they are is in route.hpp.

namespace benign::sim {

enum class RouteKind { direct, coefficients, statistics, limit };

}  // namespace benign::sim
