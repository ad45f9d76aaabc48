#include "sim/encoder/encoder.hpp"

#include "sim/random/mean.hpp"
#include "theory/model/model.hpp"
#include "theory/numbers/element.hpp"

#include <cmath>
#include <numbers>
#include <torch/torch.h>

namespace benign::sim {
namespace {

using torch::Tensor;

/// Matrix `which` of the initial weights: rows of the stream of W₀, at addresses that W₀ itself does not use.
Tensor uniform(std::uint64_t seed, std::uint64_t which, Index rows, Index columns, torch::Dtype type) {
  Tensor weights = torch::empty({rows, columns}, torch::kFloat64);
  for (Index row = 0; row < rows; ++row)
    fill_uniform(seed, Stream::initial_weights, ((which + 1) << 40) + static_cast<std::uint64_t>(row),
                 1 / std::sqrt(static_cast<double>(columns)),
                 {weights.data_ptr<double>() + row * columns, static_cast<std::size_t>(columns)});
  return weights.to(type);
}

Tensor tokens_of(Data& data, torch::Dtype type) {
  return torch::from_blob(data.tokens.data(), {data.n, data.T, data.d}, torch::kFloat64).to(type, false, true);
}

Tensor labels_of(const Data& data, torch::Dtype type) {
  Tensor labels = torch::empty({data.n}, torch::kFloat64);
  for (Index i = 0; i < data.n; ++i) labels[i] = element(data.label, i);
  return labels.to(type);
}

std::vector<double> numbers(const Tensor& tensor) {
  const Tensor flat = tensor.detach().to(torch::kFloat64).contiguous().flatten();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

struct Pass {
  Tensor scores;     ///< (samples, 1 + T), the class token first
  Tensor attention;  ///< their softmax
  Tensor f;          ///< (samples)
};

}  // namespace

struct Encoder::Model {
  Model(const RunConfig& config, const EncoderOptions& options)
      : config_(config), options_(options), type_(options.single ? torch::kFloat32 : torch::kFloat64) {
    if (options.threads > 0) torch::set_num_threads(options.threads);
    const auto& p = config.parameters;
    const Index d = p.d;
    train_ = draw_train(p, config.data, config.seed);
    X_ = tokens_of(train_, type_);
    Y_ = labels_of(train_, type_);
    train_.tokens.resize(0, 0);
    constexpr Index most_at_once = 250;
    for (Index first = 0; first < options.test_size; first += most_at_once) {
      Data part = draw_test(p, config.data, config.seed, options.test_size, first,
                            std::min(most_at_once, options.test_size - first));
      test_X_.push_back(tokens_of(part, type_));
      test_Y_.push_back(labels_of(part, type_));
    }
    Tensor token = torch::empty({d}, torch::kFloat64);
    fill_normal(config.seed, Stream::initial_p, std::uint64_t{1} << 40, 1 / std::sqrt(static_cast<double>(d)),
                {token.data_ptr<double>(), static_cast<std::size_t>(d)});
    const auto row = [&](std::uint64_t which) { return uniform(config.seed, which, 1, d, type_).flatten(); };
    const auto square = [&](std::uint64_t which) { return uniform(config.seed, which, d, d, type_); };
    const auto ones = torch::ones({d}, type_), zeros = torch::zeros({d}, type_);
    all_ = {token.to(type_), ones.clone(), zeros.clone(), square(0),     square(1),
            square(2),       square(3),    ones.clone(),  zeros.clone(), square(4),
            row(5),          square(6),    row(7),        row(8),        torch::zeros({1}, type_)};
    for (Tensor& one : all_) one.set_requires_grad(true);
  }

  Pass pass(const Tensor& X) const {
    const auto& [c, gain1, bias1, W_Q, W_K, W_V, W_O, gain2, bias2, W_1, b_1, W_2, b_2, w, b] = all_;
    const auto d = c.size(0);
    const auto normed = [&](const Tensor& x, const Tensor& gain, const Tensor& bias) {
      return torch::layer_norm(x, {d}, gain, bias);
    };
    const Tensor Z = torch::cat({c.expand({X.size(0), 1, d}), X}, 1), Z_normed = normed(Z, gain1, bias1);
    const Tensor c_normed = normed(c, gain1, bias1);
    const Tensor key = W_K.t().mv(W_Q.mv(c_normed)) / std::sqrt(static_cast<double>(d));
    Pass pass;
    pass.scores = Z_normed.matmul(key);
    pass.attention = torch::softmax(pass.scores, 1);
    const Tensor selected = torch::bmm(pass.attention.unsqueeze(1), Z_normed).squeeze(1);
    const Tensor o = selected.mm(W_V.t()).mm(W_O.t());
    const Tensor h = options_.skip ? c + o : o;
    const Tensor inner = torch::gelu(torch::addmm(b_1, normed(h, gain2, bias2), W_1.t()));
    const Tensor out = torch::addmm(b_2, inner, W_2.t());
    pass.f = (options_.skip ? h + out : out).mv(w) + b;
    return pass;
  }

  Tensor loss() const { return torch::softplus(-Y_ * pass(X_).f).mean(); }

