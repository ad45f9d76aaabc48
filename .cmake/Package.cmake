# What `cmake --install` and `cpack` bring: the program, its man page and completion, and for projects of one's own the
# libraries, their headers and find_package(benign).

include(CMakePackageConfigHelpers)

# The public headers are these and what they include; all others are the project's own.
set(benign_public_headers
  proofs_check/terminal/commands.hpp proofs_check/program/program.hpp proofs_check/framework/check.hpp
  proofs_check/framework/hypotheses.hpp proofs_check/checker/check.hpp proofs_check/text/configuration.hpp
  sim/models/head_gradient.hpp sim/models/model.hpp sim/models/two_token_test.hpp sim/runs/method.hpp
  sim/runs/records.hpp sim/runs/simulate.hpp sim/runs/trajectory.hpp sim/sweeps/border.hpp sim/sweeps/cells.hpp
  theory/laws/regime.hpp theory/model/layout_text.hpp theory/model/model.hpp theory/numbers/enclosure.hpp)
set(benign_todo ${benign_public_headers})
set(benign_headers)
while(benign_todo)
  list(POP_FRONT benign_todo header)
  if(NOT header IN_LIST benign_headers)
    list(APPEND benign_headers ${header})
    file(STRINGS ${PROJECT_SOURCE_DIR}/${header} lines REGEX "^#include \"")
    list(TRANSFORM lines REPLACE "^#include \"(.*)\".*" "\\1")
    list(APPEND benign_todo ${lines})
  endif()
endwhile()
foreach(header IN LISTS benign_headers)
  cmake_path(GET header PARENT_PATH folder)
  install(FILES ${PROJECT_SOURCE_DIR}/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/benign/${folder} COMPONENT development)
endforeach()

set(benign_cmake ${CMAKE_INSTALL_LIBDIR}/cmake/benign)
install(EXPORT benign FILE benignTargets.cmake NAMESPACE benign:: DESTINATION ${benign_cmake} COMPONENT development)
export(EXPORT benign FILE ${PROJECT_BINARY_DIR}/benignTargets.cmake NAMESPACE benign::)
file(GLOB modules ${PROJECT_SOURCE_DIR}/.cmake/Find*.cmake)
install(FILES ${modules} ${PROJECT_SOURCE_DIR}/.cmake/benignConfig.cmake ${PROJECT_BINARY_DIR}/benignConfigVersion.cmake
        DESTINATION ${benign_cmake} COMPONENT development)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/benignConfigVersion.cmake COMPATIBILITY SameMinorVersion)
file(COPY ${modules} ${PROJECT_SOURCE_DIR}/.cmake/benignConfig.cmake DESTINATION ${PROJECT_BINARY_DIR})  # the build tree is a package too

# Man page and completion, from the options as the program has them.
add_executable(benign_manual ${PROJECT_SOURCE_DIR}/proofs_check/program/manual.cpp)
benign_not_hot(benign_manual)
target_link_libraries(benign_manual PRIVATE benign_flags benign_program)
add_custom_command(OUTPUT benign.1 benign.bash
  COMMAND benign_manual ${PROJECT_VERSION} benign.1 benign.bash WORKING_DIRECTORY ${PROJECT_BINARY_DIR} VERBATIM)
add_custom_target(manual ALL DEPENDS benign.1 benign.bash)
install(FILES ${PROJECT_BINARY_DIR}/benign.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
install(FILES ${PROJECT_BINARY_DIR}/benign.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME benign
        COMPONENT program)

# cpack -G DEB: a package that depends on Debian's libraries. cpack -G TGZ: all libraries but the C library's beside the
# program, for people without root or with another distribution.
set(CPACK_PACKAGE_NAME benign)
set(CPACK_PACKAGE_VENDOR "The authors of benign")
set(CPACK_PACKAGE_CONTACT "the authors of benign")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gnuplot-nox, fonts-dejavu-core, graphviz, libjs-katex")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/.cmake/PackageOptions.cmake)
install(CODE [[
  file(GET_RUNTIME_DEPENDENCIES EXECUTABLES $<TARGET_FILE:benign> RESOLVED_DEPENDENCIES_VAR libraries
       PRE_EXCLUDE_REGEXES "^lib(c|m|dl|rt|pthread)\\.so" "^ld-linux")
  foreach(library IN LISTS libraries)
    file(INSTALL ${library} DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/benign FOLLOW_SYMLINK_CHAIN)
    # A path of its own would keep it from finding its neighbours by the program's.
    file(REAL_PATH ${library} file)
    cmake_path(GET file FILENAME file)
    file(RPATH_REMOVE FILE ${CMAKE_INSTALL_PREFIX}/lib/benign/${file})
  endforeach()
]] COMPONENT libraries EXCLUDE_FROM_ALL)
include(CPack)
