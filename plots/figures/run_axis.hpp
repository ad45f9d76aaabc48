#pragma once
// The axis of time that suits a run.

#include "plots/records/series.hpp"

namespace benign::plots {

/// Time as a descent or a short flow counts it, or as its logarithm.
struct TimeAxis {
  const char* label;
  double (*of)(const nlohmann::json& record);
};

inline TimeAxis time_axis(const Series& run) {
  if (run.config.contains("log-s-max"))
    return {"log(τ/τ₀)", [](const nlohmann::json& record) { return number(record["log_s"]); }};
  if (run.flow()) return {"time τ", [](const nlohmann::json& record) { return number(record["tau"]); }};
  return {"step of gradient descent", [](const nlohmann::json& record) { return number(record["part"]); }};
}

}  // namespace benign::plots
