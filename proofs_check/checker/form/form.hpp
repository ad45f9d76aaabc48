#pragma once
// What every part of a certificate's form is held to.

#include "proofs_check/checker/form/json.hpp"

#include <set>

namespace benign::checker {

class Form {
 protected:
  explicit Form(const Place& place) : place_(place) {}

  /// A value as a message names it.
  static std::string shown(const JsonValue& value);
  void expect(const JsonValue& value, JsonValue::Kind kind, const std::string& what) const;
  /// No key but the known ones, and all that are required.
  void only(const JsonValue& object, const std::set<std::string>& known, const std::set<std::string>& required) const;

  const Place& place_;
};

}  // namespace benign::checker
