// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// What a test needs, and no more: TEST registers a function, CHECK and its kin count what fails and
// go on, Scope says for which parameters.
#pragma once
#include <cstdlib>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace check {

struct Case {
  const char* name;
  void (*run)();
};
std::vector<Case>& cases();

struct Register {
  Register(const char* name, void (*run)()) { cases().push_back({name, run}); }
};

// Whether the processor is an emulated one (SONOGRAM_EMULATED=1), some fifty times slower: what
// only takes long, and is the same on every processor, may be shorter there.
inline bool emulated() {
  const char* set = std::getenv("SONOGRAM_EMULATED");
  return set != nullptr && *set != '\0' && std::string(set) != "0";
}

// Prints the place, the words and the open scopes.
void fail(const char* file, int line, const std::string& words);

// Words such as Scope("n_fft ", n) stand in every failure while it lives.
class Scope {
 public:
  template <class... Parts>
  explicit Scope(const Parts&... parts) {
    std::ostringstream text;
    (text << ... << parts);
    open().push_back(text.str());
  }
  ~Scope() { open().pop_back(); }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  static std::vector<std::string>& open();
};

template <class Order, class A, class B>
void compare(const char* text, const A& a, const B& b, const char* file, int line) {
  if (Order()(a, b)) return;
  std::ostringstream words;
  words.precision(17);
  words << text << " (" << a << " and " << b << ")";
  fail(file, line, words.str());
}

// Runs `call`, which must throw std::invalid_argument with `word` in its message.
template <class F>
void refuses(const F& call, const std::string& word, const char* file, int line) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    if (std::string(error.what()).find(word) == std::string::npos) {
      fail(file, line, std::string("the error does not name '") + word + "': " + error.what());
    }
    return;
  }
  fail(file, line, "nothing was thrown that names '" + word + "'");
}

}  // namespace check

#define TEST(name)                                              \
  static void name();                                           \
  static const check::Register name##_registered(#name, &name); \
  static void name()
#define CHECK(condition) ((condition) ? (void)0 : check::fail(__FILE__, __LINE__, #condition))
#define CHECK_EQUAL(a, b) check::compare<std::equal_to<>>(#a " == " #b, a, b, __FILE__, __LINE__)
#define CHECK_AT_MOST(a, b) \
  check::compare<std::less_equal<>>(#a " <= " #b, a, b, __FILE__, __LINE__)
#define CHECK_REFUSES(call, word) check::refuses([&] { (void)(call); }, word, __FILE__, __LINE__)
