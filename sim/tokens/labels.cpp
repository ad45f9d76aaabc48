#include "sim/tokens/labels.hpp"

#include "sim/tokens/token_files.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace benign::sim {
namespace {

/// The position of the one 1 among zeros; nothing in any other row.
std::optional<long> hot(const long* row, std::size_t classes) {
  const long* one = std::find(row, row + classes, 1);
  if (one == row + classes || std::count(row, row + classes, 0) != static_cast<std::ptrdiff_t>(classes) - 1)
    return std::nullopt;
  return one - row;
}

}  // namespace

std::vector<long> class_labels(const Array<long>& array, std::size_t n, const std::string& option) {
  const auto& shape = array.shape;
  const std::string wrong_shape =
      "its shape is " + shown(shape) + "; allowed: (" + std::to_string(n) + "), one label for each sample";
  if (shape.empty() || shape.size() > 2 || shape[0] != n) throw BadTokens(option, wrong_shape);
  std::vector<long> labels = array.numbers;
  if (shape.size() == 2 && shape[1] > 1) {
    labels.clear();
    for (std::size_t i = 0; i < n; ++i) {
      const auto label = hot(array.numbers.data() + i * shape[1], shape[1]);
      if (!label)
        throw BadTokens(option, wrong_shape + ", or one-hot rows, which row " + std::to_string(i) +
                                    " is not; .argmax(1) makes labels of scores");
      labels.push_back(*label);
    }
  }
  constexpr long ignored = -100;  // of PyTorch's losses, and so of tokenised data sets
  if (const auto at = std::find(labels.begin(), labels.end(), ignored); at != labels.end())
    throw BadTokens(option,
                    "it holds -100 at index " + std::to_string(at - labels.begin()) +
                        ", which stands for a sample without a label; keep = y != -100; np.save x[keep], y[keep]");
  return labels;
}

std::set<long> distinct_classes(const std::vector<long>& labels, const std::string& option) {
  std::set<long> classes(labels.begin(), labels.end());
  if (classes.size() < 2 || classes.size() > 1000)
    throw BadTokens(option, "it holds " + std::to_string(classes.size()) + " classes; allowed: 2 to 1000");
  std::map<long, std::size_t> sizes;
  for (const long label : labels) ++sizes[label];
  for (const auto& [label, size] : sizes)
    if (size < 2)
      throw BadTokens(option, "the class " + std::to_string(label) + " has one sample only, at index " +
                                  std::to_string(std::find(labels.begin(), labels.end(), label) - labels.begin()) +
                                  "; allowed: at least 2 of each");
  return classes;
}

std::vector<int> ranked(const std::vector<long>& labels, const std::set<long>& classes, const std::string& option) {
  std::vector<int> ranks;
  for (const long label : labels) {
    const auto found = classes.find(label);
    if (found == classes.end())
      throw BadTokens(option, "it holds the label " + std::to_string(label) + " at index " +
                                  std::to_string(ranks.size()) + ", which the training set does not");
    ranks.push_back(static_cast<int>(std::distance(classes.begin(), found)));
  }
  return ranks;
}

}  // namespace benign::sim
