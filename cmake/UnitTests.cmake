# SPDX-License-Identifier: Apache-2.0
# unit_tests(TARGET SOURCES…): the unit tests of one folder, one process for all of
# them: with sanitizers, starting a process costs more than a unit test does.
function(unit_tests target)
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE GTest::gtest_main)
  string(REGEX REPLACE "_tests$" "" folder ${target})
  add_test(NAME unit.${folder} COMMAND ${target} --gtest_brief=1)
  set_tests_properties(unit.${folder} PROPERTIES LABELS unit)
endfunction()
