# Writes OUTPUT, the definition of build_info(), anew where the sources' hash or the flags have changed:
#   cmake -D ROOT=… -D OUTPUT=… -D VERSION=… -D FLAGS=… -D COMPILER=… -P build_info.cmake
set(files)
foreach(folder theory sim plots proofs_check)
  file(GLOB_RECURSE found LIST_DIRECTORIES false RELATIVE ${ROOT} ${ROOT}/${folder}/*.cpp ${ROOT}/${folder}/*.hpp
       ${ROOT}/${folder}/CMakeLists.txt ${ROOT}/${folder}/*.cmake)
  list(APPEND files ${found})
endforeach()
list(SORT files)
set(digests)
foreach(file CMakeLists.txt ${files})
  file(SHA256 ${ROOT}/${file} digest)
  string(APPEND digests "${digest}  ${file}\n")
endforeach()
string(SHA256 source "${digests}")
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [=[
#include "sim/runs/build_info.hpp"

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "Flags that change arithmetic make every verdict worthless: compile without -ffast-math and its parts."
#endif

namespace benign::sim {

const BuildInfo& build_info() {
  static const BuildInfo info{"@VERSION@", "@source@", "@FLAGS@", "@COMPILER@"};
  return info;
}

}  // namespace benign::sim
]=])
