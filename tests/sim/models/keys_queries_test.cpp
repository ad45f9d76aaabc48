// Keys and queries: the closed system is the training of W_Q, W_K and v themselves by every method, and the closure of the
// Gram matrices; gradients are those of the loss as it is defined; what is drawn has the law of what is computed; the test
// error is that of the same inputs by both routes, and a normal tail at even attention.

#include "sim/models/key_query_draw.hpp"
#include "sim/random/mean.hpp"
#include "sim/runs/simulate.hpp"
#include "tests/support/one_training.hpp"

using namespace benign;
using namespace benign::sim;
using benign::tests::readout_at_end;
using benign::tests::relative_difference;
using benign::tests::require_close;
using benign::tests::require_one_training;
using theory::Decimal;

namespace {

RunConfig keys_queries_config(RouteKind route, const char* method = "gd") {
  RunConfig config;
  config.model = "keys-queries", config.route = route, config.seed = 3;
  config.method = parse_method(method).value();
  auto& p = config.parameters;
  find_model(config.model)->settle(p);
  p.n = 4, p.T = 4, p.d = 40, p.d_h = 7, p.steps = 30, p.mu = Decimal("9"), p.sigma = Decimal("1.5");
  p.sigma_v = Decimal("0.02"), p.w_o = Decimal("1.25");
  p.lr_unit = theory::LrUnit::tau0, p.lr = Decimal(std::string(method) == "normalised" ? "0.05" : "0.02");
  REQUIRE(validate(config).empty());
  return config;
}

/// The training loss as section 3.10 defines it, for W_Q, W_K by rows beside each other and v, in one vector.
mp50 loss_of(const Instance& instance, const Vector<mp50>& state) {
  const auto& p = instance.parameters;
  const Index M = p.T, d_h = p.d_h;
  const Matrix<mp50> S = instance.train.tokens.cast<mp50>();
  mp50 total = 0;
  for (Index i = 0; i < p.n; ++i) {
    Matrix<mp50> q = Matrix<mp50>::Zero(M, d_h), k = q;
    Vector<mp50> v = Vector<mp50>::Zero(M);
    for (Index t = 0; t < M; ++t)
      for (Index j = 0; j < p.d; ++j) {
        const mp50 x = S(i * M + t, j);
        for (Index c = 0; c < d_h; ++c)
          q(t, c) += x * state[j * 2 * d_h + c], k(t, c) += x * state[j * 2 * d_h + d_h + c];
        v[t] += x * state[p.d * 2 * d_h + j];
      }
    mp50 f = 0;
    for (Index l = 0; l < M; ++l) {
      mp50 weights = 0, sum = 0;
      for (Index m = 0; m < M; ++m) {
        mp50 z = 0;
        for (Index c = 0; c < d_h; ++c) z += q(l, c) * k(m, c);
        weights += exp(z), sum += exp(z) * v[m];
      }
      f += sum / weights / M;
    }
    total += log1p(exp(-instance.train.label[static_cast<std::size_t>(i)] * f));
  }
  return total / p.n;
}

}  // namespace

TEST_CASE("keys and queries in the span of the tokens are W_Q, W_K and v trained themselves", "[models]") {
  for (const char* method : {"gd", "momentum:0.9", "nesterov:0.9", "normalised"}) {
    INFO(method);
    require_one_training<double>(keys_queries_config(RouteKind::coefficients, method), 1e-12);
  }
}

TEST_CASE("keys and queries in the span keep the digits", "[models][mp50]") {
  for (const char* method : {"gd", "momentum:0.9", "normalised"})
    require_one_training<mp50>(keys_queries_config(RouteKind::coefficients, method), 1e-42);
  require_one_training<dd>(keys_queries_config(RouteKind::coefficients), 1e-27);
}

TEST_CASE("the flow of keys and queries is the same by both routes, beyond their descent", "[models]") {
  RunConfig config = keys_queries_config(RouteKind::coefficients), direct = config;
  for (RunConfig* one : {&config, &direct}) one->flow = true, one->log_s_max = Decimal("3"), one->parameters.steps = 1;
  direct.route = RouteKind::direct;
  const auto a = readout_at_end<double>(config), b = readout_at_end<double>(direct);
  CHECK(relative_difference(a.logits, b.logits) <= 1e-9);
  CHECK(relative_difference(a.head->values, b.head->values) <= 1e-9);
}

