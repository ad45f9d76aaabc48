# cmake -C .ci/plain.cmake: every source by itself, by Debian's clang++, for tests/run --plain. Only libraries' headers are
# precompiled, their templates' instances with them: a fourth of the time.
set(CMAKE_C_COMPILER clang CACHE STRING "")
set(CMAKE_CXX_COMPILER clang++ CACHE STRING "")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_CXX_FLAGS_DEBUG -O0 CACHE STRING "")
set(CMAKE_UNITY_BUILD OFF CACHE BOOL "")
set(BENIGN_TORCH OFF CACHE BOOL "")  # LibTorch's headers are none for clang++ 14 in C++20
