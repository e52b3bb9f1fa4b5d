# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What a newcomer writes is taken, or an error says what to write instead."""

import pickle
from inspect import signature

import numpy as np
import pytest
from support import AUDIO
from support.peers import peer

import sonogram
from sonogram import Spec

X = np.random.default_rng(0).standard_normal(16000).astype(np.float32)
BIG, LONG, SURROGATE = 10**400, 10**5000, "\ud800"
BANDS = {
    "n_mels": 80, "f_min": 20.0, "f_max": 7600, "mel_scale": "slaney", "bark_scale": "wang",
    "norm": "slaney", "filterbank_sample_rate": 8000, "triangle": "mel",
    "filter_shape": "gaussian", "vtln_warp": 1.1, "vtln_low": 50.0, "vtln_high": -400.0,
    "bins_per_octave": 24.0, "tuning": 0.5, "chroma_octave": 4.0, "chroma_width": None,
}  # fmt: skip


# Names where a Spec is wanted


def carriers():
    spec = sonogram.preset("whisper-80")
    yield spec
    yield "whisper-80"
    yield "openai/whisper-tiny"
    yield sonogram.presets()["whisper-80"]
    yield sonogram.Extractor(spec)


@pytest.mark.parametrize("given", list(carriers()), ids=lambda g: type(g).__name__)
def test_objects_with_a_spec_are_accepted_as_specs(given):
    spec = sonogram.preset("whisper-80")
    if given != "openai/whisper-tiny":
        assert sonogram.Extractor(given).spec == spec
    expected = sonogram.Extractor(given)(X)
    assert sonogram.Extractor(given)(X).shape == expected.shape
    assert sonogram.streaming(given)
    assert sonogram.Stream(given, maximum=1.0).spec == sonogram.Extractor(given).spec
    assert np.array_equal(sonogram.batch([X], given).input_features[0], expected)
    collate = sonogram.Collate(given, return_tensors="np")
    assert np.array_equal(collate([X]).input_features[0], expected)
    peer("soundfile")
    assert sonogram.extract_file(AUDIO / "speech.flac", given).shape[:2] == (1, 80)
    assert not sonogram.explain(given, given).differences


def test_a_transform_has_a_spec():
    mel = sonogram.MelSpectrogram(n_fft=512, n_mels=40)
    assert sonogram.Extractor(mel).spec == mel.spec
    assert np.array_equal(sonogram.Stream(mel).push(X, last=True), mel(X))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("whisper", "whisper-80"),
        ("Whisper-80", "whisper-80"),
        ("whisper_80", "whisper-80"),
        ("WHISPER-LARGE-V3", "whisper-large-v3"),
        ("openai/whisper-tiny.e", "openai/whisper-tiny.en"),
        ("kaldi-fbank80", "kaldi-fbank-80"),
    ],
)
def test_the_nearest_name_comes_first(name, meant):
    with pytest.raises(ValueError, match=rf"name is .*such as '{meant}'"):
        sonogram.Extractor(name)


def test_the_presets_are_a_table_at_a_prompt():
    table = sonogram.presets()
    lines = repr(table).splitlines()
    assert len(lines) == len(table) + 2
    assert max(map(len, lines)) <= 80
    assert lines[1].split() == ["name", "Hz", "n_fft", "hop", "rows", "streams"]
    by_name = {line.split()[0]: line.split()[1:] for line in lines[2:]}
    assert list(by_name) == list(table)
    assert by_name["whisper-80"] == ["16000", "400", "160", "80", "no"]
    assert by_name["kaldi-fbank-80"] == ["16000", "512", "160", "80", "yes"]
    assert by_name["wav2vec2"] == ["16000", "-", "-", "-", "no"]


# Bands without a bank


@pytest.mark.parametrize("field", BANDS)
def test_a_field_of_bands_names_the_bank_that_it_lacks(field):
    with pytest.raises(ValueError, match=rf"^{field} is .* without a filterbank.*filterbank='"):
        Spec(**{field: BANDS[field]})
    with pytest.raises(ValueError, match=rf"^{field} is "):
        Spec().replace(**{field: BANDS[field]})
    with pytest.raises(ValueError, match=rf"^{field} is "):
        Spec.from_dict({field: BANDS[field]})
    assert Spec(**{field: getattr(Spec(), field)}) == Spec()


