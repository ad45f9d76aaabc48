include(${CMAKE_CURRENT_LIST_DIR}/FindOne.cmake)
benign_find(RapidCheck librapidcheck-dev rapidcheck.h rapidcheck)
