# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The jobs that are done again and again: `nox -l` lists them, `nox -s test` does one."""

import nox

nox.options.sessions = ["lint", "test"]
nox.options.default_venv_backend = "venv"


def groups(session: nox.Session, *names: str) -> None:
    session.install("--upgrade", "pip>=25.1")  # the first that knows dependency groups
    session.install(*(word for name in names for word in ("--group", name)))


def preset(session: nox.Session, name: str) -> None:
    """Configure, build and test a preset of CMakePresets.json in build/."""
    for command in (["cmake", "--preset"], ["cmake", "--build", "--preset"], ["ctest", "--preset"]):
        session.run(*command, name, external=True)


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff, mypy and clang-format; `nox -s lint -- fix` applies their fixes."""
    groups(session, "lint", "test")
    files = session.run(
        "git", "ls-files", "*.cpp", "*.hpp", "*.c", "*.h", external=True, silent=True
    ).split()
    if "fix" in session.posargs:
        session.run("ruff", "check", "--fix", ".")
        session.run("ruff", "format", ".")
        session.run("clang-format", "-i", *files)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("clang-format", "--dry-run", "--Werror", *files)


@nox.session
def test(session: nox.Session) -> None:
    """The Python tests over the installed package."""
    groups(session, "test")
    session.install(".[all]")
    session.run("pytest", *session.posargs)


@nox.session
def parity(session: nox.Session) -> None:
    """The Python tests beside librosa, torch, torchaudio and Whisper; absent ones are failures."""
    groups(session, "test", "peers", "corpus")
    session.install("--no-deps", "torchaudio", "openai-whisper")
    session.install(".[all]")
    session.run("pytest", *session.posargs, env={"SONOGRAM_REQUIRE_PEERS": "1"})


@nox.session
def presets(session: nox.Session) -> None:
    """The presets beside their originals, and the table of docs/presets.md; absent is failed."""
    groups(session, "originals")
    session.install("--no-deps", "-r", "tests/originals/requirements.txt")
    session.install(".[audio]")
    required = {"SONOGRAM_REQUIRE_PEERS": "1", "SONOGRAM_REQUIRE_ORIGINALS": "1"}
    owing = ["tests/parity/test_presets.py", "tests/parity/test_filterbank_peers.py"]
    session.run("pytest", *owing, *session.posargs, env=required)
    session.run("python", "benchmarks/presets.py", "--out", "docs/presets.md")
    session.run("python", "benchmarks/stream_presets.py", "--out", "docs/streaming.md")


@nox.session
@nox.parametrize("name", ["release", "debug", "clang", "scalar", "aarch64"])
def cpp(session: nox.Session, name: str) -> None:
    """The C++ tests of one build."""
    groups(session, "cpp")
    preset(session, name)


@nox.session
@nox.parametrize("name", ["asan", "tsan"])
def sanitize(session: nox.Session, name: str) -> None:
    """The C++ tests under sanitizers."""
    groups(session, "cpp")
    preset(session, name)


@nox.session
def tidy(session: nox.Session) -> None:
    """clang-tidy over the core and the C++ tests."""
    groups(session, "cpp")
    session.run("cmake", "--preset", "tidy", external=True)
    session.run("cmake", "--build", "--preset", "tidy", external=True)


@nox.session
def wheels(session: nox.Session) -> None:
    """The sdist, and a portable, tried-out wheel for every CPython at hand."""
    groups(session, "wheel")
    session.run("python", "tools/build_wheels.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """The benchmarks; `nox -s bench -- W1 --threads 1,2` for some of the speeds."""
    groups(session, "bench")
    session.install(".[all]")
    script = "benchmarks/speed.py" if session.posargs else "benchmarks/run.py"
    session.run("python", script, *session.posargs)
