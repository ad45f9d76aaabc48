// Tokens of the synthetic generator, written by NumPy itself: they train as the generator's own.

#include "tests/support/files.hpp"
#include "sim/runs/simulate.hpp"
#include "sim/tokens/token_files.hpp"

#include <catch2/catch.hpp>

using namespace benign;

namespace {

template <class Number>
void write_raw(const fs::path& path, const Number* numbers, std::size_t count) {
  write(path, {reinterpret_cast<const char*>(numbers), count * sizeof(Number)});
}

/// Logits and loss at every tenth step.
std::vector<double> trajectory(const sim::RunConfig& config) {
  std::vector<double> seen;
  sim::simulate<double>(config, 10, [&](const sim::Observation<double>& x) {
    seen.push_back(x.train_loss);
    seen.insert(seen.end(), x.readout.logits.begin(), x.readout.logits.end());
  });
  return seen;
}

}  // namespace

TEST_CASE("tokens: what NumPy writes from the generator trains as the generator's own", "[tokens][numpy]") {
  sim::RunConfig drawn;
  auto& p = drawn.parameters;
  p.d = 300, p.mu = theory::Decimal("10"), p.lr = theory::Decimal("0.5"), p.steps = 200;
  const sim::Data data = sim::draw_train(p, drawn.data, drawn.seed);
  const std::vector<long> labels(data.label.begin(), data.label.end());  // −1 and 1, flipped ones as they are
  std::vector<double> head(static_cast<std::size_t>(p.d), 0);
  head[0] = theory::head_scale<double>() / 10, head[1] = -head[0];

  const TemporaryFolder folder;
  write_raw(folder.path / "tokens.raw", data.tokens.data(), static_cast<std::size_t>(data.tokens.size()));
  write_raw(folder.path / "labels.raw", labels.data(), labels.size());
  write_raw(folder.path / "head.raw", head.data(), head.size());
  write(folder.path / "save.py", R"(
import numpy as np
x = np.fromfile('tokens.raw').reshape(20, 8, 300)
np.save('c.npy', x)
np.save('fortran.npy', np.asfortranarray(x))
np.save('labels.npy', np.fromfile('labels.raw', dtype=np.int64))
np.save('head.npy', np.fromfile('head.raw'))
)");
  REQUIRE(std::system(("cd " + folder.path.string() + " && " BENIGN_PYTHON " save.py").c_str()) == 0);

  const std::vector<double> own = trajectory(drawn);
  for (const char* file : {"c.npy", "fortran.npy"}) {
    sim::RunConfig brought = drawn;
    brought.data = sim::DataKind::brought;
    brought.files = {folder.path / file, folder.path / "labels.npy", folder.path / "head.npy", "", "", "", "", ""};
    brought.brought = sim::bring(brought.files);
    brought.parameters.eta = theory::Decimal("0");  // no more are flipped
    const std::vector<double> read = trajectory(brought);
    REQUIRE(read.size() == own.size());
    double apart = 0;
    for (std::size_t k = 0; k < own.size(); ++k) apart = std::max(apart, std::abs(read[k] - own[k]));
    INFO(file);
    CHECK(apart < 1e-12);
  }
}
