# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The description of a job: everything that workers need to know and the output depends on."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..._core import __version__
from ..._spec.record import Spec
from .names import DONE, SHARDS

# path or bytes, start and duration in seconds -> samples and their rate
Decoder = Callable[[Any, float | None, float | None], tuple[npt.NDArray[Any], int]]


@dataclass(frozen=True)
class Settings:
    """One job, as it is sent to the workers.

    The fields up to `nonfinite` decide the bytes of the output, and `digest` covers them.
    """

    spec_fields: dict[str, Any]
    format: str = "npy"
    compress: str | None = None
    channel: int | str = "mix"
    quality: str = "HQ"
    decoder: str | Decoder = "auto"
    min_duration: float | None = None
    max_duration: float | None = None
    min_level: float | None = None
    max_level: float | None = None
    nonfinite: str = "fail"
    out: str = ""
    resume: bool = True
    verify: str = "checksum"
    retry_failed: bool = False
    fail_fast: bool = False
    root: tuple[str, int] | None = None
    run: str = ""  # identifies one run of a job

    def fields(self) -> dict[str, Any]:
        """Return the fields that decide the bytes of the output, as JSON would return them."""
        fields = asdict(self)
        fields["spec"] = fields.pop("spec_fields")
        for name in ("out", "resume", "verify", "retry_failed", "fail_fast", "root", "run"):
            del fields[name]
        if callable(self.decoder):
            name = getattr(self.decoder, "__qualname__", type(self.decoder).__qualname__)
            fields["decoder"] = f"{getattr(self.decoder, '__module__', '')}.{name}"
        made: dict[str, Any] = json.loads(json.dumps(fields))
        return made

    @property
    def digest(self) -> str:
        """A digest that is equal for jobs whose outputs have the same bytes for the same items."""
        fields = self.fields()
        fields["spec"] = self.spec.fingerprint()
        text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def spec(self) -> Spec:
        """The front end."""
        return Spec.from_dict(self.spec_fields)

    @property
    def dtype(self) -> str:
        """The dtype of the features, with its byte order."""
        name = self.spec_fields.get("dtype") or "float32"
        name = "uint16" if name == "bfloat16" else name  # NumPy has no bfloat16: its bits
        if self.spec_fields.get("power", 2.0) is None:
            name = "complex128" if name in ("float64", "complex128") else "complex64"
        return str(np.dtype(name).str)

    def metadata(self) -> dict[str, str]:
        """Return the metadata that every shard records."""
        spec = self.spec
        return {
            "sonogram.version": __version__,
            "sonogram.fingerprint": spec.fingerprint(),
            "sonogram.spec": spec.to_json(),
            "sonogram.dtype": self.dtype,
            "sonogram.layout": spec.layout,
        }


@dataclass
class Task:
    """One shard: its items as lines of the plan, and the failures already known."""

    number: int
    lines: list[str]
    skip: dict[int, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Result:
    """The driver's summary of a finished shard; the rest is in the shard's record."""

    number: int
    kept: bool = False
    items: int = 0
    failed: int = 0
    filtered: int = 0
    seconds: float = 0.0
    frames: int = 0
    bytes: int = 0
    failures: list[dict[str, str]] = field(default_factory=list)  # the first few
    cpu: dict[str, float] = field(default_factory=dict)


def shard_name(number: int, suffix: str) -> str:
    """Return the name of a shard in the output folder."""
    return f"{SHARDS}/shard-{number:06d}{suffix}"


def done_name(number: int) -> str:
    """Return the name of the record of a finished shard."""
    return f"{DONE}/{number:06d}.json"
