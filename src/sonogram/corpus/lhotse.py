# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A feature extractor for lhotse, registered there as "sonogram" when this module is imported.

>>> import sonogram
>>> from sonogram.corpus.lhotse import SonogramFeatures
>>> extractor = SonogramFeatures.of(sonogram.Spec(filterbank="mel", n_mels=80, log="ln"))
>>> cuts = cuts.compute_and_store_features(extractor, "features", num_jobs=4)  # doctest: +SKIP
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .._features.extractor import Extractor
from .._spec.as_spec import as_spec
from .._spec.record import Spec
from .._support.optional import require
from .._support.spellings import names_arguments
from .read.reader import Corpus

_base: Any = require("lhotse.features.base", "lhotse", "sonogram.corpus.lhotse")
_utils: Any = require("lhotse.utils", "lhotse", "sonogram.corpus.lhotse")


@dataclass
class SonogramConfig:
    """The configuration in lhotse's extractor.yaml: a Spec's `to_dict`, or a preset's name."""

    spec: Any = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the dict that lhotse stores."""
        return {"spec": self.spec}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> SonogramConfig:
        """Make a configuration from the dict that lhotse stored."""
        return SonogramConfig(**data)


@_base.register_extractor
@names_arguments
class SonogramFeatures(_base.FeatureExtractor):  # type: ignore[misc]
    """Features of a Spec in lhotse's form: ``[time, n_mels]``, float32.

    lhotse expects ``round(seconds / frame_shift)`` frames for a cut, halves rounded up. If the
    front end gives one frame less, the last is repeated; if it gives more, they are cut.
    """

    name = "sonogram"
    config_type = SonogramConfig

    def __init__(self, config: SonogramConfig | None = None) -> None:
        super().__init__(config)
        spec = self.config.spec
        spec = as_spec(spec) if isinstance(spec, str) else Spec.from_dict(spec)
        if spec.dtype not in (None, "float32"):
            raise ValueError(f"spec has dtype {spec.dtype!r}; lhotse's features are float32")
        self._extractor = Extractor(spec)

    @classmethod
    def of(cls, spec: Spec | str) -> SonogramFeatures:
        """Return the extractor for a Spec, or for the name of a preset."""
        return cls(SonogramConfig(as_spec(spec).to_dict()))

    @property
    def frame_shift(self) -> float:
        """Seconds from frame to frame."""
        spec = self._extractor.spec
        strides = [stage[2] for stage in spec.finish if stage[0] == "stack"]
        hop = spec.hop_length or (spec.win_length or spec.n_fft) // 2
        return float(math.prod(strides, start=hop) / spec.sample_rate)

    def feature_dim(self, sampling_rate: int) -> int:
        """Return the number of bands."""
        spec = self._extractor.spec
        features = self._extractor(np.zeros(4 * spec.n_fft, np.float32), num_threads=1)
        return int(features.shape[0 if spec.layout == "freq_time" else -1])

    def extract(self, samples: Any, sampling_rate: int) -> npt.NDArray[np.float32]:
        """Compute the features of one channel.

        Raises
        ------
        ValueError
            For a sample rate other than the Spec's, or for several channels.
        """
        spec = self._extractor.spec
        if sampling_rate != spec.sample_rate:
            raise ValueError(
                f"sampling_rate is {sampling_rate}; it must be {spec.sample_rate}: give "
                "cuts.resample(...)"
            )
        waveform = np.asarray(samples, np.float32)
        if waveform.ndim == 2 and len(waveform) == 1:
            waveform = waveform[0]
        if waveform.ndim != 1:
            raise ValueError(f"samples have shape {waveform.shape}; it must be one channel")
        features = self._extractor(waveform, num_threads=1)
        if spec.layout == "freq_time":
            features = features.T
        wanted = _utils.compute_num_frames_from_samples(
            num_samples=len(waveform), frame_shift=self.frame_shift, sampling_rate=sampling_rate
        )
        if len(features) == wanted - 1:
            features = np.concatenate([features, features[-1:]])
        return np.ascontiguousarray(features[:wanted], np.float32)


@names_arguments
def feature_set(corpus: Corpus) -> Any:
    """Return a ``lhotse.FeatureSet`` over a corpus; nothing is copied, lhotse reads the shards.

    Parameters
    ----------
    corpus : Corpus
        In format kaldi, or hdf5 with ``layout="time_freq"``, for which lhotse has readers.

    Returns
    -------
    lhotse.FeatureSet
        A Features object for each item, in order; ``recording_id`` is the item's id.

    Raises
    ------
    ValueError
        For another format or layout.
    """
    kind, layout = corpus.info["format"], corpus.spec.layout
    if kind != "kaldi" and (kind != "hdf5" or layout != "time_freq"):
        raise ValueError(
            f"{corpus.path!r} is of format {kind}, {layout}; lhotse reads kaldi, or hdf5 with "
            "layout time_freq"
        )
    extractor = SonogramFeatures(SonogramConfig(corpus.info["spec"]))
    return _base.FeatureSet.from_features(
        _features(corpus, extractor, entry) for entry in corpus.entries()
    )


def _features(corpus: Corpus, extractor: SonogramFeatures, entry: dict[str, Any]) -> Any:
    path = corpus.shard_path(entry)
    in_ark = corpus.info["format"] == "kaldi"
    return _base.Features(
        type="sonogram",
        num_frames=entry["frames"],
        num_features=entry["shape"][1 if corpus.spec.layout == "time_freq" else 0],
        frame_shift=extractor.frame_shift,
        sampling_rate=int(corpus.spec.sample_rate),
        start=entry.get("start", 0.0),
        duration=entry["duration"],
        storage_type="kaldiio" if in_ark else "numpy_hdf5",
        storage_path=f"{path}:{entry['ark']}" if in_ark else path,
        storage_key="" if in_ark else entry["name"],
        recording_id=entry["id"],
        channels=entry.get("channel", 0),
    )
