// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// pocketfft's real transforms, pass by pass, and the number theory that FFT plans need.
#pragma once
#include "kernels/fft/codelets.hpp"
#include "kernels/fft/pocketfft.hpp"
#include "kernels/vector/array.hpp"

namespace {

// 4 * 5^k points, k > 1: pocketfft keeps its even factors for the last passes, because its odd ones
// leave out the middle column of an even length. `middle_of_five` adds that column, so that the
// four can come early, in a codelet of twenty points; twenty-five do not stay in registers.
template <class T>
void bring_four_forward(RealPlan<T>& plan) {
  auto& factors = factors_of(plan);
  const std::size_t count = factors.size();
  if (count < 3 || factors[0].fct != 4) return;
  for (std::size_t k = 1; k < count; ++k) {
    if (factors[k].fct != 5) return;
  }
  std::swap(factors[0], factors[count - 2]);
  remake_twiddles(plan);
}

// Column ido - 1 of a radix-5 pass of even ido: five reals times exp(-pi i j / 5), transformed.
template <class T, class V>
void middle_of_five(std::size_t ido, std::size_t l1, const V* cc, V* ch) {
  const T c1 = T(0.809016994374947424102293417182819L),
          s1 = T(0.587785252292473129168705954639073L);
  const T c2 = T(0.309016994374947424102293417182819L),
          s2 = T(0.951056516295153572116439333379382L);
  for (std::size_t k = 0; k < l1; ++k) {
    const V* x = cc + ido - 1 + ido * k;
    const std::size_t step = ido * l1;
    const V x0 = x[0], x1 = x[step], x2 = x[2 * step], x3 = x[3 * step], x4 = x[4 * step];
    const V a = x1 - x4, b = x2 - x3, s = x1 + x4, t = x2 + x3;
    V* out = ch + 5 * ido * k;
    out[ido - 1] = fused<T>(b, c2, fused<T>(a, c1, x0));
    out[ido] = fused<T>(t, -s2, s * -s1);
    out[3 * ido - 1] = fused<T>(b, -c1, fused<T>(a, -c2, x0));
    out[3 * ido] = fused<T>(t, s1, s * -s2);
    out[5 * ido - 1] = x0 - a + b;
  }
}

// Roots of unity of the codelet that stands for the first two passes; none: `points` is 0.
template <class T>
struct FirstPasses {
  int a = 0, b = 0;
  Array<T> roots;

  explicit FirstPasses(const RealPlan<T>& plan) {
    const auto& factors = factors_of(plan);
    const std::size_t count = factors.size();
    if (count < 2) return;
    const int last = static_cast<int>(factors[count - 1].fct);
    const int before = static_cast<int>(factors[count - 2].fct);
    const bool built = (last == 7 && before == 3) || (last == 5 && before == 3) ||
                       (last >= 3 && last <= 5 && before == 4);
    if (!built) return;
    a = last, b = before;
    const pocketfft::detail::sincos_2pibyn<T> root(static_cast<std::size_t>(a * b));
    roots.resize(2 * a * b);
    for (int q = 0; q < a * b; ++q) {
      roots[2 * q] = root[static_cast<std::size_t>(q)].r;
      roots[2 * q + 1] = -root[static_cast<std::size_t>(q)].i;
    }
  }

  template <class V>
  void run(std::size_t length, const V* c, V* ch) const {
    if (a == 7) return all<7, 3>(length, c, ch);
    if (a == 5 && b == 4) return all<5, 4>(length, c, ch);
    if (a == 5) return all<5, 3>(length, c, ch);
    if (a == 4) return all<4, 4>(length, c, ch);
    return all<3, 4>(length, c, ch);
  }

