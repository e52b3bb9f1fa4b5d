# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
#
# Finds pocketfft's C++ header: SONOGRAM_POCKETFFT, a system header, or the unmodified copy inside
# the pythran package, whose folder Python tells without importing it. Nothing is kept from run to
# run, so that the next one sees what has been installed meanwhile.
function(sonogram_find_pocketfft result)
  find_file(header NAMES pocketfft_hdronly.h PATH_SUFFIXES pocketfft NO_CACHE)
  if(header)
    set(${result} "${header}" PARENT_SCOPE)
    return()
  endif()
  # pip builds with an interpreter of its own; else the PATH says which environment is active.
  set(pythons ${Python_EXECUTABLE})
  foreach(name python3 python)
    find_program(found_${name} NAMES ${name} NO_CACHE NO_CMAKE_FIND_ROOT_PATH)
    if(found_${name})
      list(APPEND pythons "${found_${name}}")
    endif()
  endforeach()
  foreach(python IN LISTS pythons)
    execute_process(
      COMMAND "${python}" -c
              "import importlib.util as u; print(u.find_spec('pythran').submodule_search_locations[0])"
      OUTPUT_VARIABLE folder OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    set(header "${folder}/pythonic/numpy/fft/pocketfft.hpp")
    if(folder AND EXISTS "${header}")
      set(${result} "${header}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  list(APPEND pythons python3)
  list(GET pythons 0 python)
  message(FATAL_ERROR "sonogram needs pocketfft's C++ header, which the Python package pythran "
    "carries. Run\n  ${python} -m pip install pythran\n(in an environment, where pip refuses to "
    "install beside the system's packages: python3 -m venv .venv && . .venv/bin/activate && "
    "pip install pythran) and then cmake again, or give "
    "-DSONOGRAM_POCKETFFT=/path/to/pocketfft_hdronly.h")
endfunction()

if(NOT SONOGRAM_POCKETFFT)
  sonogram_find_pocketfft(SONOGRAM_POCKETFFT)
elseif(NOT EXISTS "${SONOGRAM_POCKETFFT}")
  message(FATAL_ERROR "SONOGRAM_POCKETFFT is ${SONOGRAM_POCKETFFT}, which is not there; it must be "
    "the path of pocketfft_hdronly.h, or empty: then the header is looked for")
endif()
message(STATUS "sonogram: pocketfft at ${SONOGRAM_POCKETFFT}")
