// A certificate is checked by other formulas and other code than those that made it:
//
//     inner products   each product of two doubles added to the 128-bit sum of its exponent, exactly
//     the descent      the second closure of THEORY section 3, of ℓ, H = SWWᵀSᵀ and r = ‖p‖², where the prover follows
//                      the coefficients a and Φ:
//                      ℓ⁺ = ℓ − αHg − αru + α²(ℓᵀg)u,  r⁺ = r − 2αℓᵀg + α²gᵀHg,  H⁺ = H − α(uℓᵀ + ℓuᵀ) + α²ruuᵀ, u = Kg
//     the gradient     g_t = −(Y/n) σ(−Yf) s_t Σ_j s_j (v_t − v_j), as it stands
//     intervals        MPFI itself
//
// Shared with the prover: the drawing of the data, whose hash is compared, and the reading of claims.

#include "proofs_check/certificate.hpp"
#include "proofs_check/options.hpp"
#include "proofs_check/usage_error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <memory>
#include <mpfi.h>
#include <set>
#include <tbb/parallel_for.h>

namespace benign::proofs {
namespace {

using sim::Json;
using Row = std::vector<double>;
__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UnsignedInt128;

/// A whole number times 2^unit_exponent.
class Whole {
 public:
  Whole() { mpz_init(x); }
  Whole(const Whole& other) { mpz_init_set(x, other.x); }
  Whole& operator=(const Whole&) = delete;
  ~Whole() { mpz_clear(x); }
  mpz_t x;
};
constexpr int lowest = -200, span = 800;  // exponents of the lowest bits of doubles that are taken

struct Split {
  std::int64_t mantissa;
  int exponent;
};
Split split(double x) {
  if (x == 0) return {0, lowest};
  int exponent;
  const auto mantissa = static_cast<std::int64_t>(std::ldexp(std::frexp(x, &exponent), 53));
  if (exponent - 53 < lowest || exponent - 53 >= lowest + span / 2)
    throw UsageError("data beyond the checker's exponents");
  return {mantissa, exponent - 53};
}
std::vector<Split> split(const double* x, Index size) {
  std::vector<Split> parts;
  for (Index k = 0; k < size; ++k) parts.push_back(split(x[k]));
  return parts;
}

/// Σ_k x_k y_k exactly, in units of 2^{2·lowest}; at most 2^20 products.
void dot(const std::vector<Split>& x, const std::vector<Split>& y, Whole& sum) {
  thread_local std::vector<Int128> sums(span);
  int first = span, last = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (x[k].mantissa == 0 || y[k].mantissa == 0) continue;
    const int place = x[k].exponent + y[k].exponent - 2 * lowest;
    sums[static_cast<std::size_t>(place)] += static_cast<Int128>(x[k].mantissa) * y[k].mantissa;
    first = std::min(first, place), last = std::max(last, place);
  }
  mpz_set_ui(sum.x, 0);
  for (int place = last; place >= first; --place) {
    Int128& part = sums[static_cast<std::size_t>(place)];
    const bool negative = part < 0;
    const UnsignedInt128 size = negative ? -static_cast<UnsignedInt128>(part) : part;
    Whole whole;
    mpz_set_ui(whole.x, static_cast<unsigned long>(size >> 64));
    mpz_mul_2exp(whole.x, whole.x, 64);
    mpz_add_ui(whole.x, whole.x, static_cast<unsigned long>(size));
    if (negative) mpz_neg(whole.x, whole.x);
    mpz_mul_2exp(sum.x, sum.x, 1);
    mpz_add(sum.x, sum.x, whole.x);
    part = 0;
  }
  if (first < span) mpz_mul_2exp(sum.x, sum.x, static_cast<mp_bitcnt_t>(first));
}

/// Intervals in a row, all of one precision.
class Intervals {
 public:
  Intervals(std::size_t size, long bits) : x_(new __mpfi_struct[size]), size_(size) {
    for (std::size_t k = 0; k < size; ++k) mpfi_init2(&x_[k], bits), mpfi_set_ui(&x_[k], 0);
  }
  Intervals(Intervals&&) = default;
  ~Intervals() {
    for (std::size_t k = 0; x_ && k < size_; ++k) mpfi_clear(&x_[k]);
  }
  mpfi_ptr operator[](std::size_t k) { return &x_[k]; }
  mpfi_srcptr operator[](std::size_t k) const { return &x_[k]; }

