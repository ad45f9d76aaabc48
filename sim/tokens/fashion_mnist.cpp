#include "sim/tokens/fashion_mnist.hpp"

#include "sim/linear/kernels.hpp"
#include "sim/tokens/token_files.hpp"
#include "theory/numbers/elementary.hpp"
#include "theory/numbers/element.hpp"

#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>
#include <tbb/parallel_for.h>

namespace benign::sim {
namespace {

constexpr const char* folder = "/usr/share/datasets/fashion-mnist/";
constexpr std::uint64_t map_seed = 20240917;
constexpr Index side = 28, patch = 12, stride = 8, across = 3, T = across * across, d = 2000, inputs = patch * patch;
constexpr double length_scale = 4;
constexpr Index train_images = 4000, test_images = 2000, centring_images = 500;

std::string unzipped(const std::string& name) {
  std::ifstream file(folder + name, std::ios::binary);
  if (!file) throw BadTokens("data", "fashion-mnist is not here: the Debian package dataset-fashion-mnist brings it");
  std::ostringstream text;
  try {
    boost::iostreams::filtering_istream stream;
    stream.push(boost::iostreams::gzip_decompressor());
    stream.push(file);
    boost::iostreams::copy(stream, text);
  } catch (const std::exception& error) {
    throw BadTokens("data", std::string(folder) + name + " cannot be unpacked: " + error.what());
  }
  return text.str();
}

/// Random Fourier features of patches.
class Lift {
 public:
  Lift() : w_(inputs, d), b_(d) {
    fill_normal(map_seed, Stream::train_noise, 0, 1 / length_scale, {w_.data(), static_cast<std::size_t>(inputs * d)});
    fill_uniform(map_seed, Stream::train_noise, 1, std::numbers::pi, {b_.data(), static_cast<std::size_t>(d)});
  }
  /// Rows of patches to rows of tokens.
  void operator()(const RowMajor& patches, Eigen::Ref<RowMajor> tokens) const {
    tokens.rowwise() = b_.transpose();
    kernels::add_product(static_cast<std::size_t>(patches.rows()), inputs, d, patches.data(), inputs, w_.data(), d, 1,
                         tokens.data(), static_cast<std::size_t>(tokens.outerStride()));
    tokens = std::numbers::sqrt2 * tokens.unaryExpr([](double x) { return elementary::cos(x); });
  }

 private:
  RowMajor w_;         // (144, d)
  Eigen::VectorXd b_;  // on [−π, π), the same as on [0, 2π)
};

TokenSet lifted(const std::string& prefix, const std::vector<int>& classes, Index most, const Lift& lift) {
  const std::string images = unzipped(prefix + "-images-idx3-ubyte.gz");
  const std::string labels = unzipped(prefix + "-labels-idx1-ubyte.gz");
  const auto pixels = static_cast<std::size_t>(side * side);
  if (labels.size() < 8 || images.size() != 16 + pixels * (labels.size() - 8))
    throw BadTokens("data", "fashion-mnist: images and labels do not go together");
  std::vector<std::size_t> chosen;
  TokenSet set;
  for (std::size_t i = 0; i + 8 < labels.size() && static_cast<Index>(chosen.size()) < most; ++i)
    for (std::size_t y = 0; y < classes.size(); ++y)
      if (labels[i + 8] == classes[y]) chosen.push_back(i), set.label.push_back(static_cast<int>(y));
  set.n = static_cast<Index>(chosen.size()), set.T = T, set.d = d;
  set.tokens.resize(set.n * T, d);
  tbb::parallel_for(Index{0}, set.n, [&](Index k) {
    RowMajor patches(T, inputs);
    const auto* image = reinterpret_cast<const unsigned char*>(images.data()) + 16 + pixels * element(chosen, k);
    for (Index t = 0; t < T; ++t)
      for (Index r = 0; r < patch; ++r)
        for (Index c = 0; c < patch; ++c)
          patches(t, r * patch + c) = image[(t / across * stride + r) * side + t % across * stride + c] / 255.0;
    lift(patches, set.tokens.middleRows(k * T, T));
  });
  return set;
}

std::vector<int> classes_of(const std::string& name) {
  if (name == "fashion-mnist") return {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::string pair = name.substr(name.find(':') + 1);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (pair.size() != 3 || !digit(pair[0]) || pair[1] != ',' || !digit(pair[2]) || pair[0] == pair[2])
    throw BadTokens("data",
                    "'" + name + "' is not allowed; allowed: fashion-mnist, or fashion-mnist:A,B with two of 0 … 9");
  return {pair[0] - '0', pair[2] - '0'};
}

}  // namespace

bool is_fashion_mnist(const std::string& name) { return name == "fashion-mnist" || name.starts_with("fashion-mnist:"); }

Brought fashion_mnist(const std::string& name) {
  const std::vector<int> classes = classes_of(name);
  const Lift lift;
  Brought brought;
  brought.classes = static_cast<int>(classes.size());
  brought.train = lifted("train", classes, train_images, lift);
  brought.test = lifted("t10k", classes, test_images, lift);
  const Eigen::RowVectorXd centre = brought.train.tokens.topRows(centring_images * T).colwise().mean();
  brought.train.tokens.rowwise() -= centre;
  brought.test->tokens.rowwise() -= centre;
  return brought;
}

}  // namespace benign::sim
