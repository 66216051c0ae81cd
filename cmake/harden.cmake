# Flags that make an overrun harder to use: of a package, because they cost a little speed and hide
# nothing from the tests, which have the sanitizers.
option(PERFSCALE_HARDEN "PIE, relro, bindnow, fortify, stack protection" OFF)
if(PERFSCALE_HARDEN)
  include(CheckCCompilerFlag)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  add_compile_options(-fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
                      -Werror=format-security -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
  foreach(flag -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER has${flag} has)
    check_c_compiler_flag(${flag} ${has})
    if(${has})
      add_compile_options(${flag})
    endif()
  endforeach()
  add_link_options(-pie -Wl,-z,relro -Wl,-z,now)
endif()
