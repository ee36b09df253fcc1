"""The results as markdown."""

import os
import platform
from collections.abc import Iterable, Sequence
from importlib import metadata

from benchmarks.compare import Case, Ratio
from benchmarks.fresh import (
    FIRST_ANSWER_TARGET,
    IMPORT_TARGET_MB,
    IMPORT_TARGET_MS,
    FirstAnswer,
    Import,
)
from benchmarks.peers import DISTRIBUTIONS

HEAD = """# Benchmarks

Written by `python -m benchmarks` (`make bench`); do not edit.

Every number compares this library with another one for the same work, on the same machine, in the same run. Both sides
run in turn (A B, B A, ...), the ratio is taken within each pair, and the table shows the median ratio, ours over
theirs, with the smallest and the largest: below 1 is faster. Before a row is timed, both sides are run and their
results are compared; the last column has the outcome. No test asserts a time.
"""

NOTES = """
- VaR and CVaR come from one call of `tail_risk`. *VaR interpolated*: their quantile lies between our order statistic
  and the next worse loss; CVaR is the same number because the tail is the same.
- `summary` returns 18 measures, with a benchmark 25; empyrical-reloaded is asked only for those that it has. Ours are
  converted to its definitions (compounded alpha, annualised capture, information ratio per day) to be compared.
"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a markdown table; a vertical bar in a cell is escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def machine(threads: int) -> str:
    """Return a sentence on the machine and the versions, without names or paths."""
    versions = [f"{name} {_version(name)}" for name in ("riskresearch", *DISTRIBUTIONS.values()) if _version(name)]
    return (
        f"{platform.machine()}, {os.cpu_count()} logical CPUs, {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}; {', '.join(versions)}. "
        f"riskresearch may use {threads} thread{'s' * (threads != 1)} here; rows with 1 thread use "
        "one, as NumPy, pandas and the peers do."
    )


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def number(value: float) -> str:
    """Return a ratio with two decimals, below 0.1 with two significant digits."""
    return f"{value:.2g}" if value < 0.1 else f"{value:.2f}"


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    if seconds >= 1.0:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} us"


def amount(value: float) -> str:
    """Return milliseconds or megabytes with three digits and no exponent."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def target(limit: float | None, median: float, unit: str = "") -> str:
    """Return the target and whether it is reached."""
    if limit is None:
        return ""
    return f"at most {limit:g}{unit}: {'reached' if median <= limit else '**missed**'}"


def cells(ratio: Ratio) -> tuple[str, str, str, str]:
    """Return ratio, range, our time and their time."""
    return (
        number(ratio.median),
        f"{number(ratio.low)} to {number(ratio.high)}",
        duration(ratio.our_seconds),
        duration(ratio.their_seconds),
    )


def same_process(results: Iterable[tuple[Case, str, Ratio]]) -> str:
    """Return the table of the cases; the middle member says how many threads ours used."""
    head = ("work", "against", "threads", "ratio", "range", "ours", "theirs", "target", "same numbers?")
    rows = [
        (case.work, case.peer, threads, *cells(ratio), target(case.target, ratio.median), case.agreement)
        for case, threads, ratio in results
    ]
    return "## Same work, one process\n\n" + table(head, rows) + NOTES


def start_up(imports: Sequence[Import], answers: Sequence[FirstAnswer]) -> str:
    """Return the tables of the fresh interpreters."""
    own = imports[0].cost
    text = [
        "## Start-up, fresh interpreters\n",
        "Medians over fresh processes, run in turn, with `.pyc` files. Time and memory are the additions of the import "
        "to a started interpreter.\n",
        table(
            ("import", "wall ms", "MB", "modules", "riskresearch over it, time", "memory"),
            [
                (
                    row.package,
                    amount(row.cost.wall_ms),
                    amount(row.cost.added_mb),
                    str(row.cost.modules),
                    number(row.wall.median),
                    number(row.memory),
                )
                for row in imports
            ],
        ),
        f"`import riskresearch`: {amount(own.wall_ms)} ms ({target(IMPORT_TARGET_MS, own.wall_ms, ' ms')}), "
        f"{amount(own.added_mb)} MB ({target(IMPORT_TARGET_MB, own.added_mb, ' MB')}).\n",
        "First answer: CPU time from the start of the process to the value at risk of 5,000 returns in NumPy.\n",
        table(
            ("package", "work", "CPU ms", "peak MB", "riskresearch over it", "range", "target"),
            [
                (
                    row.package,
                    row.what,
                    amount(row.ratio.their_seconds * 1e3),
                    amount(row.peak_mb),
                    number(row.ratio.median),
                    f"{number(row.ratio.low)} to {number(row.ratio.high)}",
                    target(FIRST_ANSWER_TARGET if row.package == "pandas" else None, row.ratio.median),
                )
                for row in answers
            ],
        ),
    ]
    return "\n".join(text)
