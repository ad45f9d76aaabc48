#pragma once
// NumPy's archives .npz: ZIP files (APPNOTE 6.3) of .npy files, stored or deflated. Sizes are held against the archive's
// own before a byte is unpacked, and every member against its CRC-32.

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace benign::sim {

/// Names of the arrays, without ".npy". Throws BadArray.
std::vector<std::string> npz_names(std::istream& archive, std::uint64_t length);

/// The bytes of NAME.npy. Throws BadArray.
std::string npz_member(std::istream& archive, std::uint64_t length, const std::string& name);

}  // namespace benign::sim
