# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
#
# Finds pocketfft's C++ header: SONOGRAM_POCKETFFT, a system header, or the unmodified copy inside
# the pythran package, whose folder Python tells without importing it.
if(NOT SONOGRAM_POCKETFFT)
  find_file(SONOGRAM_SYSTEM_POCKETFFT NAMES pocketfft_hdronly.h PATH_SUFFIXES pocketfft)
  if(SONOGRAM_SYSTEM_POCKETFFT)
    set(SONOGRAM_POCKETFFT "${SONOGRAM_SYSTEM_POCKETFFT}")
  else()
    find_package(Python REQUIRED COMPONENTS Interpreter)
    execute_process(
      COMMAND "${Python_EXECUTABLE}" -c
              "import importlib.util as u; print(u.find_spec('pythran').submodule_search_locations[0])"
      OUTPUT_VARIABLE SONOGRAM_PYTHRAN OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    set(SONOGRAM_POCKETFFT "${SONOGRAM_PYTHRAN}/pythonic/numpy/fft/pocketfft.hpp")
  endif()
endif()
if(NOT EXISTS "${SONOGRAM_POCKETFFT}")
  message(FATAL_ERROR "sonogram needs pocketfft's C++ header: install the Python package 'pythran' "
    "or give -DSONOGRAM_POCKETFFT=/path/to/pocketfft_hdronly.h")
endif()
message(STATUS "sonogram: pocketfft at ${SONOGRAM_POCKETFFT}")
