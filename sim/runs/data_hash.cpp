#include "sim/runs/data_hash.hpp"

#include "sim/frames/gram.hpp"
#include "sim/runs/config_json.hpp"

#include <array>
#include <bit>
#include <fstream>
#include <memory>
#include <openssl/evp.h>
#include <stdexcept>

namespace benign::sim {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are hashed as they stand in memory");

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    require(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void add_bytes(const void* bytes, std::size_t count) {
    if (count > 0) require(EVP_DigestUpdate(context_.get(), bytes, count) == 1);
  }
  void add(const std::string& text) { add_bytes(text.data(), text.size()); }
  void add(std::int64_t x) { add_bytes(&x, sizeof x); }
  void add(const double* x, Index count) { add_bytes(x, static_cast<std::size_t>(count) * sizeof(double)); }
  void add_counted(const double* x, Index count) {
    add(std::int64_t{count});
    add(x, count);
  }

  std::string text() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    require(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1);
    std::string hexadecimal;
    for (unsigned k = 0; k < size; ++k)
      for (const int digit : {digest[k] >> 4, digest[k] & 15})
        hexadecimal += "0123456789abcdef"[static_cast<std::size_t>(digit)];
    return hexadecimal;
  }

 private:
  static void require(bool done) {
    if (!done) throw std::runtime_error("SHA-256 could not be computed");
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

/// Of the configuration what decides the data, and not only the run.
std::string drawn_configuration(const RunConfig& config) {
  const Json ordered = config_json(config);
  nlohmann::json sorted = nlohmann::json::parse(ordered.dump());
  for (const char* key :
       {"precision", "route", "train", "test", "steps", "lr", "lr-unit", "flow", "tau-max", "log-s-max"})
    sorted.erase(key);
  if (config.brought)
    for (const char* key : {"data", "labels", "head", "test-data", "test-labels"}) sorted.erase(key);
  return sorted.dump();
}

}  // namespace

std::string data_hash(const Instance& instance, const RunConfig& config) {
  const Data& data = instance.train;
  Sha256 hash;
  hash.add("benign data 2\n");
  hash.add(drawn_configuration(config) + "\n");
  for (const Index size : {data.n, data.T, data.d}) hash.add(std::int64_t{size});
  for (const auto* labels : {&data.true_label, &data.label})
    for (const int label : *labels) hash.add(std::int64_t{label});
  hash.add(data.tokens.data(), data.tokens.size());
  hash.add_counted(instance.p0.data(), instance.p0.size());
  if (instance.kind == DataKind::gram) {
    const GramFactors factors = draw_gram_factors(instance.parameters, instance.seed);
    for (const RowMajor* one : {&factors.L, &factors.E, &factors.R, &factors.A})
      hash.add_counted(one->data(), one->size());
  } else if (instance.W0.identity()) {
    hash.add(std::int64_t{0});
  } else {
    hash.add(std::int64_t{data.d} * data.d);
    for (Index i = 0; i < data.d; ++i) hash.add(instance.W0.block(i, 1, 0, data.d).data(), data.d);
  }
  const auto& brought = instance.brought;
  hash.add_counted(brought ? brought->head.data() : nullptr, brought ? brought->head.size() : 0);
  hash.add_counted(brought ? brought->signals.data() : nullptr, brought ? brought->signals.size() : 0);
  return hash.text();
}

std::string sha256_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Sha256 hash;
  std::array<char, 65536> block;
  while (file.read(block.data(), block.size()) || file.gcount() > 0)
    hash.add_bytes(block.data(), static_cast<std::size_t>(file.gcount()));
  if (!file.eof()) throw std::runtime_error(path + " cannot be read");
  return hash.text();
}

std::string sha256_of_text(const std::string& text) {
  Sha256 hash;
  hash.add(text);
  return hash.text();
}

std::vector<std::pair<std::string, std::string>> token_files(const RunConfig& config) {
  std::vector<std::pair<std::string, std::string>> files;
  if (!config.brought) return files;
  if (config.files.data.ends_with(".npy") || config.files.data.ends_with(".npz"))
    files.emplace_back("data", config.files.data);
  if (!config.files.labels.empty()) files.emplace_back("labels", config.files.labels);
  if (!config.files.head.empty()) files.emplace_back("head", config.files.head);
  return files;
}

}  // namespace benign::sim