 private:
  std::unique_ptr<__mpfi_struct[]> x_;
  std::size_t size_;
};

/// S, μ₊ and μ₋ as rows of doubles; the exact inner products of the rows with the first N of them, and of the rows
/// times W₀. Those of μ± are of e₁ and e₂, to be multiplied by ‖μ‖.
struct ExactData {
  std::size_t N, rows;
  std::deque<Whole> K, H;  // (rows, N), row by row
  std::deque<Whole> v;     // of a head that is brought, times the tokens

  explicit ExactData(const sim::Instance& instance) {
    const auto& S = instance.train.tokens;
    const Index d = S.cols();
    N = static_cast<std::size_t>(S.rows()), rows = N + 2;
    std::vector<std::vector<Split>> tokens;
    for (Index i = 0; i < S.rows(); ++i) tokens.push_back(split(S.row(i).data(), d));
    if (const auto& brought = instance.brought) {
      for (Index probe = 0; probe < 2; ++probe) tokens.push_back(split(brought->signals.row(probe).data(), d));
      const auto head = split(brought->head.data(), d);
      v.resize(N);
      for (std::size_t i = 0; i < N; ++i) dot(tokens[i], head, v[i]);
    }
    for (Index probe = 0; probe < 2 && !instance.brought; ++probe) {
      Row unit(static_cast<std::size_t>(d), 0.0);
      unit[static_cast<std::size_t>(probe)] = 1;
      tokens.push_back(split(unit.data(), d));
    }
    K.resize(rows * N), H.resize(rows * N);
    tbb::parallel_for(std::size_t{0}, rows, [&](std::size_t i) {
      for (std::size_t j = 0; j < N; ++j) dot(tokens[i], tokens[j], K[i * N + j]);
    });
    if (instance.W0.identity()) {
      for (std::size_t k = 0; k < K.size(); ++k) {
        mpz_mul_2exp(H[k].x, K[k].x, -2 * lowest);  // in the units of the products below
      }
      return;
    }
    std::deque<Whole> M(rows * static_cast<std::size_t>(d));  // column by column
    constexpr Index width = 4;
    tbb::parallel_for(Index{0}, (d + width - 1) / width, [&](Index panel) {
      const Index begin = panel * width, count = std::min(width, d - begin);
      const sim::RowMajor block = instance.W0.block(0, d, begin, count);
      for (Index j = 0; j < count; ++j) {
        const Eigen::VectorXd column = block.col(j);
        const auto weights = split(column.data(), d);
        for (std::size_t i = 0; i < rows; ++i)
          dot(tokens[i], weights, M[static_cast<std::size_t>(begin + j) * rows + i]);
      }
    });
    tbb::parallel_for(std::size_t{0}, rows, [&](std::size_t i) {
      for (std::size_t column = 0; column < static_cast<std::size_t>(d); ++column)
        for (std::size_t j = 0; j < N; ++j) mpz_addmul(H[i * N + j].x, M[column * rows + i].x, M[column * rows + j].x);
    });
  }
};

/// ℓ, H, r along the descent.
class Replay {
 public:
  Replay(const sim::Instance& instance, const ExactData& data, long bits)
      : p_(instance.parameters),
        train_(instance.train),
        N_(data.N),
        rows_(data.rows),
        bits_(bits),
        K_(rows_ * N_, bits),
        H_(rows_ * N_, bits),
        l_(rows_, bits),
        v_(N_, bits),
        s_(N_, bits),
        f_(static_cast<std::size_t>(p_.n), bits),
        scalars_(count, bits) {
    mpfi_set_str(at(mu), p_.mu.text().c_str(), 10);
    mpfi_set_str(at(alpha), p_.lr.text().c_str(), 10);
    if (p_.lr_unit == theory::LrUnit::tau0) {  // τ₀ = n/(κσ²d)
      Intervals t(2, bits);
      mpfi_set_str(t[0], p_.sigma.text().c_str(), 10);
      mpfi_sqr(t[0], t[0]);
      mpfi_mul_ui(t[0], t[0], static_cast<unsigned long>(p_.d));
      if (p_.init != theory::Init::identity && p_.sigma_w) {
        mpfi_set_str(t[1], p_.sigma_w->text().c_str(), 10);
        mpfi_sqr(t[1], t[1]);
        mpfi_mul_ui(t[1], t[1], static_cast<unsigned long>(p_.d));
        mpfi_mul(t[0], t[0], t[1]);
      } else if (p_.init != theory::Init::identity) {
        mpfi_div_ui(t[0], t[0], 3);
      }
      mpfi_mul_ui(at(alpha), at(alpha), static_cast<unsigned long>(p_.n));
      mpfi_div(at(alpha), at(alpha), t[0]);
    }
    for (std::size_t k = 0; k < rows_ * N_; ++k) {
      mpfi_set_z(K_[k], data.K[k].x);
      mpfi_div_2ui(K_[k], K_[k], -2 * lowest);
      mpfi_set_z(H_[k], data.H[k].x);
      mpfi_div_2ui(H_[k], H_[k], -4 * lowest);
      if (k >= N_ * N_ && !instance.brought) mpfi_mul(K_[k], K_[k], at(mu)), mpfi_mul(H_[k], H_[k], at(mu));
    }
    for (std::size_t k = 0; k < N_; ++k) {  // (x₁ − x₂)/(√2‖μ‖), unless the head is brought
      if (instance.brought) {
        mpfi_set_z(v_[k], data.v[k].x);
        mpfi_div_2ui(v_[k], v_[k], -2 * lowest);
        continue;
      }
      const auto row = static_cast<Index>(k);
      mpfi_set_ui(at(t0), 2);
      mpfi_sqrt(at(t0), at(t0));
      mpfi_mul(at(t0), at(t0), at(mu));
      mpfi_set_d(v_[k], train_.tokens(row, 0));
      mpfi_sub_d(v_[k], v_[k], train_.tokens(row, 1));
      mpfi_div(v_[k], v_[k], at(t0));
    }
    look();
  }

