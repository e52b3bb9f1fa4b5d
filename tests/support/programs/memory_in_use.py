# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How many bytes malloc has more in use after many calls and extractors; nothing without glibc."""

import ctypes
import sys

import numpy as np

import sonogram


class Info(ctypes.Structure):
    """glibc's struct mallinfo2."""

    _fields_ = [
        ("arena", ctypes.c_size_t),
        ("ordblks", ctypes.c_size_t),
        ("smblks", ctypes.c_size_t),
        ("hblks", ctypes.c_size_t),
        ("hblkhd", ctypes.c_size_t),
        ("usmblks", ctypes.c_size_t),
        ("fsmblks", ctypes.c_size_t),
        ("uordblks", ctypes.c_size_t),
        ("fordblks", ctypes.c_size_t),
        ("keepcost", ctypes.c_size_t),
    ]


ask = getattr(ctypes.CDLL(None), "mallinfo2", None)
if ask is None:
    sys.exit()
ask.restype = Info
x = np.random.default_rng(0).standard_normal(16000).astype(np.float32)


def used():
    info = ask()
    return info.uordblks + info.hblkhd


def work(rounds):
    for i in range(rounds):
        sonogram.stft(x, 400 + i % 7)
        sonogram.mel_spectrogram(x, n_fft=1024, n_mels=40)


work(140)
before = used()
work(280)
print(used() - before)
