#include "sim/tokens/token_files.hpp"

#include "sim/tokens/estimates.hpp"
#include "sim/tokens/fashion_mnist.hpp"
#include "sim/tokens/head.hpp"
#include "sim/files/npy.hpp"
#include "sim/files/npz.hpp"
#include "sim/tokens/labels.hpp"
#include "sim/data/fnv1a.hpp"
#include "sim/runs/run_config.hpp"
#include "sim/tokens/surrogates.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <sstream>

namespace benign::sim {
namespace {

/// Of an archive's arrays, in lower case, by what they are.
const std::map<std::string, std::vector<std::string>> usual_names = {
    {"data",
     {"x", "tokens", "data", "x_train", "train_x", "embeddings", "features", "last_hidden_state", "hidden_states"}},
    {"labels", {"y", "labels", "label", "y_train", "train_y", "targets", "target"}},
    {"head", {"head", "weight", "nu"}},
    {"test-data", {"xt", "x_test", "test_x", "test_data", "test_tokens"}},
    {"test-labels", {"yt", "y_test", "test_y", "test_labels"}},
    {"mask", {"mask", "attention_mask", "mask_train", "train_mask"}},
    {"test-mask", {"mask_t", "mask_test", "test_mask", "test_attention_mask", "attention_mask_test"}}};

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// The array of the archive that goes by one of the option's usual names; empty where none does.
std::string usual_member(const std::vector<std::string>& members, const std::string& option) {
  for (const std::string& usual : usual_names.at(option))
    for (const std::string& member : members)
      if (lower(member) == usual) return member;
  return "";
}

template <class Read>
auto read_file(const std::string& option, const std::string& path, const Read& read) {
  std::error_code error;
  const bool regular = std::filesystem::is_regular_file(path, error);
  const auto length = regular ? std::filesystem::file_size(path, error) : 0;
  std::ifstream file(path, std::ios::binary);
  if (!regular || error || !file) throw BadTokens(option, "there is no such file, or it cannot be read");
  try {
    if (!path.ends_with(".npz")) return read(file, length);
    const auto members = npz_names(file, length);
    const std::string member = usual_member(members, option);
    if (member.empty()) {
      std::string held, usual;
      for (const std::string& one : members) held += (held.empty() ? "" : ", ") + one;
      for (const std::string& one : usual_names.at(option)) usual += (usual.empty() ? "" : ", ") + one;
      throw BadTokens(option, "the archive holds " + (held.empty() ? "no array" : held) + "; allowed: one of " + usual +
                                  "; np.save writes an array of its own");
    }
    const std::string bytes = npz_member(file, length, member);
    std::istringstream array(bytes);
    return read(array, bytes.size());
  } catch (const BadArray& bad) {
    throw BadTokens(option, bad.what());
  }
}

/// What --data FILE.npz has beside tokens, for options that name nothing.
TokenFiles with_members(TokenFiles files) {
  if (!files.data.ends_with(".npz")) return files;
  std::error_code error;
  const auto length = std::filesystem::file_size(files.data, error);
  std::ifstream file(files.data, std::ios::binary);
  if (error || !file) return files;  // which read_file says better
  std::vector<std::string> members;
  try {
    members = npz_names(file, length);
  } catch (const BadArray& bad) {
    throw BadTokens("data", bad.what());
  }
  const auto take = [&](std::string& path, const char* option) {
    if (path.empty() && !usual_member(members, option).empty()) path = files.data;
  };
  take(files.labels, "labels"), take(files.head, "head"), take(files.mask, "mask");
  if (!files.test_data.empty() || !files.test_labels.empty()) return files;
  take(files.test_data, "test-data"), take(files.test_labels, "test-labels"), take(files.test_mask, "test-mask");
  return files;
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
    throw BadTokens(prefix + "data", "its shape is " + shown(shape) + "; allowed: (n,T,d) with T at least 2" +
                                         (shape.size() == 2 ? ": tokens as they are before pooling" : ""));
  auto& set = raw.set;
  set.n = static_cast<Index>(shape[0]), set.T = static_cast<Index>(shape[1]), set.d = static_cast<Index>(shape[2]);
  set.tokens = Eigen::Map<const RowMajor>(array.numbers.data(), set.n * set.T, set.d);
  if (set.tokens.cwiseAbs().maxCoeff() > 1e30)
    throw BadTokens(prefix + "data", "its largest number is beyond 1e30; allowed: numbers up to 1e30");
  raw.labels = class_labels(read_file(prefix + "labels", labels, read_integers), shape[0], prefix + "labels");
  return raw;
}

/// Marks what the mask leaves out, and makes it zero: padding then has nothing that could be seen.
void read_mask(const std::string& option, const std::string& path, TokenSet& set) {
  if (path.empty()) return;
  const auto array = read_file(option, path, read_integers);
  const auto &shape = array.shape,
             wanted = std::vector{static_cast<std::size_t>(set.n), static_cast<std::size_t>(set.T)};
  if (shape != wanted)
    throw BadTokens(option, "its shape is " + shown(shape) + "; allowed: " + shown(wanted) +
                                ", one number for each token: 1 for a token, 0 for padding");
  const auto& numbers = array.numbers;
  const std::size_t T = wanted[1];
  for (std::size_t k = 0; k < numbers.size(); ++k)
    if (numbers[k] != 0 && numbers[k] != 1)
      throw BadTokens(option, "it holds " + std::to_string(numbers[k]) + " at (" + std::to_string(k / T) + "," +
                                  std::to_string(k % T) + "); allowed: 1 for a token, 0 for padding");
  for (std::size_t i = 0; i < wanted[0]; ++i)
    if (std::count(numbers.data() + i * T, numbers.data() + (i + 1) * T, 1) == 0)
      throw BadTokens(option, "it leaves sample " + std::to_string(i) +
                                  " without a token; 1 stands for a token, as in an attention_mask; of a "
                                  "key_padding_mask give the negation");
  if (std::count(numbers.begin(), numbers.end(), 0) == 0) return;
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    set.padding.push_back(numbers[k] == 0);
    if (numbers[k] == 0) set.tokens.row(static_cast<Index>(k)).setZero();
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
                                ", to go with the tokens and labels" +
                                (matrix && static_cast<Index>(shape[1]) == d ? "; .T turns a layer's weight" : ""));
  Eigen::MatrixXd head = Eigen::Map<const RowMajor>(array.numbers.data(), d, columns);
  // The cross-entropy of two columns is the logistic loss of their difference.
  if (classes == 2 && columns == 2) head = (head.col(1) - head.col(0)).eval();
  return head;
}

/// A head that tells no two of its classes apart has no answer to train on.
void refuse_blind_head(const Brought& brought) {
  const Eigen::MatrixXd& head = brought.head;
  const double size = head.colwise().norm().maxCoeff();
  constexpr double alike = 1e-7;  // of columns in float32
  if (!(size > 0)) throw BadTokens("head", "it is zero, or its columns are equal: it tells no classes apart");
  for (Index c = 0; brought.many() && c < head.cols(); ++c)
    for (Index other = 0; other < c; ++other)
      if ((head.col(c) - head.col(other)).norm() <= alike * size)
        throw BadTokens("head", "its columns " + std::to_string(other) + " and " + std::to_string(c) +
                                    " are equal, and tell these classes not apart");
  const RowMajor answers = brought.train.tokens * head;
  const Eigen::RowVectorXd one = answers.row(0);
  if ((answers.rowwise() - one).cwiseAbs().maxCoeff() <=
      alike * brought.train.tokens.rowwise().norm().maxCoeff() * size)
    throw BadTokens("head", "it answers all tokens alike, and tells no classes apart");
}

/// What is known only once tokens, labels and head are there.
void complete(Brought& brought) {
  TokenEstimates e;
  try {
    e = estimate_tokens(brought.train, brought.classes);
  } catch (const std::runtime_error& error) {
    throw BadTokens("mask", error.what());
  }
  const RowMajor& tokens = brought.train.tokens;
  const double mean_square = tokens.squaredNorm() / static_cast<double>(tokens.rows());
  constexpr double roundings = 1e-24;  // of a mean square: what is left of tokens that are alike
  if (!(e.noise2.value > roundings * mean_square))
    throw BadTokens("data", "its tokens do not vary within a class; allowed: tokens with noise");
  brought.signals = e.signals;
  brought.mu = e.mu.value;
  brought.sigma = std::sqrt(e.noise2.value / static_cast<double>(brought.train.d));
  Fnv1a hash;
  for (const TokenSet* set : {&brought.train, brought.test ? &*brought.test : nullptr}) {
    if (!set) continue;
    for (const double x : set->tokens.reshaped<Eigen::RowMajor>()) hash.add(x);
    for (const int label : set->label) hash.add(static_cast<std::uint64_t>(label));
    for (const bool padded : set->padding) hash.add(std::uint64_t{padded});
  }
  for (const double x : brought.head.reshaped()) hash.add(x);
  brought.fingerprint = hash.value();
}

/// The training set, and the test set if there is one, from files.
Brought read_sets(const TokenFiles& files) {
  Brought brought;
  if (files.labels.empty()) throw BadTokens("labels", "--data " + files.data + " needs a file of labels");
  if (files.test_data.empty() != files.test_labels.empty())
    throw BadTokens(files.test_data.empty() ? "test-data" : "test-labels",
                    "test data and test labels go together; one is missing");
  if (files.test_data.empty() && !files.test_mask.empty())
    throw BadTokens("test-mask", "there is no test set; allowed: only together with --test-data");
  Raw train = read_set("", files.data, files.labels);
  const std::set<long> classes = distinct_classes(train.labels, "labels");
  train.set.label = ranked(train.labels, classes, "labels");
  brought.classes = static_cast<int>(classes.size());
  brought.train = std::move(train.set);
  read_mask("mask", files.mask, brought.train);
  if (files.test_data.empty()) return brought;
  Raw test = read_set("test-", files.test_data, files.test_labels);
  if (test.set.T != brought.train.T || test.set.d != brought.train.d)
    throw BadTokens("test-data", "its tokens are " + std::to_string(test.set.T) + " of dimension " +
                                     std::to_string(test.set.d) + "; allowed: those of --data, " +
                                     std::to_string(brought.train.T) + " of " + std::to_string(brought.train.d));
  test.set.label = ranked(test.labels, classes, "test-labels");
  brought.test = std::move(test.set);
  read_mask("test-mask", files.test_mask, *brought.test);
  return brought;
}

Brought read_all(const TokenFiles& named) {
  const TokenFiles files = with_members(named);
  Brought brought;
  if (is_fashion_mnist(files.data)) {
    for (const auto& [name, path] : {std::pair{"labels", &files.labels},
                                     {"test-data", &files.test_data},
                                     {"mask", &files.mask},
                                     {"test-mask", &files.test_mask}})
      if (!path->empty()) throw BadTokens(name, "fashion-mnist brings its own; allowed: nothing");
    brought = fashion_mnist(files.data);
  } else {
    brought = read_sets(files);
  }
  if (!files.head.empty()) {
    brought.head = read_head(files.head, brought.train.d, brought.classes);
    brought.head_gradient_norm = 0;
    refuse_blind_head(brought);
  }
  if (files.head.empty() || !files.surrogate.empty()) complete(brought);  // refuses what cannot be trained on
  if (files.head.empty()) {
    const TrainedHead trained = train_head(brought.train, brought.classes);
    brought.head = trained.head, brought.head_gradient_norm = trained.gradient_norm;
  }
  if (!files.surrogate.empty()) make_surrogate(brought, files.surrogate);
  complete(brought);
  return brought;
}

}  // namespace

std::string shown(const std::vector<std::size_t>& shape) {
  std::string text;
  for (const std::size_t size : shape) text += (text.empty() ? "(" : ",") + std::to_string(size);
  return text + ")";
}

std::shared_ptr<const Brought> bring(const TokenFiles& files) {
  static std::mutex mutex;
  static std::vector<std::pair<std::string, std::weak_ptr<const Brought>>> known;
  std::string key;
  for (const std::string* path : {&files.data, &files.labels, &files.head, &files.test_data, &files.test_labels,
                                  &files.surrogate, &files.mask, &files.test_mask})
    key += *path + '\n';
  const std::scoped_lock lock(mutex);
  for (const auto& [name, brought] : known)
    if (auto alive = brought.lock(); alive && name == key) return alive;
  auto brought = std::make_shared<const Brought>(read_all(files));
  known.emplace_back(key, brought);
  return brought;
}

}  // namespace benign::sim