 private:
  template <int A, int B, class V>
  void all(std::size_t length, const V* c, V* ch) const {
    const std::size_t groups = length / (A * B);
    for (std::size_t k = 0; k < groups; ++k) {
      codelet<A, B, T>(c + k, static_cast<std::ptrdiff_t>(groups), ch + A * B * k, roots.data());
    }
  }
};

// The passes of RealPlan::exec, run between two buffers of ours: no allocation, no final copy.
// Returns the buffer that holds the result.
template <class T, class V>
V* forward_passes(const RealPlan<T>& plan, const FirstPasses<T>& first, V* c, V* ch) {
  const auto& factors = factors_of(plan);
  const std::size_t length = length_of(plan);
  std::size_t k = factors.size();
  std::size_t l1 = length;
  if (first.a != 0) {
    first.run(length, c, ch);
    std::swap(c, ch);
    k -= 2;
    l1 /= static_cast<std::size_t>(first.a * first.b);
  }
  while (k-- > 0) {
    const std::size_t ip = factors[k].fct, ido = length / l1;
    l1 /= ip;
    const T* tw = factors[k].tw;
    if (ip == 4) {
      run_pass<Pass::f4, V>(plan, ido, l1, c, ch, tw);
    } else if (ip == 2) {
      run_pass<Pass::f2, V>(plan, ido, l1, c, ch, tw);
    } else if (ip == 3) {
      run_pass<Pass::f3, V>(plan, ido, l1, c, ch, tw);
    } else if (ip == 5) {
      run_pass<Pass::f5, V>(plan, ido, l1, c, ch, tw);
      if (ido % 2 == 0) middle_of_five<T>(ido, l1, c, ch);
    } else {
      run_pass<Pass::fg, V>(plan, ido, ip, l1, c, ch, tw, factors[k].tws);
      continue;  // this pass leaves its result in c
    }
    std::swap(c, ch);
  }
  return c;
}

template <class T, class V>
V* backward_passes(const RealPlan<T>& plan, V* c, V* ch) {
  const auto& factors = factors_of(plan);
  const std::size_t length = length_of(plan);
  std::size_t l1 = 1;
  for (std::size_t k = 0; k < factors.size(); ++k) {
    const std::size_t ip = factors[k].fct, ido = length / (ip * l1);
    const T* tw = factors[k].tw;
    if (ip == 4) {
      run_pass<Pass::b4, V>(plan, ido, l1, c, ch, tw);
    } else if (ip == 2) {
      run_pass<Pass::b2, V>(plan, ido, l1, c, ch, tw);
    } else if (ip == 3) {
      run_pass<Pass::b3, V>(plan, ido, l1, c, ch, tw);
    } else if (ip == 5) {
      run_pass<Pass::b5, V>(plan, ido, l1, c, ch, tw);
    } else {
      run_pass<Pass::bg, V>(plan, ido, ip, l1, c, ch, tw, factors[k].tws);
    }
    std::swap(c, ch);
    l1 *= ip;
  }
  return c;
}

inline std::int64_t largest_prime_factor(std::int64_t n) {
  std::int64_t best = 1;
  for (std::int64_t d = 2; d * d <= n; ++d) {
    for (; n % d == 0; n /= d) best = d;
  }
  return n > 1 ? n : best;
}

inline std::int64_t power_mod(std::int64_t base, std::int64_t exponent, std::int64_t mod) {
  std::int64_t r = 1;
  for (; exponent > 0; exponent /= 2, base = base * base % mod) {
    if (exponent & 1) r = r * base % mod;
  }
  return r;
}

inline std::int64_t primitive_root(std::int64_t p) {
  for (std::int64_t g = 2;; ++g) {
    bool ok = true;
    std::int64_t rest = p - 1;
    for (std::int64_t d = 2; d * d <= rest; ++d) {
      if (rest % d) continue;
      ok = ok && power_mod(g, (p - 1) / d, p) != 1;
      while (rest % d == 0) rest /= d;
    }
    if (rest > 1) ok = ok && power_mod(g, (p - 1) / rest, p) != 1;
    if (ok) return g;
  }
}

}  // namespace