TEST_CASE("the flow of keys and queries goes down the gradient of the loss", "[models]") {
  RunConfig config = keys_queries_config(RouteKind::direct);
  config.parameters.d = 18, config.parameters.d_h = 3;
  const Run<mp50> run(config);
  const auto& route = run.route();
  const Vector<mp50> at = descend_to(run, 20);
  const auto& samples = run.frame().samples;
  require_close(theory::loss(samples, outputs_of(samples, route.read(at))), loss_of(run.instance(), at), 1e-45);
  Vector<mp50> rate;
  route.flow(at, mp50(0), rate);
  const mp50 h("1e-15"), w2 = mp50("1.5625");
  const double largest = representative<mp50>(rate.lpNorm<Eigen::Infinity>());
  mp50 norm2 = 0;
  for (Index j = 0; j < at.size(); ++j) {  // central differences: h² = 1e-30 of the loss
    Vector<mp50> up = at, down = at;
    up[j] += h, down[j] -= h;
    const mp50 slope = (loss_of(run.instance(), up) - loss_of(run.instance(), down)) / (2 * h);
    const mp50 times = j < 18 * 6 ? mp50(1) : w2;  // v moves ‖w_O‖² times its gradient, W_V's is ‖w_O‖ times as long
    require_close(rate[j], mp50(-run.frame().scales.tau0 * times * slope), 1e-22, largest);
    norm2 += times * slope * slope;
  }
  require_close(route.gradient_norm2(at), norm2, 1e-24);
  Vector<mp50> late;
  route.flow(at, mp50(2), late);
  CHECK(relative_difference(late, Vector<mp50>(exp(mp50(2)) * rate)) <= 1e-45);
}

TEST_CASE("keys and queries close in their Gram matrices, which know neither d nor d_h", "[models]") {
  // With Z = P_QP_Kᵀ, Q = P_QP_Qᵀ, R = P_KP_Kᵀ and a step h of P_Q⁺ = P_Q − hKAP_K, P_K⁺ = P_K − hKAᵀP_Q.
  RunConfig config = keys_queries_config(RouteKind::coefficients);
  for (const auto& [kind, d_h] :
       {std::pair{DataKind::dense, 7L}, {DataKind::dense, 90L}, {DataKind::gram, 7L}, {DataKind::gram, 90L}}) {
    config.data = kind, config.parameters.d_h = d_h;
    const Run<double> run(config);
    const auto& frame = run.frame();
    const Index N = frame.tokens(), M = frame.samples.T, r = frame.queries_keys.cols() / 2;
    CHECK(r == (kind == DataKind::gram ? std::min<Index>(d_h, 2 * (2 + 4 * 3)) : d_h));
    const Matrix<double> P = frame.queries_keys.leftCols(r), T = frame.queries_keys.rightCols(r), K = frame.K;
    Matrix<double> Z = P * T.transpose(), Q = P * P.transpose(), R = T * T.transpose();
    Vector<double> v = frame.h;
    const double step = frame.scales.step;
    auto samples = frame.samples;
    for (int k = 0; k < 25; ++k) {
      Matrix<double> A = Matrix<double>::Zero(N, N);
      Vector<double> pull = Vector<double>::Zero(N);
      for (Index i = 0; i < samples.n; ++i) {
        const Matrix<double> e = Z.block(i * M, i * M, M, M).array().exp();
        const Matrix<double> s = e.array().colwise() / e.rowwise().sum().array();
        const Vector<double> value = v.segment(i * M, M), f_l = s * value;
        const double Y = samples.labels[static_cast<std::size_t>(i)], weight = Y / (1 + std::exp(Y * f_l.mean()));
        pull.segment(i * M, M) = weight / M * s.colwise().sum().transpose();
        for (Index l = 0; l < M; ++l)
          for (Index m = 0; m < M; ++m) A(i * M + l, i * M + m) = -weight / M * s(l, m) * (value[m] - f_l[l]);
      }
      const Matrix<double> KA = K * A, KB = K * A.transpose();
      const Matrix<double> Z1 =
          Z - step * KA * R - step * Q * KB.transpose() + step * step * KA * Z.transpose() * KB.transpose();
      const Matrix<double> Q1 =
          Q - step * (KA * Z.transpose() + Z * KA.transpose()) + step * step * KA * R * KA.transpose();
      const Matrix<double> R1 =
          R - step * (KB * Z + Z.transpose() * KB.transpose()) + step * step * KB * Q * KB.transpose();
      Z = Z1, Q = Q1, R = R1, v += step * 1.5625 * K * pull;
    }
    const auto read = run.route().read(descend_to(run, 25));
    for (Index i = 0; i < samples.n; ++i) {
      const Matrix<double> e = Z.block(i * M, i * M, M, M).array().exp();
      const Vector<double> mean = (e.array().colwise() / e.rowwise().sum().array()).colwise().sum() / M;
      const Vector<double> seen = read.logits.segment(i * M, M).array().exp();
      CHECK(relative_difference(Vector<double>(seen / seen.sum()), mean) <= 1e-11);
    }
    CHECK(relative_difference(read.head->values, v) <= 1e-11);
  }
}

