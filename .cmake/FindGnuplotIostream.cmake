include(${CMAKE_CURRENT_LIST_DIR}/FindOne.cmake)
benign_find(GnuplotIostream libgnuplot-iostream-dev gnuplot-iostream.h)