DRAWN = ("mel", "linear", "bark", "erb", "log")
MATRIX = tuple((1.0,) * 2049 for _ in range(3))
READERS = {
    "n_mels": (*DRAWN, "chroma"), "f_min": DRAWN, "f_max": DRAWN[:4], "mel_scale": ("mel",),
    "bark_scale": ("bark",), "norm": (*DRAWN, "chroma", MATRIX),
    "filterbank_sample_rate": (*DRAWN, "chroma"), "triangle": DRAWN, "filter_shape": DRAWN,
    "vtln_warp": ("mel",), "vtln_low": ("mel",), "vtln_high": ("mel",),
    "bins_per_octave": ("log",), "tuning": ("chroma",), "chroma_octave": ("chroma",),
    "chroma_width": ("chroma",),
}  # fmt: skip


@pytest.mark.parametrize(
    "bank", [*DRAWN, "chroma", MATRIX], ids=lambda b: b if b is not MATRIX else "matrix"
)
@pytest.mark.parametrize("field", BANDS)
@pytest.mark.filterwarnings("ignore:n_mels")
def test_a_field_of_another_bank_is_refused_and_names_both(field, bank):
    base = {"filterbank": bank, "n_fft": 4096, **({"f_min": 30.0} if bank == "log" else {})}
    if bank is not MATRIX and field != "n_mels":
        base["n_mels"] = 16
    value = {"norm": "l1", "triangle": "isosceles"}.get(field, BANDS[field])
    if bank in READERS[field]:
        spec = Spec(**{**base, field: value})
        changed = sonogram.Extractor(spec).filterbank
        plain = sonogram.Extractor(Spec(**base)).filterbank
        same = changed.shape == plain.shape and np.array_equal(changed, plain)
        linear = (field, bank) == ("filterbank_sample_rate", "linear")  # the bins are scaled too
        assert same == (linear or field in ("vtln_low", "vtln_high"))  # there is no warp
        return
    shown = "a matrix" if bank is MATRIX else repr(bank)
    message = f"^{field} is .* with filterbank={shown}, which does not read it; give filterbank='"
    if field == "n_mels" and bank is MATRIX:
        message = "n_mels is 80; it must be that of the matrix, 3, or not given"
    for make in (Spec, Spec(n_fft=4096).replace):
        with pytest.raises(ValueError, match=message):
            make(**base, **{field: value})
    with pytest.raises(ValueError, match=message):
        Spec.from_dict({**base, field: value})


def test_a_spec_that_gets_another_bank_loses_what_that_does_not_read():
    bands = {"n_mels": 80, "f_max": 7600, "norm": "slaney", "log": "ln"}
    spec = Spec(filterbank="mel", mel_scale="slaney", **bands)
    assert spec.replace(filterbank="linear") == Spec(filterbank="linear", **bands)
    assert spec.replace(filterbank="mel") == spec
    assert spec.replace(filterbank=np.eye(3, 201), norm=None) == Spec(
        filterbank=np.eye(3, 201), log="ln")  # fmt: skip
    assert Spec(filterbank=np.eye(3, 201), n_mels=3).n_mels == 3
    with pytest.raises(ValueError, match="mel_scale is 'kaldi' with filterbank='erb'"):
        spec.replace(filterbank="erb", mel_scale="kaldi")


def test_nan_is_no_band():
    for field in ("f_min", "f_max", "tuning", "vtln_low", "filterbank_sample_rate"):
        with pytest.raises(ValueError, match=rf"^{field} is nan"):
            Spec(**{field: float("nan")})


def test_a_spec_loses_its_bank_with_all_that_belongs_to_it():
    spec = Spec(filterbank="mel", n_mels=80, f_max=7600, mel_scale="slaney", log="ln")
    assert spec.replace(filterbank=None) == Spec(log="ln")
    with pytest.raises(ValueError, match="n_mels is 40 without"):
        spec.replace(filterbank=None, n_mels=40)


