# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
#
# Read by ctest: one test of each program for every instruction set that the first says it can run
# here.
execute_process(COMMAND ${emulator} "${program}" --isas OUTPUT_VARIABLE isas RESULT_VARIABLE failed
  OUTPUT_STRIP_TRAILING_WHITESPACE)
if(failed OR isas STREQUAL "")
  add_test(isas "${program}" --isas)
endif()
string(REPLACE "\n" ";" isas "${isas}")
if(emulator)
  set(emulated SONOGRAM_EMULATED=1)
endif()
foreach(isa IN LISTS isas)
  add_test(${isa} ${emulator} "${program}")
  set_tests_properties(${isa} PROPERTIES ENVIRONMENT "SONOGRAM_ISA=${isa};${emulated}" TIMEOUT 900)
  if(c_program)
    add_test(c_${isa} ${emulator} "${c_program}")
    set_tests_properties(c_${isa} PROPERTIES ENVIRONMENT "SONOGRAM_ISA=${isa};${emulated}" TIMEOUT 900)
  endif()
endforeach()
