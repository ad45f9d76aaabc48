include(${CMAKE_CURRENT_LIST_DIR}/FindOne.cmake)
benign_find(Random123 librandom123-dev Random123/philox.h)
