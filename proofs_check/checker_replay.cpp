#include "proofs_check/checker_replay.hpp"

#include <tbb/parallel_for.h>

namespace benign::proofs {

Replay::Replay(const sim::Instance& instance, const CheckerData& data, long bits)
    : p_(instance.parameters),
      train_(instance.train),
      N_(data.N),
      rows_(data.rows),
      bits_(bits),
      K_(rows_ * N_, bits),
      H_(rows_ * N_, bits),
      J_(data.J.size(), bits),
      m_(data.J.empty() ? 0 : N_, bits),
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
    mpfi_div_2ui(K_[k], K_[k], -2 * lowest_exponent);
    mpfi_set_z(H_[k], data.H[k].x);
    mpfi_div_2ui(H_[k], H_[k], -4 * lowest_exponent);
    if (k >= N_ * N_ && !instance.brought) mpfi_mul(K_[k], K_[k], at(mu)), mpfi_mul(H_[k], H_[k], at(mu));
  }
  for (std::size_t k = 0; k < N_; ++k) {  // (x₁ − x₂)/(√2‖μ‖), unless the head is brought
    if (instance.brought) {
      mpfi_set_z(v_[k], data.v[k].x);
      mpfi_div_2ui(v_[k], v_[k], -2 * lowest_exponent);
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
  for (std::size_t k = 0; k < data.J.size(); ++k) {
    mpfi_set_z(J_[k], data.J[k].x);
    mpfi_div_2ui(J_[k], J_[k], -4 * lowest_exponent);
  }
  look();
}

void Replay::look() {
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

void Replay::step() {
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
  if (m_.size() > 0) step_q(g, u, Hg);
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

namespace {

Enclosure of(mpfi_srcptr x) {
  Enclosure y;
  mpfi_set(y.data(), x);
  return y;
}

Enclosure dot(const Intervals& x, const Intervals& y, std::size_t size) {
  Enclosure sum(0), product;
  for (std::size_t k = 0; k < size; ++k) {
    mpfi_mul(product.data(), x[k], y[k]);
    sum += product;
  }
  return sum;
}

/// y += c x.
void add_multiple(Intervals& y, const Enclosure& c, const Intervals& x, std::size_t size) {
  Enclosure product;
  for (std::size_t k = 0; k < size; ++k) {
    mpfi_mul(product.data(), c.data(), x[k]);
    mpfi_add(y[k], y[k], product.data());
  }
}

}  // namespace

void Replay::step_q(const Intervals& g, const Intervals& u, const Intervals& Hg) {
  const Enclosure a = of(at(alpha)), R = of(at(r)), l_g = of(at(lg)), g_H_g = of(at(gHg)), q_q = of(at(Q));
  Intervals Jg(N_, bits_), x(N_, bits_), y(N_, bits_);
  tbb::parallel_for(std::size_t{0}, N_, [&](std::size_t i) {
    Intervals t(1, bits_);
    for (std::size_t j = 0; j < N_; ++j) mpfi_mul(t[0], J_[i * N_ + j], g[j]), mpfi_add(Jg[i], Jg[i], t[0]);
  });
  const Enclosure g_u = dot(g, u, N_), g_J_g = dot(g, Jg, N_), m_g = dot(m_, g, N_);
  const Enclosure beta = a * R - a * a * l_g;
  const Enclosure q_next = q_q - a * m_g - beta * l_g, sigma_next = l_g - a * g_H_g - beta * g_u;
  add_multiple(x, -a, m_, N_);
  add_multiple(x, a * a * R, Hg, N_);
  add_multiple(x, a * a * l_g - a * a * a * R * g_u, l_, N_);
  add_multiple(x, a * a * (q_q - 2 * a * R * l_g + a * a * R * R * g_u) / 2, u, N_);
  add_multiple(y, -a, Hg, N_);
  add_multiple(y, a * a * g_u / 2, l_, N_);
  add_multiple(m_, -a, Jg, N_);
  add_multiple(m_, -beta, Hg, N_);
  add_multiple(m_, a * a * R * sigma_next - a * q_next, u, N_);
  add_multiple(m_, -a * sigma_next, l_, N_);
  tbb::parallel_for(std::size_t{0}, N_, [&](std::size_t i) {
    Intervals t(1, bits_);
    const auto add = [&](mpfi_ptr entry, mpfi_srcptr left, mpfi_srcptr right) {
      mpfi_mul(t[0], left, right);
      mpfi_add(entry, entry, t[0]);
    };
    for (std::size_t j = 0; j < N_; ++j) {
      const mpfi_ptr entry = J_[i * N_ + j];
      add(entry, x[i], u[j]), add(entry, u[i], x[j]);
      add(entry, y[i], l_[j]), add(entry, l_[i], y[j]);
    }
  });
  const Enclosure q_q_next =
      q_q + a * a * g_J_g + beta * beta * g_u - 2 * a * m_g - 2 * beta * l_g + 2 * a * beta * g_H_g;
  mpfi_set(at(Q), q_q_next.data());
}

sim::EnclosedMoment Replay::moment() const {
  const auto vector = [](const Intervals& x, std::size_t size) {
    Vector<Enclosure> y(static_cast<Index>(size));
    for (std::size_t k = 0; k < size; ++k) mpfi_set(y[static_cast<Index>(k)].data(), x[k]);
    return y;
  };
  const Vector<Enclosure> l = vector(l_, rows_);
  sim::EnclosedMoment m;
  m.readout = {l.head(static_cast<Index>(N_)), l[static_cast<Index>(N_)], l[static_cast<Index>(N_) + 1], Enclosure()};
  if (m_.size() > 0) mpfi_set(m.readout.q_norm2->data(), scalars_[Q]);
  m.attention = vector(s_, N_);
  m.outputs = vector(f_, static_cast<std::size_t>(p_.n));
  mpfi_set(m.loss.data(), scalars_[loss]);
  return m;
}

}  // namespace benign::proofs
