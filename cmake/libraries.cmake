# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
#
# The shared and the static library, and what is installed: libraries, headers, the package that
# find_package(sonogram) reads, and sonogram.pc. In a wheel all of it lies inside the package, with
# one library file, since wheels know no links: the one that its soname names.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

if(SONOGRAM_PYTHON)
  if(NOT SONOGRAM_SHARED)
    message(FATAL_ERROR "SONOGRAM_PYTHON needs SONOGRAM_SHARED: the module links the library")
  endif()
  set(SONOGRAM_INSTALL_LIB sonogram)
  set(SONOGRAM_INSTALL_BIN sonogram)
  set(SONOGRAM_INSTALL_INCLUDE sonogram/include)
  set(SONOGRAM_INSTALL_CMAKE sonogram/cmake)
else()
  set(SONOGRAM_INSTALL_LIB ${CMAKE_INSTALL_LIBDIR})
  set(SONOGRAM_INSTALL_BIN ${CMAKE_INSTALL_BINDIR})
  set(SONOGRAM_INSTALL_INCLUDE ${CMAKE_INSTALL_INCLUDEDIR})
  set(SONOGRAM_INSTALL_CMAKE ${CMAKE_INSTALL_LIBDIR}/cmake/sonogram)
endif()
if(APPLE)
  set(SONOGRAM_ORIGIN "@loader_path")
else()
  set(SONOGRAM_ORIGIN "$ORIGIN")
endif()
set(SONOGRAM_OBJECTS $<TARGET_OBJECTS:sonogram_core> ${SONOGRAM_KERNEL_OBJECTS})

function(sonogram_library target kind)
  add_library(${target} ${kind} ${SONOGRAM_OBJECTS})
  target_include_directories(${target} INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/csrc/include>
    $<INSTALL_INTERFACE:${SONOGRAM_INSTALL_INCLUDE}>)
  target_compile_features(${target} INTERFACE $<BUILD_INTERFACE:cxx_std_17>)
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX OUTPUT_NAME sonogram)
endfunction()

if(SONOGRAM_SHARED)
  sonogram_library(sonogram SHARED)
  add_library(sonogram::sonogram ALIAS sonogram)
  target_link_libraries(sonogram PRIVATE ${SONOGRAM_SYSTEM_LIBRARIES})
  # While the major version is 0, a minor one may break the C++ API.
  set(soversion ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  set_target_properties(sonogram PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${soversion})
  set(SONOGRAM_NAMELINK "")
  if(SONOGRAM_PYTHON)
    set_target_properties(sonogram PROPERTIES VERSION ${soversion})
    set(SONOGRAM_NAMELINK NAMELINK_SKIP)
  endif()
  if(UNIX AND NOT APPLE)
    # Templates of the standard library are visible whatever the flags say; this hides them.
    set(script ${PROJECT_SOURCE_DIR}/cmake/symbols.map)
    target_link_options(sonogram PRIVATE "LINKER:--version-script=${script}")
    set_property(TARGET sonogram APPEND PROPERTY LINK_DEPENDS ${script})
  endif()
  install(TARGETS sonogram EXPORT sonogramTargets
    LIBRARY DESTINATION ${SONOGRAM_INSTALL_LIB} ${SONOGRAM_NAMELINK}
    ARCHIVE DESTINATION ${SONOGRAM_INSTALL_LIB}
    RUNTIME DESTINATION ${SONOGRAM_INSTALL_BIN})
  install(EXPORT sonogramTargets NAMESPACE sonogram:: DESTINATION ${SONOGRAM_INSTALL_CMAKE})
endif()

if(SONOGRAM_STATIC)
  sonogram_library(sonogram_static STATIC)
  add_library(sonogram::static ALIAS sonogram_static)
  set_target_properties(sonogram_static PROPERTIES EXPORT_NAME static)
  target_compile_definitions(sonogram_static INTERFACE SONOGRAM_STATIC)
  # Outside this build sonogramConfig.cmake says what to link, without these targets: those of
  # OpenMP need C++ and the compiler that made the library.
  foreach(library IN LISTS SONOGRAM_SYSTEM_LIBRARIES)
    target_link_libraries(sonogram_static INTERFACE $<BUILD_INTERFACE:$<LINK_ONLY:${library}>>)
  endforeach()
  if(SONOGRAM_PYTHON)
    set_target_properties(sonogram_static PROPERTIES EXCLUDE_FROM_ALL ON)
  else()
    install(TARGETS sonogram_static EXPORT sonogramStaticTargets
      ARCHIVE DESTINATION ${SONOGRAM_INSTALL_LIB})
    install(EXPORT sonogramStaticTargets NAMESPACE sonogram::
      DESTINATION ${SONOGRAM_INSTALL_CMAKE})
  endif()
endif()

install(DIRECTORY csrc/include/sonogram DESTINATION ${SONOGRAM_INSTALL_INCLUDE})

# What a program of any language links beside the static library: OpenMP's library where it lies,
# and the C++ runtime by name.
set(SONOGRAM_STATIC_FILES "")
set(SONOGRAM_STATIC_NAMES "")
set(SONOGRAM_PC_PRIVATE "")
if(OpenMP_CXX_FOUND)
  foreach(name IN LISTS OpenMP_CXX_LIB_NAMES)
    if(NOT name STREQUAL "pthread")
      list(APPEND SONOGRAM_STATIC_FILES "${OpenMP_${name}_LIBRARY}")
      get_filename_component(folder "${OpenMP_${name}_LIBRARY}" DIRECTORY)
      string(APPEND SONOGRAM_PC_PRIVATE "-L${folder} -l${name} ")
    endif()
  endforeach()
endif()
foreach(library IN LISTS CMAKE_CXX_IMPLICIT_LINK_LIBRARIES)
  if(library MATCHES "^(stdc\\+\\+|c\\+\\+|c\\+\\+abi|m)$")
    list(APPEND SONOGRAM_STATIC_NAMES ${library})
    string(APPEND SONOGRAM_PC_PRIVATE "-l${library} ")
  endif()
endforeach()
list(REMOVE_DUPLICATES SONOGRAM_STATIC_NAMES)
string(APPEND SONOGRAM_PC_PRIVATE "-pthread")
if(SONOGRAM_PYTHON)
  set(SONOGRAM_NO_STATIC "the Python package carries the shared library alone; build sonogram from source with -DSONOGRAM_PYTHON=OFF and install that for a static one")
else()
  set(SONOGRAM_NO_STATIC "this sonogram was built with -DSONOGRAM_STATIC=OFF")
endif()
configure_package_config_file(cmake/sonogramConfig.cmake.in
  ${PROJECT_BINARY_DIR}/sonogramConfig.cmake INSTALL_DESTINATION ${SONOGRAM_INSTALL_CMAKE})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/sonogramConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/sonogramConfig.cmake
  ${PROJECT_BINARY_DIR}/sonogramConfigVersion.cmake DESTINATION ${SONOGRAM_INSTALL_CMAKE})

if(NOT SONOGRAM_PYTHON)
  file(RELATIVE_PATH SONOGRAM_PC_PREFIX /${SONOGRAM_INSTALL_LIB}/pkgconfig /)
  configure_file(cmake/sonogram.pc.in ${PROJECT_BINARY_DIR}/sonogram.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/sonogram.pc DESTINATION ${SONOGRAM_INSTALL_LIB}/pkgconfig)
endif()
