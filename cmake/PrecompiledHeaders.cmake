# SPDX-License-Identifier: Apache-2.0
# The headers that most files read, parsed once and not once for every file. Each
# file names its own headers all the same: the presets without precompiled ones
# (CMAKE_DISABLE_PRECOMPILE_HEADERS) would not build otherwise.
set(STEADFAST_COMMON_HEADERS
  <algorithm> <array> <chrono> <cstdint> <deque> <filesystem> <fstream> <functional> <map> <memory> <mutex> <optional>
  <queue> <set> <span> <sstream> <string> <string_view> <thread> <tuple> <utility> <variant> <vector>
  <nlohmann/json.hpp>)

# precompiled(NAME LIBRARIES… HEADERS…): a target whose headers others take over.
function(precompiled name)
  cmake_parse_arguments(ARG "" "" "LIBRARIES;HEADERS" ${ARGN})
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc "")
  add_library(${name} STATIC ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE steadfast_flags nlohmann_json::nlohmann_json ${ARG_LIBRARIES})
  target_precompile_headers(${name} PRIVATE ${STEADFAST_COMMON_HEADERS} ${ARG_HEADERS})
endfunction()

# take_precompiled(NAME FOLDER): every library and program below FOLDER reads NAME's.
function(take_precompiled name folder)
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target ${targets})
    get_target_property(type ${target} TYPE)
    if(type MATCHES "^(STATIC_LIBRARY|EXECUTABLE)$")
      target_precompile_headers(${target} REUSE_FROM ${name})
    endif()
  endforeach()
  get_property(below DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(next ${below})
    take_precompiled(${name} ${next})
  endforeach()
endfunction()