TEST_CASE("inner products of keys and queries have their moments, drawn or computed", "[models]") {
  RunConfig config = keys_queries_config(RouteKind::coefficients);
  config.parameters.d = 100;
  constexpr int draws = 400;
  const double unit = 2.25 * 100, mu2 = 81, sigma_h = theory::sigma_h<double>(config.parameters);
  for (const DataKind kind : {DataKind::dense, DataKind::gram})
    for (const long d_h : {5L, 60L}) {
      config.data = kind, config.parameters.d_h = d_h;
      const double s2 = theory::sigma_h<double>(config.parameters) * theory::sigma_h<double>(config.parameters);
      double loud = 0, product2 = 0, query = 0, logit2 = 0, value2 = 0, both = 0;
      for (int k = 0; k < draws; ++k) {
        config.seed = static_cast<std::uint64_t>(k);
        const Run<double> run(config);
        const auto& K = run.frame().K;
        const auto& P = run.frame().queries_keys;
        const Index r = P.cols() / 2;
        CHECK(K(0, 0) * unit == Approx(mu2));
        CHECK(std::abs(K(0, 1)) < 1e-12);
        loud += K(1, 1) / draws, product2 += K(2, 7) * K(2, 7) / draws;
        query += P.row(2).head(r).squaredNorm() / (K(2, 2) * unit * s2 * d_h) / draws;
        const double z = P.row(2).head(r).dot(P.row(1).tail(r));
        logit2 += z * z / (K(1, 1) * K(2, 2) * unit * unit * s2 * s2 * d_h) / draws;
        both += P.row(2).head(r).dot(P.row(3).head(r)) / (unit * s2 * d_h) / draws - K(2, 3) / draws;
        value2 += run.frame().h[2] * run.frame().h[2] / (K(2, 2) * unit * 0.02 * 0.02 * 1.5625) / draws;
      }
      INFO((kind == DataKind::gram ? "gram" : "dense") << " d_h " << d_h << " " << sigma_h);
      const double of_mean = 4 / std::sqrt(double(draws)), across = 98;
      CHECK(loud == Approx(100 * across / 100).epsilon(of_mean * std::sqrt(2 / across)));
      CHECK(product2 == Approx(across / 1e4).epsilon(of_mean * 1.6));
      CHECK(query == Approx(1).epsilon(of_mean * std::sqrt(2.0 / d_h)));
      CHECK(logit2 == Approx(1).epsilon(of_mean * 2.5));
      CHECK(both == Approx(0).margin(of_mean * std::sqrt(1.2 / d_h)));
      CHECK(value2 == Approx(1).epsilon(of_mean * std::sqrt(2.0)));
    }
}

TEST_CASE("the test error of keys and queries is that of the same inputs by both routes", "[models]") {
  RunConfig config = keys_queries_config(RouteKind::coefficients);
  const Run<double> reduced(config);
  config.route = RouteKind::direct;
  const Run<double> direct(config);
  const auto a = *reduced.test(descend_to(reduced, 30)), b = *direct.test(descend_to(direct, 30));
  CHECK(a.accuracy == b.accuracy);
  CHECK(a.loss == Approx(b.loss).epsilon(1e-11));
  CHECK(a.loss_error == Approx(b.loss_error).epsilon(1e-9));
  CHECK(a.attention == Approx(b.attention).epsilon(1e-11));
  CHECK(a.sampled);
}

TEST_CASE("test inputs of keys and queries change no bit of the training", "[models]") {
  for (const DataKind kind : {DataKind::dense, DataKind::gram}) {
    RunConfig config = keys_queries_config(RouteKind::coefficients);
    config.data = kind, config.parameters.steps = 5;
    const Run<double> run(config), unseen(config);
    const auto result = simulate<double>(run, 1, {}),
               other = simulate<double>(unseen, 0, {}, {}, 0.1, TestErrors::left_out);
    CHECK(result.last.readout.logits == other.last.readout.logits);
    CHECK(result.last.readout.head->values == other.last.readout.head->values);
    CHECK(result.last.test);
    CHECK(run.test_loss(descend_to(run, 5)) == result.last.test->loss);
  }
}

