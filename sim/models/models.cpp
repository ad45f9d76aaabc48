#include "sim/models/model.hpp"

#include "theory/model/outcome.hpp"

namespace benign::sim {
namespace {

std::vector<Model>& all_models() {
  static std::vector<Model> all = {token_selection(), trained_head(), trained_head_from_zero(), single_head(),
                                   keys_queries()};
  return all;
}

}  // namespace

const std::vector<Model>& models() { return all_models(); }

bool add_model(Model model) {
  all_models().push_back(std::move(model));
  return true;
}

const Model* find_model(const std::string& name) {
  if (name == "exact") return &models().front();
  for (const Model& model : models())
    if (model.name == name) return &model;
  return nullptr;
}

std::string model_names() {
  std::string names;
  for (const Model& model : models()) names += (names.empty() ? "" : ", ") + model.name;
  return names;
}

bool Model::generalises(const TestError& test) const {
  constexpr double quarter = 0.25;
  return selects_tokens ? test.loss <= theory::generalisation_level() : test.wrong < quarter;
}

}  // namespace benign::sim
