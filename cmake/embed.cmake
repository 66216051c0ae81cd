# Documents compiled into the program, so that it works where nothing is installed beside it.
# perfscale_embed(NAME FILE...) makes build/embedded/NAME.c with, for each file, a struct
#   { name, bytes, len }   (src/core/base/embedded.h)
# in an array embedded_NAME that ends with a NULL name.
set(EMBEDDED_SOURCES)
function(perfscale_embed name)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.c)
  set(files)
  foreach(file IN LISTS ARGN)
    list(APPEND files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  list(JOIN ARGN "|" names)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DROOT=${CMAKE_CURRENT_SOURCE_DIR} -DOUT=${out}
            "-DFILES=${names}" -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${CMAKE_CURRENT_SOURCE_DIR}/cmake/embed_files.cmake
    VERBATIM)
  set(EMBEDDED_SOURCES ${EMBEDDED_SOURCES} ${out} PARENT_SCOPE)
endfunction()

perfscale_embed(rules rules/load-model-selection.md rules/metric-validation.md
                references/infrastructure-requirements.md references/diagnosis.md)
file(GLOB demo_files RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS demo/*)
perfscale_embed(demo ${demo_files})
perfscale_embed(report src/core/report/report.css)
