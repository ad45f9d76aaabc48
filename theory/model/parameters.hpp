#pragma once
// The setting of the theorem: data model, initialisation and descent (THEORY section 1; symbols in NOTATION.md).

#include "theory/numbers/decimal.hpp"
#include "theory/numbers/real.hpp"

#include <memory>
#include <optional>

namespace benign::theory {

struct TokenLayout;

/// How labels are flipped: ⌈ηn⌉ of them, or each with the probability η, independently.
enum class Flips { exact, independent };

enum class Init { uniform, gaussian, identity };  // of W₀; the published experiment is `uniform`
enum class LrUnit { absolute, tau0 };

/// Defaults are those of the published experiment.
struct Parameters {
  long n = 20;         ///< training samples
  long T = 8;          ///< tokens in a sample
  long d = 2000;       ///< dimension of a token
  Decimal mu{"20"};    ///< ‖μ₊‖ = ‖μ₋‖
  Decimal rho{"0.1"};  ///< strength of the weakly relevant tokens
  Decimal eta{"0.2"};  ///< share of flipped training labels
  Decimal sigma{"1"};  ///< standard deviation of a noise coordinate
  Init init = Init::uniform;
  std::optional<Decimal> sigma_w;  ///< standard deviation of an entry of W₀; 1/√(3d) unless given
  Decimal sigma_p{"0"};            ///< standard deviation of a coordinate of p₀
  Decimal lr{"5e-3"};              ///< step α of gradient descent, in lr_unit
  LrUnit lr_unit = LrUnit::absolute;
  long steps = 1000;
  std::shared_ptr<const TokenLayout> layout = {};  ///< of a sample's tokens; null: the paper's
  Decimal plus_share{"0.5"};                       ///< of samples of the class +1, in training and test
  Flips flips = Flips::exact;

  // Of keys and queries alone (sim/models/keys_queries.cpp).
  long d_h = 64;                   ///< columns of W_Q and W_K
  std::optional<Decimal> sigma_h;  ///< standard deviation of their entries; 1/√(250 T σ² d √d_h) unless given
  Decimal sigma_v{"0"};            ///< standard deviation of an entry of W_V
  Decimal w_o{"1"};                ///< ‖w_O‖

  long tokens() const { return n * T; }  ///< N, the rows of S
};

/// That of the parameters (token_layout.hpp).
const TokenLayout& layout_of(const Parameters& parameters);

/// Whether the data are those of the paper: its tokens, classes of one size, and an exact count of flipped labels.
bool papers_data(const Parameters& parameters);

/// How many of `size` samples are of the class +1: ⌈π · size⌉ of the exact decimal π = plus_share.
long plus_count(const Parameters& parameters, long size);

/// ⌈ηn⌉ of the exact decimals: the flipped labels, or about their mean number where flips are independent.
long noise_count(const Parameters& parameters);

/// How many training samples of the class `label` ∈ {+1, −1} have a flipped label: each class has its share of them,
/// and class +1 the one that is left over.
long noise_count(const Parameters& parameters, int label);

/// The scales of the dynamics (THEORY section 3.2).
template <class Real>
struct Scales {
  Real kappa;        ///< κ = σ_w² d, the mean of H₀'s diagonal over K's; 1 for the identity
  Real token_norm2;  ///< σ²d, the mean squared length of a token's noise
  Real tau0;         ///< τ₀ = n / (κσ²d), the time in which a sample memorises its own noise
  Real epsilon;      ///< ε = 1 / (κ²σ²d), what joint training of W and p adds to training p alone
  Real step;         ///< α / τ₀
};
template <class Real>
Scales<Real> scales(const Parameters& parameters);

/// σ_w as a Real: as given, else 1/√(3d). Zero for the identity, where nothing is drawn.
template <class Real>
Real sigma_w(const Parameters& parameters);

/// σ_h as a Real: as given, else 1/√(250 T σ² d √d_h), with which no logit of noise has a deviation above 1/10 at the
/// start: that of the loud tokens' own, of length 5√T σ√d, is (5√T σ√d)² σ_h² √d_h.
template <class Real>
Real sigma_h(const Parameters& parameters);

}  // namespace benign::theory
