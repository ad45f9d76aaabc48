#include "proofs_check/hunt/hunt.hpp"

#include "proofs_check/framework/parallel.hpp"
#include "proofs_check/hunt/search.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>

namespace benign::proofs {
namespace {

using theory::Decimal;

std::string key_of(const std::vector<Decimal>& values) {
  std::string key;
  for (const Decimal& value : values) key += value.text() + " ";
  return key;
}

/// The slope of the least-squares line through (x, y), where there are three points that do not stand above each other.
std::optional<double> slope(const std::vector<std::pair<double, double>>& points) {
  if (points.size() < 3) return std::nullopt;
  const double count = static_cast<double>(points.size());
  double x_mean = 0, y_mean = 0, xx = 0, xy = 0;
  for (const auto& [x, y] : points) x_mean += x / count, y_mean += y / count;
  for (const auto& [x, y] : points) xx += (x - x_mean) * (x - x_mean), xy += (x - x_mean) * (y - y_mean);
  return xx > 0 ? std::optional(xy / xx) : std::nullopt;
}

}  // namespace

Hunt::Hunt(const Check& check, Box box, long seeds, const Laboratory& terms)
    : check_(check), box_(std::move(box)), seeds_(seeds), terms_(terms) {}

double Hunt::C() const { return check_.C ? terms_.constant(check_.id, *check_.C) : 0; }

bool Hunt::is_least(const Seen& seen) const { return (seen.constant.value_or(0) <= C()) == (seen.margin.value >= 0); }

double Hunt::score(const Seen& seen) const {
  if (!seen.allowed) return 1.5;
  if (seen.speaking == 0) return 1.25;
  // A constant is a finer measure than the margin with one constant.
  double left = seen.margin.value / seen.scale;
  if (C() > 0 && seen.constant) left = is_least(seen) ? 1 - *seen.constant / C() : *seen.constant / C() - 1;
  return std::isinf(left) ? std::copysign(1, left) : left / (1 + std::abs(left));
}

Laboratory Hunt::laboratory(const Seen& seen) const {
  Laboratory laboratory;
  laboratory.config = box_.config(seen.values);
  laboratory.config.seed = seen.seed;
  laboratory.delta = terms_.delta, laboratory.constants = terms_.constants;
  if (is_study(check_)) laboratory.seeds = std::max(seeds_, check_.least_seeds);
  return laboratory;
}

Seen Hunt::look_at(const std::vector<Decimal>& values) const {
  Seen found{.values = values};
  found.seed = box_.base.seed;
  found.allowed = sim::validate(box_.config(values)).empty();
  if (!found.allowed) return found;
  const long runs = is_study(check_) ? 1 : seeds_;
  std::vector<Seen> of_seed(static_cast<std::size_t>(runs), found);
  for_each_in_order(runs, [&](long k) {
    Seen& one = element(of_seed, k);
    one.seed = box_.base.seed + static_cast<std::uint64_t>(k);
    const Finding finding = evaluate(check_, laboratory(one));
    for (const Hypothesis& hypothesis : finding.hypotheses)
      if (!hypothesis.met) one.unmet.push_back(hypothesis.statement);
    if (one.unmet.empty() && !std::isfinite(finding.margin.error))
      one.unmet = {finding.finished ? "the margin's error is known" : "the experiment can be finished"};
    one.speaking = one.unmet.empty();
    one.margin = finding.margin, one.scale = finding.scale, one.constant = finding.constant;
    one.verdict = verdict_of(finding);
  });
  long speaking = 0;
  std::size_t worst = 0;
  for (std::size_t k = 0; k < of_seed.size(); ++k) {
    speaking += of_seed[k].speaking;
    if (score(of_seed[k]) < score(of_seed[worst])) worst = k;
  }
  found = of_seed[worst];
  found.speaking = speaking;
  return found;
}

std::pair<const Seen*, bool> Hunt::visit(const std::vector<Decimal>& values) {
  const std::string key = key_of(values);
  {
    const std::scoped_lock lock(mutex_);
    if (const auto known = seen_.find(key); known != seen_.end()) return {&known->second, false};
  }
  Seen seen = look_at(values);
  const std::scoped_lock lock(mutex_);  // another thread may have been there meanwhile
  const auto [place, is_new] = seen_.try_emplace(key, std::move(seen));
  return {&place->second, is_new};
}

const Seen& Hunt::know(Seen seen) {
  const std::string key = key_of(seen.values);
  return seen_.insert_or_assign(key, std::move(seen)).first->second;
}

void Hunt::search(long budget, const sim::Cluster& cluster, int threads, const std::function<void(const Seen&)>& look) {
  std::mutex telling;
  proofs::search(box_.sides.size(), budget, box_.base.seed, cluster, threads, [&](const std::vector<double>& point) {
    std::vector<Decimal> values;
    for (std::size_t k = 0; k < point.size(); ++k) values.push_back(box_.value(k, point[k]));
    const auto [seen, is_new] = visit(values);
    if (is_new) {
      const std::scoped_lock lock(telling);
      look(*seen);
    }
    return score(*seen);
  });
}

const Seen* Hunt::worst() const {
  const Seen* worst = nullptr;
  for (const auto& [key, seen] : seen_)
    if (seen.allowed && seen.speaking > 0 && (!worst || score(seen) < score(*worst))) worst = &seen;
  return worst;
}

std::vector<Along> Hunt::along(const Seen& through) {
  constexpr int places = 9;
  std::vector<Along> all;
  for (std::size_t side = 0; side < box_.sides.size(); ++side) {
    Along along{box_.sides[side].name, {}, {}};
    std::vector<std::vector<Decimal>> points;
    for (int k = 0; k < places; ++k) {
      points.push_back(through.values);
      points.back()[side] = box_.value(side, static_cast<double>(k) / (places - 1));
    }
    points.push_back(through.values);
    std::sort(points.begin(), points.end(),
              [&](const auto& a, const auto& b) { return a[side].exact() < b[side].exact(); });
    points.erase(std::unique(points.begin(), points.end()), points.end());
    std::vector<std::pair<double, double>> logs;
    for (const auto& values : points) {
      const Seen& seen = along.points.emplace_back(at(values));
      const double x = values[side].as<double>();
      if (seen.allowed && seen.speaking > 0 && seen.constant.value_or(0) > 0 && std::isfinite(*seen.constant) && x > 0)
        logs.emplace_back(elementary::log(x), elementary::log(*seen.constant));
    }
    along.exponent = slope(logs);
    all.push_back(std::move(along));
  }
  return all;
}

Judgement Hunt::judge(const Seen& seen, Precision precision) const {
  Laboratory used = laboratory(seen);
  used.config.precision = precision;
  return proofs::judge(check_, used);
}

}  // namespace benign::proofs
