#pragma once
// The fields of everything that the program prints with --json or writes: names, types, units, meanings, in one place.
// The page proofs_check/records/README.md is made of it; tests/records.py holds it against what the program writes, both ways.

#include "sim/runs/config_json.hpp"

#include <string>
#include <vector>

namespace benign::proofs {

/// A path is a.b for the key b of the object a, a[] for an element of the list a, and a.* for any key of the object a.
struct Field {
  std::string path;
  /// integer, number, real, text, boolean, list, object, or config: the object that the record "config" describes. A real
  /// is a number in double and a text with all its digits in any other precision. Behind a ? it may be null.
  std::string type;
  std::string unit;     ///< empty for a pure number
  std::string meaning;  ///< and when it is there, where that is not always
};
using Fields = std::vector<Field>;

/// Fields that several records have; a record that has them names it.
struct Group {
  std::string name, meaning;
  Fields fields;
};

struct RecordForm {
  std::string name;
  std::string written;  ///< the command that prints it, or the file that it stands in
  std::string meaning;
  std::vector<const Group*> groups = {};
  Fields fields = {};
};

// The groups, and the records by the commands that write them.
const Group& provenance_fields();
const Group& build_fields();
const Group& observation_fields();
std::vector<RecordForm> run_records();
std::vector<RecordForm> verdict_records();
std::vector<RecordForm> sweep_records();
std::vector<RecordForm> hunt_records();
std::vector<RecordForm> proof_records();
std::vector<RecordForm> token_records();

/// The fields below `at`, as in checks[].id.
Fields below(const std::string& at, const Fields& fields);
Fields joined(Fields fields, const Fields& more);

/// {"records": [{"name", "written", "meaning", "fields": [{"path", "type", "unit", "meaning"}]}]}; groups stand in full.
sim::Json records_json();

/// The same as a page.
std::string records_page();

}  // namespace benign::proofs