TEST_CASE("the test error of keys and queries is a normal tail at even attention", "[models]") {
  // ā = 1/M: M y f = y v·μ_y + N(0, (σ̃² + (M − 2)σ²)‖v⊥‖²).
  for (const DataKind kind : {DataKind::dense, DataKind::gram}) {
    RunConfig config = keys_queries_config(RouteKind::coefficients);
    config.data = kind;
    auto& p = config.parameters;
    p.sigma_h = Decimal("1e-20"), p.sigma_v = Decimal("0"), p.mu = Decimal("40"), p.steps = 3, p.d = 300;
    const Run<double> run(config);
    const auto state = descend_to(run, 3);
    const auto read = run.route().read(state);
    const double plus = read.head->mu_plus, minus = read.head->mu_minus, noise = 1.5 * std::sqrt(25 * 4 + 2.0);
    const double across = noise * std::sqrt(read.head->norm2 - (plus * plus + minus * minus) / 1600);
    const auto tail = [](double x) { return std::erfc(x / std::sqrt(2.0)) / 2; };
    const double expected = (tail(plus / across) + tail(-minus / across)) / 2;
    REQUIRE((expected > 0.01 && expected < 0.4));
    const TestError test = *run.test(state);
    CHECK(test.wrong == Approx(expected).margin(4 * std::sqrt(expected * (1 - expected) / 1000)));
    CHECK(test.attention == Approx(0.25).epsilon(1e-12));
  }
}

TEST_CASE("test inputs by their law answer as drawn ones do", "[models]") {
  // At a start with large logits and values, and after training.
  for (const auto& [d_h, sigma_h, sigma_v, steps] : {std::tuple{5L, "0.1", "0.05", 0L},
                                                     {90L, "0.05", "0.05", 0L},
                                                     {5L, "0.02", "0", 60L},
                                                     {90L, "0.02", "0", 60L}}) {
    std::vector<double> losses[2], attention[2];
    for (const DataKind kind : {DataKind::dense, DataKind::gram})
      for (std::uint64_t seed = 0; seed < 16; ++seed) {
        RunConfig config = keys_queries_config(RouteKind::coefficients);
        config.data = kind, config.seed = seed;
        auto& p = config.parameters;
        p.d_h = d_h, p.mu = Decimal("30"), p.sigma_h = Decimal(sigma_h), p.sigma_v = Decimal(sigma_v);
        const Run<double> run(config);
        const TestError test = *run.test(descend_to(run, steps));
        losses[kind == DataKind::gram].push_back(test.loss);
        attention[kind == DataKind::gram].push_back(test.attention);
      }
    for (const auto* both : {losses, attention}) {
      const auto [a, a_error] = mean_and_stderr(both[0]);
      const auto [b, b_error] = mean_and_stderr(both[1]);
      INFO("d_h " << d_h << ": " << a << " +- " << a_error << ", " << b << " +- " << b_error);
      CHECK(std::abs(a - b) <= 4 * std::hypot(a_error, b_error));
    }
  }
}

TEST_CASE("keys and queries refuse what they leave no choice of, and other models what is theirs", "[models]") {
  const auto refused = [](auto change) {
    RunConfig config = keys_queries_config(RouteKind::coefficients);
    change(config);
    const auto found = validate(config);
    return found.empty() ? std::string() : found.front().symbol;
  };
  CHECK(refused([](RunConfig&) {}).empty());
  CHECK(refused([](RunConfig& c) { c.parameters.eta = Decimal("0.1"); }) == "eta");
  CHECK(refused([](RunConfig& c) { c.parameters.rho = Decimal("0.1"); }) == "rho");
  CHECK(refused([](RunConfig& c) { c.parameters.sigma_p = Decimal("1"); }) == "sigma-p");
  CHECK(refused([](RunConfig& c) { c.parameters.d_h = 0; }) == "d-h");
  CHECK(refused([](RunConfig& c) { c.parameters.w_o = Decimal("0"); }) == "w-o");
  CHECK(refused([](RunConfig& c) { c.parameters.sigma_v = Decimal("-1"); }) == "sigma-v");
  CHECK(refused([](RunConfig& c) { c.method = parse_method("sgd:2").value(); }) == "method");
  RunConfig papers;
  papers.parameters.d_h = 32;
  REQUIRE(validate(papers).size() == 1);
  CHECK(validate(papers).front().symbol == "d-h");
}
