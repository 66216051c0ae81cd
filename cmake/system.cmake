# What makes the program at home on a system: man page and completions, printed by the built program
# out of its table of verbs, and where they are installed.
set(manual_date_from ${CMAKE_CURRENT_SOURCE_DIR}/packaging/changelog)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manual_date_from})
file(STRINGS ${manual_date_from} manual_stamp REGEX "^ -- " LIMIT_COUNT 1)
if(NOT manual_stamp MATCHES ", ([0-9][0-9]) ([A-Z][a-z][a-z]) ([0-9][0-9][0-9][0-9]) ")
  message(FATAL_ERROR "packaging/changelog: no date in \"${manual_stamp}\"")
endif()
set(manual_day ${CMAKE_MATCH_1})
set(manual_year ${CMAKE_MATCH_3})
set(months Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec)
list(FIND months ${CMAKE_MATCH_2} manual_month)
math(EXPR manual_month "${manual_month} + 101")
string(SUBSTRING ${manual_month} 1 2 manual_month)
set_property(SOURCE src/ui/plain/manual.c APPEND PROPERTY COMPILE_DEFINITIONS
             PERFSCALE_RELEASED="${manual_year}-${manual_month}-${manual_day}")

option(PERFSCALE_PACKAGE "Compress what a Debian package holds compressed, and add its documents" OFF)
set(system_dir ${CMAKE_CURRENT_BINARY_DIR}/system)
set(system_files)

# perfscale_prints(FILE FOLDER WORD...): FILE holds what `perfscale WORD...` prints, and is installed in
# FOLDER of the data directory.
function(perfscale_prints file folder)
  set(out ${system_dir}/${file})
  set(zip)
  if(PERFSCALE_PACKAGE AND file MATCHES "\\.1$")
    set(zip COMMAND gzip -9nf ${out})
    set(made ${out}.gz)
  else()
    set(made ${out})
  endif()
  add_custom_command(OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${system_dir}
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C.UTF-8 $<TARGET_FILE:perfscale> ${ARGN} > ${out}
    ${zip}
    DEPENDS perfscale VERBATIM)
  set(system_files ${system_files} ${made} PARENT_SCOPE)
  install(FILES ${made} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder})
endfunction()

if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  message(STATUS "Cross build: the program cannot run here, so man page and completions are not made. "
                 "On its system: perfscale manual, perfscale completion bash|zsh|fish")
else()
  perfscale_prints(perfscale.1 man/man1 manual)
  perfscale_prints(perfscale bash-completion/completions completion bash)
  perfscale_prints(_perfscale zsh/vendor-completions completion zsh)
  perfscale_prints(perfscale.fish fish/vendor_completions.d completion fish)
  add_custom_target(perfscale_system ALL DEPENDS ${system_files})
endif()
