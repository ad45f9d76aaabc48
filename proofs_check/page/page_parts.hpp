#pragma once
// The page's own files (page.html, page.css, *.js), which the build puts into the program.

#include <string_view>

namespace benign::proofs::page {

/// The bytes of the file of that name.
std::string_view part(std::string_view name);

}  // namespace benign::proofs::page
