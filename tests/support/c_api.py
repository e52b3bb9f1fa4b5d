# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The C API by ctypes, out of the library that the package carries."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_size_t, c_void_p
from typing import Any

import numpy as np

import sonogram

OK, INVALID_ARGUMENT = 0, 1
DTYPES = {
    1: np.float32,
    2: np.float64,
    3: np.int16,
    4: np.int32,
    5: np.float16,
    6: np.uint16,  # bfloat16's bits
    7: np.uint8,
}
CODES = {np.dtype(DTYPES[code]): code for code in (1, 2, 3, 4)}


class Signals(ctypes.Structure):
    _fields_ = (
        ("struct_size", c_size_t),
        ("data", c_void_p),
        ("type", c_int32),
        ("items", c_int64),
        ("samples", c_int64),
        ("stride", c_int64),
        ("item_stride", c_int64),
        ("item_offsets", POINTER(c_int64)),
    )


class Features(ctypes.Structure):
    _fields_ = (
        ("struct_size", c_size_t),
        ("data", c_void_p),
        ("capacity", c_size_t),
        ("type", c_int32),
    )


class Shape(ctypes.Structure):
    _fields_ = (
        ("struct_size", c_size_t),
        ("type", c_int32),
        ("is_complex", c_int32),
        ("num_dims", c_int32),
        ("dims", c_int64 * 3),
        ("frames", c_int64),
        ("valid_frames", c_int64),
        ("bytes", c_size_t),
    )


def sized(structure: Any, **fields: Any) -> Any:
    return structure(struct_size=ctypes.sizeof(structure), **fields)


def loaded() -> ctypes.CDLL:
    """Return the library, its functions typed as the header says."""
    library = ctypes.CDLL(sonogram.library_path())
    for name in ("version", "last_error", "preset_name", "isa_name"):
        getattr(library, f"sonogram_{name}").restype = c_char_p
    library.sonogram_preset_name.argtypes = [c_size_t]
    library.sonogram_num_presets.restype = c_size_t
    library.sonogram_extractor_free.argtypes = [c_void_p]
    library.sonogram_extractor_free.restype = None
    library.sonogram_extractor_from_preset.argtypes = [c_char_p, POINTER(c_void_p)]
    library.sonogram_extractor_from_json.argtypes = [c_char_p, c_size_t, POINTER(c_void_p)]
    library.sonogram_extractor_json.argtypes = [c_void_p, POINTER(c_char_p)]
    library.sonogram_extractor_sample_rate.argtypes = [c_void_p, POINTER(c_double)]
    library.sonogram_extractor_shape.argtypes = [
        *(c_void_p, c_int32, c_int64, c_int64, POINTER(Shape))
    ]
    library.sonogram_extractor_run.argtypes = [
        *(c_void_p, POINTER(Signals), POINTER(Features), c_void_p)
    ]
    return library


class CExtractor:
    """An extractor of the C API: made from a preset's name or from JSON."""

    def __init__(self, library: ctypes.CDLL, preset: str | None = None, json: str = "") -> None:
        self.library, self.handle = library, c_void_p()
        if preset is not None:
            self._call("from_preset", preset.encode(), byref(self.handle))
        else:
            text = json.encode()
            self._call("from_json", text, len(text), byref(self.handle))

    def _call(self, name: str, *arguments: Any) -> None:
        status = getattr(self.library, f"sonogram_extractor_{name}")(*arguments)
        if status != OK:
            words = self.library.sonogram_last_error().decode(errors="replace")
            raise (ValueError if status == INVALID_ARGUMENT else RuntimeError)(words)

    def json(self) -> str:
        text = c_char_p()
        self._call("json", self.handle, byref(text))
        assert text.value is not None
        return text.value.decode()

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Return the features of [items, samples] of any strides."""
        items, samples = x.shape
        shape = sized(Shape)
        self._call("shape", self.handle, CODES[x.dtype], items, samples, byref(shape))
        dtype = np.dtype(DTYPES[shape.type])
        if shape.is_complex:
            dtype = np.result_type(dtype, np.complex64)
        out = np.empty((items, *shape.dims[: shape.num_dims]), dtype)
        assert out.nbytes == shape.bytes
        signals = sized(
            Signals,
            data=x.ctypes.data,
            type=CODES[x.dtype],
            items=items,
            samples=samples,
            stride=x.strides[1],
            item_stride=x.strides[0],
        )
        features = sized(Features, data=out.ctypes.data, capacity=out.nbytes, type=shape.type)
        self._call("run", self.handle, byref(signals), byref(features), None)
        return out

    def __del__(self) -> None:
        self.library.sonogram_extractor_free(self.handle)
