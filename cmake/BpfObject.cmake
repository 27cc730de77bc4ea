# SPDX-License-Identifier: Apache-2.0
# bpf_object(NAME): NAME.bpf.c -> NAME.bpf.o -> NAME.skel.h. Link NAME_skel to use it.
# The depfile comes from clang, so a change of any included header rebuilds the
# object; the skeleton goes through a temporary so that a failing bpftool never
# leaves half a header behind.
execute_process(COMMAND ${CMAKE_C_COMPILER} -print-multiarch OUTPUT_VARIABLE BPF_MULTIARCH OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT BPF_MULTIARCH)
  set(BPF_MULTIARCH ${CMAKE_LIBRARY_ARCHITECTURE})
endif()

function(bpf_object name)
  set(src ${CMAKE_CURRENT_SOURCE_DIR}/${name}.bpf.c)
  set(obj ${CMAKE_CURRENT_BINARY_DIR}/${name}.bpf.o)
  set(skel ${CMAKE_CURRENT_BINARY_DIR}/${name}.skel.h)
  add_custom_command(OUTPUT ${obj}
    COMMAND ${BPF_CLANG} -target bpf -g -O2 -mcpu=v3 -std=gnu11 -Wall -Wextra -Werror
            -idirafter /usr/include/${BPF_MULTIARCH} -I ${PROJECT_SOURCE_DIR}/bpf -I ${CMAKE_CURRENT_SOURCE_DIR}
            -MD -MF ${obj}.d -MT ${obj} -c ${src} -o ${obj}
    DEPENDS ${src} DEPFILE ${obj}.d COMMENT "BPF ${name}.bpf.o" VERBATIM)
  add_custom_command(OUTPUT ${skel}
    COMMAND ${BPFTOOL} gen skeleton ${obj} name ${name} > ${skel}.tmp
    COMMAND ${CMAKE_COMMAND} -E rename ${skel}.tmp ${skel}
    DEPENDS ${obj} COMMENT "skeleton ${name}.skel.h" VERBATIM)
  add_custom_target(${name}_skel_gen DEPENDS ${skel})
  add_library(${name}_skel INTERFACE)
  add_dependencies(${name}_skel ${name}_skel_gen)
  target_include_directories(${name}_skel SYSTEM INTERFACE ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(${name}_skel INTERFACE PkgConfig::LIBBPF)
endfunction()