  /// s, f and the loss of the present logits.
  void look() {
    const auto T = static_cast<std::size_t>(p_.T);
    mpfi_set_ui(at(loss), 0);
    for (std::size_t i = 0; i < static_cast<std::size_t>(p_.n); ++i) {
      std::size_t top = i * T;
      for (std::size_t k = i * T; k < (i + 1) * T; ++k)
        if (mpfi_get_d(l_[k]) > mpfi_get_d(l_[top])) top = k;
      mpfi_set_ui(at(t0), 0);
      for (std::size_t k = i * T; k < (i + 1) * T; ++k) {
        mpfi_sub(s_[k], l_[k], l_[top]);
        if (k == top) mpfi_set_ui(s_[k], 0);
        mpfi_exp(s_[k], s_[k]);
        mpfi_add(at(t0), at(t0), s_[k]);
      }
      mpfi_set_ui(f_[i], 0);
      for (std::size_t k = i * T; k < (i + 1) * T; ++k) {
        mpfi_div(s_[k], s_[k], at(t0));
        mpfi_mul(at(t1), s_[k], v_[k]);
        mpfi_add(f_[i], f_[i], at(t1));
      }
      mpfi_mul_si(at(t0), f_[i], -label(i));
      mpfi_exp(at(t0), at(t0));
      mpfi_log1p(at(t0), at(t0));
      mpfi_add(at(loss), at(loss), at(t0));
    }
    mpfi_div_ui(at(loss), at(loss), static_cast<unsigned long>(p_.n));
  }