def test_every_preset_goes_through_json():
    for name, entry in sonogram.presets().items():
        assert Spec.from_json(entry.spec.to_json()) == entry.spec, name


# The rate of a waveform


def calls():
    mel = sonogram.MelSpectrogram(n_fft=512, n_mels=40)
    extract = sonogram.Extractor(mel)
    yield "extractor", extract
    yield "class", mel
    yield "batch", lambda x, **o: sonogram.batch([x], extract, **o).input_features[0]
    collate = sonogram.Collate
    yield "collate", lambda x, **o: collate(mel, return_tensors="np", **o)([x]).input_features[0]


CALLS = dict(calls())


@pytest.mark.parametrize("call", CALLS)
def test_another_rate_is_refused_or_resampled_where_asked(call):
    run, plain = CALLS[call], CALLS["extractor"](X)
    assert np.array_equal(run(X, sample_rate=16000), plain)
    assert np.array_equal(run(X, sample_rate=16000.0, resample=True), plain)
    with pytest.raises(
        ValueError, match=r"sample_rate is 8000 Hz.*16000 Hz.*resample=True.*\(waveform, 8000"
    ):
        run(X, sample_rate=8000)
    with pytest.raises(ValueError, match=r"sample_rate is None.*resample=True"):
        run(X, resample=True)
    for wrong in (0, float("nan"), BIG, -1):
        with pytest.raises(ValueError, match="sample_rate is "):
            run(X, sample_rate=wrong)
    for wrong in ("8000", True):
        with pytest.raises(TypeError, match="sample_rate is "):
            run(X, sample_rate=wrong)
    peer("soxr")
    made = run(X, sample_rate=8000, resample=True)
    assert np.array_equal(made, CALLS["extractor"](sonogram.resample(X, 8000, 16000)))
    assert made.shape[-1] == 126  # 32000 samples


def test_tensors_are_resampled():
    torch, _ = peer("torch"), peer("soxr")
    made = CALLS["extractor"](torch.from_numpy(X), sample_rate=8000, resample=True)
    assert np.array_equal(made.numpy(), CALLS["extractor"](X, sample_rate=8000, resample=True))


def test_a_stream_says_the_rate_of_its_signal():
    assert sonogram.Stream("kaldi-fbank-80", sample_rate=16000).push(X).shape == (98, 80)
    with pytest.raises(ValueError, match=r"sample_rate is 44100 Hz; it must be .*16000 Hz"):
        sonogram.Stream("kaldi-fbank-80", sample_rate=44100)


# Errors that say what to write


def test_the_tuple_of_a_loader_is_refused():
    extract = sonogram.Extractor(Spec())
    for pair in ((X, 16000), (16000, X), [X, 16000.0], (X, np.int64(8000))):
        with pytest.raises(TypeError, match=r"x, sample_rate = sonogram\.load\(path\)"):
            extract(pair)
        with pytest.raises(TypeError, match=r"x, sample_rate = sonogram\.load\(path\)"):
            sonogram.batch([pair], Spec())
    with pytest.raises(TypeError, match=r"str; .*sonogram\.load\(path\)"):
        extract("speech.wav")
    with pytest.raises(TypeError, match=r"dict; .*sampling_rate"):
        extract({"array": X, "sampling_rate": 16000})
    assert extract([0.0, 1.0] * 400).shape[0] == 201


