# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Arrays against pages that may not be touched: nothing outside them is read or written."""

import ctypes
import mmap

import numpy as np
from support import signals
from support.recipes import RECIPES

import sonogram

libc = ctypes.CDLL(None, use_errno=True)
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
page = mmap.PAGESIZE
kept = []


def guarded(shape, dtype, at_end):
    """An array that ends right before, or begins right after, a page that faults."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    pages = -(-size // page) + 2
    memory = mmap.mmap(-1, pages * page)
    kept.append(memory)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    for guard in (start, start + (pages - 1) * page):
        assert libc.mprotect(guard, page, 0) == 0
    offset = (pages - 1) * page - size if at_end else page
    return np.frombuffer(memory, dtype, int(np.prod(shape)), offset).reshape(shape)


specs = (
    [
        {"n_fft": n, "hop_length": h, "win_length": w, **more}
        for n, h, w in (
            (1, 1, 1),
            (5, 2, 3),
            (31, 7, 31),
            (64, 16, 50),
            (400, 160, 400),
            (512, 160, 400),
            (1024, 256, 1024),
            (1009, 100, 1009),
            (2048, 512, 2048),
        )
        for more in (
            {"power": None, "center": False},
            {"center": False, "layout": "time_freq"},
            {"pad_mode": "replicate", "power": None},
            {"window_align": "left", "log": "ln"},
        )
    ]
    + list(RECIPES.values())
    + [
        {"n_fft": 400, "hop_length": 160, "center": False, **more}
        for more in (
            {"length": 9000, "length_mode": "repeat"},
            {"round_up": True, "frame_multiple": 7},
            {"level": 0.1, "preemphasis": 0.97},
            {"frame_span": 300, "snip_edges": True},
        )
    ]
)
for dtype in ("float32", "float64", "int16"):
    for spec in specs:
        extractor = sonogram.Extractor(sonogram.Spec(**spec))
        n_fft, hop = spec["n_fft"], spec["hop_length"]
        for frames in (1, 2, 7, 16, 17, 33):
            n = n_fft + (frames - 1) * hop
            x = signals.noise(2 * n).reshape(2, n)
            x = (x * 9000).astype(dtype) if dtype == "int16" else x.astype(dtype)
            want = extractor(x)
            for at_end in (True, False):
                held = guarded(x.shape, x.dtype, at_end)
                held[...] = x
                out = guarded(want.shape, want.dtype, at_end)
                assert np.array_equal(extractor(held, out=out), want), (spec, frames, dtype)
                assert np.array_equal(extractor(held[1]), want[1])
                backwards = held[:, ::-1]
                assert np.array_equal(extractor(backwards), extractor(x[:, ::-1].copy()))
                del held, out, backwards
                kept.clear()
print("nothing outside")
