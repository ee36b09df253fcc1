"""Measure start-up in fresh interpreters and print a Markdown table: `python benchmarks/startup.py`.

Import cost, the first VaR and CVaR from process start against pandas' quantile, and the longest stall of an event loop.
Medians; the contestants of a row take turns, so that a busy machine slows both.
"""

import argparse
import compileall
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

import riskresearch

PACKAGE = Path(riskresearch.__file__).parent

IMPORT = """
import os, time
def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
mb, started = resident(), time.perf_counter()
{statement}
print(1e3 * (time.perf_counter() - started), resident() - mb)
"""

FIRST_TAIL = """
import numpy, riskresearch
returns = numpy.load({path!r})
print(riskresearch.value_at_risk(returns, level=0.99), riskresearch.conditional_value_at_risk(returns, level=0.99))
"""

FIRST_QUANTILE = """
import numpy, pandas
print(-pandas.Series(numpy.load({path!r})).quantile(0.01))
"""

STALL = """
import asyncio, time, riskresearch
async def heartbeat(gaps):
    last = time.perf_counter()
    while True:
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        gaps.append(now - last)
        last = now
async def main():
    gaps = []
    beating = asyncio.create_task(heartbeat(gaps))
    await asyncio.sleep(0.02)
    started = time.perf_counter()
    {load}
    total = time.perf_counter() - started
    await asyncio.sleep(0.02)
    beating.cancel()
    print(1e3 * max(gaps), 1e3 * total)
asyncio.run(main())
"""


def run(code: str) -> tuple[list[float], float]:
    """Return the numbers that `code` prints in a fresh interpreter, and the process's wall time in ms."""
    hidden = ("PYTHONDONTWRITEBYTECODE", "EAGER_IMPORT", "RISKRESEARCH_IMPORT_MODE")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(PACKAGE.parent), environment.get("PYTHONPATH")]))
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    ms = 1e3 * (time.perf_counter() - started)
    if done.returncode:
        raise SystemExit(done.stderr)
    return [float(word) for word in done.stdout.split()], ms


def medians(codes: list[str], runs: int, measure: Callable[[str], list[float]]) -> list[list[float]]:
    """Return the median of each number that `measure` returns, for each of `codes`, run by turns."""
    for code in codes:
        measure(code)
    rounds = [[measure(code) for code in codes] for _ in range(runs)]
    return [[median(numbers) for numbers in zip(*column, strict=True)] for column in zip(*rounds, strict=True)]


def import_rows(runs: int) -> list[str]:
    """Compare `import riskresearch` with imports of what it is built on."""
    statements = ["import riskresearch", "import numpy", "import pandas", "import riskresearch; riskresearch.preload()"]
    codes = [IMPORT.format(statement=statement) for statement in statements]
    costs = medians(codes, runs, lambda code: run(code)[0])
    pandas_ms, pandas_mb = costs[2]
    return [
        f"| `{statement}` | {ms:.1f} ms, {mb:.1f} MB | `import pandas` | {pandas_ms:.0f} ms, {pandas_mb:.0f} MB "
        f"| {ms / pandas_ms:.3f}, {mb / pandas_mb:.3f} |"
        for statement, (ms, mb) in zip(statements, costs, strict=True)
        if statement != "import pandas"
    ]


def first_result_row(runs: int) -> str:
    """Compare whole processes: the first VaR and CVaR of 5,000 returns with pandas' first quantile."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/returns.npy"
        np.save(path, 0.01 * np.random.default_rng(1).standard_t(4, 5_000))
        codes = [FIRST_TAIL.format(path=path), FIRST_QUANTILE.format(path=path)]
        (ours,), (theirs,) = medians(codes, runs, lambda code: [run(code)[1]])
    return (
        f"| first VaR and CVaR of 5,000 returns, from process start | {ours:.0f} ms "
        f"| `pandas.Series.quantile`, from process start | {theirs:.0f} ms | {ours / theirs:.2f} |"
    )


def stall_row(runs: int) -> str:
    """Compare the longest stall of an event loop when everything is loaded."""
    loads = ["await riskresearch.preload_async()", "riskresearch.preload()"]
    codes = [STALL.format(load=load) for load in loads]
    (ours, our_total), (theirs, their_total) = medians(codes, runs, lambda code: run(code)[0])
    return (
        f"| longest stall of the event loop, `await preload_async()` | {ours:.0f} ms (of {our_total:.0f}) "
        f"| import in the coroutine | {theirs:.0f} ms (of {their_total:.0f}) | {ours / theirs:.3f} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9, help="fresh interpreters for each number (default 9)")
    runs = parser.parse_args().runs
    compileall.compile_dir(PACKAGE, quiet=2)
    print("| what | cost | against | cost | ratio (time, memory) |", "|---|---|---|---|---|", sep="\n")
    print(*import_rows(runs), first_result_row(runs), stall_row(runs), sep="\n", flush=True)


if __name__ == "__main__":
    main()
