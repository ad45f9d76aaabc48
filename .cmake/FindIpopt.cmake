# Ipopt::Ipopt: Debian's coinor-libipopt-dev.
find_path(IPOPT_INCLUDE_DIR IpIpoptApplication.hpp PATH_SUFFIXES coin)
find_library(IPOPT_LIBRARY ipopt)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Ipopt REQUIRED_VARS IPOPT_LIBRARY IPOPT_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "Install the package coinor-libipopt-dev (apt-get install coinor-libipopt-dev)")
if(Ipopt_FOUND AND NOT TARGET Ipopt::Ipopt)
  add_library(Ipopt::Ipopt UNKNOWN IMPORTED)
  set_target_properties(Ipopt::Ipopt PROPERTIES
    IMPORTED_LOCATION "${IPOPT_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${IPOPT_INCLUDE_DIR}")
endif()
