#include "proofs_check/python/recorded_run.hpp"

#include "proofs_check/python/interrupt.hpp"
#include "sim/runs/escalation.hpp"
#include "theory/model/model.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace benign::proofs {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

template <class Real>
struct KeptMoment {
  sim::Observation<Real> seen;
  Vector<Real> attention;
};

/// A name, how many numbers a moment has of it (0: one, 1: n, 2: n T), and what they are.
template <class Real>
struct Series {
  const char* name;
  int positions;
  std::function<Vector<Real>(const KeptMoment<Real>&)> of;
};

template <class Real>
const std::vector<Series<Real>>& all_series() {
  using Kept = KeptMoment<Real>;
  const auto one = [](const auto& read) {
    return [read](const Kept& at) { return Vector<Real>(Vector<Real>::Constant(1, Real(read(at.seen)))); };
  };
  const auto test = [one](double sim::TestError::*part) {
    return one([part](const auto& seen) { return seen.test ? (*seen.test).*part : not_known; });
  };
  const auto group = [one](auto member, auto part) {
    return one(
        [=](const sim::Observation<Real>& seen) { return seen.*member ? part(*(seen.*member)) : Real(not_known); });
  };
  const auto share = [](const sim::GroupAttention<Real>& g) { return g.share[theory::relevant]; };
  const auto gap = [](const sim::GroupAttention<Real>& g) { return g.gap; };
  using Seen = sim::Observation<Real>;
  static const std::vector<Series<Real>> all = {
      {"part", 0, one([](const auto& seen) { return static_cast<double>(seen.part); })},
      {"tau", 0, one([](const auto& seen) { return seen.tau; })},
      {"log_s", 0, one([](const auto& seen) { return seen.log_s; })},
      {"train_accuracy", 0, one([](const auto& seen) { return seen.train_accuracy; })},
      {"train_loss", 0, one([](const auto& seen) { return seen.train_loss; })},
      {"test_accuracy", 0, test(&sim::TestError::accuracy)},
      {"test_loss", 0, test(&sim::TestError::loss)},
      {"test_attention", 0, test(&sim::TestError::attention)},
      {"attention_clean", 0, group(&Seen::clean, share)},
      {"attention_noisy", 0, group(&Seen::noisy, share)},
      {"gap_clean", 0, group(&Seen::clean, gap)},
      {"gap_noisy", 0, group(&Seen::noisy, gap)},
      {"mu_plus_q", 0, one([](const auto& seen) { return seen.readout.mu_plus_q; })},
      {"mu_minus_q", 0, one([](const auto& seen) { return seen.readout.mu_minus_q; })},
      {"q_norm2", 0, one([](const auto& seen) { return seen.readout.q_norm2.value_or(Real(not_known)); })},
      {"outputs", 1, [](const Kept& at) { return at.seen.outputs; }},
      {"attention", 2, [](const Kept& at) { return at.attention; }},
      {"logits", 2, [](const Kept& at) { return at.seen.readout.logits; }}};
  return all;
}

template <class Real>
std::string text_of(const Real& x) {
  if constexpr (std::is_same_v<Real, double>)
    return sim::Json(x).dump();
  else
    return x.str(std::numeric_limits<Real>::max_digits10, std::ios_base::scientific);
}

template <class Real>
class Kept final : public RecordedRun {
 public:
  std::vector<KeptMoment<Real>> moments;
  long n = 0, T = 0;

  Numbers numbers(const std::string& name) const override {
    const auto& series = find(name);
    Numbers all{{static_cast<long>(moments.size())}, {}};
    if (series.positions > 0) all.shape.push_back(n);
    if (series.positions > 1) all.shape.push_back(T);
    for (const auto& moment : moments)
      for (const Real& x : series.of(moment)) all.values.push_back(representative(x));
    return all;
  }
  std::vector<std::string> digits(const std::string& name) const override {
    std::vector<std::string> texts;
    for (const auto& moment : moments)
      for (const Real& x : find(name).of(moment)) texts.push_back(text_of(x));
    return texts;
  }

 private:
  static const Series<Real>& find(const std::string& name) {
    const auto& all = all_series<Real>();
    return *std::find_if(all.begin(), all.end(), [&](const auto& series) { return name == series.name; });
  }
};

template <class Real>
std::unique_ptr<RecordedRun> record(const sim::RunConfig& config, long every) {
  const sim::Run<Real> run(config);
  const auto& samples = run.frame().samples;
  auto kept = std::make_unique<Kept<Real>>();
  kept->n = samples.n, kept->T = samples.T;
  const auto see = [&](const sim::Observation<Real>& seen) {
    kept->moments.push_back({seen, theory::attention(samples, seen.readout.logits)});
  };
  const auto result = sim::simulate<Real>(run, every, see, [](long) { Interruptible::look(); });
  Interruptible::look();
  kept->result = sim::result_json(config, result);
  kept->label = samples.many() ? samples.classes : samples.labels;
  for (Index i = 0; i < samples.n; ++i) kept->flipped.push_back(element(run.frame().noisy, i));
  return kept;
}

}  // namespace

std::vector<std::string> series_names() {
  std::vector<std::string> names;
  for (const auto& series : all_series<double>()) names.push_back(series.name);
  return names;
}

std::unique_ptr<RecordedRun> record_run(sim::RunConfig config, long every) {
  if (config.escalate) {
    config.precision = sim::escalate(config).precision;
    config.escalate = false;
  }
  if (every == 0) every = std::max(1L, config.parameters.steps / 200);
  return with_precision(config.precision,
                        [&]<class Real>(std::type_identity<Real>) { return record<Real>(config, every); });
}

}  // namespace benign::proofs
