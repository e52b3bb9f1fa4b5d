// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// canary sse3 | ssse3 | sse4.1 | avx | avx2: runs one instruction of that set. Where the processor
// has it not, the program is ended by an illegal instruction.
#include <cstdio>
#include <string>

int main(int argc, char** argv) {
  const std::string set = argc > 1 ? argv[1] : "";
  // Instructions as text: the compiler must neither choose others nor leave them out.
  if (set == "sse3") {
    __asm__ __volatile__("haddps %%xmm0, %%xmm0" ::: "xmm0");
  } else if (set == "ssse3") {
    __asm__ __volatile__("pabsd %%xmm0, %%xmm0" ::: "xmm0");
  } else if (set == "sse4.1") {
    __asm__ __volatile__("pmulld %%xmm0, %%xmm0" ::: "xmm0");
  } else if (set == "avx") {
    __asm__ __volatile__("vaddps %%xmm0, %%xmm0, %%xmm0" ::: "xmm0");
  } else if (set == "avx2") {
    __asm__ __volatile__("vpaddd %%ymm0, %%ymm0, %%ymm0" ::: "xmm0");
  } else {
    std::printf("usage: sonogram_canary sse3|ssse3|sse4.1|avx|avx2\n");
    return 2;
  }
  std::printf("this processor runs %s\n", set.c_str());
  return 0;
}
