"""What takes minutes or is no ratio of times: memory, single ticks, a million scenarios. `make bench` alone runs it."""

import time
import tracemalloc
from collections.abc import Callable
from statistics import median

import pandas as pd

import riskresearch
from benchmarks.data import panel, series
from benchmarks.file_cases import COLUMNS, READ_MEMORY_TARGET, ROWS, WORK, our_read, prices_file
from benchmarks.processes import run_once
from benchmarks.report import amount, number, table, target
from riskresearch.core import Running
from riskresearch.metrics import Online, rolling, rolling_tail_risk

MEMORY_TARGET = 1.2
TICK_TARGET_US = 2.0
SCENARIOS, DENSE_SCENARIOS = 1_000_000, 50_000
MONTE_CARLO_MB, MONTE_CARLO_RATIO = 250.0, 1.0

OURS = """
from benchmarks.data import book
from riskresearch.portfolio import monte_carlo_risk, normal_scenarios
b = book()
monte_carlo_risk(b.loadings, scenarios=normal_scenarios(b.covariance), delta=b.delta, gamma=b.gamma, level=0.99,
                 n_scenarios={count}, rng=1{more})
"""
DENSE = """
import numpy as np
from benchmarks.data import book
b = book()
moves = np.random.default_rng(1).multivariate_normal(np.zeros(50), b.covariance, {count}, method="cholesky")
profits = moves @ b.loadings.T
half = 0.5 * b.gamma
for row in profits:
    row *= b.delta + half * row
losses = -profits.sum(axis=1)
beyond = {count} // 100
worst = np.argpartition(losses, -beyond)[-beyond:]
losses[worst].min(), losses[worst].mean(), -profits[worst].mean(axis=0)
"""


def memory_section(only: str = "") -> str:
    """Return the section on the peak memory of results, over that of the results themselves.

    Rows whose work does not contain `only` are left out; without any the section is empty.
    """
    works = [*rolling_works(), *reading_works()]
    rows = [
        (work, number(ratio), target(limit, ratio))
        for work, run, size, limit in works
        if only in work
        for ratio in [peak_bytes(run) / size]
    ]
    head = ("work", "peak allocated over size of the results", "target")
    return f"## Memory of results\n\n{table(head, rows)}" if rows else ""


def rolling_works() -> list[tuple[str, Callable[[], object], int, float]]:
    """Return name, work, size of the result in bytes, and target of rolling measures."""
    returns = panel()
    rows: list[tuple[str, Callable[[], object], int, float]] = []
    for kind, data in (("array", returns), ("DataFrame", pd.DataFrame(returns))):
        for name, work, results in (
            ("Sharpe ratio, window 250", lambda data=data: rolling(data, "sharpe_ratio", window=250), 1),
            ("VaR and CVaR, window 250", lambda data=data: rolling_tail_risk(data, window=250, level=0.99), 2),
            ("VaR and CVaR, window 1000", lambda data=data: rolling_tail_risk(data, window=1000), 2),
        ):
            rows.append((f"rolling {name}, 5000 x 500 {kind}", work, results * returns.nbytes, MEMORY_TARGET))
    return rows


def reading_works() -> list[tuple[str, Callable[[], object], int, float]]:
    """Return the same of reading a file."""
    path = prices_file(None)
    return [(WORK, lambda: our_read(path), 8 * ROWS * COLUMNS, READ_MEMORY_TARGET)]


def peak_bytes(work: Callable[[], object]) -> int:
    """Return the most that a second call holds at once of what Python and NumPy allocate."""
    work()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def tick_section() -> str:
    """Return the section on single ticks: the quickest of many runs of 500 ticks, and the median run."""
    values = series().to_list()
    rows = []
    for name, options in (("tail_risk", {"level": 0.99}), ("tail_risk", {"level": 0.95}), ("sharpe_ratio", {})):
        for window in (250, 1000):
            runs = tick_seconds(Online(name, window=window, **options).start(), values)
            best, middle = 1e6 * min(runs), 1e6 * median(runs)
            what = "VaR and CVaR" if name == "tail_risk" else "Sharpe ratio"
            level = f", level {options['level']}" if options else ""
            limit = TICK_TARGET_US if name == "tail_risk" else None
            work = f"{what}, window {window}{level}"
            rows.append((work, amount(best), amount(middle), target(limit, best, " us")))
    return f"## One tick\n\n{table(('work', 'quickest, us', 'median, us', 'target'), rows)}"


def tick_seconds(running: Running[float, object], values: list[float], ticks: int = 500) -> list[float]:
    """Return the seconds that a tick took on average, for each run of ticks after the window has filled."""
    for value in values[:1000]:
        running.update(value)
    runs = []
    for _ in range(10):
        for first in range(0, len(values) - ticks + 1, ticks):
            batch = values[first : first + ticks]
            started = time.perf_counter()
            for value in batch:
                running.update(value)
            runs.append((time.perf_counter() - started) / ticks)
    return runs


def monte_carlo_section(scenarios: int = SCENARIOS, dense: int = DENSE_SCENARIOS) -> str:
    """Return the section on a million scenarios of 10,000 positions, each side in fresh processes, in turn."""
    more = {"one thread": ", workers=1", f"{riskresearch.options.threads} threads": ""}
    statements = [OURS.format(count=scenarios, more=text) for text in more.values()]
    runs = [[run_once(text) for text in (*statements, DENSE.format(count=dense))] for _ in range(3)]
    scale = scenarios / dense
    theirs = [costs[-1].wall_ms * scale for costs in runs]
    rows = []
    for side, name in enumerate(more):
        ratio = median(costs[side].wall_ms / whole for costs, whole in zip(runs, theirs, strict=True))
        peak = max(costs[side].peak_mb for costs in runs)
        seconds = median(costs[side].wall_ms for costs in runs) / 1e3
        limits = f"{target(MONTE_CARLO_RATIO, ratio)}; {target(MONTE_CARLO_MB, peak, ' MB')}"
        rows.append((f"`monte_carlo_risk`, {name}", amount(seconds), amount(peak), number(ratio), limits))
    seconds, peak = median(theirs) / 1e3, max(costs[-1].peak_mb for costs in runs)
    rows.append((f"NumPy, one block of {dense:,}, time x {scale:g}", amount(seconds), amount(peak), "1.00", ""))
    head = ("how", "wall s", "peak MB of the process", "ratio", "target")
    text = f"{scenarios:,} scenarios x 10,000 delta-gamma positions, 50 factors; imports and draws included."
    return f"## Monte Carlo, fresh processes\n\n{text}\n\n{table(head, rows)}"
