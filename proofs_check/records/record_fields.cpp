// The records put together, as JSON and as a page.

#include "proofs_check/records/record_fields.hpp"

#include "sim/runs/parameter_table.hpp"

#include <algorithm>

namespace benign::proofs {
namespace {

using sim::Json;

/// Whether a parameter takes the text as its value.
bool takes(const sim::Parameter& parameter, const char* text) {
  sim::RunConfig config;
  try {
    parameter.parse(config, text);
    return true;
  } catch (const sim::NotAllowed&) {
    return false;
  }
}

/// What takes "a" takes names; of numbers, those that refuse one half are whole.
std::string type_of(const sim::Parameter& parameter) {
  if (parameter.flag) return "boolean";
  if (!takes(parameter, "1") || takes(parameter, "a")) return "text";
  return takes(parameter, "0.5") ? "number or text" : "integer";
}

/// The keys of a configuration are the options that decide a run.
RecordForm config_record() {
  RecordForm record = {"config", "the object `config` of other records, `--config FILE`",
                       "What decides a run: every option under its name. A decimal that no double is stands as a text. "
                       "Files, a horizon and flags are there only where they are given."};
  for (const auto& parameter : sim::parameter_table())
    record.fields.push_back(
        {parameter.name, type_of(parameter), "",
         parameter.help + (parameter.default_text.empty() ? "" : " [" + parameter.default_text + "]")});
  return record;
}

std::vector<RecordForm> all_records() {
  std::vector<RecordForm> all{config_record()};
  for (const auto& some :
       {run_records(), verdict_records(), sweep_records(), hunt_records(), proof_records(), token_records()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

Json fields_json(const RecordForm& record) {
  Fields fields;
  for (const Group* group : record.groups) fields = joined(std::move(fields), group->fields);
  Json list = Json::array();
  for (const Field& field : joined(std::move(fields), record.fields))
    list.push_back({{"path", field.path}, {"type", field.type}, {"unit", field.unit}, {"meaning", field.meaning}});
  return list;
}

/// A cell of a table in Markdown.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string table_of(const Fields& fields) {
  std::string text = "| field | type | unit | meaning |\n|---|---|---|---|\n";
  for (const Field& field : fields)
    text += "| `" + field.path + "` | " + cell(field.type) + " | " + cell(field.unit) + " | " + cell(field.meaning) +
            " |\n";
  return text;
}

/// A link to the heading, whose anchor has no points, and hyphens for blanks.
std::string link_to(const std::string& name) {
  std::string anchor = name;
  std::erase(anchor, '.');
  std::replace(anchor.begin(), anchor.end(), ' ', '-');
  return "[" + name + "](#" + anchor + ")";
}

constexpr const char* introduction =
    "# What is in a record?\n\n"
    "Every field of everything that `benign` prints with `--json` or writes to a file. This page is what\n"
    "`benign list --records` prints; a test compares it with that, and that with what the program writes. How to read\n"
    "records from Python: [notebooks](../NOTEBOOKS.md). Words: the [glossary](../../theory/GLOSSARY.md).\n\n"
    "`a.b` is the key `b` of the object `a`, `a[]` an element of the list `a`, `a.*` any key. A *real* is a number in\n"
    "double precision, and a text with all its digits in every other. A type with `?` may be null: not known, or not\n"
    "finite. Files that end in `.jsonl` hold one object a line. New versions add keys and rename none.\n";

}  // namespace

Fields below(const std::string& at, const Fields& fields) {
  Fields moved = fields;
  for (Field& field : moved) field.path = at + "." + field.path;
  return moved;
}

Fields joined(Fields fields, const Fields& more) {
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

Json records_json() {
  Json list = Json::array();
  for (const RecordForm& record : all_records())
    list.push_back({{"name", record.name},
                    {"written", record.written},
                    {"meaning", record.meaning},
                    {"fields", fields_json(record)}});
  return {{"records", list}};
}

std::string records_page() {
  const auto records = all_records();
  std::string page = introduction;
  page += "\n| record | written by |\n|---|---|\n";
  for (const RecordForm& record : records) page += "| " + link_to(record.name) + " | " + record.written + " |\n";
  for (const Group* group : {&provenance_fields(), &build_fields(), &observation_fields()})
    page += "\n## " + group->name + "\n\n" + group->meaning + " Part of other records.\n\n" + table_of(group->fields);
  for (const RecordForm& record : records) {
    page += "\n## " + record.name + "\n\n" + record.meaning + " " + "Written by: " + record.written + ".";
    for (const Group* group : record.groups)
      page += (group == record.groups.front() ? " It has the fields of " : " and of ") + link_to(group->name);
    page += record.groups.empty() ? "\n\n" : ", and these:\n\n";
    page += table_of(record.fields);
  }
  return page;
}

}  // namespace benign::proofs
