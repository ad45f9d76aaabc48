include(${CMAKE_CURRENT_LIST_DIR}/FindOne.cmake)
benign_find(Ipopt coinor-libipopt-dev IpIpoptApplication.hpp ipopt coin)
