"""Costs that only a fresh interpreter shows: what an import takes, and the time to a first answer."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

# Prints, as the last line, what `statement` cost. The peak is read per address space where the system shows it:
# getrusage's would start at the parent's peak on Linux.
_CHILD = """
import sys, time
def peak_kb():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        import resource
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak // 1024 if sys.platform == "darwin" else peak
modules, memory, wall, cpu = len(sys.modules), peak_kb(), time.perf_counter(), time.process_time()
{statement}
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print('{{"wall_ms": %r, "cpu_ms": %r, "process_cpu_ms": %r, "peak_mb": %r, "added_mb": %r, "modules": %d}}' % (
    wall * 1e3, cpu * 1e3, time.process_time() * 1e3, peak_kb() / 1024, (peak_kb() - memory) / 1024,
    len(sys.modules) - modules))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a statement costs in a fresh interpreter; medians over the runs.

    Attributes
    ----------
    wall_ms, cpu_ms : float
        The statement alone.
    process_cpu_ms : float
        From the start of the process to the end of the statement: the time to a first answer.
    peak_mb, added_mb : float
        Peak resident memory of the process, and how far the statement raised it.
    modules : int
        Modules that the statement loaded.
    """

    wall_ms: float
    cpu_ms: float
    process_cpu_ms: float
    peak_mb: float
    added_mb: float
    modules: int


def run_once(statement: str) -> Cost:
    """Run `statement` in a fresh interpreter, which may write and read .pyc files."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment.pop("RISKRESEARCH_IMPORT_MODE", None)
    command = [sys.executable, "-W", "ignore", "-c", _CHILD.format(statement=statement)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{statement!r} failed in a fresh interpreter:\n{done.stderr}")
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def run_interleaved(statements: Sequence[str], repeats: int) -> list[list[Cost]]:
    """Run every statement `repeats` times in turn, after one run of each that leaves the .pyc files behind."""
    for statement in statements:
        run_once(statement)
    rounds = [[run_once(statement) for statement in statements] for _ in range(repeats)]
    return [list(costs) for costs in zip(*rounds, strict=True)]


def median_cost(costs: Sequence[Cost]) -> Cost:
    """Return the median of each number."""

    def middle(name: str) -> float:
        return float(statistics.median(getattr(cost, name) for cost in costs))

    return Cost(
        middle("wall_ms"),
        middle("cpu_ms"),
        middle("process_cpu_ms"),
        middle("peak_mb"),
        middle("added_mb"),
        round(middle("modules")),
    )
