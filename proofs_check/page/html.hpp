#pragma once
// Text and numbers as HTML: nothing that a file says becomes a tag.

#include "sim/runs/config_json.hpp"

#include <map>
#include <string>
#include <string_view>

namespace benign::proofs::page {

/// With &, <, > and both quotes written as entities: safe between tags and in attributes.
std::string escaped(std::string_view text);

/// As the body of a script element: no tag can end it. Bytes that are not UTF-8 are replaced.
std::string script_json(const sim::Json& json);

std::string base64(std::string_view bytes);

/// A number for a person, with all of its digits on demand: <data value="0.05335663">0.0534</data>; a dash for null.
std::string number_html(const sim::Json& number);

/// `text` with every {{name}} replaced by the part of that name, once: what is put in is not looked at again. Throws
/// std::logic_error where a part is not there.
std::string filled(std::string_view text, const std::map<std::string, std::string>& parts);

}  // namespace benign::proofs::page
