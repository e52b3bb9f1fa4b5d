// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Shared parts of the C API: exceptions become statuses, structures of older and newer callers are
// read, signals and memory are checked.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/errors.hpp"
#include "sonogram/c_api.h"
#include "sonogram/extractor.hpp"
#include "sonogram/stream.hpp"

struct sonogram_extractor {
  explicit sonogram_extractor(const sonogram::Spec& spec);
  sonogram::Extractor extractor;
  std::string json;
  // Found when they are first asked for.
  const std::vector<sonogram::Obstacle>& obstacles() const;

 private:
  mutable std::once_flag once_;
  mutable std::vector<sonogram::Obstacle> obstacles_;
};

namespace sonogram::c {

void set_error(const char* words) noexcept;

// Calls f(); what it throws becomes a status and a message.
template <class F>
sonogram_status guarded(const F& f) noexcept {
  try {
    f();
    return SONOGRAM_OK;
  } catch (const std::invalid_argument& error) {
    set_error(error.what());
    return SONOGRAM_INVALID_ARGUMENT;
  } catch (const std::bad_alloc&) {
    set_error("out of memory");
    return SONOGRAM_OUT_OF_MEMORY;
  } catch (const std::length_error&) {
    set_error("out of memory: a size is beyond what a container may hold");
    return SONOGRAM_OUT_OF_MEMORY;
  } catch (const Interrupted&) {
    set_error("interrupted");
    return SONOGRAM_INTERRUPTED;
  } catch (const std::exception& error) {
    set_error(error.what());
    return SONOGRAM_INTERNAL_ERROR;
  } catch (...) {
    set_error("an unknown error");
    return SONOGRAM_INTERNAL_ERROR;
  }
}

template <class T>
T& given(T* pointer, const char* name) {
  if (pointer == nullptr) throw_invalid(name, "null", "a pointer to something");
  return *pointer;
}

// The structure as this version knows it: fields that an older caller lacks are zero, those that a
// newer one has must be. Every structure has had struct_size alone as its least.
template <class T>
T known(const T* from, const char* name) {
  const std::size_t size = given(from, name).struct_size;
  if (size < sizeof(std::size_t) || size > (std::size_t{1} << 16)) {
    throw_invalid(std::string(name) + "->struct_size", std::to_string(size),
                  "sizeof *" + std::string(name));
  }
  const char* bytes = reinterpret_cast<const char*>(from);
  for (std::size_t i = sizeof(T); i < size; ++i) {
    if (bytes[i] != 0) {
      throw std::invalid_argument(std::string(name) + " has a field that is newer than this " +
                                  "version of sonogram, and not zero");
    }
  }
  T to{};
  std::memcpy(&to, from, std::min(size, sizeof(T)));
  return to;
}

inline std::int64_t checked_product(std::int64_t a, std::int64_t b) {
  if (a > 0 && b > std::numeric_limits<std::int64_t>::max() / a) throw std::bad_alloc();
  return a * b;
}

SampleType sample_type(sonogram_type type, const char* name);
sonogram_type code_of(Precision precision);

// Checked signals; `offsets` takes those of the items where there are several.
Signals signals_of(const sonogram_signals& s, std::vector<std::int64_t>& offsets);

// Dimensions of one item: those of a stream must not need memory.
struct Dims {
  const std::int64_t* values;
  std::size_t count;
};

// Fills the fields that the caller's structure has. `valid` of the `frames` frames are valid.
void fill_shape(sonogram_shape* to, const Dims& dims, Precision precision, bool is_complex,
                std::int64_t items, std::int64_t frames, std::int64_t valid);

// Checked memory for `bytes` bytes; `from` may be null where that is 0.
Features features_of(const sonogram_features* from, Precision precision, std::int64_t bytes);

// Bytes of all items.
std::int64_t bytes_of_all(const Dims& dims, Precision precision, bool is_complex,
                          std::int64_t items);

}  // namespace sonogram::c
