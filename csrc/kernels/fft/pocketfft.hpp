// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// pocketfft, and a way into its real plans. Their passes and twiddle factors are private, and the
// public exec allocates a buffer and copies the result on every call; the kernel runs the passes
// between buffers of its own (passes.hpp). Access is not checked in an explicit instantiation
// ([temp.spec.general]), so a member named there can be handed on: each `Reach` below defines
// `reach(tag)` for one member, and everything else is ordinary C++.
#pragma once
#include <cstring>
#include <string>

#include "kernels/vector/simd.hpp"

namespace {

#define POCKETFFT_NO_MULTITHREADING
#define POCKETFFT_CACHE_SIZE 0
#include SONOGRAM_POCKETFFT

template <class T>
using RealPlan = pocketfft::detail::rfftp<T>;

enum class Member { length, factors, memory, twiddle_size, compute_twiddles };
enum class Pass { f2, f3, f4, f5, fg, b2, b3, b4, b5, bg };

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
template <class T, Member member>
struct MemberTag {
  friend constexpr auto reach(MemberTag);
};
// A pass over vectors V.
template <class T, class V, Pass pass>
struct PassTag {
  friend constexpr auto reach(PassTag);
};
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

template <class Tag, auto pointer>
struct Reach {
  friend constexpr auto reach(Tag) { return pointer; }
};

#define SONOGRAM_REACH_PASSES(T, V)                                       \
  template struct Reach<PassTag<T, V, Pass::f2>, &RealPlan<T>::radf2<V>>; \
  template struct Reach<PassTag<T, V, Pass::f3>, &RealPlan<T>::radf3<V>>; \
  template struct Reach<PassTag<T, V, Pass::f4>, &RealPlan<T>::radf4<V>>; \
  template struct Reach<PassTag<T, V, Pass::f5>, &RealPlan<T>::radf5<V>>; \
  template struct Reach<PassTag<T, V, Pass::fg>, &RealPlan<T>::radfg<V>>; \
  template struct Reach<PassTag<T, V, Pass::b2>, &RealPlan<T>::radb2<V>>; \
  template struct Reach<PassTag<T, V, Pass::b3>, &RealPlan<T>::radb3<V>>; \
  template struct Reach<PassTag<T, V, Pass::b4>, &RealPlan<T>::radb4<V>>; \
  template struct Reach<PassTag<T, V, Pass::b5>, &RealPlan<T>::radb5<V>>; \
  template struct Reach<PassTag<T, V, Pass::bg>, &RealPlan<T>::radbg<V>>;
#define SONOGRAM_REACH_PLAN(T)                                                               \
  template struct Reach<MemberTag<T, Member::length>, &RealPlan<T>::length>;                 \
  template struct Reach<MemberTag<T, Member::factors>, &RealPlan<T>::fact>;                  \
  template struct Reach<MemberTag<T, Member::memory>, &RealPlan<T>::mem>;                    \
  template struct Reach<MemberTag<T, Member::twiddle_size>, &RealPlan<T>::twsize>;           \
  template struct Reach<MemberTag<T, Member::compute_twiddles>, &RealPlan<T>::comp_twiddle>; \
  SONOGRAM_REACH_PASSES(T, T)

SONOGRAM_REACH_PLAN(float)
SONOGRAM_REACH_PLAN(double)
#if SONOGRAM_VECTORS
using Float4 = Pack<float, 4>;
using Double2 = Pack<double, 2>;
using Double4 = Pack<double, 4>;  // with SSE2 too: the four leaves of a frame by itself
SONOGRAM_REACH_PASSES(float, Float4)
SONOGRAM_REACH_PASSES(double, Double2)
SONOGRAM_REACH_PASSES(double, Double4)
#endif
#if SONOGRAM_VECTORS && defined(__AVX__)
using Float8 = Pack<float, 8>;
SONOGRAM_REACH_PASSES(float, Float8)
#endif
#if SONOGRAM_VECTORS && defined(__AVX512F__)
using Float16 = Pack<float, 16>;
using Double8 = Pack<double, 8>;
SONOGRAM_REACH_PASSES(float, Float16)
SONOGRAM_REACH_PASSES(double, Double8)
#endif
#undef SONOGRAM_REACH_PLAN
#undef SONOGRAM_REACH_PASSES

template <class T>
std::size_t length_of(const RealPlan<T>& plan) {
  return plan.*reach(MemberTag<T, Member::length>{});
}

// Factors with their twiddles, in the order of the backward passes.
template <class T>
auto& factors_of(RealPlan<T>& plan) {
  return plan.*reach(MemberTag<T, Member::factors>{});
}
template <class T>
const auto& factors_of(const RealPlan<T>& plan) {
  return plan.*reach(MemberTag<T, Member::factors>{});
}

// Twiddles anew, for factors in another order.
template <class T>
void remake_twiddles(RealPlan<T>& plan) {
  auto& memory = plan.*reach(MemberTag<T, Member::memory>{});
  memory.resize((plan.*reach(MemberTag<T, Member::twiddle_size>{}))());
  (plan.*reach(MemberTag<T, Member::compute_twiddles>{}))();
}

// One pass over vectors V; the arguments are pocketfft's.
template <Pass pass, class V, class T, class... Arguments>
SONOGRAM_INLINE void run_pass(const RealPlan<T>& plan, Arguments... arguments) {
  (plan.*reach(PassTag<T, V, pass>{}))(arguments...);
}

}  // namespace
