# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Print how far memory grows over frames 2**20 samples apart, of int16, whole and streamed."""

import json
import sys

import numpy as np

import sonogram


def peak():
    with open("/proc/self/status") as file:
        return 1024 * int(file.read().split("VmHWM:")[1].split()[0])


spec = sonogram.Spec(n_fft=256, center=False, hop_length=1 << 20, **json.loads(sys.argv[1]))
x = np.zeros(64 << 20, np.int16)
x[::1000] = 10000
sonogram.Extractor(spec)(x[:1000])
sonogram.Stream(spec).push(x[:1000])
before = peak()
whole = sonogram.Extractor(spec)(x, num_threads=1)
stream = sonogram.Stream(spec)
parts = [stream.push(x[i : i + (1 << 18)]) for i in range(0, len(x), 1 << 18)]
parts.append(stream.flush())
grown = peak() - before
assert np.array_equal(np.concatenate(parts, axis=1), whole)
near = sonogram.Extractor(spec.replace(hop_length=256))
assert np.array_equal(near(x[: 256 + (1 << 20)])[:, [0, -1]], whole[:, :2])
print(grown)
