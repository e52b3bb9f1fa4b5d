# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A callable for pipelines that work in batches: Ray Data, Hugging Face datasets and others."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ..._features.extractor import Extractor
from ..._spec.as_spec import SpecLike, as_spec
from ..._support.arguments import check_orientation
from ..._support.spellings import names_arguments
from ...audio import resample
from ..check_arguments import check_channel, check_choice, check_switch
from ..decode.decode import Reader, pick
from ..decode.guarded import decode_item
from ..disk.errors import ItemError
from ..sources.items import Item


@names_arguments
class Features:
    """Adds features to batches of audio: ``features(batch)`` returns the batch with more columns.

    For ``ray.data.Dataset.map_batches(Features(spec))`` and
    ``datasets.Dataset.map(Features(spec), batched=True)``. It can be pickled, and makes its
    extractor in the process that uses it.

    Parameters
    ----------
    spec : Spec or str
        What to compute, or the name of a preset.
    column : str
        Column that holds the audio: paths, encoded bytes, dicts of "bytes" or "path" (Hugging
        Face's ``Audio(decode=False)``) or of "array" and "sampling_rate", or waveforms.
    sample_rate : float, optional
        Sample rate in Hz of waveforms that do not say theirs; None: that of `spec`.
    channel : int or "mix"
        Channel to use, from 0; "mix": the mean of all channels.
    on_error : {"fail", "none"}
        Raise for audio that cannot be read, or return None for it.
    time_first : bool
        Return ``[time, n_mels]`` whatever the spec's layout, as columns of fixed-size lists need.

    Examples
    --------
    >>> import sonogram.corpus
    >>> spec = sonogram.Spec(filterbank="mel", n_mels=40)
    >>> features = sonogram.corpus.Features(spec, column="file")
    >>> batch = features({"file": ["examples/audio/speech.flac"]})
    >>> batch["features"][0].shape, batch["num_frames"]
    ((40, 466), [466])
    """

    def __init__(
        self,
        spec: SpecLike,
        column: str = "audio",
        *,
        sample_rate: float | None = None,
        channel: int | str = "mix",
        on_error: str = "fail",
        time_first: bool = False,
    ) -> None:
        if not isinstance(column, str):
            raise TypeError(f"column is {column!r}; it must be a string")
        check_channel(channel)
        check_choice("on_error", on_error, ("fail", "none"))
        check_switch("time_first", time_first)
        self.spec = as_spec(spec)
        self.column = column
        self.sample_rate = self.spec.sample_rate if sample_rate is None else sample_rate
        if isinstance(self.sample_rate, bool) or not isinstance(self.sample_rate, (int, float)):
            raise TypeError(f"sample_rate is {sample_rate!r}; it must be a number of Hz")
        if not 0 < self.sample_rate < 1e9:
            raise ValueError(f"sample_rate is {sample_rate!r}; it must be above 0, in Hz")
        self.channel = channel
        self.on_error = on_error
        self.time_first = time_first
        self._tools: tuple[Reader, Extractor] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_tools": None}

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, Any]:
        """Return the batch with the columns "features" and "num_frames" added.

        Raises
        ------
        ItemError
            For audio that cannot be read, if `on_error` is "fail".
        TypeError
            For a single row instead of a batch.
        """
        if self.column not in batch:
            raise KeyError(f"column is {self.column!r}; the batch has {', '.join(batch)}")
        _require_batch(self.column, batch[self.column])
        made = [self._one(audio) for audio in batch[self.column]]
        arrays: list[Any] = made
        if isinstance(batch[self.column], np.ndarray):  # Ray's batches: columns are arrays
            column = np.empty(len(made), object)
            column[:] = made
            arrays = column  # type: ignore[assignment]
        axis = 0 if self.time_first or self.spec.layout == "time_freq" else -1
        lengths = [0 if array is None else array.shape[axis] for array in made]
        numbers: Any = np.array(lengths) if isinstance(batch[self.column], np.ndarray) else lengths
        return {**batch, "features": arrays, "num_frames": numbers}

    def _one(self, audio: Any) -> npt.NDArray[Any] | None:
        if self._tools is None:
            self._tools = Reader(self.spec.sample_rate, self.channel), Extractor(self.spec)
        try:
            features: npt.NDArray[Any] = self._tools[1](self._waveform(audio), num_threads=1)
        except (ItemError, ValueError) as error:
            if self.on_error == "fail":
                raise ItemError("damaged", f"{_name(audio)}: {error}") from None
            return None
        if self.time_first and self.spec.layout != "time_freq" and features.ndim == 2:
            features = np.ascontiguousarray(features.T)
        return features

    def _waveform(self, audio: Any) -> npt.NDArray[Any]:
        assert self._tools is not None
        if isinstance(audio, str):
            return decode_item(self._tools[0], Item(audio, audio))
        if isinstance(audio, (bytes, bytearray, memoryview)):
            return decode_item(self._tools[0], Item("bytes", "bytes"), bytes(audio))
        rate: Any = self.sample_rate
        if isinstance(audio, Mapping):
            if audio.get("bytes") is not None:
                return self._waveform(audio["bytes"])
            if audio.get("array") is None:
                return self._waveform(str(audio["path"]))
            audio, rate = audio["array"], audio.get("sampling_rate") or rate
        elif hasattr(audio, "get_all_samples"):  # torchcodec's decoder, from datasets' Audio
            samples = audio.get_all_samples()
            audio, rate = samples.data.numpy(), samples.sample_rate
        waveform = np.asarray(audio)
        if waveform.dtype == object or waveform.ndim > 2:
            raise ItemError("invalid", f"audio of shape {waveform.shape} and {waveform.dtype}")
        if waveform.dtype == np.float64 and self.spec.dtype != "float64":
            waveform = waveform.astype(np.float32)
        check_orientation(waveform, self.spec.win_length or self.spec.n_fft)
        one = pick(np.atleast_2d(waveform), self.channel, None)
        resampled: npt.NDArray[Any] = resample(one, rate, self.spec.sample_rate)
        return resampled


def _require_batch(column: str, audio: Any) -> None:
    """Refuse a single row, which holds one path or waveform where a batch holds many."""
    numbers = isinstance(audio, np.ndarray) and audio.ndim == 1 and audio.dtype.kind in "fiu"
    if not numbers and isinstance(audio, (list, tuple)):
        numbers = bool(audio) and isinstance(audio[0], (int, float))
    one = isinstance(audio, (str, bytes, bytearray, memoryview, Mapping))
    if numbers or one or hasattr(audio, "get_all_samples"):
        raise TypeError(
            f"column {column!r} holds the audio of one row, a {type(audio).__name__}; features are "
            "computed in batches, as by map(..., batched=True)"
        )


def _name(audio: Any) -> str:
    if isinstance(audio, Mapping):
        audio = audio.get("path") or "audio"
    return audio if isinstance(audio, str) else f"audio of type {type(audio).__name__}"
