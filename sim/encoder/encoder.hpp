#pragma once
// The one-layer Transformer encoder of the paper's appendix, on the same data and with the same observables as the
// exact model; an optional component, on LibTorch.
//
// A class token c stands before the T tokens of a sample, Z = [c; X], Z̃ = LayerNorm(Z), and one head attends from it:
//
//     s = softmax(Z̃ W_Kᵀ W_Q c̃ / √d)      o = W_O W_V Z̃ᵀ s      h = c + o
//     y = h + W₂ GELU(W₁ LayerNorm(h) + b₁) + b₂                    f = w·y + b
//
// where c and h are left out of the two sums without skip connections; W₁ and W₂ are d×d. All of it is trained (class
// token, both LayerNorms, six matrices, biases, head) by full-batch gradient descent on the logistic loss [A: the
// appendix's architecture, step and horizon; D: the order of LayerNorm, the initialisation]. Matrices, biases and head
// start uniform on ±1/√d (as W₀ of the exact model does), the class token N(0, I/d), LayerNorms at 1 and 0, b at 0.
//
// Only the class token's attention reaches the head, so that products with a d×d matrix are with n rows and never with
// nT.

#include "sim/runs/simulate.hpp"

#include <memory>

namespace benign::sim {

struct EncoderOptions {
  bool skip = true;       ///< both skip connections
  bool single = true;     ///< float32 in place of double
  long test_size = 1000;  ///< inputs of the drawn test set; 0: none
  int threads = 0;        ///< LibTorch's; 0: as it likes
};

/// What the encoder adds to an observation, whose attention is that of the class token: means over the training samples
/// of the class token's attention on itself, which the other shares and this one add up to 1 with.
struct EncoderMoment {
  Observation<double> seen;  ///< logits are attention's scores; μ±·q and ‖q‖² are not numbers
  double class_token = 0;
};

class Encoder {
 public:
  Encoder(const RunConfig& config, const EncoderOptions& options);
  ~Encoder();

  std::size_t size() const;  ///< the number of trained parameters
  std::vector<double> parameters() const;
  void set_parameters(const std::vector<double>& parameters);
  double loss() const;
  std::vector<double> gradient() const;
  /// One step of gradient descent, all parameters at once.
  void descend(double step);
  /// All but the time; the test error where `with_test`.
  EncoderMoment observe(bool with_test) const;

 private:
  struct Model;
  std::unique_ptr<Model> model_;
};

struct EncoderResult : Times {
  EncoderMoment last;
};

/// Trains for the steps of the configuration, and calls `seen` as `simulate` does. Throws std::runtime_error where the
/// numbers overflow.
EncoderResult train_encoder(const RunConfig& config, const EncoderOptions& options, long every,
                            const std::function<void(const EncoderMoment&)>& seen,
                            const std::function<void(long)>& progress = {});

}  // namespace benign::sim
