#include "sim/tokens/token_files.hpp"

#include "sim/tokens/estimates.hpp"
#include "sim/tokens/fashion_mnist.hpp"
#include "sim/tokens/head.hpp"
#include "sim/files/npy.hpp"
#include "sim/data/fnv1a.hpp"
#include "sim/runs/run_config.hpp"
#include "sim/tokens/surrogates.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>

namespace benign::sim {
namespace {

std::string shown(const std::vector<std::size_t>& shape) {
  std::string text;
  for (const std::size_t size : shape) text += (text.empty() ? "(" : ",") + std::to_string(size);
  return text + ")";
}

template <class Read>
auto read_file(const std::string& option, const std::string& path, const Read& read) {
  std::error_code error;
  const bool regular = std::filesystem::is_regular_file(path, error);
  const auto length = regular ? std::filesystem::file_size(path, error) : 0;
  std::ifstream file(path, std::ios::binary);
  if (!regular || error || !file) throw BadTokens(option, "there is no such file, or it cannot be read");
  try {
    return read(file, length);
  } catch (const BadArray& bad) {
    throw BadTokens(option, bad.what());
  }
}

/// Tokens and labels as they were written: labels are whole numbers of any kind.
struct Raw {
  TokenSet set;
  std::vector<long> labels;
};

Raw read_set(const std::string& prefix, const std::string& data, const std::string& labels) {
  Raw raw;
  auto array = read_file(prefix + "data", data, read_reals);
  const auto& shape = array.shape;
  if (shape.size() != 3 || shape[1] < 2)
    throw BadTokens(prefix + "data", "its shape is " + shown(shape) + "; allowed: (n,T,d) with T at least 2");
  auto& set = raw.set;
  set.n = static_cast<Index>(shape[0]), set.T = static_cast<Index>(shape[1]), set.d = static_cast<Index>(shape[2]);
  set.tokens = Eigen::Map<const RowMajor>(array.numbers.data(), set.n * set.T, set.d);
  if (set.tokens.cwiseAbs().maxCoeff() > 1e30)
    throw BadTokens(prefix + "data", "its largest number is beyond 1e30; allowed: numbers up to 1e30");
  const auto classes = read_file(prefix + "labels", labels, read_integers);
  if (classes.shape.size() != 1 || classes.shape[0] != shape[0])
    throw BadTokens(prefix + "labels", "its shape is " + shown(classes.shape) + "; allowed: (" +
                                           std::to_string(shape[0]) + "), one label for each sample");
  raw.labels = classes.numbers;
  return raw;
}

/// The labels' ranks 0, 1, … among the distinct ones of the training set.
void rank_labels(const std::string& option, const std::set<long>& distinct, Raw& raw) {
  for (const long label : raw.labels) {
    const auto found = distinct.find(label);
    if (found == distinct.end())
      throw BadTokens(option, "it holds the label " + std::to_string(label) + ", which the training set does not");
    raw.set.label.push_back(static_cast<int>(std::distance(distinct.begin(), found)));
  }
}

Eigen::MatrixXd read_head(const std::string& path, Index d, int classes) {
  const auto array = read_file("head", path, read_reals);
  const auto& shape = array.shape;
  const bool vector = shape.size() == 1, matrix = shape.size() == 2;
  const auto columns = vector ? 1 : matrix ? static_cast<Index>(shape[1]) : 0;
  const bool fits = (vector && classes == 2) || (matrix && (columns == classes || (columns == 1 && classes == 2)));
  if (!fits || static_cast<Index>(shape[0]) != d)
    throw BadTokens("head", "its shape is " + shown(shape) + "; allowed: (" + std::to_string(d) + "," +
                                std::to_string(classes) + ")" +
                                (classes == 2 ? " or (" + std::to_string(d) + ")" : "") +
                                ", to go with the tokens and labels");
  Eigen::MatrixXd head = Eigen::Map<const RowMajor>(array.numbers.data(), d, columns);
  // The cross-entropy of two columns is the logistic loss of their difference.
  if (classes == 2 && columns == 2) head = (head.col(1) - head.col(0)).eval();
  return head;
}

/// What is known only once tokens, labels and head are there.
void complete(Brought& brought) {
  const TokenEstimates e = estimate_tokens(brought.train, brought.classes);
  brought.signals = e.signals;
  brought.mu = e.mu.value;
  brought.sigma = std::sqrt(e.noise2.value / static_cast<double>(brought.train.d));
  Fnv1a hash;
  for (const TokenSet* set : {&brought.train, brought.test ? &*brought.test : nullptr}) {
    if (!set) continue;
    for (const double x : set->tokens.reshaped<Eigen::RowMajor>()) hash.add(x);
    for (const int label : set->label) hash.add(static_cast<std::uint64_t>(label));
  }
  for (const double x : brought.head.reshaped()) hash.add(x);
  brought.fingerprint = hash.value();
}

Brought read_all(const TokenFiles& files) {
  Brought brought;
  if (is_fashion_mnist(files.data)) {
    for (const auto& [name, path] : {std::pair{"labels", &files.labels}, {"test-data", &files.test_data}})
      if (!path->empty()) throw BadTokens(name, "fashion-mnist brings its own; allowed: nothing");
    brought = fashion_mnist(files.data);
  } else {
    if (files.labels.empty()) throw BadTokens("labels", "--data " + files.data + " needs a file of labels");
    if (files.test_data.empty() != files.test_labels.empty())
      throw BadTokens(files.test_data.empty() ? "test-data" : "test-labels",
                      "test data and test labels go together; one is missing");
    Raw train = read_set("", files.data, files.labels);
    const std::set<long> distinct(train.labels.begin(), train.labels.end());
    if (distinct.size() < 2 || distinct.size() > 1000)
      throw BadTokens("labels", "it holds " + std::to_string(distinct.size()) + " classes; allowed: 2 to 1000");
    rank_labels("labels", distinct, train);
    brought.classes = static_cast<int>(distinct.size());
    std::vector<Index> sizes(distinct.size(), 0);
    for (const int label : train.set.label) ++sizes[static_cast<std::size_t>(label)];
    if (*std::min_element(sizes.begin(), sizes.end()) < 2)
      throw BadTokens("labels", "a class has one sample only; allowed: at least 2 of each");
    brought.train = std::move(train.set);
    if (!files.test_data.empty()) {
      Raw test = read_set("test-", files.test_data, files.test_labels);
      if (test.set.T != brought.train.T || test.set.d != brought.train.d)
        throw BadTokens("test-data", "its tokens are " + std::to_string(test.set.T) + " of dimension " +
                                         std::to_string(test.set.d) + "; allowed: those of --data, " +
                                         std::to_string(brought.train.T) + " of " + std::to_string(brought.train.d));
      rank_labels("test-labels", distinct, test);
      brought.test = std::move(test.set);
    }
  }
  if (!files.head.empty()) {
    brought.head = read_head(files.head, brought.train.d, brought.classes);
    brought.head_gradient_norm = 0;
  } else if (brought.head.size() == 0) {
    const TrainedHead trained = train_head(brought.train, brought.classes);
    brought.head = trained.head, brought.head_gradient_norm = trained.gradient_norm;
  }
  if (!files.surrogate.empty()) make_surrogate(brought, files.surrogate);
  complete(brought);
  if (!(brought.sigma >= 1e-30))
    throw BadTokens("data", "its tokens do not vary within a class; allowed: tokens with noise");
  return brought;
}

}  // namespace

std::shared_ptr<const Brought> bring(const TokenFiles& files) {
  static std::mutex mutex;
  static std::vector<std::pair<std::string, std::weak_ptr<const Brought>>> known;
  std::string key;
  for (const std::string* path :
       {&files.data, &files.labels, &files.head, &files.test_data, &files.test_labels, &files.surrogate})
    key += *path + '\n';
  const std::scoped_lock lock(mutex);
  for (const auto& [name, brought] : known)
    if (auto alive = brought.lock(); alive && name == key) return alive;
  auto brought = std::make_shared<const Brought>(read_all(files));
  known.emplace_back(key, brought);
  return brought;
}

}  // namespace benign::sim
