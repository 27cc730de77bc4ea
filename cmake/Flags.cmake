# SPDX-License-Identifier: Apache-2.0
# One target carries every flag; a library that links it reads the same everywhere.
add_library(steadfast_flags INTERFACE)
target_compile_features(steadfast_flags INTERFACE cxx_std_20)
target_include_directories(steadfast_flags INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/userspace)
target_compile_options(steadfast_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual>
  # LIBBPF_OPTS is both.
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wno-gnu-statement-expression -Wno-c99-extensions>)
if(STEADFAST_WERROR)
  target_compile_options(steadfast_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
if(STEADFAST_SANITIZE)
  target_compile_options(steadfast_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(steadfast_flags INTERFACE -fsanitize=address,undefined)
endif()
if(STEADFAST_FAULT_POINTS)
  target_compile_definitions(steadfast_flags INTERFACE STEADFAST_FAULT_POINTS)
endif()
if(STEADFAST_FUZZ)
  target_compile_options(steadfast_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  target_link_options(steadfast_flags INTERFACE -fsanitize=address,undefined)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)

find_program(CCACHE ccache)
if(CCACHE)
  # Without these words ccache keeps nothing that reads precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  add_compile_options("SHELL:$<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Xclang -fno-pch-timestamp>")
endif()

# steadfast_library(NAME SOURCES… LINKS…): a folder of userspace/ as a static library.
function(steadfast_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC steadfast_flags ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
endfunction()