  std::vector<Tensor> gradients() const { return torch::autograd::grad({loss()}, {all_.begin(), all_.end()}); }

  TestError test() const {
    std::vector<double> right, losses;
    double attention = 0;
    for (std::size_t part = 0; part < test_X_.size(); ++part) {
      const Pass seen = pass(test_X_[part]);
      const auto margins = numbers(test_Y_[part] * seen.f);
      for (const double margin : margins) right.push_back(margin > 0), losses.push_back(theory::logistic_loss(margin));
      attention += seen.attention.select(1, 1).sum().item<double>();
    }
    TestError error;
    error.sampled = true;
    std::tie(error.accuracy, error.accuracy_error) = mean_and_stderr(right);
    std::tie(error.loss, error.loss_error) = mean_and_stderr(losses);
    error.attention = attention / static_cast<double>(right.size());
    return error;
  }

  EncoderMoment observe(bool with_test) const {
    const torch::NoGradGuard no_gradients;
    const Pass now = pass(X_);
    const auto scores = numbers(now.scores), attention = numbers(now.attention), f = numbers(now.f);
    const Index n = train_.n, T = train_.T, width = T + 1;
    EncoderMoment moment;
    Vector<double> logits(n * T), of_tokens(n * T), outputs = Eigen::Map<const Eigen::VectorXd>(f.data(), n);
    std::vector<bool> noisy;
    for (Index i = 0; i < n; ++i) {
      logits.segment(i * T, T) = Eigen::Map<const Eigen::VectorXd>(scores.data() + i * width + 1, T);
      of_tokens.segment(i * T, T) = Eigen::Map<const Eigen::VectorXd>(attention.data() + i * width + 1, T);
      moment.class_token += element(attention, i * width) / static_cast<double>(n);
      noisy.push_back(train_.noisy(i));
    }
    const theory::Samples<double> samples{n, T, {}, train_.label};
    Readout<double> readout{std::move(logits), std::nan(""), std::nan(""), std::nullopt};
    moment.seen = sim::observe(samples, noisy, std::move(readout), of_tokens, std::move(outputs));
    if (with_test && !test_X_.empty()) moment.seen.test = test();
    return moment;
  }

  RunConfig config_;
  EncoderOptions options_;
  torch::Dtype type_;
  Data train_;  // without its tokens
  Tensor X_, Y_;
  std::vector<Tensor> test_X_, test_Y_;
  std::array<Tensor, 15> all_;  // in the order of pass()
};

Encoder::Encoder(const RunConfig& config, const EncoderOptions& options)
    : model_(std::make_unique<Model>(config, options)) {}
Encoder::~Encoder() = default;

std::size_t Encoder::size() const {
  std::size_t size = 0;
  for (const Tensor& one : model_->all_) size += static_cast<std::size_t>(one.numel());
  return size;
}

std::vector<double> Encoder::parameters() const {
  std::vector<double> all;
  for (const Tensor& one : model_->all_) {
    const auto part = numbers(one);
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

void Encoder::set_parameters(const std::vector<double>& parameters) {
  const torch::NoGradGuard no_gradients;
  auto values = parameters;
  double* at = values.data();
  for (Tensor& one : model_->all_) {
    one.copy_(torch::from_blob(at, one.sizes(), torch::kFloat64));
    at += one.numel();
  }
}

double Encoder::loss() const {
  const torch::NoGradGuard no_gradients;
  return model_->loss().item<double>();
}

std::vector<double> Encoder::gradient() const {
  std::vector<double> all;
  for (const Tensor& one : model_->gradients()) {
    const auto part = numbers(one);
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

void Encoder::descend(double step) {
  const auto gradients = model_->gradients();
  const torch::NoGradGuard no_gradients;
  for (std::size_t k = 0; k < gradients.size(); ++k) model_->all_[k].sub_(gradients[k], step);
}

EncoderMoment Encoder::observe(bool with_test) const { return model_->observe(with_test); }

namespace {

struct EncoderDescent {
  void advance(long) { encoder.descend(step); }
  Encoder& encoder;
  const double step;
};

}  // namespace

EncoderResult train_encoder(const RunConfig& config, const EncoderOptions& options, long every,
                            const std::function<void(const EncoderMoment&)>& seen,
                            const std::function<void(long)>& progress) {
  EncoderResult result;
  Stopwatch watch;
  Encoder encoder(config, options);
  watch.lap(result.setup_s);
  const auto scales = theory::scales<double>(config.parameters);
  const long steps = config.parameters.steps;
  EncoderDescent descent{encoder, scales.step * scales.tau0};
  const auto look = [&](long k) {
    EncoderMoment moment = encoder.observe(true);
    moment.seen.part = k;
    moment.seen.tau = descent.step * static_cast<double>(k);
    moment.seen.log_s = std::log(moment.seen.tau / scales.tau0);
    if (!std::isfinite(moment.seen.train_loss))
      throw std::runtime_error("the numbers overflow at step " + std::to_string(k) + "; a smaller --lr is needed");
    if (seen) seen(moment);
    if (k == steps) result.last = std::move(moment);
  };
  train_timed(descent, steps, every, look, progress, watch, result);
  return result;
}

}  // namespace benign::sim
