# tree-sitter grammars: C sources out of pinned npm packages. The lock file holds their checksums, npm
# verifies them, and no script of a package runs. Fetched once per lock file into the build folder.
set(grammar_home ${CMAKE_CURRENT_BINARY_DIR}/grammars)
set(grammar_inputs package.json package-lock.json .npmrc)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             ${CMAKE_CURRENT_SOURCE_DIR}/grammars/package-lock.json)
file(SHA256 ${CMAKE_CURRENT_SOURCE_DIR}/grammars/package-lock.json grammar_want)
set(grammar_have "")
if(EXISTS ${grammar_home}/.complete)
  file(READ ${grammar_home}/.complete grammar_have)
endif()
if(NOT grammar_have STREQUAL grammar_want)
  find_program(NPM npm)
  if(NOT NPM)
    message(FATAL_ERROR "npm is missing: it fetches the grammars that read k6 scripts. "
                        "Install it (Debian: apt-get install npm) and run cmake again.")
  endif()
  file(REMOVE_RECURSE ${grammar_home})
  foreach(input IN LISTS grammar_inputs)
    file(COPY ${CMAKE_CURRENT_SOURCE_DIR}/grammars/${input} DESTINATION ${grammar_home})
  endforeach()
  message(STATUS "Fetching the tree-sitter grammars with npm")
  execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
                  WORKING_DIRECTORY ${grammar_home}
                  RESULT_VARIABLE grammar_status OUTPUT_QUIET ERROR_VARIABLE grammar_error)
  if(NOT grammar_status EQUAL 0)
    file(REMOVE_RECURSE ${grammar_home})
    message(FATAL_ERROR "npm could not fetch the grammars (grammars/package-lock.json):\n${grammar_error}")
  endif()
  file(WRITE ${grammar_home}/.complete ${grammar_want})
endif()

set(grammar_sources)
foreach(grammar javascript typescript/typescript python)
  set(grammar_folder ${grammar_home}/node_modules/tree-sitter-${grammar}/src)
  list(APPEND grammar_sources ${grammar_folder}/parser.c ${grammar_folder}/scanner.c)
  set_source_files_properties(${grammar_folder}/parser.c ${grammar_folder}/scanner.c PROPERTIES
                              INCLUDE_DIRECTORIES ${grammar_folder})
endforeach()
add_library(perfscale_grammars STATIC ${grammar_sources})
set_target_properties(perfscale_grammars PROPERTIES C_EXTENSIONS ON)
target_compile_options(perfscale_grammars PRIVATE -w -O1) # generated: -O2 compiles longer, runs no faster
