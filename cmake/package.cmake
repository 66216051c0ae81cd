# A Debian package by CPack: scripts/package makes it.
if(NOT PERFSCALE_PACKAGE)
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR}) # in a package it is in its copyright file
  return()
endif()

set(package_changelog ${CMAKE_CURRENT_BINARY_DIR}/system/changelog.gz)
add_custom_command(OUTPUT ${package_changelog}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/system
  COMMAND gzip -9nc ${CMAKE_CURRENT_SOURCE_DIR}/packaging/changelog > ${package_changelog}
  DEPENDS packaging/changelog VERBATIM)
add_custom_target(perfscale_changelog ALL DEPENDS ${package_changelog})
install(FILES ${package_changelog} packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME perfscale)
set(CPACK_PACKAGE_CONTACT "perfscale developers <perfscale@localhost.invalid>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "sizes, rewrites and judges load, stress and soak tests")
set(CPACK_PACKAGE_DESCRIPTION
"perfscale takes a test plan and a baseline script of k6, Locust or JMeter,
computes the load, rewrites the script to it, and gives the command. Then it
reads the result and says PASS, FAIL, NO DATA or INVALID, and why.
.
Runs are kept, compared and reviewed by several people on one host. There is
a dashboard for the terminal, and every step also works without one. It never
sends load itself.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
