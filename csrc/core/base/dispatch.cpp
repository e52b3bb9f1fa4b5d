// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/base/dispatch.hpp"

#include <cstdlib>

#include "core/base/errors.hpp"
#include "sonogram/runtime.hpp"

namespace sonogram {
namespace {

// The instruction sets of this build that this processor supports, best last.
const std::vector<const kernel::Table*>& tables() {
  static const std::vector<const kernel::Table*> found = [] {
    std::vector<const kernel::Table*> t{&kernel::table_baseline};
#if defined(SONOGRAM_HAVE_AVX2)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
      t.push_back(&kernel::table_avx2);
    }
#endif
#if defined(SONOGRAM_HAVE_AVX512)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("fma")) {
      t.push_back(&kernel::table_avx512);
    }
#endif
    return t;
  }();
  return found;
}

const kernel::Table& choose() {
  const char* wanted = std::getenv("SONOGRAM_ISA");
  if (wanted == nullptr || *wanted == '\0') return *tables().back();
  std::string allowed;
  for (const kernel::Table* t : tables()) {
    if (std::string(wanted) == t->name) return *t;
    allowed += (allowed.empty() ? "" : ", ") + std::string(t->name);
  }
  throw_invalid("SONOGRAM_ISA", "'" + std::string(wanted) + "'",
                "one of those that this build and processor have: " + allowed);
}

}  // namespace

const kernel::Table& active_table() {
  static const kernel::Table& table = choose();
  return table;
}

std::string isa() { return active_table().name; }

std::vector<std::string> available_isas() {
  std::vector<std::string> names;
  for (const kernel::Table* t : tables()) names.emplace_back(t->name);
  return names;
}

}  // namespace sonogram
