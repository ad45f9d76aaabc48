#include "sim/generalisation/construct.hpp"

#include "theory/model/layout.hpp"
#include "theory/numbers/element.hpp"

#include <algorithm>

namespace benign::sim {
namespace {

/// ε^{(i)}_{sel(i)}: the token less its signal.
Eigen::VectorXd selected_noise(const Instance& instance, Index i) {
  const Data& train = instance.train;
  const double mu = instance.parameters.mu.as<double>();
  const int true_label = element(train.true_label, i);
  const theory::Kind selected = train.noisy(i) ? theory::weak_other : theory::relevant;
  const auto kinds = theory::kinds_of_tokens(train.T);  // the theorem is about the paper's
  const auto mean = theory::layout<double>(instance.parameters)[selected];
  Eigen::VectorXd noise = train.tokens.row(i * train.T + (std::ranges::find(kinds, selected) - kinds.begin()));
  noise[own_signal(true_label)] -= mean.own * mu;
  noise[other_signal(true_label)] -= mean.other * mu;
  return noise;
}

theory::Samples<double> samples_of(const theory::Parameters& p, const Data& data) {
  const double scale = theory::head_scale<double>() / p.mu.as<double>();
  return {data.n, data.T, scale * (data.tokens.col(0) - data.tokens.col(1)), data.label};
}

std::vector<Selection> selections(const Data& data, const Eigen::VectorXd& attention, bool is_train) {
  std::vector<Selection> selected;
  for (Index i = 0; i < data.n; ++i) {
    const auto s = attention.segment(i * data.T, data.T);
    const double plus = s.dot(data.tokens.col(0).segment(i * data.T, data.T));
    const double minus = s.dot(data.tokens.col(1).segment(i * data.T, data.T));
    const auto k = static_cast<std::size_t>(i);
    selected.push_back({!is_train       ? "test"
                        : data.noisy(i) ? "noisy"
                                        : "clean",
                        data.true_label[k], plus, minus, data.label[k] * (plus - minus) > 0});
  }
  return selected;
}

}  // namespace

Eigen::VectorXd constructed_q(const Instance& instance, double b) {
  Eigen::VectorXd noise = Eigen::VectorXd::Zero(instance.train.d);
  for (Index i = 0; i < instance.train.n; ++i) noise += selected_noise(instance, i);
  Eigen::VectorXd q = b * noise;
  q.head<2>().array() += instance.parameters.mu.as<double>();
  return q;
}

QScalars q_scalars(const theory::Parameters& p, const Eigen::VectorXd& q) {
  const double mu = p.mu.as<double>();
  return {mu * q[0], mu * q[1], q.squaredNorm()};
}

Fit train_fit(const Instance& instance, const Eigen::VectorXd& q) {
  const theory::Samples<double> samples = samples_of(instance.parameters, instance.train);
  const Eigen::VectorXd s = theory::attention<double>(samples, instance.train.tokens * q);
  const Eigen::VectorXd f = theory::outputs<double>(samples, s);
  return {theory::accuracy(samples, f), theory::loss(samples, f), selections(instance.train, s, true)};
}

std::vector<Selection> test_selections(const Instance& instance, const Eigen::VectorXd& q, Index size) {
  constexpr Index batch = 16;  // the tokens of all inputs together may not fit in memory
  std::vector<Selection> all;
  for (Index first = 0; first < size; first += batch) {
    const Data test =
        draw_test(instance.parameters, instance.kind, instance.seed, size, first, std::min(batch, size - first));
    const auto samples = samples_of(instance.parameters, test);
    const auto part = selections(test, theory::attention<double>(samples, test.tokens * q), false);
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace benign::sim
