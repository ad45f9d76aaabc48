# A house is a folder of rooms: one folder for one idea, one target for one room. What a room may include is what it
# USES, and no more: tests/arrows.py compares the includes with these lines, and draws the house from them.

include_guard()

# What every target of the project is compiled with.
add_library(benign_flags INTERFACE)
set_target_properties(benign_flags PROPERTIES EXPORT_NAME flags)
install(TARGETS benign_flags EXPORT benign)
target_compile_features(benign_flags INTERFACE cxx_std_20)
# Matrices and vectors begin with a line of the cache, which no vector of the kernels' then crosses. An Eigen's matrix is
# freed as it was allocated: whoever links a room is compiled with the same.
set(benign_alignment EIGEN_MAX_ALIGN_BYTES=64)
target_compile_definitions(benign_flags INTERFACE ${benign_alignment})
# The same bits from the same build: no contraction into fused multiply-add.
target_compile_options(benign_flags INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wno-psabi)
# GCC 12 takes a moved std::string's own buffer for the object that it copies, wherever Boost's message about a number
# that cannot be read is inlined. AddressSanitizer sees what these two warnings are for.
target_compile_options(benign_flags INTERFACE
  "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-array-bounds;-Wno-restrict>")
# Every room can be part of a shared library, as the module for Python is one; what is hidden is called as directly as
# in a program.
target_compile_options(benign_flags INTERFACE -fPIC -fvisibility=hidden)
if(BENIGN_WERROR)
  target_compile_options(benign_flags INTERFACE -Werror)
endif()
if(BENIGN_NATIVE)
  target_compile_options(benign_flags INTERFACE -march=native)
endif()
if(BENIGN_SANITIZE)
  # A null pointer, an object's end and its type are seen by AddressSanitizer; to check them twice takes a fifth of the build.
  target_compile_options(benign_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize=null,object-size,vptr -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer -Wno-maybe-uninitialized)  # GCC's guess is wrong in instrumented code
  target_link_options(benign_flags INTERFACE -fsanitize=address,undefined)
endif()
if(CMAKE_UNITY_BUILD)  # sources compiled as one instantiate what they share once; what they hide in namespaces stays theirs
  target_compile_options(benign_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()

# The headers of libraries that most sources include, compiled once. No source depends on it.
function(benign_precompile target)
  if(NOT TARGET benign_precompiled)
    file(WRITE ${PROJECT_BINARY_DIR}/precompiled.cpp "// Nothing: the precompiled headers need a target of their own.\n")
    add_library(benign_precompiled OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
    target_link_libraries(benign_precompiled PRIVATE benign_flags Boost::headers Eigen3::Eigen nlohmann_json::nlohmann_json)
    target_precompile_headers(benign_precompiled PRIVATE
      <boost/multiprecision/eigen.hpp> <boost/multiprecision/mpfr.hpp>
      <boost/multiprecision/mpfi.hpp> <Eigen/Dense> <nlohmann/json.hpp> <algorithm> <cmath> <filesystem> <functional>
      <map> <memory> <optional> <sstream> <string> <vector>)
  endif()
  target_precompile_headers(${target} REUSE_FROM benign_precompiled)
endfunction()

# Nothing in the target is hot: less optimisation, which compiles faster. A build that is not for speed has its own.
function(benign_not_hot target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# benign_install(TARGET NAME): the target is in the package, as benign::NAME.
function(benign_install target name)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS ${target} EXPORT benign ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/benign COMPONENT development)
endfunction()

# benign_room(FOLDER SOURCES … [USES ROOM …] [LIBRARIES …] [PLAIN])
#   FOLDER      the room's, from the top, as in sim/routes: the target is benign_sim_routes, alias benign::sim_routes
#   USES        the rooms whose headers it includes
#   LIBRARIES   of others, as target_link_libraries takes them
#   PLAIN       no precompiled headers and no unity build: a source sees what it includes, and nothing else
function(benign_room folder)
  cmake_parse_arguments(PARSE_ARGV 1 ROOM "PLAIN" "" "SOURCES;USES;LIBRARIES")
  string(REPLACE / _ name ${folder})
  add_library(benign_${name} STATIC ${ROOM_SOURCES})
  add_library(benign::${name} ALIAS benign_${name})
  target_include_directories(benign_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/benign>)
  target_compile_definitions(benign_${name} PUBLIC ${benign_alignment})
  list(TRANSFORM ROOM_USES REPLACE / _)
  list(TRANSFORM ROOM_USES PREPEND benign_)
  target_link_libraries(benign_${name} PUBLIC ${ROOM_USES} ${ROOM_LIBRARIES} PRIVATE benign_flags)
  set_target_properties(benign_${name} PROPERTIES UNITY_BUILD_BATCH_SIZE 0)  # one object
  if(ROOM_PLAIN)
    set_target_properties(benign_${name} PROPERTIES UNITY_BUILD OFF)
  else()
    benign_precompile(benign_${name})
  endif()
  benign_install(benign_${name} ${name})
endfunction()

