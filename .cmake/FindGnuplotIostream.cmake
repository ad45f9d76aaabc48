# GnuplotIostream::GnuplotIostream: Debian's libgnuplot-iostream-dev.
find_path(GNUPLOTIOSTREAM_INCLUDE_DIR gnuplot-iostream.h)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(GnuplotIostream REQUIRED_VARS GNUPLOTIOSTREAM_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "Install the package libgnuplot-iostream-dev (apt-get install libgnuplot-iostream-dev)")
if(GnuplotIostream_FOUND AND NOT TARGET GnuplotIostream::GnuplotIostream)
  add_library(GnuplotIostream::GnuplotIostream INTERFACE IMPORTED)
  set_target_properties(GnuplotIostream::GnuplotIostream PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${GNUPLOTIOSTREAM_INCLUDE_DIR}")
endif()
