include(${CMAKE_CURRENT_LIST_DIR}/FindOne.cmake)
benign_find(NLopt libnlopt-dev nlopt.h nlopt)
