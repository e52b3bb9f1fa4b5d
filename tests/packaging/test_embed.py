# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Programs outside: they find the library, build against it, and print Python's bits.

They are built against the library inside the package, and, where SONOGRAM_PREFIX names a folder
that ``cmake --install`` filled, against that one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support import ROOT, signals

import sonogram

pytestmark = pytest.mark.slow

EXAMPLE = ROOT / "examples" / "embed"
PREFIX = os.environ.get("SONOGRAM_PREFIX")
MAXIMUM = 0.75

needs_compilers = pytest.mark.skipif(
    not all(map(shutil.which, ("cmake", "cc", "c++"))), reason="needs cmake, cc and c++"
)
needs_prefix = pytest.mark.skipif(
    PREFIX is None, reason="SONOGRAM_PREFIX names no folder that cmake --install filled"
)


def run(*command: str | Path, check: bool = True, **options: object) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "CMAKE_GENERATOR"}
    ran = subprocess.run(
        [*map(str, command)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=300,
        **options,
    )  # type: ignore[call-overload]
    assert not check or ran.returncode == 0, ran.stdout + ran.stderr
    return str(ran.stdout if check else ran.stdout + ran.stderr)


def built(build: Path, *options: str, source: Path = EXAMPLE) -> Path:
    run("cmake", "-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Release", *options)
    run("cmake", "--build", build)
    return build


@pytest.fixture(scope="module")
def speech(tmp_path_factory):
    """A stereo WAV of 16-bit integers, and its first channel."""
    path = tmp_path_factory.mktemp("wav") / "speech.wav"
    both = np.stack([signals.speech(24003), signals.chirp(24003)], axis=1)
    samples = (both * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(samples.tobytes())
    return path, samples[:, 0].astype(np.int16)


@pytest.fixture(scope="module", params=["package", "prefix", "static"])
def programs(request, tmp_path_factory):
    if request.param == "package":
        options = [f"-Dsonogram_DIR={sonogram.cmake_dir()}"]
    elif PREFIX is None:
        pytest.skip("SONOGRAM_PREFIX names no folder that cmake --install filled")
    else:
        options = [f"-DCMAKE_PREFIX_PATH={PREFIX}"]
        options += ["-DEMBED_STATIC=ON"] if request.param == "static" else []
    return built(tmp_path_factory.mktemp(request.param), *options)


def printed(*command: str | Path) -> np.ndarray:
    """Return the [frames, 80] numbers that a program prints, 9 digits: float32 exactly."""
    lines = run(*command).splitlines()
    return np.array([line.split() for line in lines], dtype=np.float64).astype(np.float32)


def streamed(x: np.ndarray) -> np.ndarray:
    stream = sonogram.Stream(sonogram.preset("whisper-80"), maximum=MAXIMUM)
    pieces = [stream.push(x[i : i + 160]) for i in range(0, len(x), 160)]
    return np.concatenate([*pieces, stream.flush()], axis=-1)


@needs_compilers
@pytest.mark.parametrize("program", ["whisper_c", "whisper_cpp"])
def test_a_program_prints_pythons_bits_of_a_whole_file(programs, speech, program):
    path, x = speech
    want = sonogram.Extractor(sonogram.preset("whisper-80"))(x)
    np.testing.assert_array_equal(printed(programs / program, path).T, want)


@needs_compilers
@pytest.mark.parametrize("program", ["whisper_c", "whisper_cpp"])
def test_a_program_prints_pythons_bits_of_a_stream(programs, speech, program):
    path, x = speech
    got = printed(programs / program, path, str(MAXIMUM)).T
    assert got.shape == (80, 150)
    np.testing.assert_array_equal(got, streamed(x))


@needs_compilers
@pytest.mark.parametrize("program", ["whisper_c", "whisper_cpp"])
def test_a_program_reports_errors(programs, tmp_path, program):
    assert "cannot be opened" in run(programs / program, tmp_path / "absent.wav", check=False)
    (tmp_path / "text.wav").write_text("not a sound at all")
    assert "is no WAV file" in run(programs / program, tmp_path / "text.wav", check=False)
    with wave.open(str(tmp_path / "slow.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2000))
    assert "8000 Hz" in run(programs / program, tmp_path / "slow.wav", check=False)


def test_the_microphone_example_prints_the_streams_bits(speech):
    path, x = speech
    script = ROOT / "examples" / "microphone.py"
    got = printed(sys.executable, script, path, "--maximum", str(MAXIMUM)).T
    np.testing.assert_array_equal(got, streamed(x))
    raw = subprocess.run(
        [sys.executable, str(script), "-", "--maximum", str(MAXIMUM)],
        input=x.astype("<i2").tobytes(), capture_output=True, check=True, timeout=300,
    )  # fmt: skip
    lines = [line.split() for line in raw.stdout.decode().splitlines()]
    np.testing.assert_array_equal(np.array(lines, np.float64).astype(np.float32).T, got)


@pytest.mark.parametrize(
    ("kind", "subtype", "bits"),
    [("WAV", "PCM_U8", 8), ("WAV", "PCM_24", 24), ("WAVEX", "PCM_24", 24), ("WAV", "FLOAT", 32)],
)
def test_the_microphone_example_reads_samples_of_any_width(speech, tmp_path, kind, subtype, bits):
    script, path = ROOT / "examples" / "microphone.py", tmp_path / "a.wav"
    x = (speech[1][:8000] & (~255 if bits == 8 else ~0)) / np.float32(32768)
    soundfile.write(path, np.stack([x, -x / 2], axis=1), 16000, subtype, format=kind)
    got = printed(sys.executable, script, path, "--maximum", str(MAXIMUM)).T
    np.testing.assert_array_equal(got, streamed(x))


def test_the_microphone_example_reports_errors(speech, tmp_path):
    script = ROOT / "examples" / "microphone.py"
    sonogram.save(tmp_path / "slow.wav", np.zeros(800, np.float32), 8000)
    (tmp_path / "empty.wav").write_bytes(b"")
    with wave.open(str(tmp_path / "silent.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
    for name, words in (
        ("slow.wav", "must have samples at 16000 Hz"),
        ("empty.wav", "cannot be read: Format not recognised"),
        ("silent.wav", "waveform is empty"),
        ("absent.wav", "cannot be read: No such file"),
    ):
        said = run(sys.executable, script, tmp_path / name, check=False)
        assert words in said
        assert "Traceback" not in said
    command = [sys.executable, str(script), str(speech[0])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_the_package_carries_headers_that_know_nothing_of_python():
    folder = Path(sonogram.get_include()) / "sonogram"
    names = {path.name for path in folder.iterdir()}
    assert {
        "c_api.h",
        "extractor.hpp",
        "json.hpp",
        "presets.hpp",
        "spec.hpp",
        "stream.hpp",
    } <= names
    for path in folder.iterdir():
        text = path.read_text()
        assert "pybind11" not in text
        assert "../" not in text


@needs_compilers
def test_every_header_compiles_by_itself(tmp_path):
    folder = Path(sonogram.get_include())
    for path in sorted((folder / "sonogram").iterdir()):
        source = tmp_path / "alone.cpp"
        source.write_text(f'#include "sonogram/{path.name}"\n' * 2)
        strict = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", "-I", str(folder)]
        run("c++", "-std=c++17", *strict, source)
        if path.suffix == ".h":
            source = tmp_path / "alone.c"
            source.write_text(f'#include "sonogram/{path.name}"\n' * 2)
            for standard in ("-std=c99", "-std=c11"):
                run("cc", standard, *strict, source)


def page_blocks(language: str) -> list[str]:
    pages = [ROOT / "README.md", ROOT / "docs" / "embedding.md"]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@needs_compilers
@pytest.mark.parametrize(
    ("language", "compiler", "suffix", "includes"),
    [
        ("cpp", ["c++", "-std=c++17"], ".cpp",
         ["<vector>", '"sonogram/extractor.hpp"', '"sonogram/presets.hpp"']),
        ("c", ["cc", "-std=c99"], ".c", ["<stdint.h>", "<stdio.h>"]),
    ],
)  # fmt: skip
def test_the_blocks_of_the_pages_compile(tmp_path, language, compiler, suffix, includes):
    found = page_blocks(language)
    assert len(found) == {"cpp": 2, "c": 1}[language]
    for block in found:
        lines = block.splitlines()
        head = [f"#include {name}" for name in includes]
        head += [line for line in lines if line.startswith("#include")]
        body = [line for line in lines if not line.startswith("#include")]
        source = tmp_path / f"block{suffix}"
        begin = "void compute(const float* samples, int64_t count) { (void)samples; (void)count;"
        source.write_text("\n".join([*head, begin, *body, "}"]))
        run(*compiler, "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
            "-I", sonogram.get_include(), source)  # fmt: skip


def test_the_module_and_programs_share_one_library():
    code = (
        "import sonogram; print(sum('/libsonogram.' in line and "
        "' r-xp ' in line for line in open('/proc/self/maps')))"
    )
    if not Path("/proc/self/maps").exists():
        pytest.skip("needs /proc/self/maps")
    assert run(sys.executable, "-c", code).strip() == "1"


C_ALONE = """
cmake_minimum_required(VERSION 3.21)
project(alone LANGUAGES C)
find_package(sonogram {version} REQUIRED)
add_executable(alone main.c)
target_link_libraries(alone PRIVATE sonogram::sonogram)
"""


def project_of_c(folder: Path, version: str) -> Path:
    (folder / "CMakeLists.txt").write_text(C_ALONE.format(version=version))
    (folder / "main.c").write_text(
        '#include <stdio.h>\n#include "sonogram/c_api.h"\n'
        'int main(void) { printf("%s", sonogram_version()); return 0; }\n'
    )
    return folder


@needs_compilers
def test_a_project_of_c_alone_needs_no_cpp(tmp_path):
    version = ".".join(sonogram.__version__.split(".")[:2])
    source = project_of_c(tmp_path, version)
    where = f"-Dsonogram_DIR={sonogram.cmake_dir()}"
    build = built(tmp_path / "build", where, source=source)
    assert run(build / "alone") == sonogram.__version__


STATIC_C = """
cmake_minimum_required(VERSION 3.21)
project(alone LANGUAGES C)
find_package(sonogram REQUIRED COMPONENTS {component})
add_executable(alone {example}/whisper.c)
target_link_libraries(alone PRIVATE sonogram::{component})
"""


def project_of(folder: Path, component: str) -> Path:
    text = STATIC_C.format(component=component, example=EXAMPLE.as_posix())
    (folder / "CMakeLists.txt").write_text(text)
    return folder


@needs_compilers
@needs_prefix
@pytest.mark.parametrize("compiler", ["cc", "gcc", "clang"])
def test_a_project_of_c_alone_links_the_static_library(tmp_path, speech, compiler):
    if shutil.which(compiler) is None:
        pytest.skip(f"needs {compiler}")
    path, x = speech
    options = [f"-DCMAKE_PREFIX_PATH={PREFIX}", f"-DCMAKE_C_COMPILER={compiler}"]
    build = built(tmp_path / "build", *options, source=project_of(tmp_path, "static"))
    want = sonogram.Extractor(sonogram.preset("whisper-80"))(x)
    np.testing.assert_array_equal(printed(build / "alone", path).T, want)


@needs_compilers
@needs_prefix
@pytest.mark.skipif(shutil.which("clang++") is None, reason="needs clang++")
def test_another_compiler_links_the_static_library(tmp_path, speech):
    path, x = speech
    options = [f"-DCMAKE_PREFIX_PATH={PREFIX}", "-DEMBED_STATIC=ON"]
    options += ["-DCMAKE_C_COMPILER=clang", "-DCMAKE_CXX_COMPILER=clang++"]
    build = built(tmp_path / "build", *options)
    want = sonogram.Extractor(sonogram.preset("whisper-80"))(x)
    for program in ("whisper_c", "whisper_cpp"):
        np.testing.assert_array_equal(printed(build / program, path).T, want)


@needs_compilers
@pytest.mark.parametrize(
    ("component", "words"),
    [("static", "build sonogram from source"), ("magic", "there is no component magic")],
)
def test_a_component_that_is_not_there_is_refused_with_the_reason(tmp_path, component, words):
    source = project_of(tmp_path, component)
    where = f"-Dsonogram_DIR={sonogram.cmake_dir()}"
    said = run("cmake", "-S", source, "-B", tmp_path / "build", where, check=False)
    assert "Configuring incomplete" in said
    assert words in " ".join(said.split())


@needs_compilers
@pytest.mark.skipif(os.name != "posix", reason="the interpreters on the PATH are shell scripts")
def test_cmake_sees_pythran_that_was_installed_after_it_said_so(tmp_path, monkeypatch):
    """In the same build folder, as the message says; a python without packages stands for one."""
    python, site = tmp_path / "bin" / "python3", tmp_path / "site"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nPYTHONPATH={site} exec {sys.executable} -S "$@"\n')
    python.chmod(0o755)
    (python.parent / "python").symlink_to(python)
    monkeypatch.setenv("PATH", f"{python.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    command = ("cmake", "-S", ROOT, "-B", tmp_path / "build", "-DSONOGRAM_PYTHON=OFF")
    said = " ".join(run(*command, check=False).split())
    if "pocketfft at" in said:
        pytest.skip("this system has pocketfft's header")
    assert f"{python} -m pip install pythran" in said
    header = site / "pythran" / "pythonic" / "numpy" / "fft" / "pocketfft.hpp"
    header.parent.mkdir(parents=True)
    header.touch()
    (site / "pythran" / "__init__.py").touch()
    assert f"pocketfft at {header}" in run(*command)


def test_the_library_is_named_by_its_soname():
    """So that a program linked with one minor version does not start with another."""
    path = Path(sonogram.library_path())
    assert path.name == f"libsonogram.so.{'.'.join(sonogram.__version__.split('.')[:2])}"
    assert not path.is_symlink()
    assert path.name.encode() in path.read_bytes()  # the dynamic section's string
    assert [found.name for found in path.parent.glob("libsonogram*")] == [path.name]


@needs_compilers
def test_another_version_is_not_taken_for_this_one(tmp_path):
    source = project_of_c(tmp_path, "99.0")
    where = f"-DCMAKE_PREFIX_PATH={sonogram.cmake_dir()}"
    said = run("cmake", "-S", source, "-B", tmp_path / "build", where, check=False)
    assert "99.0" in said
    assert "Configuring incomplete" in said


@needs_compilers
@needs_prefix
@pytest.mark.skipif(shutil.which("pkg-config") is None, reason="needs pkg-config")
def test_pkg_config_finds_the_installed_library(tmp_path, speech):
    path, x = speech
    (folder,) = Path(str(PREFIX)).rglob("pkgconfig")
    flags = {}
    for kind in ("--cflags", "--libs"):
        ran = subprocess.run(
            ["pkg-config", kind, "sonogram"], capture_output=True, text=True, check=True,
            env={**os.environ, "PKG_CONFIG_PATH": str(folder)}, timeout=300,
        )  # fmt: skip
        flags[kind] = ran.stdout.split()
    program = tmp_path / "whisper_c"
    where = f"-Wl,-rpath,{folder.parent}"
    run("cc", "-std=c11", EXAMPLE / "whisper.c", *flags["--cflags"], *flags["--libs"], where,
        "-o", program)  # fmt: skip
    want = sonogram.Extractor(sonogram.preset("whisper-80"))(x)
    np.testing.assert_array_equal(printed(program, path).T, want)
