include(${CMAKE_CURRENT_LIST_DIR}/FindOne.cmake)
benign_find(LBFGS liblbfgs-dev lbfgs.h lbfgs)
