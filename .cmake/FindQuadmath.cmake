# Quadmath::Quadmath: GCC's library of 128-bit numbers (libquadmath0 and libgcc-12-dev, which g++ brings). Other compilers
# find its header in GCC's folder, behind all of their own.
file(GLOB folders /usr/lib/gcc/*/*/include)
file(GLOB libraries /usr/lib/gcc/*/*)
find_path(QUADMATH_INCLUDE_DIR quadmath.h HINTS ${folders})
find_library(QUADMATH_LIBRARY quadmath HINTS ${libraries})
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Quadmath REQUIRED_VARS QUADMATH_LIBRARY QUADMATH_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "Install the package g++ (apt-get install g++)")
if(Quadmath_FOUND AND NOT TARGET Quadmath::Quadmath)
  add_library(Quadmath::Quadmath UNKNOWN IMPORTED)
  set_target_properties(Quadmath::Quadmath PROPERTIES IMPORTED_LOCATION "${QUADMATH_LIBRARY}")
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    set_target_properties(Quadmath::Quadmath PROPERTIES INTERFACE_COMPILE_OPTIONS "SHELL:-idirafter ${QUADMATH_INCLUDE_DIR}")
  endif()
endif()
