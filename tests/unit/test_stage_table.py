# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What the table of finish stages says of a stage is what the stage does."""

import numpy as np
import pytest

import sonogram
from sonogram import _core

ARGUMENTS = {
    "dynamic_range": (8.0,), "affine": (0.5, 1.0), "reference": ("max",), "clip": (-1e6, 1e6),
    "normalize": (), "statistics": (0.5, 2.0), "sliding_cmn": (), "pcen": (), "dct": (13,),
    "lifter": (22.0,), "energy": (), "rotate": (3,), "deltas": (1,), "stack": (3, 2),
    "frames": (80, 0.0), "pad": (2, 1), "multiple": (7,), "mask": (), "frame_norm": (),
    "argmax": (), "patches": (4, 4, 4, 4),
}  # fmt: skip
TRAITS = _core.stage_traits()
# their numbers come from many frames, so that what happens in one is seen in others
OF_MANY_FRAMES = {"dynamic_range", "reference", "normalize", "sliding_cmn", "pcen", "deltas"}


def features(name, gain=1.0, offset=0.0):
    """What a stage makes of features that went through ``gain * y + offset`` before it."""
    energy = "windowed" if name == "energy" else None
    spec = sonogram.Spec(
        n_fft=64, hop_length=64, center=False, filterbank="mel", n_mels=20, log="ln", floor=1e-9,
        energy=energy, dtype="float64", finish=((name, *ARGUMENTS[name]),),
    )  # fmt: skip
    before = np.random.default_rng(0).standard_normal((20 + (energy is not None), 75))
    return np.asarray(_core.apply_finish(
        np.ascontiguousarray((gain * before + offset).T[None]), spec._fields(), None
    ))  # fmt: skip


def test_every_stage_has_traits():
    assert set(TRAITS) == set(ARGUMENTS) == {name for name, _ in _core.stage_table()}


@pytest.mark.parametrize("name", sorted((set(TRAITS) - OF_MANY_FRAMES) | {"pcen", "deltas"}))
def test_a_stage_said_to_be_linear_adds_up(name):
    if name == "patches":
        assert TRAITS[name][0] == "nonlinear"  # to whoever looks at rows and frames
        return
    zero, one, two = (features(name, gain) for gain in (0.0, 1.0, 2.0))
    adds_up = np.allclose(two - zero, 2 * (one - zero), rtol=1e-9, atol=1e-9)
    assert adds_up == (TRAITS[name][0] != "nonlinear")


@pytest.mark.parametrize("name", sorted(set(TRAITS) - OF_MANY_FRAMES - {"energy", "patches"}))
def test_a_stage_said_to_move_frames_moves_them(name):
    """A click in frame 40 stays in frame 40, or does not."""
    spec = sonogram.Spec(
        n_fft=64, hop_length=64, center=False, filterbank="mel", n_mels=8, f_min=300,
        window="rectangular", log="ln", floor=1e-3, finish=((name, *ARGUMENTS[name]),),
        layout="time_freq",
    )  # fmt: skip
    if name == "dct":
        spec = spec.replace(finish=(("dct", 5),))
    quiet = 1e-3 * np.random.default_rng(0).standard_normal(64 * 75)
    loud = quiet.copy()
    loud[64 * 40 : 64 * 41] = np.sin(2.5 * np.arange(64))
    a, b = (np.asarray(sonogram.Extractor(spec)(x)).astype(np.float64) for x in (quiet, loud))
    change = np.abs(b - a).reshape(len(a), -1).max(axis=1)
    assert change.max() > 0
    assert (int(change.argmax()) != 40) == TRAITS[name][1]