UNKNOWN = [
    (lambda **k: sonogram.mel_spectrogram(X, **k), "sr", "sample_rate"),
    (lambda **k: sonogram.mel_spectrogram(**k), "y", "waveform"),
    (lambda **k: sonogram.log_mel_spectrogram(X, **k), "fmax", "f_max"),
    (lambda **k: sonogram.stft(X, **k), "nfft", "n_fft"),
    (lambda **k: sonogram.spectrogram(X, **k), "hop", "hop_length"),
    (sonogram.MelSpectrogram, "n_mel", "n_mels"),
    (sonogram.LogMelSpectrogram, "fmin", "f_min"),
    (sonogram.Spectrogram, "window_size", "win_length"),
    (sonogram.MFCC, "sr", "sample_rate"),
    (sonogram.LFCC, "num_ceps", None),
    (lambda **k: sonogram.mfcc(X, **k), "n_mfccs", "n_mfcc"),
    (lambda **k: sonogram.mfcc(X, melkwargs=k), "fmax", "f_max"),
    (Spec, "sr", "sample_rate"),
    (Spec, "hop_lenght", "hop_length"),
    (Spec().replace, "fmin", "f_min"),
    (Spec.from_dict, "n_mel", "n_mels"),
    (lambda **k: sonogram.kaldi.fbank(X, **k), "sr", "sample_frequency"),
    (lambda **k: sonogram.kaldi.fbank(X, **k), "n_mels", "num_mel_bins"),
    (lambda **k: sonogram.batch([X], "whisper-80", **k), "sr", "sample_rate"),
    (lambda **k: sonogram.Collate("whisper-80", **k), "return_tensor", "return_tensors"),
    (lambda **k: sonogram.Stream("whisper-80", **k), "sampling_rate", "sample_rate"),
    (lambda **k: sonogram.load("a.wav", **k), "sr", "sample_rate"),
    (lambda **k: sonogram.resample(X, **k), "target_sr", "new_freq"),
    (lambda **k: sonogram.Extractor("whisper-80")(X, **k), "sr", "sample_rate"),
    (lambda **k: sonogram.MelSpectrogram(n_fft=1024)(X, **k), "sr", "sample_rate"),
    (lambda **k: sonogram.MelSpectrogram(n_fft=1024)(**k), "y", "waveform"),
    (lambda **k: sonogram.MFCC(melkwargs={"n_fft": 1024})(X, **k), "sr", "sample_rate"),
    (lambda **k: sonogram.Extractor("whisper-80").num_frames(1, **k), "sr", None),
    (lambda **k: sonogram.Stream("kaldi-fbank-80").push(X, **k), "lst", "last"),
    (lambda **k: sonogram.Stream("kaldi-fbank-80").push(**k), "y", None),
    (lambda **k: sonogram.Collate("whisper-80")([X], **k), "sr", None),
    (lambda **k: sonogram.corpus.extract("a", "b", "whisper-80", **k), "num_workers", "workers"),
    (lambda **k: sonogram.corpus.Features("whisper-80", **k), "sr", "sample_rate"),
    (lambda **k: Spec.from_json(**k), "txt", "text"),
]


@pytest.mark.parametrize(("call", "name", "meant"), UNKNOWN)
def test_an_unknown_argument_is_answered_with_the_one_that_was_meant(call, name, meant):
    given = ({name: 5},) if call == Spec.from_dict else ()
    with pytest.raises(TypeError) as caught:
        call(*given, **({} if given else {name: 5}))
    assert repr(name) in str(caught.value)
    assert (f"did you mean {meant!r} for {name!r}?" in str(caught.value)) == (meant is not None)


def test_decorated_functions_keep_their_signature_and_docstring():
    push = sonogram.Stream.push
    assert list(signature(push).parameters) == ["self", "chunk", "last"]
    assert list(signature(sonogram.Stream("kaldi-fbank-80").push).parameters) == ["chunk", "last"]
    assert (push.__name__, push.__qualname__, push.__module__) == (
        "push", "Stream.push", "sonogram._features.stream")  # fmt: skip
    assert push.__doc__.startswith("Add the next samples")
    assert pickle.loads(pickle.dumps(push)) is push
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'chunk'"):
        sonogram.Stream("kaldi-fbank-80").push(last=True)
    with pytest.raises(TypeError, match=r"^last is 3"):
        sonogram.Stream("kaldi-fbank-80").push(X, last=3)

    class Louder(sonogram.Extractor):
        def __call__(self, waveform, **options):
            return super().__call__(2 * waveform, **options)

    with pytest.raises(TypeError, match="a call of Louder has no argument 'sr'"):
        Louder("whisper-80")(X, sr=16000)


