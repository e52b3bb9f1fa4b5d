// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// pocketfft's real transforms, pass by pass, and the number theory that FFT plans need. Included
// inside the anonymous namespace of kernel.cpp.

template <class T>
using RealPlan = pocketfft::detail::rfftp<T>;

// The passes of RealPlan::exec, run between two buffers of ours: no allocation, no final copy.
// Returns the buffer that holds the result.
template <class T, class V>
V* forward_passes(const RealPlan<T>& plan, V* c, V* ch) {
  const std::size_t count = plan.fact.size();
  std::size_t l1 = plan.length;
  for (std::size_t k = count; k-- > 0;) {
    const std::size_t ip = plan.fact[k].fct, ido = plan.length / l1;
    l1 /= ip;
    const T* tw = plan.fact[k].tw;
    if (ip == 4) {
      plan.radf4(ido, l1, c, ch, tw);
    } else if (ip == 2) {
      plan.radf2(ido, l1, c, ch, tw);
    } else if (ip == 3) {
      plan.radf3(ido, l1, c, ch, tw);
    } else if (ip == 5) {
      plan.radf5(ido, l1, c, ch, tw);
    } else {
      plan.radfg(ido, ip, l1, c, ch, tw, plan.fact[k].tws);
      continue;  // this pass leaves its result in c
    }
    std::swap(c, ch);
  }
  return c;
}

template <class T, class V>
V* backward_passes(const RealPlan<T>& plan, V* c, V* ch) {
  std::size_t l1 = 1;
  for (std::size_t k = 0; k < plan.fact.size(); ++k) {
    const std::size_t ip = plan.fact[k].fct, ido = plan.length / (ip * l1);
    const T* tw = plan.fact[k].tw;
    if (ip == 4) {
      plan.radb4(ido, l1, c, ch, tw);
    } else if (ip == 2) {
      plan.radb2(ido, l1, c, ch, tw);
    } else if (ip == 3) {
      plan.radb3(ido, l1, c, ch, tw);
    } else if (ip == 5) {
      plan.radb5(ido, l1, c, ch, tw);
    } else {
      plan.radbg(ido, ip, l1, c, ch, tw, plan.fact[k].tws);
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
