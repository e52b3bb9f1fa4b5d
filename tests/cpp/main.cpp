// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// sonogram_tests              runs every test, on the instruction set that SONOGRAM_ISA names
// sonogram_tests --isas       lists the instruction sets that can run here
// sonogram_tests WORD...      runs the tests whose names hold one of the words
#include <cstdio>
#include <cstring>
#include <exception>

#include "check.hpp"
#include "sonogram/runtime.hpp"

namespace check {
namespace {
int failures = 0;
constexpr int shown_failures = 8;  // of one test
}  // namespace

std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

std::vector<std::string>& Scope::open() {
  static std::vector<std::string> scopes;
  return scopes;
}

void fail(const char* file, int line, const std::string& words) {
  if (++failures > shown_failures) return;
  std::printf("%s:%d: %s", file, line, words.c_str());
  for (const std::string& scope : Scope::open()) std::printf("; %s", scope.c_str());
  std::printf("\n");
}

static bool passes(const Case& test) {
  failures = 0;
  try {
    test.run();
  } catch (const std::exception& error) {
    fail(test.name, 0, std::string("threw ") + error.what());
  }
  Scope::open().clear();
  std::printf("%s %s\n", failures == 0 ? "ok    " : "FAILED", test.name);
  std::fflush(stdout);
  return failures == 0;
}

static bool wanted(const char* name, int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strstr(name, argv[i]) != nullptr) return true;
  }
  return argc == 1;
}

}  // namespace check

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--isas") == 0) {
    for (const std::string& name : sonogram::available_isas()) std::printf("%s\n", name.c_str());
    return 0;
  }
  int passed = 0, failed = 0;
  for (const check::Case& test : check::cases()) {
    if (!check::wanted(test.name, argc, argv)) continue;
    ++(check::passes(test) ? passed : failed);
  }
  std::printf("instruction set %s\n%d passed, %d failed\n", sonogram::isa().c_str(), passed,
              failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
