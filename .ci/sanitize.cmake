# cmake -C .ci/sanitize.cmake: AddressSanitizer and UndefinedBehaviorSanitizer, for tests/run --sanitize.
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_CXX_FLAGS_DEBUG -O1 CACHE STRING "")
set(CMAKE_UNITY_BUILD ON CACHE BOOL "")
set(BENIGN_SANITIZE ON CACHE BOOL "")
