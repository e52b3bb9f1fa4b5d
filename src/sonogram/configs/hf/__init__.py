# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Configurations of transformers' feature extractors, read without transformers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..._spec.presets import preset
from ..._spec.record import Spec
from ..._support.spellings import names_arguments
from ..fields import changed
from ..files import as_mapping, is_path, read_json
from ..ignored_keys import HF
from ..keys import Keys
from . import kaldi, music, speech, whisper

_Builder = Callable[[Keys, Spec], dict[str, Any]]

# For every extractor: the preset of its defaults, and the function that applies a configuration.
_EXTRACTORS: dict[str, tuple[str, _Builder]] = {
    "ASTFeatureExtractor": ("ast-128", kaldi.ast),
    "ClapFeatureExtractor": ("clap-fusion", music.clap),
    "FunAsrNanoFeatureExtractor": ("funasr-nano-560", kaldi.fun_asr_nano),
    "Gemma3nAudioFeatureExtractor": ("gemma3n-128", speech.gemma3n),
    "GraniteSpeech5FeatureExtractor": ("granite-speech-5", whisper.granite5),
    "GraniteSpeechFeatureExtractor": ("granite-speech", whisper.granite),
    "MusicgenMelodyFeatureExtractor": ("musicgen-chroma", music.musicgen_melody),
    "ParakeetFeatureExtractor": ("parakeet-80-hf", speech.parakeet),
    "Phi4MultimodalFeatureExtractor": ("phi4-80", kaldi.phi4_multimodal),
    "Qwen3ASRFeatureExtractor": ("qwen3-asr", whisper.qwen3_asr),
    "SeamlessM4TFeatureExtractor": ("seamless-m4t-160", kaldi.seamless_m4t),
    "Speech2TextFeatureExtractor": ("speech2text-80", kaldi.speech_to_text),
    "SpeechT5FeatureExtractor": ("speecht5-16k", speech.speecht5),
    "UnivNetFeatureExtractor": ("univnet-24k", speech.univnet),
    "Wav2Vec2FeatureExtractor": ("wav2vec2", speech.wav2vec2),
    "WhisperFeatureExtractor": ("whisper-80-hf", whisper.whisper),
}

# Model types in config.json, for older configurations that do not name their extractor.
_MODEL_TYPES = {
    "audio-spectrogram-transformer": "ASTFeatureExtractor",
    "clap": "ClapFeatureExtractor",
    "data2vec-audio": "Wav2Vec2FeatureExtractor",
    "hubert": "Wav2Vec2FeatureExtractor",
    "musicgen_melody": "MusicgenMelodyFeatureExtractor",
    "seamless_m4t": "SeamlessM4TFeatureExtractor",
    "seamless_m4t_v2": "SeamlessM4TFeatureExtractor",
    "sew": "Wav2Vec2FeatureExtractor",
    "sew-d": "Wav2Vec2FeatureExtractor",
    "speech_to_text": "Speech2TextFeatureExtractor",
    "speecht5": "SpeechT5FeatureExtractor",
    "unispeech": "Wav2Vec2FeatureExtractor",
    "unispeech-sat": "Wav2Vec2FeatureExtractor",
    "univnet": "UnivNetFeatureExtractor",
    "wav2vec2": "Wav2Vec2FeatureExtractor",
    "wav2vec2-bert": "SeamlessM4TFeatureExtractor",
    "wav2vec2-conformer": "Wav2Vec2FeatureExtractor",
    "wavlm": "Wav2Vec2FeatureExtractor",
    "whisper": "WhisperFeatureExtractor",
}
_FILES = ("preprocessor_config.json", "processor_config.json")
# Extractors that pad features. The others pad or cut the audio: to a fixed length, which is a field
# of the Spec, or to the longest item, and compute features of that silence too; `sonogram.batch`
# pads with zeros.
_PAD_FEATURES = ("FunAsrNanoFeatureExtractor", "SeamlessM4TFeatureExtractor",
                 "Speech2TextFeatureExtractor", "SpeechT5FeatureExtractor",
                 "Wav2Vec2FeatureExtractor")  # fmt: skip
_VALUES = ("ASTFeatureExtractor", "SpeechT5FeatureExtractor", "Wav2Vec2FeatureExtractor")