def test_collate_takes_tuples_or_says_how():
    examples = [(X, 3), (X[:8000], 4)]
    with pytest.raises(ValueError, match=r"key is 'audio' .*tuple \(ndarray, int\).*key=0"):
        sonogram.Collate("whisper-80", return_tensors="np")(examples)
    collate = sonogram.Collate("whisper-80", key=0, return_tensors="np")
    made = collate(examples)
    assert np.array_equal(made["1"], [3, 4])
    assert list(made.lengths) == list(sonogram.batch([X, X[:8000]], "whisper-80").lengths)
    swapped = sonogram.Collate("whisper-80", key=1, return_tensors="np")([("a", X), ("b", X)])
    assert swapped["0"] == ["a", "b"]
    with pytest.raises(ValueError, match=r"key is 2 .*tuple"):
        sonogram.Collate("whisper-80", key=2, return_tensors="np")(examples)
    plain = sonogram.Collate("whisper-80", return_tensors="np")([X.tolist(), X.tolist()])
    assert plain.lengths.shape == (2,)


# Numbers and text that nothing can hold


HUGE = [
    *[(name, value) for value in (BIG, LONG) for name in (
        "n_fft", "win_length", "hop_length", "sample_rate", "scale", "clip", "seed", "power",
        "floor", "length", "valid_min", "frame_offset")],
    ("pad", (0, BIG)), ("window", ("kaiser", BIG)), ("finish", (("affine", BIG, 1),)),
    ("finish", (("dct", BIG),)), ("finish", (("dct", LONG),)),
    ("window", SURROGATE), ("window", (SURROGATE, 1.0)), ("pad_mode", SURROGATE),
    ("filterbank", SURROGATE), ("log", SURROGATE), ("normalized", SURROGATE),
    ("dtype", SURROGATE), ("finish", ((SURROGATE,),)),
    ("finish", (("normalize", SURROGATE),)), ("finish", (("dct", {SURROGATE: 2}),)),
    ("log", "é" * 200),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), HUGE, ids=lambda v: ascii(type(v).__name__))
def test_values_beyond_any_field_are_a_value_error_that_names_it(field, value):
    with pytest.raises(ValueError, match=f"^{field}.* (is|given) ") as caught:
        Spec(**{field: value})
    assert type(caught.value) is ValueError


ARGUMENTS = {
    "num_samples": lambda v: sonogram.Extractor(Spec()).num_frames(v),
    "num_threads": lambda v: sonogram.Extractor(Spec())(X, num_threads=v),
    "max_frames": lambda v: sonogram.batch([X], Spec(), max_frames=v),
    "padding_value": lambda v: sonogram.batch([X], Spec(), padding_value=v),
    "sample_rate": lambda v: sonogram.batch([X], Spec(), sample_rate=v),
    "maximum": lambda v: sonogram.Stream("whisper-80", maximum=v),
    "mean": lambda v: sonogram.Stream("nemo-80", mean=[v]),
    "window": lambda v: sonogram.Stream("nemo-80", mean="running", std="running", window=v),
    "channel": lambda v: sonogram.kaldi.fbank(X, channel=v),
    "frame_length": lambda v: sonogram.kaldi.fbank(X, frame_length=v),
    "ref": lambda v: sonogram.power_to_db(X, v),
    "new_freq": lambda v: sonogram.resample(X, 16000, v),
    "win_length": lambda v: sonogram.compute_deltas(np.zeros((3, 9), np.float32), win_length=v),
}


@pytest.mark.parametrize("digits", [400, 5000])
@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_number_beyond_every_type_is_named(name, digits):
    with pytest.raises(ValueError, match=f"{name} is ") as caught:
        ARGUMENTS[name](10**digits)
    assert type(caught.value) is ValueError


def test_text_that_utf_8_cannot_hold_is_named():
    for call in (
        lambda: sonogram.preset(SURROGATE),
        lambda: sonogram.load(SURROGATE),
        lambda: sonogram.window(SURROGATE, 5),
        lambda: sonogram.kaldi.fbank(X, window_type=SURROGATE),
        lambda: sonogram.Stream("whisper-80", maximum=SURROGATE),
    ):
        with pytest.raises(ValueError, match="is '") as caught:
            call()
        assert type(caught.value) is ValueError
