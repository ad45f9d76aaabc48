// Tokens of many classes in intervals: they hold what training in 100 digits makes of W and p, and count who is right.

#include "proofs_check/certificates/claims.hpp"
#include "sim/enclosures/enclosed_run.hpp"
#include "sim/runs/method.hpp"
#include "tests/support/random_input.hpp"
#include "theory/model/many_classes.hpp"
#include "theory/numbers/element.hpp"

#include <catch2/catch.hpp>

using namespace benign;
using namespace benign::sim;
using theory::Decimal;

namespace {

/// Random tokens of random classes, a head of one random column for each, and signals that are none of these.
std::shared_ptr<const Brought> random_brought(tests::RandomInput& draw, int classes) {
  auto brought = std::make_shared<Brought>();
  const Index n = 5, T = 3, d = 6;
  const auto fill = [&](auto& x) {
    for (Index k = 0; k < x.size(); ++k) x.data()[k] = draw.dyadic(-2, 2);
  };
  brought->classes = classes;
  brought->train = {n, T, d, RowMajor(n * T, d), {}};
  for (Index i = 0; i < n; ++i) brought->train.label.push_back(static_cast<int>(i % classes));
  brought->head.resize(d, classes), brought->signals.resize(2, d);
  fill(brought->train.tokens), fill(brought->head), fill(brought->signals);
  brought->mu = 1, brought->sigma = 1;
  return brought;
}

}  // namespace

TEST_CASE("many classes in intervals hold W and p of 100 digits", "[many-classes]") {
  tests::RandomInput draw(2226);
  for (const int classes : {3, 4, 5})
    for (const RouteKind route : {RouteKind::coefficients, RouteKind::statistics})
      for (const char* method : {"gd", "momentum:0.5"}) {
        RunConfig config;
        auto& p = config.parameters;
        p.n = 5, p.T = 3, p.d = 6, p.steps = 12, p.eta = Decimal("0.2"), p.lr = Decimal("0.4");
        config.data = DataKind::brought, config.brought = random_brought(draw, classes);
        config.seed = static_cast<std::uint64_t>(draw.whole(1, 1000));
        config.method = parse_method(method).value(), config.route = route;
        INFO(classes << " classes, " << method << ", seed " << config.seed);
        const WorkingPrecision precision(320);
        const ExactInstance exact(config, QNorm::not_needed);
        EnclosedMoment end;
        REQUIRE(enclose_descent(exact, {p.steps}, [&](const EnclosedMoment& seen) { end = seen; }));

        config.route = RouteKind::direct;
        const Run<mp100> run(config);
        const auto steps = make_method(run);
        train(*steps, p.steps, [](long) {});
        const Observation<mp100> truth = run.observe(steps->state());
        for (Index k = 0; k < p.n * p.T; ++k) {
          CHECK(contains(end.readout.logits[k], truth.readout.logits[k]));
          CHECK(width(end.readout.logits[k]) < 1e-20);
        }
        CHECK(contains(end.loss, truth.train_loss));

        // F of every class, from the tokens and the head themselves.
        const auto& instance = run.instance();
        const auto s = theory::attention(run.frame().samples, truth.readout.logits);
        long right = 0;
        for (Index i = 0; i < p.n; ++i) {
          Vector<mp100> F = Vector<mp100>::Zero(classes);
          for (Index t = 0; t < p.T; ++t)
            for (Index c = 0; c < classes; ++c)
              for (Index j = 0; j < p.d; ++j)
                F[c] += s[i * p.T + t] * mp100(instance.train.tokens(i * p.T + t, j)) * config.brought->head(j, c);
          const int y = element(instance.train.label, i);
          mp100 lead = y == 0 ? F[0] - F[1] : F[y] - F[0], others(0);
          for (Index c = 0; c < classes; ++c)
            if (c != y) lead = std::min(lead, mp100(F[y] - F[c])), others += exp(mp100(F[c] - F[y]));
          CHECK(contains(end.leads[i] + enclosure(-1e-80, 1e-80), lead));
          CHECK(contains(end.outputs[i] + enclosure(-1e-80, 1e-80), mp100(-log(others))));
          right += lead > 0;
        }
        const proofs::Count count = proofs::right_samples(end, exact.instance.train);
        CHECK(count.least == right);
        CHECK(count.most == right);
        CHECK(exact.exact.relevant() == relevant_tokens(exact.instance));
      }
}
