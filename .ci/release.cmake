# cmake -C .ci/release.cmake: what proofs_check/run and tests/run build.
set(CMAKE_BUILD_TYPE Release CACHE STRING "")
set(CMAKE_UNITY_BUILD ON CACHE BOOL "")