  void step() {
    Intervals g(N_, bits_), u(rows_, bits_), Hg(rows_, bits_);
    const auto T = static_cast<std::size_t>(p_.T);
    for (std::size_t i = 0; i < static_cast<std::size_t>(p_.n); ++i) {
      mpfi_mul_si(at(t0), f_[i], label(i));  // −(Y/n)/(1 + e^{Yf})
      mpfi_exp(at(t0), at(t0));
      mpfi_add_ui(at(t0), at(t0), 1);
      mpfi_mul_ui(at(t0), at(t0), static_cast<unsigned long>(p_.n));
      mpfi_si_div(at(t0), -label(i), at(t0));
      for (std::size_t k = i * T; k < (i + 1) * T; ++k) {
        mpfi_set_ui(g[k], 0);
        for (std::size_t j = i * T; j < (i + 1) * T; ++j) {
          if (j == k) continue;
          mpfi_sub(at(t1), v_[k], v_[j]);
          mpfi_mul(at(t1), at(t1), s_[j]);
          mpfi_add(g[k], g[k], at(t1));
        }
        mpfi_mul(g[k], g[k], s_[k]);
        mpfi_mul(g[k], g[k], at(t0));
      }
    }
    tbb::parallel_for(std::size_t{0}, rows_, [&](std::size_t i) {
      Intervals t(1, bits_);
      for (std::size_t j = 0; j < N_; ++j) {
        mpfi_mul(t[0], K_[i * N_ + j], g[j]), mpfi_add(u[i], u[i], t[0]);
        mpfi_mul(t[0], H_[i * N_ + j], g[j]), mpfi_add(Hg[i], Hg[i], t[0]);
      }
    });
    mpfi_set_ui(at(lg), 0), mpfi_set_ui(at(gHg), 0);
    for (std::size_t k = 0; k < N_; ++k) {
      mpfi_mul(at(t1), l_[k], g[k]), mpfi_add(at(lg), at(lg), at(t1));
      mpfi_mul(at(t1), Hg[k], g[k]), mpfi_add(at(gHg), at(gHg), at(t1));
    }
    // H⁺ = H − αu(ℓ − αru/2)ᵀ − α(ℓ − αru/2)uᵀ, with the old ℓ and r.
    Intervals half(rows_, bits_), au(rows_, bits_);
    for (std::size_t k = 0; k < rows_; ++k) {
      mpfi_mul(au[k], at(alpha), u[k]);
      mpfi_mul(at(t1), at(r), au[k]);
      mpfi_div_2ui(at(t1), at(t1), 1);
      mpfi_sub(half[k], l_[k], at(t1));
    }
    tbb::parallel_for(std::size_t{0}, rows_, [&](std::size_t i) {
      Intervals t(1, bits_);
      for (std::size_t j = 0; j < N_; ++j) {
        mpfi_mul(t[0], au[i], half[j]), mpfi_sub(H_[i * N_ + j], H_[i * N_ + j], t[0]);
        mpfi_mul(t[0], half[i], au[j]), mpfi_sub(H_[i * N_ + j], H_[i * N_ + j], t[0]);
      }
    });
    for (std::size_t k = 0; k < rows_; ++k) {
      mpfi_mul(at(t0), at(alpha), at(lg));
      mpfi_sub(at(t0), at(t0), at(r));
      mpfi_mul(at(t0), at(t0), u[k]);
      mpfi_sub(at(t0), at(t0), Hg[k]);
      mpfi_mul(at(t0), at(t0), at(alpha));
      mpfi_add(l_[k], l_[k], at(t0));
    }
    mpfi_mul(at(t0), at(alpha), at(gHg));
    mpfi_sub(at(t0), at(t0), at(lg));
    mpfi_sub(at(t0), at(t0), at(lg));
    mpfi_mul(at(t0), at(t0), at(alpha));
    mpfi_add(at(r), at(r), at(t0));
    look();
  }

  /// What a claim's quantity is in the prover's terms.
  sim::EnclosedMoment moment() const {
    const auto vector = [](const Intervals& x, std::size_t size) {
      Vector<Enclosure> y(static_cast<Index>(size));
      for (std::size_t k = 0; k < size; ++k) mpfi_set(y[static_cast<Index>(k)].data(), x[k]);
      return y;
    };
    const Vector<Enclosure> l = vector(l_, rows_);
    sim::EnclosedMoment m;
    m.readout = {l.head(static_cast<Index>(N_)), l[static_cast<Index>(N_)], l[static_cast<Index>(N_) + 1], Enclosure()};
    m.attention = vector(s_, N_);
    m.outputs = vector(f_, static_cast<std::size_t>(p_.n));
    mpfi_set(m.loss.data(), scalars_[loss]);
    return m;
  }

