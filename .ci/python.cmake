# cmake -C .ci/python.cmake: the module for Python, for tests/run --python.
set(CMAKE_BUILD_TYPE Release CACHE STRING "")
set(CMAKE_UNITY_BUILD ON CACHE BOOL "")
set(BENIGN_PYTHON ON CACHE BOOL "")
set(BENIGN_TORCH OFF CACHE BOOL "")
set(BUILD_TESTING OFF CACHE BOOL "")
