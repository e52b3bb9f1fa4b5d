# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Time sonogram beside whatever else is installed: speed.py [WORKLOAD...] [--threads 1,2].

Every library runs in a live process of its own, warm. They are visited in turn, round after round,
in an order that turns round each time, so that whatever the machine does meanwhile befalls all of
them alike; those that wait are stopped. A visit in which the process did not have its CPU is done
again. The table tells the median over all calls, how far the middle eight tenths of them spread,
and how many times as long each library takes as sonogram.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entries import ENTRIES, ONE_THREAD
from workloads import WORKLOADS, stored

HERE = Path(__file__).resolve().parent
THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS",
                    "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS")  # fmt: skip
OURS = "sonogram"
REPEATED_VISITS = 4


@dataclass
class Runner:
    """One live process."""

    workload: str
    name: str
    threads: int
    process: subprocess.Popen[str]
    durations: list[float] = field(default_factory=list)

    @classmethod
    def start(cls, workload: str, name: str, threads: int, path: Path) -> Runner:
        environment = {**os.environ, **dict.fromkeys(THREAD_VARIABLES, str(threads))}
        environment["KMP_BLOCKTIME"] = "0"
        command = [sys.executable, str(HERE / "worker.py"), workload, name, str(threads), str(path)]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        return cls(workload, name, threads, process)

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"absent": "its process ended"}

    def stop(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def visit(self, seconds: float) -> None:
        """Time calls for so long, again where others took the CPU away."""
        assert self.process.stdin is not None
        self.process.send_signal(signal.SIGCONT)
        best: dict[str, Any] = {"on_cpu": -1.0}
        for _ in range(REPEATED_VISITS):
            self.process.stdin.write(f"{seconds}\n")
            self.process.stdin.flush()
            got = self.answer()
            best = max(best, got, key=lambda visit: visit["on_cpu"])
            if got["on_cpu"] > 0.97:
                break
        self.durations += best["durations"]
        self.stop()

    def end(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


def started(workload: str, threads: list[int], only: list[str], folder: Path) -> list[Runner]:
    """Return the runners of a workload that are ready, and say who is absent."""
    path = stored(workload, folder)
    ready = []
    for count in threads:
        for name in ENTRIES[workload]:
            if (only and not any(word in name for word in only)) or (
                count > 1 and name in ONE_THREAD
            ):
                continue
            runner = Runner.start(workload, name, count, path)
            said = runner.answer()
            runner.stop()
            if "absent" in said:
                print(f"  without {name}: {said['absent']}", file=sys.stderr)
                runner.end()
            else:
                ready.append(runner)
    return ready


def measure(workload: str, options: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """Return one row per runner, fastest first, one thread before two."""
    runners = started(workload, options.threads, options.only, folder)
    try:
        for turn in range(options.rounds):
            for runner in runners if turn % 2 == 0 else reversed(runners):
                runner.visit(options.seconds)
    finally:
        for runner in runners:
            runner.end()
    ours = {r.threads: statistics.median(r.durations) for r in runners if r.name == OURS}
    rows = []
    for runner in runners:
        calls = sorted(runner.durations)
        median = statistics.median(calls)
        rows.append({
            "workload": workload,
            "name": runner.name,
            "threads": runner.threads,
            "milliseconds": 1e3 * median,
            "low": 1e3 * calls[len(calls) // 10],
            "high": 1e3 * calls[-1 - len(calls) // 10],
            "best": 1e3 * calls[0],
            "calls": len(calls),
            "real_time": WORKLOADS[workload].seconds / median,
            "ratio": median / ours[runner.threads] if runner.threads in ours else None,
        })  # fmt: skip
    return sorted(rows, key=lambda row: (row["threads"], row["milliseconds"]))


def table(rows: list[dict[str, Any]]) -> str:
    """Return one workload's rows in Markdown."""
    load = WORKLOADS[rows[0]["workload"]]
    by_call = load.unit == "call"
    lines = [f"### {rows[0]['workload']}: {load.title}", ""]
    lines += [f"| library | threads | {'us' if by_call else 'ms'} | middle 80 % | x real time "
              "| time / sonogram's |", "|---|---|---|---|---|---|"]  # fmt: skip
    scale = 1e3 if by_call else 1
    for row in rows:
        spread = f"{scale * row['low']:.4g} - {scale * row['high']:.4g}"
        ratio = f"{row['ratio']:.2f}" if row["ratio"] else ""
        real_time = "" if row["workload"].startswith("W6") else f"{row['real_time']:,.0f}"
        lines.append(
            f"| {row['name']} | {row['threads']} | {scale * row['milliseconds']:.4g} | {spread} "
            f"| {real_time} | {ratio} |"
        )
    return "\n".join(lines) + "\n"


def machine() -> str:
    """Name the processor and what runs on it."""
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        found = [x for x in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in x]
        model = found[0].partition(":")[2].strip() if found else model
    import sonogram

    return ", ".join([
        f"{model} ({os.cpu_count()} CPUs)",
        f"{platform.system()}, Python {platform.python_version()}",
        f"sonogram {sonogram.__version__} on {sonogram.isa()}",
    ])  # fmt: skip


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("workloads", nargs="*", default=list(WORKLOADS), metavar="WORKLOAD",
                        help=f"of {', '.join(WORKLOADS)}; all where none is given")  # fmt: skip
    numbers = lambda text: [int(n) for n in text.split(",")]  # noqa: E731
    parser.add_argument("--threads", type=numbers, default=[1], help="counts, such as 1,2")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.2, help="of one visit")
    parser.add_argument("--only", nargs="+", default=[], help="words in the names to keep")
    parser.add_argument("--json", type=Path, help="where every row goes as well")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.workloads if name not in WORKLOADS]
    if unknown:
        parser.error(f"no workload {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    return options


def main(arguments: list[str] | None = None) -> None:
    """Measure and print a table for each workload."""
    options = parse(arguments)
    print(machine(), "\n", flush=True)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for workload in options.workloads:
            measured = measure(workload, options, Path(folder))
            rows += measured
            if measured:
                print(table(measured), flush=True)
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