@names_arguments
def from_hf(source: Any, *, extractor: str | None = None, waveform: bool = False) -> Spec:
    """Make a Spec from the configuration of a transformers feature extractor.

    Parameters
    ----------
    source : path or mapping
        A model's directory, its ``preprocessor_config.json`` (or ``processor_config.json``), or the
        contents of that file. Nothing is downloaded, and transformers is not needed.
    extractor : str, optional
        Class name of the extractor, such as "WhisperFeatureExtractor", for configurations that do
        not name it.
    waveform : bool
        For an extractor with two sides (SpeechT5): return the raw audio of its input instead of the
        features of its target.

    Returns
    -------
    Spec
        The features of ``extractor(waveform)`` with the defaults of the call.

    Raises
    ------
    TypeError
        If `source` is neither a path nor a mapping, or a value has the wrong type.
    FileNotFoundError
        If there is no such file.
    ValueError
        For an unknown extractor, and for unknown or contradictory keys or values; the message names
        them.

    Notes
    -----
    Read from transformers 5.24: AST, Clap, FunAsrNano, Gemma3nAudio, GraniteSpeech, GraniteSpeech5,
    MusicgenMelody, Parakeet, Phi4Multimodal, Qwen3ASR, SeamlessM4T (Wav2Vec2-BERT), Speech2Text,
    SpeechT5, UnivNet, Wav2Vec2 (HuBERT, WavLM, ...), Whisper (Qwen-Audio, ...). Redundant keys must
    agree with each other. `sonogram.batch` always returns the mask, so ``return_attention_mask`` is
    ignored.

    Examples
    --------
    >>> import sonogram
    >>> spec = sonogram.from_hf({
    ...     "feature_extractor_type": "WhisperFeatureExtractor", "feature_size": 128,
    ...     "sampling_rate": 16000, "hop_length": 160, "n_fft": 400, "chunk_length": 30})
    >>> spec.n_mels, spec.length
    (128, 480000)
    """
    config, name = _resolve(source, extractor)
    base, builder = _EXTRACTORS[name]
    if waveform and name == "SpeechT5FeatureExtractor":
        base, builder = "wav2vec2", speech.speecht5_input
    elif waveform and name != "Wav2Vec2FeatureExtractor":
        raise ValueError(f"waveform is True; it must be False for {name}, which gives features")
    keys = Keys(config, f"the config of {name}", HF)
    start = preset(base)
    fields = builder(keys, start)
    keys.done()
    return changed(start, fields, keys)


@names_arguments
def hf_batch_options(source: Any, *, extractor: str | None = None) -> dict[str, Any]:
    """Return the arguments with which `sonogram.batch` pads and names as a transformers extractor.

    Parameters
    ----------
    source, extractor
        As in `from_hf`.

    Returns
    -------
    dict
        ``name`` ("input_features" or "input_values"), ``padding_value`` and ``padding_side``. If
        the extractor pads the audio instead of the features: zeros on the right.

    Examples
    --------
    >>> import sonogram
    >>> sonogram.hf_batch_options({"padding_value": 1.0}, extractor="SeamlessM4TFeatureExtractor")
    {'name': 'input_features', 'padding_value': 1.0, 'padding_side': 'right'}
    """
    config, name = _resolve(source, extractor)
    keys = Keys(config if name in _PAD_FEATURES else {}, f"the config of {name}")
    return {
        "name": "input_values" if name in _VALUES else "input_features",
        "padding_value": keys.number("padding_value", 0.0),
        "padding_side": keys.word("padding_side", "right", ("right", "left")),
    }


def _resolve(source: Any, extractor: str | None) -> tuple[Mapping[str, Any], str]:
    """Return the extractor's section of a configuration, and the name of the extractor."""
    folder = None
    if is_path(source):
        path = Path(source)
        if not path.exists():
            raise FileNotFoundError(_absent(str(source)))
        if path.is_dir():
            path = _file_in(path)
        folder, source = path.parent, read_json(path)
    config = as_mapping(source, "source")
    if isinstance(config.get("feature_extractor"), Mapping):  # processor_config.json
        config = config["feature_extractor"]
    name = extractor or config.get("feature_extractor_type") or _name_in(folder)
    if name is None:
        raise ValueError(
            "the config has no feature_extractor_type; give extractor=, one of " + _names()
        )
    if name not in _EXTRACTORS:
        raise ValueError(f"the extractor is {name!r}; it must be one of {_names()}")
    return config, name


def _absent(source: str) -> str:
    """Return the advice for a path that does not exist: for a hub's name, the preset."""
    say = (
        f"source is {source!r}, and no file or folder is called so; it must be a model's folder, "
        "its preprocessor_config.json or what is in it, as nothing is downloaded"
    )
    try:
        preset(source)
    except ValueError as error:
        near = str(error).partition("such as ")[2]
        return f"{say}. No preset is called so either; near it are {near}"
    return f"{say}. preset({source!r}) knows this one"


def _file_in(folder: Path) -> Path:
    for name in _FILES:
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"{folder} has no {' or '.join(_FILES)}")


def _name_in(folder: Path | None) -> str | None:
    """Return the extractor that a model's config.json implies."""
    if folder is None or not (folder / "config.json").is_file():
        return None
    model_type = read_json(folder / "config.json").get("model_type")
    return _MODEL_TYPES.get(model_type) if isinstance(model_type, str) else None


def _names() -> str:
    return ", ".join(sorted(_EXTRACTORS))
