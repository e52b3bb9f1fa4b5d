# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
#
# kernel.cpp once per instruction set, each copy with the flags of its own.
include(CheckCXXCompilerFlag)

function(sonogram_warnings target)
  if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(${target} PRIVATE -Wall -Wextra $<$<BOOL:${SONOGRAM_WERROR}>:-Werror>)
  endif()
endfunction()

set(SONOGRAM_ISA_DEFINITIONS "")
set(SONOGRAM_KERNEL_OBJECTS "")

function(sonogram_kernel isa)
  set(target sonogram_kernel_${isa})
  add_library(${target} OBJECT csrc/kernels/kernel.cpp)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/csrc)
  string(REGEX REPLACE "^(sse2|neon|scalar)$" "baseline" table ${isa})
  target_compile_definitions(${target} PRIVATE SONOGRAM_TABLE=table_${table}
    SONOGRAM_ISA_NAME=${isa} SONOGRAM_POCKETFFT="${SONOGRAM_POCKETFFT}" ${SONOGRAM_ISA_DEFINITIONS})
  if(SONOGRAM_SCALAR)
    target_compile_definitions(${target} PRIVATE SONOGRAM_SCALAR)
  endif()
  # -O3 also where the project is built with -O2: these loops are what the library is for. No
  # fast-math; contraction to fused multiply-adds is the compiler's default and stays.
  target_compile_options(${target} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O3> -Wno-psabi
    -Wno-unused-function ${ARGN})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # gcc 12 takes the undefined operand of its own AVX-512 intrinsics for an uninitialised read
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized
      -Wno-uninitialized)
  elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(${target} PRIVATE -ffp-contract=fast)
  endif()
  sonogram_warnings(${target})
  set(SONOGRAM_KERNEL_OBJECTS ${SONOGRAM_KERNEL_OBJECTS} $<TARGET_OBJECTS:${target}> PARENT_SCOPE)
endfunction()

if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|amd64" AND NOT SONOGRAM_SCALAR)
  check_cxx_compiler_flag("-mavx2 -mfma" SONOGRAM_CXX_AVX2)
  check_cxx_compiler_flag("-mavx512f -mavx512dq -mavx512bw -mavx512vl" SONOGRAM_CXX_AVX512)
  if(SONOGRAM_CXX_AVX2)
    list(APPEND SONOGRAM_ISA_DEFINITIONS SONOGRAM_HAVE_AVX2)
  endif()
  if(SONOGRAM_CXX_AVX512)
    list(APPEND SONOGRAM_ISA_DEFINITIONS SONOGRAM_HAVE_AVX512)
  endif()
  sonogram_kernel(sse2)
  if(SONOGRAM_CXX_AVX2)
    sonogram_kernel(avx2 -mavx2 -mfma)
  endif()
  if(SONOGRAM_CXX_AVX512)
    sonogram_kernel(avx512 -mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx2 -mfma
      -mprefer-vector-width=512)
  endif()
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64|ARM64" AND NOT SONOGRAM_SCALAR)
  sonogram_kernel(neon)
else()
  sonogram_kernel(scalar)
endif()
