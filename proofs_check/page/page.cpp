#include "proofs_check/page/page.hpp"

#include "proofs_check/page/graph.hpp"
#include "proofs_check/page/html.hpp"
#include "proofs_check/page/page_parts.hpp"
#include "proofs_check/page/summary.hpp"
#include "proofs_check/page/typesetting.hpp"
#include "sim/runs/build_info.hpp"

#include <algorithm>

namespace benign::proofs::page {
namespace {

using sim::Json;

constexpr std::uintmax_t most_pictures = 1'500'000;  // bytes of all pictures, before base64 makes 4 of 3

/// What a picture shows, by the name that 'benign plot' gives it.
std::string caption_of(const std::string& stem) {
  for (const auto& [name, caption] :
       {std::pair{"attention", "Attention on each kind of token along the run, by kind of sample"},
        std::pair{"learning", "Accuracies and losses along the run"},
        std::pair{"selection", "What the constructed vectors of Figure 1 select"},
        std::pair{"margins", "Margins of all checks"}})
    if (stem == name) return caption;
  return stem;
}

std::string picture_html(const Picture& picture, const Collection& collection) {
  const std::string media = picture.path.extension() == ".svg" ? "image/svg+xml" : "image/png";
  std::string folder = std::filesystem::path(picture.name).parent_path().generic_string();
  if (folder.empty()) folder = ".";
  const std::string caption = caption_of(picture.path.stem().string());
  return "<figure><img loading=\"lazy\" alt=\"" + escaped(caption + ": " + picture.name) + "\" src=\"data:" + media +
         ";base64," + base64(file_bytes(picture.path)) + "\"><figcaption>" + escaped(caption) + " (<code>" +
         escaped(picture.name) + "</code>), drawn by <code>benign plot " +
         escaped((collection.folder / folder).lexically_normal().generic_string()) + "</code></figcaption></figure>\n";
}

/// The pictures from the smallest on, as far as the page stays light; of the others, their names.
std::string pictures_html(const Collection& collection) {
  std::vector<const Picture*> by_size;
  for (const Picture& picture : collection.pictures) by_size.push_back(&picture);
  std::stable_sort(by_size.begin(), by_size.end(),
                   [](const Picture* a, const Picture* b) { return a->bytes < b->bytes; });
  std::uintmax_t bytes = 0;
  std::vector<const Picture*> too_much;
  for (const Picture* picture : by_size)
    if ((bytes += picture->bytes) > most_pictures) too_much.push_back(picture);
  std::string html;
  for (const Picture& picture : collection.pictures)
    if (std::find(too_much.begin(), too_much.end(), &picture) == too_much.end())
      html += picture_html(picture, collection);
  for (const Picture* picture : too_much)
    html += "<p>Left out, so that the page stays light: <code>" + escaped(picture->name) + "</code>.</p>\n";
  for (const std::string& folder : collection.undrawn)
    html += "<p>A sweep without a picture; <code>benign plot " +
            escaped((collection.folder / folder).lexically_normal().generic_string()) + "</code> draws it.</p>\n";
  return html.empty() ? "<p>The folder holds no pictures. <code>benign simulate --out</code> and <code>benign phase "
                        "--out</code> write runs and sweeps, and <code>benign plot</code> draws them.</p>\n"
                      : html;
}

std::string configuration_html(const std::vector<Setting>& settings) {
  std::string html;
  for (const Setting& setting : settings) {
    Json rest = setting.report;
    rest.erase("checks");
    html += "<details><summary>" + escaped(title_of(setting)) + "</summary>\n<pre>" +
            escaped(rest.dump(2, ' ', false, Json::error_handler_t::replace)) + "</pre></details>\n";
  }
  return html;
}

/// All that the page's script shows: settings with their checks by id, and what the checks state.
Json data_json(const Collection& collection, const std::vector<Statement>& statements) {
  Json data = {{"settings", Json::array()}, {"statements", Json::array()}};
  std::string first;
  for (const Setting& setting : collection.settings) {
    Json checks = Json::object();
    for (const Json& check : setting.report["checks"]) {
      Json shown = check;
      for (const char* key : {"id", "statement", "source"}) shown.erase(key);
      checks[check["id"].get<std::string>()] = std::move(shown);
    }
    const Json left_out = setting.report.value("left_out", Json::array());
    data["settings"].push_back(
        {{"name", setting.name}, {"title", title_of(setting)}, {"checks", checks}, {"left_out", left_out}});
    if (first.empty() && assumptions_hold(setting.report)) first = setting.name;
  }
  data["first"] = first.empty() ? collection.settings.front().name : first;
  for (const Statement& statement : statements) data["statements"].push_back(statement_json(statement));
  return data;
}

std::string script() {
  std::string text = "(() => {\n\"use strict\";\n";
  for (const char* name : {"state.js", "details.js", "map.js", "margins.js", "table.js", "start.js"})
    text += part(name);
  return text + "})();\n";
}

}  // namespace

std::string page_html(const Collection& collection) {
  const auto statements = statements_of(collection.settings);
  const Typesetting katex = typesetting();
  const auto& info = sim::build_info();
  const std::string count = std::to_string(collection.settings.size());
  return filled(part("page.html"), {{"style", std::string(part("page.css"))},
                                    {"formula_style", katex.style},
                                    {"formula_script", katex.script},
                                    {"script", script()},
                                    {"data", script_json(data_json(collection, statements))},
                                    {"settings", count + (count == "1" ? " setting" : " settings")},
                                    {"checks", std::to_string(statements.size())},
                                    {"overview", overview_html(collection.settings)},
                                    {"sentences", sentences_html(collection.settings)},
                                    {"maps", maps_html(statements)},
                                    {"pictures", pictures_html(collection)},
                                    {"configurations", configuration_html(collection.settings)},
                                    {"version", escaped(info.version)},
                                    {"source", escaped(info.source)},
                                    {"compiler", escaped(info.compiler)},
                                    {"flags", escaped(info.flags)}});
}

}  // namespace benign::proofs::page