 private:
  enum Scalar : std::size_t { mu, alpha, r, lg, gHg, loss, t0, t1, count };
  mpfi_ptr at(Scalar k) { return scalars_[k]; }
  long label(std::size_t i) const { return train_.label[i]; }

  const theory::Parameters& p_;
  const sim::Data& train_;
  std::size_t N_, rows_;
  long bits_;
  Intervals K_, H_, l_, v_, s_, f_, scalars_;
};

bool intersects(const Enclosure& x, const std::string& low, const std::string& high) {
  return !certainly_less(x, Enclosure(low)) && !certainly_less(Enclosure(high), x);
}

}  // namespace

std::vector<std::string> verify(const std::string& path) {
  const std::string where = "--verify " + path, text = read_text(where, path);
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object() || json.value("benign_certificate", 0) != 1)
    throw UsageError(where + ": not a certificate");
  const sim::RunConfig config = config_from_json(where, text);
  std::vector<Claim> claims;
  std::vector<Json> stated;
  long bits = 0;
  std::string hash;
  try {
    bits = json.at("bits").get<long>();
    hash = json.at("data_hash").get<std::string>();
    for (const Json& claim : json.at("claims")) {
      claims.push_back(parse_claim(where, claim.at("claim").get<std::string>(), config));
      for (const char* key : {"verdict", "lower", "upper"}) claim.at(key).get<std::string>();
      stated.push_back(claim);
    }
  } catch (const nlohmann::json::exception& error) {
    throw UsageError(where + ": " + error.what());
  }
  if (bits < 2 || bits > 100'000) throw UsageError(where + ": bits", std::to_string(bits), "from 2 to 100000");
  if (config.train != sim::Train::W_and_p || config.parameters.sigma_p.exact() != 0 || config.flow)
    throw UsageError(where + ": the checker knows descents of W and p from p0 = 0 alone");

  std::vector<std::string> objections;
  const sim::Instance instance = sim::draw_instance(config.parameters, config.data, config.seed, config.brought);
  if (sim::data_hash(instance) != hash) return {"the data have another hash: " + sim::data_hash(instance)};

  const ExactData data(instance);
  std::vector<bool> done(claims.size(), false);
  constexpr int attempts = 4;
  for (int attempt = 0; attempt < attempts && std::count(done.begin(), done.end(), false) > 0; ++attempt, bits += 64) {
    const WorkingPrecision precision(bits);
    Replay replay(instance, data, bits);
    Enclosure before, fall;
    long last = 0;
    for (std::size_t c = 0; c < claims.size(); ++c)
      if (!done[c]) last = std::max(last, claims[c].step);
    for (long step = 0; step <= last; ++step) {
      if (step > 0) replay.step();
      auto moment = replay.moment();
      if (step > 0) fall = step == 1 ? before - moment.loss : lesser(fall, before - moment.loss);
      before = moment.loss, moment.least_fall = fall;
      for (std::size_t c = 0; c < claims.size(); ++c) {
        if (done[c] || claims[c].step != step) continue;
        const std::string verdict = stated[c]["verdict"].get<std::string>();
        if (claims[c].quantity == "q_norm2" || claims[c].quantity == "test_error") {
          objections.push_back(claims[c].text + ": not repeated (the checker does not know |q|^2)");
          done[c] = true;
          continue;
        }
        const Enclosure value = value_of(claims[c], moment, instance);
        const theory::Verdict mine = verdict_of(claims[c], value);
        if (mine == theory::Verdict::undecided && verdict != "undecided" && attempt + 1 < attempts) continue;
        done[c] = true;
        if (verdict != theory::name(mine))
          objections.push_back(claims[c].text + ": " + theory::name(mine) + ", not " + verdict);
        else if (!intersects(value, stated[c]["lower"].get<std::string>(), stated[c]["upper"].get<std::string>()))
          objections.push_back(claims[c].text + ": the enclosure is [" + lower_text(value, 20) + ", " +
                               upper_text(value, 20) + "], which has nothing in common with the certificate's");
      }
    }
  }
  return objections;
}

}  // namespace benign::proofs
