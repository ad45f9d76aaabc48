#pragma once
// The page: one file that opens from disk, with all that it needs inside, and that asks nobody for anything.

#include "proofs_check/page/collection.hpp"

namespace benign::proofs::page {

/// The whole page. Throws Unfinished where Graphviz or KaTeX is missing.
std::string page_html(const Collection& collection);

}  // namespace benign::proofs::page
